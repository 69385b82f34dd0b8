"""What every family does with a list: its reports, what only looks like one, and the columns beneath it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from foi_etl.model import Declared
from foi_etl.sources.columns import columns, is_column
from foi_etl.sources.links import ANYWHERE, Link, links_in, told
from foi_etl.sources.markup import attribute, parsed
from foi_etl.sources.memo import DEPTH, number, remember
from foi_etl.sources.pagers import following

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step


_RECORDS = re.compile(r"\bpagebar\s*:\s*\{[^}]*\brecordCount\s*:\s*[\"']?(\d+)")
_BOX = re.compile(r"list|news|column|xxgk_navli|overview|pagedContent|TRS|rows?$", re.IGNORECASE)


def listing(
    agency: Agency, page: Page, reach: Reach = ANYWHERE, rows: Iterable[Link] | None = None
) -> Iterator[Step]:
    """The reports among the rows of a list, which are all its links where none are given, and its columns."""
    links = list(links_in(page.text, page.url))
    below = dict.fromkeys(link for link in links if is_column(link, agency, page.url))
    shown = links if rows is None else rows
    yield from told(agency, page, (row for row in shown if row not in below), reach)
    yield from columns(agency, page, below, reach)


def static_list(agency: Agency, page: Page, reach: Reach = ANYWHERE) -> Iterator[Step]:
    """A list that stands in its page, its columns, and its other pages."""
    told_any = False
    for step in listing(agency, page, reach):
        told_any = True
        yield step
    if records := _RECORDS.search(page.text):
        # Some lists show their first rows only, and have the others from a search.
        yield Declared(int(records[1]), sum(link.dated for link in links_in(page.text, page.url)), page.url)
    elif not told_any and is_empty(page):
        yield Declared(0, 0, page.url)
    depth = number(page.ask, DEPTH)
    for ask in following(page):
        yield replace(ask, memo=remember(depth=depth) if depth else "")


def is_empty(page: Page) -> bool:
    """Whether a page has the box that lists stand in, and no row in it."""
    boxes = parsed(page.text).css("ul[class], ol[class], dl[class], div[class], table[class], tbody[class]")
    is_list = any(_BOX.search(attribute(box, "class")) for box in boxes)
    return is_list and not any(link.dated for link in links_in(page.text, page.url))
