"""Every family on pages that are written otherwise than the practice portals write them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from asking import family_of
from otherwise import WAYS

from foi_etl.crawl.walk import place, walk
from foi_etl.errors import FixTheRegistry
from foi_etl.model import Ask, Found, Page
from foi_etl.practice.answers import Answer, Asked
from foi_etl.practice.country import country
from foi_etl.practice.finding import finding
from foi_etl.practice.places import KINDS
from foi_etl.practice.portals import Portals
from foi_etl.text import decode
from helpers import STATUTE

if TYPE_CHECKING:
    from foi_etl.model import Agency

LAND = country(STATUTE, agencies=len(KINDS), per_host=1)
PORTALS = Portals(LAND, STATUTE)
DUE = {agency.id: finding(LAND, agency.id) for agency in LAND.agencies}


@cache
def answered(url: str, posted: str, referer: str) -> Answer:
    parts = urlsplit(url)
    method = "POST" if posted else "GET"
    return PORTALS.answer(parts.hostname or "", Asked(parts.path, parts.query, posted, method, referer))


def fetched(ask: Ask, way: str) -> Page:
    answer = answered(ask.url, ask.body or urlencode(ask.form), ask.referer)
    if answer.status != 200:
        raise FixTheRegistry("not there", url=ask.url, status=answer.status)
    text = decode(answer.body)[0]
    if "json" not in answer.kind:
        return Page(ask, ask.url, WAYS[way](text, ask.url))
    said = otherwise(json.loads(text, strict=False), way, ask.referer or ask.url)
    return Page(ask, ask.url, json.dumps(said, ensure_ascii=False))


def otherwise(said: object, way: str, url: str) -> object:
    """JSON whose markup is written otherwise."""
    if isinstance(said, dict):
        return {name: otherwise(value, way, url) for name, value in said.items()}
    if isinstance(said, list):
        return [otherwise(value, way, url) for value in said]
    return WAYS[way](said, url) if isinstance(said, str) and "</" in said else said


def misread(agency: Agency, way: str) -> tuple[set[int], set[str]]:
    """The years that are not found, and the addresses that are and lead to no report."""
    steps = walk(agency, family_of(LAND, agency), lambda ask: fetched(ask, way), budget=200)
    found = [step for step in steps if isinstance(step, Found)]
    due = {one.year: one.urls for one in DUE[agency.id]}
    places = {place(Ask(url)) for urls in due.values() for url in urls}
    return set(due) - {one.year or 0 for one in found}, {place(one.ask) for one in found} - places


@pytest.mark.parametrize("way", WAYS)
def test_all_and_only_the_true_reports_are_found_on_pages_written_otherwise(way: str) -> None:
    wrong = {
        "/".join(LAND.kind_of(agency.id)[:2]): read
        for agency in LAND.agencies
        if any(read := misread(agency, way))
    }

    assert wrong == {}
