"""How static lists say what their other pages are called: scripts of many makes, and plain links."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from foi_etl.model import Ask
from foi_etl.sources.markup import attribute, is_same_host, joined, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Page

_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?<!:)//[^\n]*", re.DOTALL)
_CALL = re.compile(r"\bcreatePage(?:HTML)?\s*\(([^()]*)\)")
_COUNT = re.compile(r"\bvar\s+countPage\s*=\s*(\d+)")
_SET_PAGE = re.compile(r"""\.pagination\s*\(\s*["']setPage["']\s*,\s*\d+\s*,\s*(\d+)\s*\)""")
_TOTAL_PAGE = re.compile(r"\.pagination\s*\(\s*\{[^}]*?\btotalPage\s*:\s*(\d+)")
_OTHER_CALL = re.compile(r"\b\w*[pP]age(?:HTML|Html|r|Bar|List|Nav)?\s*\(([^()]*)\)")
_ATOB = re.compile(r"""\batob\s*\(\s*["']([A-Za-z0-9+/=\s]+)["']\s*\)""")
_EXTENSION = re.compile(r"\.(s?html?|jhtml)$")
_STATIC_LINK = re.compile(r"""href\s*=\s*["'][^"'?#]*\.(s?html?|jhtml)["']""")
_NAME = re.compile(r"[A-Za-z][\w-]*$")
_FORWARD = re.compile(
    r"(?=.)[\[(（]?(?:下一?[页頁]|后一?页|往后|尾页|末页|最后一?页|next(?:page)?|last|第?\d{1,3}页?|)[\])）]?[>›»→]{0,2}",
    re.IGNORECASE,
)
_MOST_PAGES = 1000
_FROM_EITHER = -1


class Pager(NamedTuple):
    """How many pages a list has, and how the second and those behind it are called."""

    pages: int
    first: int
    """What the first page would be numbered: 0 makes the second index_1, 1 makes it index_2; -1: unknown."""
    name: str = "index"
    extension: str = ""


def following(page: Page) -> Iterator[Ask]:
    """The other pages of a list, as its script or its links name them."""
    if pager := pager_of(page.text):
        yield from _pages(pager, page)
    for markup in (page.text, *_hidden(page.text)):
        yield from _linked(markup, page)


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
    return next(filter(None, map(_guessed, _OTHER_CALL.finditer(script))), None)


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


def _guessed(call: re.Match[str]) -> Pager | None:
    """A pager from a call nobody has described: a number of pages, a name and an extension are enough."""
    words = [word.strip() for word in call[1].split(",")]
    numbers = [int(word) for word in words if word.isdecimal()]
    strings = [word.strip("\"'") for word in words if word[:1] in {'"', "'"}]
    extensions = [word for word in strings if _EXTENSION.search(f".{word}")]
    names = [word for word in strings if _NAME.match(word) and word not in extensions]
    if not numbers or not names or not extensions:
        return None
    return Pager(numbers[0], _FROM_EITHER, names[-1], extensions[0])


def _pages(pager: Pager, page: Page) -> Iterator[Ask]:
    """Every page behind the first; some pagers promise more than there are, and the walk lives with it.

    Where nothing tells whether pages are counted from 0 or 1, both possible ends are asked for.
    """
    extension = pager.extension or _extension(page)
    first = 1 if pager.first == _FROM_EITHER else pager.first + 1
    last = pager.pages + (1 if pager.first == _FROM_EITHER else pager.first)
    for number in range(first, min(last, _MOST_PAGES + first) if pager.pages > 1 else first):
        yield Ask(urljoin(page.url, f"{pager.name}_{number}.{extension}"), referer=page.url)


def _extension(page: Page) -> str:
    """The extension of the page itself, or the one most of its links have."""
    if own := _EXTENSION.search(urlsplit(page.url).path):
        return own[1]
    linked = _STATIC_LINK.findall(page.text)
    return max(sorted(set(linked)), key=linked.count) if linked else "html"


def _hidden(text: str) -> Iterator[str]:
    """Markup that a script unwraps; the script is never run."""
    for hit in _ATOB.finditer(text):
        try:
            yield base64.b64decode(hit[1]).decode("utf-8", errors="replace")
        except binascii.Error:
            continue


def _linked(markup: str, page: Page) -> Iterator[Ask]:
    """Pages named by plain links: the next one, or one of a number, in the same folder."""
    here = urlsplit(page.url)
    for anchor in parsed(markup).css("a[href]"):
        if _FORWARD.fullmatch("".join(anchor.text().split())):
            url = joined(page.url, attribute(anchor, "href").strip())
            there = urlsplit(url)
            near = is_same_host(url, page.url) and _folder(there.path) == _folder(here.path)
            if near and url != page.url:
                yield Ask(url, referer=page.url)


def _folder(path: str) -> str:
    return path.rsplit("/", 1)[0]
