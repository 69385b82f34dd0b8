"""Guangdong's common platform: a tree of columns in the index page, and each column's rows as JSON."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from foi_etl.model import Ask, Declared
from foi_etl.sources.answers import count, dig, first, items, loads, words
from foi_etl.sources.links import ANYWHERE, Link, told
from foi_etl.sources.listing import static_list
from foi_etl.sources.memo import number, remember, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_TREE = re.compile(r"""["']?\bTREE["']?\s*:\s*(?=\[)""")
_SID = re.compile(r"""["']?\bSID["']?\s*:\s*["']?([\w-]+)""")
_BASE = re.compile(r"^(.*?/gkmlpt)(?:/|$)")
_YEARLY = re.compile(r"公开.*(?:年报|年度报告)|^(?:年报|年度报告)$")
_BLOCK = 100
"""Rows of a page, where the answer tells no total."""
_LENIENT = JSONDecoder(strict=False)


class Gkmlpt:
    """Finds the columns of reports in the tree, and reads their rows; a node may lead to a static column."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The index page."""
        yield Ask(urldefrag(agency.portal).url)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The columns of an index page, the rows of an answer, or a static list."""
        if word(page.ask, "sid"):
            yield from self._answered(agency, page)
        elif _TREE.search(page.text) and _BASE.search(page.url):
            yield from _columns(agency, page)
        else:
            yield from static_list(agency, page, self._reach)

    def _answered(self, agency: Agency, page: Page) -> Iterator[Step]:
        answer = loads(page.text)
        rows = items(dig(answer, "articles"))
        yield from told(agency, page, (_link(row, page.url) for row in rows), self._reach)
        # `post_count` counts what nobody can list any more; only `total` is reached.
        total, seen = count(dig(answer, "total")), count(dig(answer, "offset")) + len(rows)
        if isinstance(dig(answer, "articles"), list):
            yield Declared(total, len(rows), page.url.split("?")[0])
        if rows and (seen < total if total else len(rows) >= _BLOCK):
            at = number(page.ask, "page") + 1
            yield _ask(page.url.split("?")[0], word(page.ask, "sid"), at, page.ask.referer)


def _columns(agency: Agency, page: Page) -> Iterator[Ask]:
    """The columns of reports of an index page; the one the register names, where it names one."""
    sid, base = _SID.search(page.text), _BASE.search(page.url)
    chosen = urlsplit(agency.portal).fragment
    for node in _reports(_tree(page.text)):
        if jump := first(node, "jump_url"):
            yield Ask(urljoin(page.url, jump), referer=page.url, memo=remember(depth=1))
        elif base and sid and chosen in {"", words(node.get("id"))}:
            yield _ask(f"{base[1]}/api/all/{words(node.get('id'))}", sid[1], 1, page.url)


def _tree(text: str) -> Sequence[dict[str, object]]:
    """The columns the page's own settings hold."""
    begin = _TREE.search(text)
    try:
        return items(_LENIENT.raw_decode(text, begin.end())[0]) if begin else []
    except JSONDecodeError:
        return []


def _reports(nodes: Sequence[dict[str, object]], inside: bool = False) -> Iterator[dict[str, object]]:
    """Columns that are named as those of reports, and all that lie beneath such."""
    for node in nodes:
        named = inside or bool(_YEARLY.search(words(node.get("name"))))
        if named:
            yield node
        yield from _reports(items(node.get("children")), named)


def _link(row: dict[str, object], base: str) -> Link:
    """A row as a link; rows of the type `url` lead elsewhere, rows without an address to their file."""
    files = items(row.get("attachment"))
    url = first(row, "url", "post_url") or next((first(file, "url", "path") for file in files), "")
    listed = first(row, "display_publish_time", "create_time", "date")
    return Link(urljoin(base, url), first(row, "title"), listed)


def _ask(column: str, sid: str, at: int, referer: str) -> Ask:
    memo = remember(sid=sid, page=at)
    return Ask(f"{column}?{urlencode({'page': at, 'sid': sid})}", referer=referer, memo=memo)
