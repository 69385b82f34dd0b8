"""Titles in the many ways in which portals print them, and reports printed in traditional characters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foi_etl.characters import _PAIRS, simplified
from foi_etl.extract.about import read_about
from foi_etl.extract.page import Lines
from foi_etl.pipeline import read
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.pages import render
from foi_etl.practice.styles import BY_NAME
from helpers import STATUTE

FORMS = [
    json.loads(line)
    for line in (Path(__file__).parent / "titles.jsonl").read_text(encoding="utf-8").splitlines()
]
"""The window's title, the lines before section one, and the agency and year that they state."""
TRADITIONAL = {ord(pair[0]): pair[1] for pair in reversed(_PAIRS.split())}


@pytest.mark.parametrize(("window", "lines", "agency", "year"), FORMS, ids=lambda told: str(told)[:40])
def test_title_lines_tell_whose_report_it_is_and_for_which_year(
    window: str, lines: list[str], agency: str, year: int
) -> None:
    about = read_about(Lines((*lines, "一、总体情况", f"{year}年，工作扎实。"), {}, window), STATUTE.sections)
    assert (about.agency_name, about.year) == (agency, year)


def test_no_character_of_forms_and_rules_is_changed() -> None:
    written = "".join(file.read_text(encoding="utf-8") for file in Path("schemas").rglob("*.toml"))
    assert simplified(written) == written
    assert not set(_PAIRS[1::3]) & set(written)


@pytest.mark.parametrize(("agency", "year"), [("practice-pinghu", 2019), ("practice-suqian", 2023)])
def test_a_report_in_traditional_characters_is_read_as_its_twin_is(agency: str, year: int) -> None:
    report = country(STATUTE).report(agency, year)
    page = render(report, STATUTE, BY_NAME["clean"], rng=dice("traditional")).decode()
    twin = page.translate(TRADITIONAL)
    one, other = (read(text.encode(), "page", STATUTE) for text in (page, twin))
    assert twin != page
    told, twins = ({f.cell_id: f[1:4] for t in v.tables for f in t.facts.values()} for v in (one, other))
    assert told == twins
    assert {(said.fact, said.value) for said in other.statements} == {
        (said.fact, said.value) for said in one.statements
    }
    assert other.document.title == one.document.title.translate(TRADITIONAL)
    assert (other.document.year, other.document.sections.keys()) == (
        one.document.year,
        one.document.sections.keys(),
    )
