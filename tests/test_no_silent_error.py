"""Whatever happens to a page, no number is published in silence that is not the truth of its cell.

`FOI_PAGES` says how many pages are tried; the nightly run takes 10000.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from random import Random
from typing import NamedTuple

import pytest

from foi_etl.errors import NotAReport
from foi_etl.model import Fact, Verdict
from foi_etl.normalise.grammar import read_number
from foi_etl.pipeline import read
from foi_etl.practice.country import country
from foi_etl.practice.damage import DAMAGES, HARMLESS
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.pages import render_html
from foi_etl.practice.styles import BY_NAME, PRESETS, Style
from helpers import CORPUS, STATUTE, needs_shared

PAGES = int(os.environ.get("FOI_PAGES", "400"))
PER_STYLE = max(1, PAGES // len(PRESETS))
REAL = ("shanghai-shi-bangongting-2019-html", "pingtan-gwh-2019-html", "pingtan-gyz-2023-html")
NOTICED = frozenset({"label-mistyped", "said-twice", "unit-unusual"})
Truth = Mapping[str, Decimal | None]


class Case(NamedTuple):
    """A page before and after something happened to it, and what its cells state."""

    page: str
    damaged: str
    what: str
    truth: Truth


@cache
def _reports() -> list[PracticeReport]:
    return list(country(STATUTE, seed=PAGES, agencies=30).reports)


def _cases(style: Style, kinds: list[str], pages: int) -> Iterator[Case]:
    for number in range(pages):
        rng = Random(f"{style.name}/{pages}/{number}")
        report, kind = rng.choice(_reports()), rng.choice(kinds)
        page = render_html(report, STATUTE, style, rng=rng)
        damaged = DAMAGES[kind](page, rng)
        what = f"{report.agency_id} {report.year}, {style.name}/{number}: {kind}: {damaged.what}"
        yield Case(page, damaged.html, what, report.truth)


def _real_cases(slug: str, kinds: list[str], pages: int) -> Iterator[Case]:
    page = (CORPUS / slug / "source.html").read_text(encoding="utf-8")
    truth = _real_truth(slug)
    for number in range(pages):
        rng = Random(f"{slug}/{pages}/{number}")
        kind = rng.choice(kinds)
        damaged = DAMAGES[kind](page, rng)
        yield Case(page, damaged.html, f"{slug}/{number}: {kind}: {damaged.what}", truth)


def _real_truth(slug: str) -> Truth:
    with (CORPUS / slug / "truth.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["cell_id"]: read_number(row["value"], "signed_int").value for row in csv.DictReader(lines)
        }


def _read(page: str) -> Verdict | None:
    try:
        return read(page.encode(), "page", STATUTE)
    except NotAReport:
        return None


def _facts(verdict: Verdict) -> dict[str, Fact]:
    return {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}


def _silent(case: Case) -> dict[str, Decimal | None]:
    """Published values that differ from the truth, and that no finding names."""
    verdict = _read(case.damaged)
    if verdict is None:
        return {}
    named = {cell_id for finding in verdict.findings for cell_id in finding.cells}
    facts = _facts(verdict)
    return {
        cell_id: fact.value
        for cell_id, fact in facts.items()
        if fact.value is not None and fact.value != case.truth.get(cell_id) and cell_id not in named
    }


def _said(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict publishes and what it finds, wherever it stands; a unit that changes is told."""
    facts = {i: fact._replace(at="", unit="") for i, fact in _facts(verdict).items()}
    findings = [
        (one.rule, one.weight, one.cells, one.delta) for one in verdict.findings if one.rule not in NOTICED
    ]
    return facts, sorted(findings, key=repr), verdict.blanks_as_zero, verdict.inferences


def _changed(case: Case) -> bool:
    before, after = _read(case.page), _read(case.damaged)
    return before is None or after is None or _said(before) != _said(after)


styles = pytest.mark.parametrize("style", BY_NAME.values(), ids=BY_NAME)
real = pytest.mark.parametrize("slug", REAL)


@styles
def test_no_damage_changes_a_number_in_silence(style: Style) -> None:
    told = {
        case.what: silent for case in _cases(style, sorted(DAMAGES), PER_STYLE) if (silent := _silent(case))
    }
    assert told == {}


@styles
def test_harmless_damage_changes_nothing(style: Style) -> None:
    cases = _cases(style, sorted(HARMLESS), max(1, PER_STYLE // 2))
    assert [case.what for case in cases if _changed(case)] == []


@styles
def test_a_cell_made_blank_changes_that_cell_alone(style: Style) -> None:
    cases = list(_cases(style, ["blank_cell"], max(1, PER_STYLE // 8)))
    assert cases
    for case in cases:
        _only_one_is_blank(case)


@needs_shared
@real
def test_no_damage_changes_a_number_of_a_real_page_in_silence(slug: str) -> None:
    told = {
        case.what: silent
        for case in _real_cases(slug, sorted(DAMAGES), PER_STYLE)
        if (silent := _silent(case))
    }
    assert told == {}


@needs_shared
@real
def test_harmless_damage_changes_nothing_of_a_real_page(slug: str) -> None:
    cases = _real_cases(slug, sorted(HARMLESS), max(1, PER_STYLE // 2))
    assert [case.what for case in cases if _changed(case)] == []


@needs_shared
@real
def test_a_cell_of_a_real_page_made_blank_changes_that_cell_alone(slug: str) -> None:
    cases = list(_real_cases(slug, ["blank_cell"], max(1, PER_STYLE // 8)))
    assert cases
    for case in cases:
        _only_one_is_blank(case)


def _only_one_is_blank(case: Case) -> None:
    before, after = _read(case.page), _read(case.damaged)
    assert before is not None
    assert after is not None
    was, now = _facts(before), _facts(after)
    assert was.keys() == now.keys()
    [changed] = [cell_id for cell_id in was if was[cell_id] != now[cell_id]]
    assert (now[changed].raw, now[changed].at) == ("", was[changed].at), case.what
