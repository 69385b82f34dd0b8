"""A report that changed is published as it is now, and what it said before is told beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from foi_etl.model import Capture, Judged
from foi_etl.publish.across import look_across
from foi_etl.studies import studies
from verdicts import judged, merged

FIRST, SECOND, THIRD = "2024-02-01T00:00:00Z", "2024-08-01T00:00:00Z", "2025-02-01T00:00:00Z"
BEFORE: Mapping[str, str | None] = {"t2_rule_issued": "1", "t3_granted_total": "12", "t3_partial_total": ""}
URL = "http://mill.practice.invalid/2023.html"


def version(
    printed: Mapping[str, str | None], when: str, name: str, url: str = URL, words: str = ""
) -> Judged:
    one = judged("mill", 2023, printed)
    capture = replace(one.capture, id=name, fetched_at=when, url=url)
    document = replace(one.verdict.document, sections={"overview": words} if words else {})
    return replace(one, capture=capture, verdict=replace(one.verdict, document=document))


def answer(when: str, name: str, status: int = 200, url: str = URL) -> Capture:
    return replace(judged("mill", 2023).capture, id=name, fetched_at=when, status=status, url=url)


def told(reports: Iterable[Judged], spoken: Iterable[Capture] = ()) -> list[dict[str, Any]]:
    merge = merged(*reports, judged("quarry", 2023), pieces=2)
    look_across(merge, studies(spoken=spoken))
    rows: list[dict[str, Any]] = merge.tables()["revisions.parquet/2023.parquet"].to_pylist()
    return rows


def cells(rows: Iterable[dict[str, Any]]) -> list[tuple[object, ...]]:
    names = ("cell_id", "value_before", "value_after", "raw_before", "raw_after", "capture_before", "capture")
    return [tuple(row[name] for name in names) for row in rows]


def test_each_cell_that_changed_is_told_with_both_values_and_both_captures() -> None:
    now: Mapping[str, str | None] = {"t2_rule_issued": "1", "t3_granted_total": "13", "t3_partial_total": "0"}
    rows = told([version(BEFORE, FIRST, "a"), version(now, SECOND, "b")])
    assert cells(rows) == [
        ("t3_granted_total", 12, 13, "12", "13", "a", "b"),
        ("t3_partial_total", None, 0, "", "0", "a", "b"),
    ]
    assert {(row["event"], row["before_at"], row["at"], row["table"]) for row in rows} == {
        ("revised", FIRST, SECOND, "t3")
    }


def test_every_version_is_held_against_the_one_before_it() -> None:
    versions = [
        ({**BEFORE, "t3_granted_total": n}, when) for n, when in (("12", FIRST), ("9", SECOND), ("12", THIRD))
    ]
    rows = told(version(printed, when, name) for (printed, when), name in zip(versions, "abc", strict=True))
    assert [(row["value_before"], row["value_after"], row["capture"]) for row in rows] == [
        (12, 9, "b"),
        (9, 12, "c"),
    ]


def test_a_page_that_was_fetched_again_and_says_the_same_has_no_row() -> None:
    assert told([version(BEFORE, FIRST, "a"), version(BEFORE, SECOND, "b")]) == []


def test_words_and_addresses_that_changed_are_told_apart_from_cells() -> None:
    moved = "http://mill.practice.invalid/new.html"
    rows = told([version(BEFORE, FIRST, "a", words="前"), version(BEFORE, SECOND, "b", moved, words="后")])
    assert [(row["event"], row["cell_id"], row["url"]) for row in rows] == [
        ("elsewhere", None, moved),
        ("reworded", None, moved),
    ]


def test_a_report_that_was_gone_and_came_back_says_when() -> None:
    spoken = [answer(FIRST, "a"), answer(SECOND, "b", 404), answer(SECOND[:9] + "2T00:00:00Z", "c", 404)]
    rows = told([version(BEFORE, FIRST, "a")], [*spoken, answer(THIRD, "d")])
    assert [(row["event"], row["at"], row["capture_before"], row["capture"]) for row in rows] == [
        ("gone", SECOND, "a", "b"),
        ("back", THIRD, "c", "d"),
    ]


def test_an_address_that_never_showed_a_report_is_no_report_that_is_gone() -> None:
    elsewhere = "http://mill.practice.invalid/other.html"
    spoken = [answer(FIRST, "x", url=elsewhere), answer(SECOND, "y", 404, elsewhere)]
    assert told([version(BEFORE, FIRST, "a")], spoken) == []
