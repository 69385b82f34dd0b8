"""TRS WCM and its look-alikes: static lists, and a script that alone knows how many pages there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from foi_etl.model import Ask
from foi_etl.sources.links import links_in, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Decoy, Found, Page

_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?<!:)//[^\n]*", re.DOTALL)
_CALL = re.compile(r"\bcreatePage(?:HTML)?\s*\(([^()]*)\)")
_COUNT = re.compile(r"\bvar\s+countPage\s*=\s*(\d+)")
_SET_PAGE = re.compile(r"""\.pagination\(\s*["']setPage["']\s*,\s*\d+\s*,\s*(\d+)\s*\)""")
_TOTAL_PAGE = re.compile(r"\.pagination\(\s*\{[^}]*?\btotalPage\s*:\s*(\d+)")
_EXTENSION = re.compile(r"\.(s?html?)$")
_MOST_PAGES = 1000


class Pager(NamedTuple):
    """How many pages a list has, and how the second and those behind it are called."""

    pages: int
    first: int
    """What the first page would be numbered: 0 makes the second index_1, 1 makes it index_2."""
    name: str = "index"
    extension: str = ""


class Trs:
    """Reads lists of the shape `index.html`, `index_1.html`, … or `index.html`, `index_2.html`, …."""

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column itself."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Ask | Found | Decoy]:
        """The reports on a list page, and the other pages of the list."""
        yield from told(agency, page, links_in(page.text, page.url))
        if pager := pager_of(page.text):
            yield from _pages(pager, page)


def pager_of(text: str) -> Pager | None:
    """What the page's script says of its pages; calls that are commented out say nothing."""
    script = _COMMENT.sub("", text)
    for call in _CALL.finditer(script):
        if pager := _called([word.strip() for word in call[1].split(",")]):
            return pager
    if count := _COUNT.search(script):
        return Pager(int(count[1]), 0)
    if total := _SET_PAGE.search(script) or _TOTAL_PAGE.search(script):
        return Pager(int(total[1]), 1)
    return None


def _called(words: list[str]) -> Pager | None:
    """A pager from the arguments of a call; None for a definition, whose arguments are names.

    (pages, current, name, extension, …) counts from 0; ('paging', pages, current, name, extension, …)
    counts from 1; (records, pages, current, …) counts from 0.
    """
    numbers = [int(word) for word in words if word.isdecimal()]
    strings = [word.strip("\"'") for word in words if word[:1] in {'"', "'"}]
    if words[0][:1] in {'"', "'"}:
        return Pager(numbers[0], 1, *strings[1:3]) if numbers else None
    leading = next((place for place, word in enumerate(words) if not word.isdecimal()), len(words))
    if leading < len(("pages", "current")):
        return None
    return Pager(numbers[leading - 2], 0, *strings[:2])


def _pages(pager: Pager, page: Page) -> Iterator[Ask]:
    """Every page behind the first; some pagers promise more than there are, and the walk lives with it."""
    extension = pager.extension or "".join(_EXTENSION.findall(urlsplit(page.url).path)[:1]) or "html"
    for number in range(1, min(pager.pages, _MOST_PAGES)):
        url = urljoin(page.url, f"{pager.name}_{number + pager.first}.{extension}")
        yield Ask(url, referer=page.url)
