"""Markup made searchable. Lists of a hundred thousand links exist, so the parser is one that bears them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#x?[0-9a-f]+|[a-z]+);", re.IGNORECASE)
_LONGEST = 4_000_000
"""Characters; what a page says behind them no list needs."""
_TABLE = re.compile(r"<table\b", re.IGNORECASE)


def parsed(markup: str) -> LexborHTMLParser:
    """A page or a piece of one; rows without their table are given one, or they would fall apart."""
    markup = markup[:_LONGEST]
    loose = _ROW.search(markup) and not _TABLE.search(markup)
    return LexborHTMLParser(f"<table>{markup}</table>" if loose else markup)


def attribute(node: LexborNode, name: str) -> str:
    """The value of an attribute; empty where there is none."""
    return node.attributes.get(name) or ""


def unescaped(text: str) -> str:
    """Text in which entities stand for their letters; what only looks like one, in an address, is left."""
    return _ENTITY.sub(lambda hit: unescape(hit[0]), text)


def is_same_host(url: str, other: str) -> bool:
    """Whether two addresses are of one host, whatever their scheme and however they write the usual port."""
    there, here = urlsplit(url), urlsplit(other)
    ports = {there.port or 0, here.port or 0}
    return there.hostname == here.hostname and (len(ports) == 1 or ports <= {0, 80, 443})


def joined(base: str, href: str) -> str:
    """The whole address of a link; empty where it is none."""
    try:
        url = urljoin(base, href)
        _ = urlsplit(url).port
    except ValueError:
        return ""
    return url
