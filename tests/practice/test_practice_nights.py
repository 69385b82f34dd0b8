"""On the second night one thing has changed, and the country knows which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from portal_readers import READERS, following

from foi_etl.model import Agency
from foi_etl.practice import nights
from foi_etl.practice.country import Country, country
from foi_etl.practice.finding import Due, finding
from foi_etl.practice.places import KINDS
from foi_etl.practice.server import PracticeServer, serve
from helpers import STATUTE

LAND = country(STATUTE, agencies=len(KINDS), per_host=1)
SHOWN = [
    agency
    for agency in LAND.agencies
    if agency.id.startswith("practice-0") and LAND.kind_of(agency.id).dialect not in {"annual", "units"}
]
Truth = dict[tuple[int, str], str]


@contextmanager
def _second_night(tomorrow: Country) -> Iterator[tuple[PracticeServer, requests.Session]]:
    with serve(LAND, STATUTE, tomorrow=tomorrow) as server, requests.Session() as web:
        web.trust_env = False
        web.proxies = {"http": f"http://127.0.0.1:{server.port}"}
        yield server, web


def _again(server: PracticeServer, web: requests.Session, url: str) -> int:
    """The status of a page on the second night, asked for with what the first night gave."""
    server.night = 1
    tag = web.get(url).headers["ETag"]
    server.night = 2
    return web.get(url, headers={"If-None-Match": tag}).status_code


def _truth(land: Country, agency_id: str) -> Truth:
    """What an agency's reports state, by year and cell."""
    reports = (land.report(agency_id, year) for year in land.published(agency_id))
    return {(each.year, cell): str(value) for each in reports for cell, value in each.truth.items()}


def _due(land: Country, agency_id: str) -> dict[int, Due]:
    return {due.year: due for due in finding(land, agency_id)}


def test_on_a_quiet_night_every_page_is_as_it_was() -> None:
    tomorrow = nights.quiet(LAND)
    assert finding(tomorrow) == finding(LAND)
    assert nights.changed_agencies(tomorrow) == ()
    with _second_night(tomorrow) as (server, web):
        urls = [agency.portal for agency in LAND.agencies[::4]] + [due.urls[0] for due in finding(LAND)[::40]]
        assert {_again(server, web, url) for url in urls} == {304}


@pytest.mark.parametrize("agency", SHOWN[5::9], ids=lambda agency: str(agency.family))
def test_a_revised_report_has_one_cell_changed_and_its_line_another_date(agency: Agency) -> None:
    year = max(LAND.published(agency.id))
    tomorrow = nights.revised(LAND, agency.id, year)
    before, now = (_truth(land, agency.id) for land in (LAND, tomorrow))
    changed = [(agency.id, *key, before[key], now[key]) for key in before if before[key] != now[key]]
    assert changed == list(nights.revised_cells(tomorrow))
    due = _due(tomorrow, agency.id)
    assert due == _due(LAND, agency.id), "the address stays the same"
    with _second_night(tomorrow) as (server, web):
        assert [_again(server, web, due[year].urls[0]), _again(server, web, due[year - 1].urls[0])] == [
            200,
            304,
        ]
        assert f"{year + 1}" in web.get(due[year].urls[0]).text


def test_a_revision_shows_in_the_list_and_nowhere_else() -> None:
    agency = next(agency for agency in SHOWN if agency.family == "nfcms")
    year = max(LAND.published(agency.id))
    tomorrow = nights.revised(LAND, agency.id, year)
    day = tomorrow.report(agency.id, year).published
    assert day > LAND.report(agency.id, year).published
    with _second_night(tomorrow) as (server, web):
        assert f">{day}<" not in web.get(agency.portal).text
        assert _again(server, web, agency.portal) == 200
        assert f">{day}<" in web.get(agency.portal).text
        others = [other.portal for other in SHOWN if other != agency]
        assert {_again(server, web, url) for url in others[::3]} == {304}


@pytest.mark.parametrize(
    ("home", "redirect", "answers"), [(False, False, [404]), (True, False, [200]), (False, True, [301, 200])]
)
def test_a_redesigned_portal_is_found_again_from_its_home_page(
    home: bool, redirect: bool, answers: list[int]
) -> None:
    tomorrow = nights.redesigned(LAND, home=home, redirect=redirect)
    (agency,) = nights.changed_agencies(tomorrow)
    assert _due(tomorrow, agency.id) == {}
    with _second_night(tomorrow) as (server, web):
        server.night = 2
        old = web.get(agency.portal)
        assert [one.status_code for one in (*old.history, old)] == answers
        assert ("政府信息公开年报" in old.text) == (answers != [404])
        start = f"http://{agency.portal.split('/')[2]}/"
        column = next(url for text, url in following(web, start, ".units a") if text == "政府信息公开年报")
        lines = {url for _, url in following(web, column, ".list a")}
        assert {url for due in _due(LAND, agency.id).values() for url in due.urls} <= lines
        assert all(web.get(due.urls[0]).status_code == 200 for due in _due(LAND, agency.id).values())


@pytest.mark.parametrize("agency", SHOWN[4::7], ids=lambda agency: str(agency.family))
def test_an_emptied_list_has_its_frame_and_no_line_while_its_reports_stay(agency: Agency) -> None:
    tomorrow = nights.emptied(LAND, agency.id)
    assert _due(tomorrow, agency.id) == {}
    assert _truth(tomorrow, agency.id) == _truth(LAND, agency.id), "what was stated stays true"
    with _second_night(tomorrow) as (server, web):
        server.night = 2
        assert web.get(agency.portal).status_code == 200
        assert list(READERS[agency.family](web, agency)) == []
        assert all(web.get(due.urls[0]).status_code == 200 for due in _due(LAND, agency.id).values())


def test_a_report_that_is_gone_is_neither_listed_nor_there() -> None:
    agency = next(agency for agency in SHOWN if agency.family == "ucap_json")
    tomorrow = nights.gone(LAND, agency.id, 2023)
    url = _due(LAND, agency.id)[2023].urls[0]
    assert sorted(_due(tomorrow, agency.id)) == sorted(set(_due(LAND, agency.id)) - {2023})
    with _second_night(tomorrow) as (server, web):
        assert web.get(url).status_code == 200
        server.night = 2
        assert web.get(url).status_code == 404
        assert url not in [there for _, there in READERS["ucap_json"](web, agency)]
