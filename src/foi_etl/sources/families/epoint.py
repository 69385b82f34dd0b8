"""Epoint's lists: the page names a script, the script names the site, and JSON is posted for the rows."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

from bs4 import BeautifulSoup

from foi_etl.model import Ask, Declared
from foi_etl.sources.answers import count, dig, first, items, loads
from foi_etl.sources.links import ANYWHERE, Link, told
from foi_etl.sources.listing import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_SETTING = r"""\b%s["']?\s*[:=]\s*["']?([\w./-]*)"""
_SETTINGS_FILE = re.compile(r"(?:webBuilderCommon|ajaxReq)\w*\.js", re.IGNORECASE)
_REST = "/rest/lightfrontaction/getgovinfolist"
_WRAPPED = re.compile(r"""["']?\bparams["']?\s*:""")
_A_PAGE = 15
_MOST_PAGES = 200


class Epoint:
    """Collects what a page and its script say, and posts it."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """What the page, its script, or an answer adds."""
        known = _recalled(page.ask)
        if page.ask.body:
            yield from self._answered(agency, page, known)
            return
        if not known:
            yield from listing(agency, page, self._reach)
        known = _learned(page, known)
        if known.get("siteGuid") and "projectName" in known:
            yield _ask(known, int(known["pageIndex"]))
        else:
            memo = json.dumps(known)
            yield from (Ask(url, referer=page.url, memo=memo) for url in _settings_files(page))

    def _answered(self, agency: Agency, page: Page, known: dict[str, str]) -> Iterator[Step]:
        custom = dig(loads(page.text), "custom")
        rows = items(dig(custom, "data"))
        yield from told(agency, page, (_link(row, known["column"]) for row in rows), self._reach)
        total, at = count(dig(custom, "total")), int(known["asked"])
        if isinstance(dig(custom, "data"), list):
            yield Declared(total, len(rows), known["column"])
        if not rows and at == int(known["pageIndex"]) and not known.get("turned"):
            # The other of the two ways such portals want their question put.
            other = "" if known.get("wrapped") else "yes"
            yield _ask({**known, "wrapped": other, "turned": "yes"}, at)
        elif rows and at == int(known["pageIndex"]):
            pages = min(math.ceil(total / int(known["pageSize"])), _MOST_PAGES)
            yield from (_ask(known, at + further) for further in range(1, pages))


def _learned(page: Page, known: dict[str, str]) -> dict[str, str]:
    """What is known after one more page: the column page's own words, then those of its script."""
    hits = {name: re.search(_SETTING % name, page.text) for name in _names(known)}
    said = {name: hit[1] for name, hit in hits.items() if hit and hit[1]}
    if known:
        return {**known, **said}
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    usual = {"pageSize": str(_A_PAGE), "pageIndex": "0", "deptcode": "", "categorynum": ""}
    wrapped = {"wrapped": "yes"} if _WRAPPED.search(page.text) else {}
    own = {name: value for name, value in query.items() if name in usual}
    return {**usual, **said, **own, **wrapped, "column": page.url}


def _names(known: dict[str, str]) -> tuple[str, ...]:
    site = ("siteGuid", "projectName")
    return site if known else (*site, "deptcode", "categorynum", "pageSize", "pageIndex")


def _settings_files(page: Page) -> Iterator[str]:
    for script in BeautifulSoup(page.text, "lxml").find_all("script", src=_SETTINGS_FILE):
        yield urljoin(page.url, str(script["src"]))


def _ask(known: dict[str, str], at: int) -> Ask:
    """One page of rows, asked for as the portal's own script does."""
    question = {name: known[name] for name in ("deptcode", "categorynum", "siteGuid")}
    asked: dict[str, object] = {**question, "pageIndex": at, "pageSize": int(known["pageSize"])}
    body = json.dumps({"params": asked} if known.get("wrapped") else asked, ensure_ascii=False)
    memo = json.dumps({**known, "asked": str(at)})
    address = urljoin(known["column"], known["projectName"].rstrip("/") + _REST)
    return Ask(address, referer=known["column"], memo=memo, body=body)


def _link(row: dict[str, object], base: str) -> Link:
    listed = first(row, "infodate", "pubdate", "date")
    return Link(urljoin(base, first(row, "infourl", "url")), first(row, "realtitle", "title"), listed)


def _recalled(ask: Ask) -> dict[str, str]:
    words = json.loads(ask.memo) if ask.memo.startswith("{") else {}
    return {str(name): str(value) for name, value in words.items() if name != "depth"}
