"""Web pages and texts made to break a reader: nested without end, wide without end, long without end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

_HEAD: Final = "<html><head><meta charset=utf-8><title>2023年政府信息公开工作年度报告</title></head><body>"
_MANY: Final = 1_000_000
_WIDE: Final = "<td rowspan=65534 colspan=1000>1</td>"


def _page(said: str) -> bytes:
    return _text(_HEAD + said)


def _text(said: str) -> bytes:
    return said.encode()


HOSTILE_PAGES: Final[Mapping[str, Callable[[], bytes]]] = {
    "page-of-nested-blocks": lambda: _page("<div>" * _MANY),
    "page-of-nested-tables": lambda: _page("<table><tr><td>1</td><td>" * 60_000),
    "page-of-fonts": lambda: _page("".join(f"<font a={n}>" for n in range(20_000)) + "<p>x" * 20_000),
    "page-of-three-million-cells": lambda: _page("<table><tr>" + "<td>" * 3 * _MANY),
    "page-of-wide-cells": lambda: _page("<table>" + f"<tr>{_WIDE * 30}</tr>" * 6000),
    "page-of-one-wide-row": lambda: _page("<table><tr>" + _WIDE * 199_000),
    "page-of-attributes": lambda: _page(f"<table {' '.join(f'a{n}=1' for n in range(800_000))}>"),
    "page-of-options": lambda: _page("<select>" + "<option>" * _MANY),
    "page-of-angles": lambda: _page("<" * 15 * _MANY),
    "page-of-sentences": lambda: _page("<p>2023年收到信息公开申请1件。</p>" * 250_000),
    "text-of-digits": lambda: _text("2023年" + "1" * 14 * _MANY),
    "text-of-sections": lambda: _text("一、总体情况\n" * 700_000),
    "text-of-rows": lambda: _text("标题\n\n" + ("\t1" * 10 + "\n\n") * 250_000),
}
"""Each with the name of what is wrong with it."""
