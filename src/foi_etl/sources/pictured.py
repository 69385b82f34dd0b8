"""Pictures in the body of a report's page that may show a table: large, and not of the site around it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from foi_etl.model import Ask, Found
from foi_etl.sources.attachments import is_furniture, is_near
from foi_etl.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from foi_etl.model import Page

MOST: Final = 20
"""Pictures of one page that are asked for."""
_LEAST: Final = {"width": 300, "height": 100}
"""Dots: what is said to be smaller is no table."""
_ENDING: Final = re.compile(r"\.(?:jpe?g|png|bmp|tiff?)$", re.IGNORECASE)
_ORNAMENT: Final = re.compile(
    r"logo|icon|\bico\b|qr|ewm|erweima|wei?xin|\bwx|weibo|guohui|emblem|banner|share|print|close|jiucuo|dzjg|"
    r"conac|gongan|beian|avatar|button|btn|arrow|loading|blank|space[rd]?\b|二维码|国徽|图标|微信|打印|关闭",
    re.IGNORECASE,
)
_SOURCES: Final = ("src", "data-src", "data-original")
"""Where an address may stand; what a script puts in its place later stands in the others."""
_STYLED: Final = re.compile(r"(?<![-\w])(width|height)\s*:\s*(\d+)(?:\.\d+)?px", re.IGNORECASE)


def pictures(page: Page) -> Iterator[Found]:
    """The pictures of a page that may be tables, once each, in the order of the page."""
    met: dict[str, str] = {}
    for image in BeautifulSoup(page.text, "lxml").find_all("img"):
        url = _address(image, page.url)
        if url and is_near(url, page.url) and not (_is_ornament(image, url) or _is_small(image)):
            met.setdefault(url, squash(str(image.get("alt") or image.get("title") or "")))
    for url, said in islice(met.items(), MOST):
        yield Found(Ask(url, referer=page.url), said or urlsplit(url).path.rsplit("/", 1)[-1], via=page.url)


def _address(image: Tag, base: str) -> str:
    """Where the picture is; empty for one inside the page, of a kind that is never read, or of no address."""
    said = (urljoin(base, squash(str(image[name]))) for name in _SOURCES if image.get(name))
    return next((one for one in said if _ENDING.search(urlsplit(one).path)), "")


def _is_ornament(image: Tag, url: str) -> bool:
    """Whether it belongs to the site, is called like an ornament, or only leads elsewhere."""
    anchor = image.find_parent("a", href=True)
    if anchor is not None and not str(anchor["href"]).startswith(("#", "javascript:")):
        return True  # to another page; a file it leads to is found as one
    named = " ".join(
        [urlsplit(url).path.rsplit("/", 1)[-1], *image.get_attribute_list("class", ""), *_words_of(image)]
    )
    return bool(_ORNAMENT.search(named)) or is_furniture(image)


def _words_of(image: Tag) -> Iterator[str]:
    return (str(image.get(name) or "") for name in ("id", "alt", "title"))


def _is_small(image: Tag) -> bool:
    """Whether it says that it is too small for a table; most say nothing."""
    said = {name.lower(): int(size) for name, size in _STYLED.findall(str(image.get("style") or ""))}
    for name in _LEAST:
        if found := re.fullmatch(r"(\d+)(?:px)?", str(image.get(name) or "").strip()):
            said.setdefault(name, int(found[1]))
    return any(0 < said.get(name, least) < least for name, least in _LEAST.items())
