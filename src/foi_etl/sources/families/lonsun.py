"""Lonsun's unit pages: rows that stand there, or that a labelled fragment brings, page by page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from foi_etl.model import Ask, Declared, Found
from foi_etl.sources.links import ANYWHERE
from foi_etl.sources.listing import is_empty, listing
from foi_etl.sources.memo import remember, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_PAGES = re.compile(r"\bpageCount\s*:\s*[\"']?(\d+)")
_LABEL = re.compile(r"""["'](/(?:[\w-]+/)*site/label/\d+)["']\s*,\s*data\s*:\s*\{([^{}]*)\}""")
_FIELD = re.compile(r"""(\w+)["']?\s*:\s*["']?([^"',]*)["']?""")
_LAST = re.compile(r"""#?page_public_info.*?paged=["']?(\d+)["']?[^>]*>[^<]*</a>\s*</""", re.DOTALL)
_NOTHING = ">暂无相关信息<"
_MOST_PAGES = 200


class Lonsun:
    """Reads `/public/column/<unit>?type=3` and the fragment it fills itself with."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The unit's page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The rows of a page or a fragment, and the asks for the others."""
        steps = list(listing(agency, page, self._reach))
        yield from steps
        if not steps and (is_empty(page) or _PAGES.search(page.text) or _says_nothing(page)):
            yield Declared(0, 0, page.ask.referer or page.url)
        fragment = _LABEL.search(page.text)
        if fragment and not word(page.ask, "turns") and not any(isinstance(step, Found) for step in steps):
            data = [(name, value) for name, value in _FIELD.findall(fragment[2]) if name != "pageIndex"]
            yield _turn(f"{urljoin(page.url, fragment[1])}?{urlencode(data)}", 1, page.url)
        elif pages := _PAGES.search(page.text) or _LAST.search(page.text):
            own = word(page.ask, "turns") or page.url
            for number in range(2, min(int(pages[1]), _MOST_PAGES) + 1):
                yield _turn(own, number, page.ask.referer or page.url)


def _says_nothing(page: Page) -> bool:
    """Whether it holds the words it was told to say where there is nothing, or the usual ones."""
    said = dict(parse_qsl(urlsplit(page.ask.url).query)).get("result", "")
    return (said or _NOTHING) in page.text


def _turn(url: str, number: int, referer: str) -> Ask:
    """One page of a list, whose address is otherwise the same."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "pageIndex"]
    turned = parts._replace(query=urlencode([*query, ("pageIndex", str(number))])).geturl()
    return Ask(turned, referer=referer, memo=remember(turns=url))
