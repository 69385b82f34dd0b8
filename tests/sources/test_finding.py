"""For every family and dialect: all and only the true reports of the practice country are found."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from asking import asked, everything, visited

from foi_etl.model import Agency, Ask, Declared, Found, Page
from foi_etl.practice import nights
from foi_etl.practice.country import Country, country
from foi_etl.practice.finding import finding
from foi_etl.practice.places import KINDS
from foi_etl.sources.attachments import attachments
from foi_etl.sources.registry import host_of
from foi_etl.sources.step import Step
from helpers import STATUTE

PER_HOST = 3
LISTS = sorted(
    {(kind.family, kind.dialect) for kind in KINDS} - {("hanweb_xxgk", "annual"), ("tree", "units")}
)
DIALECTS = sorted({(kind.family, kind.dialect) for kind in KINDS})


@cache
def land_of(family: str) -> Country:
    dialects = len({kind.dialect for kind in KINDS if kind.family == family})
    return country(STATUTE, agencies=PER_HOST * dialects, families=[family], per_host=PER_HOST)


@pytest.mark.parametrize(("family", "dialect"), DIALECTS, ids=["/".join(kind) for kind in DIALECTS])
def test_all_and_only_the_true_reports_are_found(family: str, dialect: str) -> None:
    land = land_of(family)
    own = [agency for agency in land.agencies if land.kind_of(agency.id).dialect == dialect]
    with asked(land) as fetch:
        for agency in own:
            due = {one.year: one.urls for one in finding(land) if one.agency_id == agency.id}
            found, decoys = visited(land, agency, fetch)

            assert {step.year for step in found} == set(due)
            assert {step.ask.url for step in found} <= {url for urls in due.values() for url in urls}
            assert decoys or dialect == "annual"
    assert own


@pytest.mark.parametrize(("family", "dialect"), LISTS, ids=["/".join(kind) for kind in LISTS])
def test_an_emptied_list_says_so_and_a_home_page_in_its_place_says_nothing(family: str, dialect: str) -> None:
    land = land_of(family)
    agency = next(agency for agency in land.agencies if land.kind_of(agency.id).dialect == dialect)
    emptied, moved = (
        nights.emptied(land, agency.id),
        nights.redesigned(land, host_of(agency.portal), home=True),
    )

    assert {step.total for step in steps(emptied, agency) if isinstance(step, Declared)} == {0}
    assert not [step for step in steps(emptied, agency) if isinstance(step, Found)]
    assert not [step for step in steps(moved, agency) if not isinstance(step, Ask)]


def steps(land: Country, agency: Agency) -> list[Step]:
    with asked(land) as fetch:
        return everything(land, agency, fetch)


@cache
def bare_land_of(family: str) -> Country:
    """The same with every kind of file, and reports that are in one only."""
    return replace(land_of(family), bare=True)


@pytest.mark.parametrize(("family", "dialect"), DIALECTS, ids=["/".join(kind) for kind in DIALECTS])
def test_all_and_only_the_files_beside_the_reports_are_found(family: str, dialect: str) -> None:
    land = bare_land_of(family)
    own = {one.id for one in land.agencies if land.kind_of(one.id).dialect == dialect}
    reports = [due for due in finding(land) if due.agency_id in own]
    with asked(land) as fetch:
        for due in reports:
            files = {file for url in due.urls for file in beside(fetch(Ask(url)))}

            assert files == set(due.attachments)
    assert dialect == "annual" or any(due.attachments for due in reports)


def beside(page: Page) -> list[str]:
    return [found.ask.url for found in attachments(page)]
