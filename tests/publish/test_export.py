"""Every format reads back equal to the release, labels and Chinese included."""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
from pandas.io.stata import StataReader

from foi_etl.errors import WrongUsage
from foi_etl.model import Finding, Weight
from foi_etl.publish.export.release import export, read_table
from foi_etl.publish.export.shape import flat, harmless
from foi_etl.publish.manifest import read_manifest
from foi_etl.schemas import words
from verdicts import LAYOUT, judged, released

RISKY = Finding("value-type", Weight.NOTE, "=HYPERLINK(1)", cells=("t3_granted_total", "t3_partial_total"))
PRINTED = {"t3_granted_total": "5", "t3_carried_in_total": "0", "t2_fee_amount": "3.5"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = released(
        tmp_path_factory.mktemp("home") / "releases",
        judged(year=2022, printed=PRINTED, findings=(RISKY,)),
        judged(year=2023, printed=PRINTED | {"t3_granted_total": "－", "t4_review_total": "+3"}),
    )
    assert made
    return made.path


def written(release: Path, to: Path, kind: str, **more: Any) -> Path:
    export(release, to, kind, LAYOUT, words(), **more)
    return to


def listed(table: pa.Table) -> list[dict[str, object]]:
    return [dict(row) for row in table.to_pylist()]


def names(release: Path) -> list[str]:
    return read_manifest(release).names


def test_csv_reads_back_equal(release: Path, tmp_path: Path) -> None:
    folder = written(release, tmp_path / "csv", "csv")
    assert sorted(path.stem for path in folder.iterdir()) == names(release)
    for name in names(release):
        stated = harmless(flat(read_table(release, name)))
        types = arrow_csv.ConvertOptions(
            column_types=stated.schema, strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        back = arrow_csv.read_csv(folder / f"{name}.csv", convert_options=types)
        assert listed(back) == listed(stated), name


def test_a_csv_begins_no_formula_and_bears_the_mark_where_it_is_asked_for(
    release: Path, tmp_path: Path
) -> None:
    plain, marked = written(release, tmp_path / "a", "csv"), written(release, tmp_path / "b", "csv", bom=True)
    assert not (plain / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (marked / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (marked / "findings.csv").open(encoding="utf-8-sig", newline="") as lines:
        [message] = [row["message"] for row in csv.DictReader(lines) if row["rule"] == "value-type"]
    assert message == "'=HYPERLINK(1)"


def test_excel_reads_back_equal_and_calculates_nothing(release: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(release, tmp_path / "all.xlsx", "xlsx"))
    assert book.sheetnames == names(release)
    for name in names(release):
        stated = flat(read_table(release, name))
        head, *rows = book[name].iter_rows(values_only=True)
        assert list(head) == stated.column_names
        expected = [tuple(_as_excel(value) for value in row.values()) for row in listed(stated)]
        assert [tuple(_as_excel(value) for value in row) for row in rows] == expected, name
    assert "f" not in {cell.data_type for row in book["findings"].iter_rows() for cell in row}


def _as_excel(value: object) -> object:
    """Excel knows no empty text, and a date is midnight."""
    if isinstance(value, datetime):
        return value.date()
    return None if isinstance(value, str) and not value else value


def test_sqlite_reads_back_equal_and_has_its_keys(release: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(written(release, tmp_path / "all.sqlite", "sqlite"))) as base:
        for name in names(release):
            stated = flat(read_table(release, name))
            rows = base.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
            expected = [tuple(_as_text(value) for value in row.values()) for row in listed(stated)]
            assert rows == expected, name
        keys = [row[1] for row in base.execute("PRAGMA table_info(requests)") if row[5]]
        assert keys == ["agency_id", "year", "applicant"]
        about = (
            "SELECT label_zh FROM columns_described WHERE table_name = 'requests' AND column_name = 'granted'"
        )
        assert "予以公开" in base.execute(about).fetchone()[0]


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def test_duckdb_reads_back_equal(release: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with closing(
        duckdb.connect(
            str(written(release, tmp_path / "all.duckdb", "duckdb")),
        )
    ) as base:
        for name in names(release):
            rows = base.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
            assert rows == [tuple(row.values()) for row in listed(read_table(release, name))], name
        told = (
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'requests' AND column_name = 'granted'"
        )
        assert "予以公开" in base.execute(told).fetchone()[0]


def test_without_duckdb_a_person_is_told_what_to_install(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(WrongUsage, match=r"foi-etl\[duckdb\]"):
        written(release, tmp_path / "all.duckdb", "duckdb")


def test_stata_reads_back_equal_with_labels_in_both_languages(release: Path, tmp_path: Path) -> None:
    folder = written(release, tmp_path / "dta", "dta")
    for name in names(release):
        stated = flat(read_table(release, name))
        back = pd.read_stata(folder / f"{name}.dta", convert_categoricals=False)
        with StataReader(folder / f"{name}.dta") as reader:
            labels, values = reader.variable_labels(), reader.value_labels()
            assert (folder / f"{name}.dta").read_bytes()[:60].find(b"<release>118</release>") > 0
        assert list(back.columns) == stated.column_names
        for column in stated.column_names:
            said = [_as_stata(value, values.get(column)) for value in back[column].tolist()]
            assert said == [_plain(value) for value in stated[column].to_pylist()], (name, column)
        assert all(
            re.search(r"[a-z]", label) and re.search(r"[\u4e00-\u9fff]", label) for label in labels.values()
        )
    with StataReader(folder / "requests.dta") as reader:
        assert "自然人" in reader.value_labels()["applicant"][1]
        assert reader.variable_labels()["granted"].startswith("granted in full")


def _as_stata(value: Any, labels: dict[float, str] | None) -> object:
    """What a value of Stata says: a label's word, and nothing for what is missing."""
    if pd.isna(value):
        return None
    if labels:
        label = labels[int(value)]
        return {"no 否": False, "yes 是": True}.get(label, label.partition(":")[0])
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value or (None if value == "" else value)


def _plain(value: object) -> object:
    return None if value == "" and isinstance(value, str) else value


def test_every_variable_has_a_name_that_stata_and_r_take() -> None:
    columns = [column.name for table in LAYOUT.tables.values() for column in table.columns]
    assert [name for name in columns if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name)] == []


def test_one_table_can_be_chosen_and_one_that_is_none_is_told(release: Path, tmp_path: Path) -> None:
    folder = written(release, tmp_path / "one", "csv", tables=["reports"])
    assert [path.name for path in folder.iterdir()] == ["reports.csv"]
    with pytest.raises(WrongUsage, match="no table nothing"):
        written(release, tmp_path / "two", "csv", tables=["nothing"])


def test_what_stands_there_already_is_not_overwritten(release: Path, tmp_path: Path) -> None:
    (tmp_path / "all.sqlite").write_text("mine")
    with pytest.raises(WrongUsage, match="stands there already"):
        written(release, tmp_path / "all.sqlite", "sqlite")
    with pytest.raises(WrongUsage, match="no format"):
        written(release, tmp_path / "new", "sas")
