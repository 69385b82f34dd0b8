"""The truth of finding: which reports a visit must find, where they lie, and which files lie beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from foi_etl.practice.answers import Line
from foi_etl.practice.articles import Desk
from foi_etl.practice.attachments import attachments
from foi_etl.practice.country import Country
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import twin_of
from foi_etl.practice.portals import Portals
from foi_etl.practice.xxgk import path as xxgk_path


class Due(NamedTuple):
    """One report that is to be found: once, at any of its addresses."""

    agency_id: str
    year: int
    urls: tuple[str, ...]
    """Where it lies; the same report may lie on two hosts."""
    attachments: tuple[str, ...]
    """The files beside it, as many for each address."""


def finding(country: Country, agency_id: str = "") -> tuple[Due, ...]:
    """Every report that the lists of a country lead to on this night, agency by agency, newest first.

    Of one agency, where it is named. What an emptied list, a moved column or a report that is gone no longer
    show is not due.
    """
    return tuple(
        due
        for desk in Portals(country, country.statute).desks
        if desk.site.name not in country.changes.moved
        for index in desk.site.indices
        if agency_id in {"", desk.site.agency(index).id}
        for due in _of_agency(desk, index)
    )


def _of_agency(desk: Desk, index: int) -> Iterator[Due]:
    site = desk.site
    agency_id = site.agency(index).id
    if site.kind.dialect == "annual":
        yield from _annual(desk, index)
        return
    lines = [line for line in site.lines(index, desk.family.path) if line.entry.year is not None]
    for year in dict.fromkeys(line.entry.year for line in lines if line.entry.year is not None):
        same = [line for line in lines if line.entry.year == year]
        bases = dict.fromkeys(_base(desk, line) for line in same)
        files = [one.path for one in attachments(site, index, same[0].entry, same[0].path)]
        urls = tuple(base + same[0].path for base in bases)
        yield Due(agency_id, year, urls, tuple(base + file for base in bases for file in files))


def _annual(desk: Desk, index: int) -> Iterator[Due]:
    """Where the addresses themselves are the list."""
    site = desk.site
    agency_id, changes = site.agency(index).id, site.country.changes
    for year in site.country.published(agency_id):
        if agency_id not in changes.emptied and (agency_id, year) not in changes.gone:
            entry = Entry(0, "", site.country.day(agency_id, year), year)
            yield Due(agency_id, year, (f"http://{site.name}{xxgk_path(site, index, entry)}",), ())


def _base(desk: Desk, line: Line) -> str:
    """The host a line leads to; a hub's lists stand on the second name of its host altogether."""
    on_twin = line.entry.place == "twin" or desk.site.kind.dialect == "hub"
    return f"http://{twin_of(desk.site.name) if on_twin else desk.site.name}"
