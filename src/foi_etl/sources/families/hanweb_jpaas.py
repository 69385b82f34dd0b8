"""Hanweb's newer lists: empty boxes that a script fills, with JSON that holds markup.

Only `paramJson` turns the page; the other parameters must come back as the page gave them, whose
spelling (`bulidstatic`, `buildstatic`) differs from portal to portal.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from bs4 import BeautifulSoup

from foi_etl.model import Ask, Declared
from foi_etl.sources.answers import dig, loads
from foi_etl.sources.links import ANYWHERE, links_in
from foi_etl.sources.listing import listing
from foi_etl.sources.memo import number, remember, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_PAIR = re.compile(r"""['"](\w+)['"]\s*:\s*['"]([^'"]*)['"]""")
_COUNT = re.compile(r"\bcount[^0-9<>]+(\d+)", re.IGNORECASE)
_ROWS = re.compile(r"\brows[^0-9<>]+(\d+)", re.IGNORECASE)
_A_PAGE = 15
_MOST_PAGES = 200


class HanwebJpaas:
    """Reads column pages whose lists come from `build/unit`."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The reports of a column page or of one answer, and the asks for what is not shown."""
        if word(page.ask, "unit"):
            yield from self._answered(agency, page)
            return
        yield from listing(agency, page, self._reach)
        for unit, count, rows in _units(page):
            if count:
                yield Declared(count, min(count, rows), page.url)
            # A list that is not there yet is asked for from its first page on.
            first = 2 if count else 1
            last = math.ceil(count / rows) if count else 1
            yield from (_ask(unit, at, rows, page.url) for at in range(first, min(last, _MOST_PAGES) + 1))

    def _answered(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The rows of an answer; the first one also tells how many pages there are."""
        markup = _markup(page.text)
        links = list(links_in(markup, page.ask.referer or page.url))
        yield from listing(agency, page, self._reach, links)
        unit, at = word(page.ask, "unit"), number(page.ask, "page")
        total, rows = _first(_COUNT, markup), _first(_ROWS, markup) or _A_PAGE
        if markup:
            yield Declared(total, len(links), page.ask.referer)
        top = links[0].url if links else ""
        # Without a pager the list goes on as long as its pages begin with something else.
        last = math.ceil(total / rows) if total else at + (top != word(page.ask, "top"))
        for next_page in range(at + 1, min(last, _MOST_PAGES) + 1):
            yield _ask(unit, next_page, rows, page.ask.referer, top)


def _units(page: Page) -> Iterator[tuple[str, int, int]]:
    """Each list of a page: its address with all it must be asked with, its length if told, its page size."""
    units: dict[str, tuple[int, int]] = {}
    for tag in BeautifulSoup(page.text, "lxml").find_all(attrs={"querydata": True}):
        address = str(tag.get("url") or tag.get("uniturl") or "")
        pairs = _PAIR.findall(str(tag["querydata"]))
        if address and pairs:
            unit = f"{urljoin(page.url, address)}?{urlencode(pairs)}"
            told = int(str(tag.get("count") or 0)), int(str(tag.get("rows") or 0)) or _A_PAGE
            units[unit] = max(told, units.get(unit, told))
    yield from ((unit, count, rows) for unit, (count, rows) in units.items())


def _ask(unit: str, page: int, size: int, referer: str, top: str = "") -> Ask:
    turned = json.dumps({"pageNo": page, "pageSize": size}, separators=(",", ":"))
    memo = remember(unit=unit, page=page, top=top)
    return Ask(f"{unit}&{urlencode({'paramJson': turned})}", referer=referer, memo=memo)


def _markup(text: str) -> str:
    """The markup in an answer; `data` may be an object, or the text of one, or the markup itself."""
    answer = loads(text)
    html = dig(answer, "data", "html")
    data = dig(answer, "data")
    if isinstance(html, str):
        return html
    return data if isinstance(data, str) else ""


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0
