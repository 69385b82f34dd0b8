"""What is worked out over all reports: more rows, longer lists, tables of their own; the rest stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from foi_etl.model import Finding, Weight
from foi_etl.publish import rows
from foi_etl.publish.across import Published, Study, look_across
from foi_etl.publish.additions import Addition
from foi_etl.publish.layout import Layout
from foi_etl.publish.merge import Merge
from foi_etl.publish.pieces import Piece, piece
from helpers import STATUTE
from verdicts import LAYOUT, judged, merged

REPORTS = [judged(name, year) for name in ("harbour", "mill", "quarry") for year in (2022, 2023)]
AGENCIES = ["harbour", "mill", "quarry"]
OWN = replace(LAYOUT.tables["checks"], name="owed", path="owed.parquet/{year}.parquet", across=True)
WITH_OWN = replace(LAYOUT, tables={**LAYOUT.tables, "owed": OWN})


def looked(*added: Addition, layout: Layout = LAYOUT) -> Merge:
    merge = Merge([Piece.of(piece([("", one) for one in REPORTS], STATUTE, LAYOUT, "v1"))], layout)
    look_across(merge, [Study("test", lambda _: added)])
    return merge


def found(agency: str, year: int, message: str = "odd") -> pa.Table:
    one = next(one for one in REPORTS if (one.report.agency_id, one.report.year) == (agency, year))
    verdict = replace(one.verdict, findings=(Finding("X9", Weight.NOTE, message),))
    return rows.to_arrow(rows.findings([replace(one, verdict=verdict)]), LAYOUT.tables["findings"])


def checked(agency: str, year: int, *held: str) -> pa.Table:
    return pa.table({"agency_id": [agency], "year": [year], "held": [list(held)]})


def told(merge: Merge, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = merge.tables()[path].to_pylist()
    return rows


@pytest.mark.parametrize("slab", [1, 2, 4000])
def test_findings_of_studies_stand_where_their_agency_stands(
    slab: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foi_etl.publish.merge._SLAB", slab)
    merge = looked(*(Addition("findings", 2023, found(name, 2023)) for name in reversed(AGENCIES)))
    assert [one["agency_id"] for one in told(merge, "findings.parquet/2023.parquet")] == AGENCIES
    assert told(merge, "findings.parquet/2022.parquet") == []


@pytest.mark.parametrize("slab", [1, 4000])
def test_lists_get_longer_and_counts_higher_by_what_is_added(
    slab: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foi_etl.publish.merge._SLAB", slab)
    counted = pa.table({"agency_id": ["mill"], "year": [2023], "findings_note": [2]})
    merge = looked(
        Addition("checks", 2023, checked("mill", 2023, "X1", "X2")),
        Addition("checks", 2023, checked("mill", 2023, "X3")),
        Addition("checks", 2023, checked("nobody", 2023, "X3")),
        Addition("reports", 2023, counted),
    )
    assert [one["held"] for one in told(merge, "checks.parquet/2023.parquet")] == [[], ["X1", "X2", "X3"], []]
    assert [one["held"] for one in told(merge, "checks.parquet/2022.parquet")] == [[], [], []]
    assert [one["findings_note"] for one in told(merge, "reports.parquet/2023.parquet")] == [0, 2, 0]


def test_a_table_of_its_own_has_rows_of_agencies_and_years_without_reports() -> None:
    empty = {"failed": [[]], "untestable": [[]], "capture": [""]}
    added = [pa.table(checked(*key).to_pydict() | empty) for key in (("pier", 2024), ("dock", 2024))]
    merge = looked(*(Addition("owed", 2024, one) for one in added), layout=WITH_OWN)
    assert [one["agency_id"] for one in told(merge, "owed.parquet/2024.parquet")] == ["dock", "pier"]
    assert told(merge, "owed.parquet/2023.parquet") == []


def test_a_file_is_made_from_what_was_added_to_it_and_from_nothing_else() -> None:
    def made_from(*added: Addition) -> dict[str, str]:
        return {file.path: file.made_from for file in looked(*added).files()}

    def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
        return {path for path in one if one[path] != other[path]}

    note = Addition("findings", 2023, found("mill", 2023))
    reworded = Addition("findings", 2023, found("mill", 2023, "odder"))
    assert made_from(note) == made_from(note)
    for other in (made_from(), made_from(reworded)):
        assert differing(made_from(note), other) == {"findings.parquet/2023.parquet"}


def test_a_study_sees_the_published_rows_and_what_was_added_before_it() -> None:
    seen: dict[str, list[Any]] = {}

    def first(published: Published) -> Iterator[Addition]:
        for year in published.years:
            yield Addition("checks", year, checked("mill", year, "X1"))

    def second(published: Published) -> Iterator[Addition]:
        seen["agencies"] = [row.agency for row in published.reports(2023)]
        seen["held"] = published.rows("checks", 2023, ["held"])["held"].to_pylist()
        seen["columns"] = published.rows("requests", 2023, ["agency_id", "granted"]).column_names
        yield from ()

    look_across(merged(*REPORTS, pieces=2), [Study("first", first), Study("second", second)])
    assert seen == {
        "agencies": AGENCIES,
        "held": [[], ["X1"], []],
        "columns": ["agency_id", "granted"],
    }
