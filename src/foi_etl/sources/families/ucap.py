"""UCAP: static lists, or an empty page whose rows come as JSON by the channel's id."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from foi_etl.model import Ask, Declared, Found
from foi_etl.sources.answers import count, dig, first, items, loads
from foi_etl.sources.links import ANYWHERE, Link, told
from foi_etl.sources.listing import static_list
from foi_etl.sources.memo import remember, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_CHANNEL = re.compile(r"""\bchannel_?id["']?\s*[=:]\s*["']([0-9a-f]{32})["']""", re.IGNORECASE)
_SEARCH = re.compile(
    r"""["'](?:https?://[^"'/]+)?(/(?:[\w-]+/)*(?:search|searchList)/)(?:[0-9a-f]{32})?["'?]"""
)
_USUAL = "/common/search/"
_POSTED = "/getFileListByCodeId"
_A_PAGE = 15
_POSTED_PAGE = 20
_MOST_PAGES = 200


class Ucap:
    """Reads a list that stands in its page, and asks for the rows where none do."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The reports of a page or of one answer, and the asks for what is not shown."""
        if word(page.ask, "channel"):
            yield from self._answered(agency, page)
            return
        steps = list(static_list(agency, page, self._reach))
        yield from steps
        channel = _CHANNEL.search(page.text)
        if channel and not any(isinstance(step, Found) for step in steps):
            yield _ask(page, channel[1], 1)

    def _answered(self, agency: Agency, page: Page) -> Iterator[Step]:
        answer = loads(page.text)
        data = dig(answer, "data") or dig(answer, "results", "data")
        rows = items(dig(data, "results"))
        # Links are relative to the column, not to the search.
        yield from told(agency, page, (_link(row, page.ask.referer) for row in rows), self._reach)
        total = count(dig(data, "total"))
        if data is not None:
            yield Declared(total, len(rows), page.ask.referer)
        size = count(dig(data, "rows")) or len(rows)
        if count(dig(data, "page")) in {0, 1} and size and word(page.ask, "page") == "1":
            for number in range(2, min(math.ceil(total / size), _MOST_PAGES) + 1):
                yield _ask(page, word(page.ask, "channel"), number)


def _link(row: dict[str, object], base: str) -> Link:
    """A row as a link: its address may stand in any of three places, and be a word for nothing."""
    files = items(row.get("resList"))
    url = first(row, "url", "redirectUrl", "link") or next((first(file, "url") for file in files), "")
    title = first(row, "titleHtml", "title", "subTitle")
    return Link(urljoin(base, url), title, first(row, "publishedTimeStr", "publishedTime"))


def _ask(page: Page, channel: str, number: int) -> Ask:
    """One page of rows: posted as a form on tax portals, in the address elsewhere."""
    column = page.ask.referer if word(page.ask, "channel") else page.url
    path = word(page.ask, "path")
    if not path:
        named = _SEARCH.search(page.text)
        path = _POSTED if _POSTED in page.text else named[1] if named else _USUAL
    memo = remember(channel=channel, page=str(number), path=path)
    if path == _POSTED:
        form = (("channelId", channel), ("page", str(number)), ("size", str(_POSTED_PAGE)))
        return Ask(urljoin(column, path), (*form, ("relateSubChannels", "true")), column, memo)
    query = {"page": number, "_pageSize": _A_PAGE, "_isAgg": "true", "_isJson": "true", "_template": "index"}
    return Ask(f"{urljoin(column, path + channel)}?{urlencode(query)}", referer=column, memo=memo)
