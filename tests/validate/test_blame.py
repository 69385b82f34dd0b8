"""A failed sum is the agency's only where nothing says that it may be ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from foi_etl.model import Finding, FormReading, Weight
from foi_etl.validate.blame import blamed
from foi_etl.validate.rulebook import doubt
from helpers import STATUTE
from verdicts import reading

TOTAL = "t4_review_total"
PARTS = {
    "t4_review_upheld": "10",
    "t4_review_corrected": "1",
    "t4_review_otherres": "0",
    "t4_review_pending": "0",
}


def hongze(printed: Mapping[str, str] | None = None, **changes: object) -> FormReading:
    """Reviews 10 and 1 with a total of 0, every cell read twice."""
    read = reading("t4", "e2021", PARTS | {TOTAL: "0"} | dict(printed or {}))
    return replace(read, **({"agreed": dict.fromkeys(read.facts, True)} | changes))  # type: ignore[arg-type]


def blame_of(read: FormReading, *others: Finding) -> str:
    findings = doubt([read], STATUTE).findings
    [one] = [one for one in blamed((*others, *findings), [read], STATUTE) if one.rule == "H4_review"]
    assert one.evidence
    return one.blame


def test_what_two_readers_read_alike_the_agency_printed() -> None:
    assert blame_of(hongze()) == "source"


def test_what_was_read_once_is_left_open() -> None:
    assert blame_of(hongze(agreed={})) == "undecided"


@pytest.mark.parametrize(("second", "blame"), [(11, "reading"), (12, "undecided")])
def test_where_the_readers_differ_the_second_ones_figures_are_tried(second: int, blame: str) -> None:
    agreed = dict.fromkeys(hongze().facts, True) | {TOTAL: False}
    assert blame_of(hongze(agreed=agreed, otherwise={TOTAL: Decimal(second)})) == blame


def test_a_doubt_about_the_place_of_a_cell_leaves_it_open() -> None:
    slipped = Finding("labels-lost", Weight.DOUBT, "", "t4", "e2021", (TOTAL,))
    assert blame_of(hongze(), slipped) == "undecided"


def test_a_blank_that_both_readers_see_is_what_the_agency_printed() -> None:
    assert blame_of(hongze({TOTAL: ""})) == "source"


@pytest.mark.parametrize("rule", ["shifted", "rows-out-of-order", "column-missing"])
def test_a_doubt_about_what_is_printed_excuses_nobody(rule: str) -> None:
    told = Finding(rule, Weight.DOUBT, "", "t4", "e2021", (TOTAL,))
    assert blame_of(hongze(), told) == "source"


def test_sums_that_no_one_cell_explains_are_printed_so_all_the_same() -> None:
    rows = {
        "t3_granted_natural": "3",
        "t3_granted_total": "3",
        "t3_partial_natural": "2",
        "t3_partial_total": "4",
    }
    read = reading("t3", "e2021", dict.fromkeys(STATUTE.form("t3", "e2021").cells, "0") | rows)
    read = replace(read, agreed=dict.fromkeys(read.facts, True))
    told = [one for one in blamed(doubt([read], STATUTE).findings, [read], STATUTE) if one.blame]
    assert {one.blame for one in told} == {"source"}
    assert any("no one cell explains them" in one.evidence for one in told)
