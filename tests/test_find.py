"""`foi-etl agencies find`: from a column page to the lines that add its agency."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from foi_etl.cli.app import app
from foi_etl.practice.country import country
from foi_etl.practice.server import serve
from foi_etl.sources.registry import read_register, register_files
from helpers import STATUTE

LAND = country(STATUTE, agencies=4, families=["lonsun"], per_host=2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOI_PAUSE", "0")
    portals, agencies = register_files([], [])
    (tmp_path / "portals.yaml").write_text(portals, encoding="utf-8")
    (tmp_path / "agencies.csv").write_text(agencies, encoding="utf-8")
    return tmp_path


def test_a_column_page_is_looked_at_and_its_lines_can_be_added(home: Path) -> None:
    agency = LAND.agencies[0]
    with serve(LAND, STATUTE) as server:
        (home / "practice").mkdir()
        (home / "practice" / "port").write_text(str(server.port), encoding="utf-8")
        done = CliRunner().invoke(app, ["agencies", "find", agency.portal, "--home", str(home)])
    paths = [entry.path for entry in server.log]
    said = done.output.split("\n")
    begin = next(number for number, line in enumerate(said) if line.startswith("lonsun-01."))
    entry = "\n".join(said[begin : said.index("", begin)])
    header = (home / "agencies.csv").read_text(encoding="utf-8")
    register = read_register(entry, header + next(line for line in said if agency.portal in line))

    assert done.exit_code == 0
    assert paths[0] == "/robots.txt"
    assert len(paths) == 2
    assert [(one.portal, one.family) for one in register.agencies] == [(agency.portal, "lonsun")]


def test_a_saved_page_is_looked_at_without_any_network(home: Path) -> None:
    saved = home / "page.html"
    saved.write_text('<div id="1"><a href="/gkmlpt/content/1/post_1.html">x</a></div>', encoding="utf-8")
    url = "https://a.gov.cn/gkmlpt/index"
    done = CliRunner().invoke(app, ["agencies", "find", str(saved), "--url", url, "--home", str(home)])

    assert done.exit_code == 0
    assert done.output.startswith("gkmlpt ")
    assert "a.gov.cn:\n  family: gkmlpt" in done.output
