"""What other people's tools make of a release: the recipes of the README, and the validators of its papers.

They are looked for in the virtual environment FOI_TOOLS, and on PATH; `.ci/run` makes one. What is not
there is skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from foi_etl.publish.export.release import export
from foi_etl.schemas import words
from helpers import ROOT
from verdicts import LAYOUT, judged, released

PRINTED = {"t3_new_received_total": "5", "t3_carried_in_total": "0"}
COLUMNS = ["agency_id", "year", "new_received"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which somebody has run the demo, as far as the recipes can tell."""
    folder = tmp_path_factory.mktemp("somewhere")
    reports = [judged(agency, year, PRINTED) for agency in ("alder", "birch") for year in (2022, 2023)]
    made = released(folder / "demo" / "releases", *reports)
    assert made
    export(made.path, folder / "stata", "dta", LAYOUT, words())
    return folder


def recipe(language: str, mark: str = "") -> str:
    """The README's own text."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    part = readme.split("\n### From other programs\n")[1].split("\n### ")[0]
    [found] = [text for text in re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL) if mark in text]
    return str(found)


def tool(name: str) -> str:
    """A program, or a skip."""
    beside = Path(os.environ.get("FOI_TOOLS", "nowhere")) / "bin"
    found = shutil.which(name, path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def python_with(library: str) -> str:
    """An interpreter that has a library, or a skip."""
    own = Path(os.environ.get("FOI_TOOLS", "nowhere")) / "bin" / "python"
    for one in (sys.executable, str(own)):
        with_it = [one, "-c", f"import {library}"]
        if Path(one).exists() and subprocess.run(with_it, capture_output=True, check=False).returncode == 0:
            return one
    pytest.skip(f"{library} is not installed")


def run(here: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def is_right(frame: pd.DataFrame) -> None:
    rows = frame[COLUMNS].sort_values(COLUMNS).to_numpy().tolist()
    assert rows == [[agency, year, 5] for agency in ("alder", "birch") for year in (2022, 2023)]


def test_pandas(here: Path) -> None:
    run(here, sys.executable, "-c", recipe("python", "pandas") + 'received.to_csv("pandas.csv")')
    is_right(pd.read_csv(here / "pandas.csv"))


def test_polars(here: Path) -> None:
    run(here, python_with("polars"), "-c", recipe("python", "polars") + 'received.write_csv("polars.csv")')
    is_right(pd.read_csv(here / "polars.csv"))


def test_duckdb(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")
    monkeypatch.chdir(here)
    is_right(duckdb.sql(recipe("sql")).df())


def test_r(here: Path) -> None:
    script = recipe("r") + 'write.csv(received, "r.csv")'
    asked = [tool("Rscript"), "-e", "library(arrow)"]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("R has no arrow")
    run(here, asked[0], "-e", script)
    is_right(pd.read_csv(here / "r.csv"))


def test_stata(here: Path) -> None:
    program = tool("stata")
    (here / "recipe.do").write_text(recipe("stata") + "export delimited stata.csv\n", encoding="utf-8")
    run(here, program, "-b", "do", "recipe.do")
    is_right(pd.read_csv(here / "stata.csv"))


def test_the_stata_recipe_names_what_the_export_holds(here: Path) -> None:
    frame = pd.read_stata(here / "stata" / "requests.dta", convert_categoricals=False)
    assert re.findall(r"^keep (?!if)(.*)$", recipe("stata"), re.MULTILINE) == [" ".join(COLUMNS)]
    is_right(frame[frame["is_total"] == 1])


READ_STAT = """
import json, pathlib, pyreadstat
for file in sorted(pathlib.Path("stata").glob("*.dta")):
    columns, told = pyreadstat.read_dta(str(file), output_format="dict")
    labels = told.variable_value_labels.items()
    values = {name: {int(number): word for number, word in each.items()} for name, each in labels}
    print(json.dumps([file.name, told.number_rows, told.column_names_to_labels, values]))
"""


def test_another_reader_of_stata_files_has_the_same_rows_and_labels(here: Path) -> None:
    said = run(here, python_with("pyreadstat"), "-c", READ_STAT)
    told = {name: rest for name, *rest in map(json.loads, said.splitlines())}
    assert told.keys() == {file.name for file in (here / "stata").glob("*.dta")}
    for name, (rows, variables, values) in told.items():
        assert rows == len(pd.read_stata(here / "stata" / name, convert_categoricals=False))
        with pd.read_stata(here / "stata" / name, iterator=True) as ours:
            assert variables == ours.variable_labels()
            used = {column: words for column, words in ours.value_labels().items() if column in values}
            assert values == {
                column: {str(number): word for number, word in words.items()}
                for column, words in used.items()
            }
    assert any("/" in label for label in told["requests.dta"][1].values())
    assert told["requests.dta"][2]


def test_frictionless_finds_nothing_wrong(here: Path) -> None:
    said = run(
        here / "demo" / "releases" / "latest", tool("frictionless"), "validate", "datapackage.json", "--json"
    )
    report = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert report["valid"]
    assert report["stats"]["tasks"] > 20


def test_mlcroissant_finds_nothing_wrong(here: Path) -> None:
    release = here / "demo" / "releases" / "latest"
    said = run(release, tool("mlcroissant"), "validate", "--jsonld", "croissant.json")
    assert "Done." in said
    assert "error" not in said
