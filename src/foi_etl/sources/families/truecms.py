"""TrueCMS: the first rows in the page, the others as a datastore inside JSON, a small window at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from foi_etl.model import Ask, Declared
from foi_etl.sources.answers import dig, loads
from foi_etl.sources.datastore import rows_of, stores_in, total_of
from foi_etl.sources.links import ANYWHERE, told
from foi_etl.sources.listing import listing
from foi_etl.sources.memo import number, remember, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_PROXY = re.compile(r"""["']([^"']*/messageController/getMessage\.do)[^"']*["']""", re.IGNORECASE)
_COLUMN = re.compile(r"""\bcolumn_?id["']?\s*[=:]\s*["']([\w-]+)["']""", re.IGNORECASE)
_TOTAL = re.compile(r"\btotalRecord\s*:\s*[\"']?(\d+)")
_PER_PAGE = re.compile(r"\bperPage\s*:\s*[\"']?(\d+)")
_WINDOWS = (10, 5)
"""How many rows at once: a window that is too large comes back empty, or as 404; ten suit all we know."""


class TrueCms:
    """Reads the rows in the page, and asks for the others with the page as Referer."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The reports of the page or of one window, and the ask for the window that follows."""
        if word(page.ask, "list"):
            yield from self._answered(agency, page)
            return
        stores = stores_in(page.text)
        rows = rows_of(stores, page.url) if stores else None
        yield from listing(agency, page, self._reach, rows)
        proxy, column, total = (sign.search(page.text) for sign in (_PROXY, _COLUMN, _TOTAL))
        if proxy and column and total:
            shown, size = len({row.url for row in rows or ()}), _PER_PAGE.search(page.text)
            yield Declared(int(total[1]), shown, page.url)
            if shown < int(total[1]):
                address = f"{urljoin(page.url, proxy[1])}?{urlencode({'columnId': column[1]})}"
                wanted = min(int(size[1]), max(_WINDOWS)) if size else max(_WINDOWS)
                yield _ask(address, shown, wanted, int(total[1]), page.url)

    def _answered(self, agency: Agency, page: Page) -> Iterator[Step]:
        result = str(dig(loads(page.text), "result") or "")
        rows = rows_of(stores_in(result), page.ask.referer)
        yield from told(agency, page, rows, self._reach)
        begin, size, total = (number(page.ask, name) for name in ("begin", "size", "total"))
        total = total_of(result, total)
        yield Declared(total, len(rows), page.ask.referer)
        if rows and begin + size < total:
            yield _ask(word(page.ask, "list"), begin + size, size, total, page.ask.referer)
        elif smaller := 0 if rows else max((window for window in _WINDOWS if window < size), default=0):
            yield _ask(word(page.ask, "list"), begin, smaller, total, page.ask.referer)


def _ask(address: str, begin: int, size: int, total: int, referer: str) -> Ask:
    """The rows behind the first `begin` ones."""
    window = {"startrecord": begin + 1, "endrecord": min(begin + size, total), "perpage": size}
    memo = remember(list=address, begin=begin, size=size, total=total)
    return Ask(f"{address}&{urlencode(window)}", referer=referer, memo=memo)
