"""The second night: the same country, with one thing changed or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foi_etl.model import Agency
from foi_etl.practice.country import Changes, Country


def quiet(land: Country) -> Country:
    """Nothing has changed."""
    return replace(land, changes=Changes())


def revised(land: Country, agency_id: str = "", year: int = 0) -> Country:
    """One report has one cell changed, and its line another date; `revised_cells` says which cell."""
    return replace(land, changes=Changes(revised=frozenset({_report(land, agency_id, year)})))


def gone(land: Country, agency_id: str = "", year: int = 0) -> Country:
    """One report is neither listed nor there any more; what it stated stays true."""
    return replace(land, changes=Changes(gone=frozenset({_report(land, agency_id, year)})))


def emptied(land: Country, agency_id: str = "") -> Country:
    """One agency's list has its frame and no line; its reports still lie where they lay."""
    return replace(land, changes=Changes(emptied=frozenset({(agency_id or _listing(land).id)})))


def redesigned(land: Country, host: str = "", *, home: bool = False, redirect: bool = False) -> Country:
    """One host's columns have moved; their old addresses answer 404, show the home page, or lead to it."""
    host = host or _host(_listing(land))
    return replace(land, changes=Changes(moved=frozenset({host}), home=home, redirect=redirect))


def revised_cells(land: Country) -> Iterator[tuple[str, int, str, str, str]]:
    """Agency, year and cell of each that the night revised, what was printed before, and what is now."""
    for agency_id, year in sorted((one, year or 0) for one, year in land.changes.revised):
        before = quiet(land).report(agency_id, year).printed
        now = land.report(agency_id, year).printed
        cell = next(cell for cell in before if before[cell] != now[cell])
        yield agency_id, year, cell, before[cell], now[cell]


def changed_agencies(land: Country) -> tuple[Agency, ...]:
    """The agencies whose portal is not as it was on the first night."""
    changes = land.changes
    ids = {*changes.emptied, *(one for one, _ in changes.revised | changes.gone)}
    return tuple(one for one in land.agencies if one.id in ids or _host(one) in changes.moved)


def _report(land: Country, agency_id: str, year: int) -> tuple[str, int | None]:
    agency_id = agency_id or _listing(land).id
    return agency_id, year or max(land.published(agency_id))


def _listing(land: Country) -> Agency:
    """The last agency that has a list of its own."""
    return next(_listings(land))


def _listings(land: Country) -> Iterator[Agency]:
    shared = {"annual", "units", "hub"}
    for agency in reversed(land.agencies):
        if land.kind_of(agency.id).dialect not in shared and land.published(agency.id):
            yield agency


def _host(agency: Agency) -> str:
    return agency.portal.split("/")[2]
