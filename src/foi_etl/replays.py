"""Walking a portal again in the archive: what its lists said before, and what the next visit will ask for."""

from __future__ import annotations

from functools import partial
from typing import Final

from foi_etl.archive.store import Archive
from foi_etl.crawl.refusals import REFUSAL
from foi_etl.crawl.walk import Family, place, walk
from foi_etl.errors import FixTheRegistry
from foi_etl.model import Agency, Ask, Found, Page
from foi_etl.text import decode

Row = tuple[str, str, int | None]
"""What a list says of a report: its words, its date, its year."""
_OK: Final = 200


def rows_before(
    agency: Agency, family: Family, archive: Archive, before: str, budget: int
) -> dict[str, Found]:
    """What the lists of an agency named before that moment, by the place of the report."""
    steps = walk(agency, family, partial(_page, archive, before=before), budget=budget)
    return {place(step.ask): step for step in steps if isinstance(step, Found)}


def row_of(found: Found) -> Row:
    """What its row says of a report."""
    return found.text, found.listed, found.year


def foreseen(
    agency: Agency, family: Family, archive: Archive | None, budget: int
) -> tuple[list[Ask], list[Ask]]:
    """The pages that the next visit will ask for, and the reports they named when they were last read."""
    pages: list[Ask] = []

    def fetch(ask: Ask) -> Page:
        pages.append(ask)
        if archive is None:
            raise FixTheRegistry("there is no archive yet", url=ask.url)
        return _page(archive, ask)

    steps = walk(agency, family, fetch, budget=budget)
    named = [step.ask for step in steps if isinstance(step, Found)]
    return pages, named


def _page(archive: Archive, ask: Ask, before: str = "") -> Page:
    capture = archive.latest(ask.key, status=_OK, before=before)
    if capture is None or capture.purpose == REFUSAL:
        raise FixTheRegistry("the archive has no version of this page", url=ask.url)
    return Page(ask, capture.url, decode(archive.body(capture))[0])
