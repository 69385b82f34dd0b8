"""The files beside a report: in its body, in a block below it, inside scripts, behind download addresses.

No script is ever run: what one would write is read from its string literals.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from foi_etl.model import Ask, Found
from foi_etl.sources.answers import items, words
from foi_etl.sources.reach import PRACTICE, site_of
from foi_etl.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from foi_etl.model import Page

_FILE = re.compile(
    r"\.(?:pdf|ofd|docx?|docm|wps|wpt|rtf|xlsx?|et|csv|pptx?|zip|rar|7z|txt|jpe?g|png)$", re.IGNORECASE
)
_DOWNLOAD = re.compile(
    r"/downfile\.jsp$|/OpennessContent/download/|/attachment/\d|_attachments?/[^/]*\.s?html?$|/group\d+/M\d\d/"
    r"|/download/\d+\.html?$"
)
_LITERAL = re.compile(r"""'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)\"""")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_DETAIL = re.compile(r"""["']?\bDETAIL["']?\s*:\s*(?=\{)""")
_ELSEWHERE = re.compile(r"\b(?:nav|menu|foot|head|side|related|recommend|banner|copyright)", re.IGNORECASE)
_LENIENT = json.JSONDecoder(strict=False)
_SAYS_NOTHING = re.compile(r"(?:点击|查看)?(?:下载|附件)\d*|附件[一二三四五六七八九十\d]*[:：]?")


def attachments(page: Page) -> Iterator[Found]:
    """Every file a report's page leads to, once each, called by its real name."""
    met: set[str] = set()
    for url, name in _files(page):
        bare = re.sub(r"^https?:", "", url)
        if bare not in met and is_near(url, page.url):
            met.add(bare)
            yield Found(Ask(url, referer=page.url), name, via=page.url)


def _files(page: Page) -> Iterator[tuple[str, str]]:
    """Addresses and names, in the order of the page, what scripts hold behind what stands there."""
    soup = BeautifulSoup(page.text, "lxml")
    yield from _anchored(soup, page.url)
    for script in soup.find_all("script"):
        text = script.string or ""
        for literal in (hit[1] or hit[2] or "" for hit in _LITERAL.finditer(text)):
            if "<a" in literal:
                yield from _anchored(BeautifulSoup(_plain(literal), "lxml"), page.url)
        yield from _detailed(text, page.url)


def _anchored(soup: BeautifulSoup, base: str) -> Iterator[tuple[str, str]]:
    for anchor in soup.find_all("a", href=True):
        url = urljoin(base, squash(str(anchor["href"])))
        if _is_file(anchor, url) and not is_furniture(anchor):
            yield url, _name(anchor, url)


def _is_file(anchor: Tag, url: str) -> bool:
    """Whether an anchor leads to a file: by its ending, by the address, or by what the editor noted."""
    parts = urlsplit(url)
    noted = anchor.has_attr("appendix") or anchor.has_attr("needdownload") or anchor.has_attr("download")
    asked = any(_FILE.search(value) for values in parse_qs(parts.query).values() for value in values)
    is_web = parts.scheme in {"http", "https"}
    return is_web and bool(noted or asked or _FILE.search(parts.path) or _DOWNLOAD.search(parts.path))


def is_furniture(node: Tag) -> bool:
    """Whether something belongs to the page around every article."""
    for parent in node.parents:
        classes = " ".join(parent.get_attribute_list("class", "")) if parent.name != "[document]" else ""
        named = f"{classes} {parent.get('id') or ''}" if classes or parent.name == "div" else ""
        if parent.name in {"nav", "header", "footer"} or _ELSEWHERE.search(named):
            return True
    return False


def _name(anchor: Tag, url: str) -> str:
    """The real file name: as noted for the download, as the address says, or as printed."""
    query = parse_qs(urlsplit(url).query)
    shown = [unquote(value) for value in query.get("showname", [])]
    noted = [str(anchor.get(name) or "") for name in ("download", "title", "alt")]
    named = [squash(text) for text in (*noted[:1], *shown, *noted[1:], anchor.get_text(" "))]
    said = [text for text in named if text and not _SAYS_NOTHING.fullmatch(text)]
    with_ending = [text for text in said if _FILE.search(text)]
    return next(iter(with_ending or said), urlsplit(url).path.rsplit("/", 1)[-1])


def _detailed(script: str, base: str) -> Iterator[tuple[str, str]]:
    """What the settings of a page hold of its article: the body as text, and a list of files or its text."""
    begin = _DETAIL.search(script)
    try:
        detail = _LENIENT.raw_decode(script, begin.end())[0] if begin else {}
    except json.JSONDecodeError:
        return
    yield from _anchored(BeautifulSoup(str(detail.get("content") or ""), "lxml"), base)
    for file in items(detail.get("attachment")):
        if url := words(file.get("url") or file.get("path")):
            yield urljoin(base, url), words(file.get("name") or file.get("title")) or url.rsplit("/", 1)[-1]


def _plain(literal: str) -> str:
    """A string literal as the text it stands for."""
    return _ESCAPE.sub(lambda hit: chr(int(hit[1][1:], 16)) if len(hit[1]) > 1 else _letter(hit[1]), literal)


def _letter(escaped: str) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escaped, escaped)


def is_near(url: str, page: str) -> bool:
    """Whether a file lies where official files may lie."""
    host, own = urlsplit(url).hostname or "", urlsplit(page).hostname or ""
    return site_of(host) == site_of(own) or host.endswith(PRACTICE if own.endswith(PRACTICE) else ".gov.cn")
