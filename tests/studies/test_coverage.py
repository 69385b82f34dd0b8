"""Coverage: every report owed has a row, and that we have none never says that there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from foi_etl.model import Agency, Capture, Judged, Refusal
from foi_etl.owed import Owing, Portal
from foi_etl.publish.across import Study, look_across
from foi_etl.publish.merge import Merge
from foi_etl.publish.pieces import Piece, Result, piece
from foi_etl.studies.coverage import covered
from helpers import STATUTE
from verdicts import LAYOUT, capture, judged

HARBOUR = Agency("harbour", "港务局", "trs", "http://h.gov.cn/", kind="department", since="2022-01-01")
OWING = Owing((HARBOUR,), date(2026, 11, 1), {"harbour": Portal("seen", date(2026, 10, 31))})


def rows(owing: Owing, *results: Result) -> dict[int, dict[str, Any]]:
    merge = Merge([Piece.of(piece([("", one) for one in results], STATUTE, LAYOUT, "v1"))], LAYOUT)
    look_across(merge, [Study("coverage", partial(covered, owing=owing))])
    told = [
        row
        for table in merge.tables().items()
        if table[0].startswith("coverage")
        for row in table[1].to_pylist()
    ]
    return {row["year"]: row for row in told}


def refused(year: int) -> tuple[Capture, Refusal]:
    kept = replace(capture(f"http://h.gov.cn/{year}"), link_text=f"{year}年度报告")
    return kept, Refusal(kept.id, "TeachTheReader", "no table")


def test_every_year_owed_has_a_row_and_no_other() -> None:
    assert sorted(rows(OWING, judged("harbour", 2023))) == [2022, 2023, 2024, 2025]


def published(day: date | None) -> Judged:
    made = judged("harbour", 2023)
    told = replace(made.verdict.document, published=day.isoformat() if day else "")
    return replace(made, verdict=replace(made.verdict, document=told))


@pytest.mark.parametrize(
    ("day", "status", "late"),
    [
        (date(2024, 1, 31), "found", 0),
        (date(2024, 2, 1), "found_late", 1),
        (None, "found", None),
    ],
    ids=["on the last day", "a day later", "no date"],
)
def test_a_report_is_late_only_by_its_own_date(day: date | None, status: str, late: int | None) -> None:
    row = rows(OWING, published(day))[2023]
    assert (row["status"], row["days_late"], row["deadline"]) == (status, late, date(2024, 1, 31))
    assert row["first_seen"] == row["last_seen"] == "2026-11-22T20:00:00Z"


def test_a_revision_makes_no_report_late() -> None:
    first, second = published(date(2024, 1, 20)), published(date(2024, 6, 1))
    later = replace(second.capture, fetched_at="2026-11-25T20:00:00Z", id="f" * 16)
    row = rows(OWING, first, replace(second, capture=later))[2023]
    assert (row["status"], row["days_late"], row["published"]) == ("found", 0, date(2024, 1, 20))


@pytest.mark.parametrize(
    ("owing", "status"),
    [
        (OWING, "absent"),
        (replace(OWING, portals={}), "unknown"),
        (replace(OWING, portals={"harbour": Portal("seen", date(2025, 1, 31))}), "unknown"),
        (replace(OWING, portals={"harbour": Portal("blocked", date(2026, 10, 1))}), "blocked"),
        (replace(OWING, portals={"harbour": Portal("moved", None)}), "moved"),
        (replace(OWING, portals={"harbour": Portal("seen", date(2026, 10, 31), (2024,))}), "unknown"),
        (replace(OWING, portals={"harbour": Portal("seen", date(2026, 10, 31), (2023,))}), "absent"),
    ],
    ids=[
        "its list was read",
        "never visited",
        "read before the deadline",
        "blocked",
        "moved",
        "listed and passed over",
        "another was passed over",
    ],
)
def test_what_we_lack_is_absent_only_where_the_list_was_read(owing: Owing, status: str) -> None:
    assert rows(owing, judged("harbour", 2023))[2024]["status"] == status


def test_what_is_not_due_is_not_missing() -> None:
    early = replace(OWING, as_of=date(2026, 1, 31))
    assert rows(early, judged("harbour", 2023))[2025]["status"] == "not_yet_due"


def test_what_could_not_be_read_was_found_all_the_same() -> None:
    row = rows(OWING, judged("harbour", 2023), refused(2022))[2022]
    assert (row["status"], row["first_seen"]) == ("refused", "2026-11-22T20:00:00Z")
