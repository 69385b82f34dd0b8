"""A web page to lines and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from foi_etl.extract.grid import Box, rectangle, span
from foi_etl.extract.looks import settle
from foi_etl.model import Table
from foi_etl.text import squash

_PIECE: Final = "\x1f"
_BREAK: Final = "\x1e"
_BLOCKS: Final = "p, div, br, li, h1, h2, h3, h4, h5, h6, tr, td, th, section, article"
_CELLS: Final = frozenset({"td", "th"})
_GROUPS: Final = frozenset({"tbody", "thead", "tfoot"})
_DIGIT_OR_SPACE: Final = re.compile(r"[\d\s]")
_NUMBERS_MEET: Final = re.compile(rf"[\d.,，．+＋－-]\s*{_PIECE}[\s{_PIECE}]*[\d.,，．]")
"""Two pieces of text that would read as one number if nothing stood between them."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What a document says outside its tables, a line for each block, and what it says of itself."""

    lines: tuple[str, ...]
    meta: dict[str, str]
    window_title: str = ""


def read_page(html: bytes) -> tuple[Lines, tuple[Table, ...]]:
    """The lines and the tables of a page in UTF-8. Broken markup is read as browsers read it."""
    tree = LexborHTMLParser(html)
    meta = {
        (node.attributes.get("name") or "").lower(): squash(node.attributes.get("content") or "")
        for node in tree.css("meta[name][content]")
    }
    title = tree.css_first("title")
    window_title = squash(title.text()) if title is not None else ""
    tree.strip_tags(["noscript", "template"])
    settle(tree)
    tree.strip_tags(["script", "style"])
    tables = _tables(tree)
    return Lines(tuple(_lines(tree)), meta, window_title), tables


def _tables(tree: LexborHTMLParser) -> tuple[Table, ...]:
    """Every table with cells of its own, in the order of the page; the innermost are taken off the page.

    Read from the last to the first, so that a layout table is read when the tables inside it are gone
    and says only what stands beside them. A table of one box in a cell is no table: it is what the cell says.
    """
    layouts: set[int] = set()
    spanning = {cell.mem_id for cell in tree.css("[rowspan], [colspan]")}
    read = []
    for node in reversed(tree.css("table")):
        is_layout = node.mem_id in layouts
        rows = [_boxes(row, _text_beside_tables if is_layout else _text, spanning) for row in _rows(node)]
        outer = _table_around(node)
        boxes = [box for row in rows for box in row]
        if outer is not None and not is_layout and len(boxes) == 1:
            node.replace_with(f"{_BREAK}{boxes[0].text}{_BREAK}")
            continue
        if outer is not None:
            layouts.add(outer.mem_id)
        read.append(rows)
        if not is_layout:
            node.replace_with(_BREAK.join(["", *_pasted(rows), ""]))
    return tuple(rectangle(index, rows) for index, rows in enumerate(filter(any, reversed(read)), start=1))


def _pasted(rows: Sequence[Sequence[Box]]) -> list[str]:
    """The prose of a page that was pasted into one table as a whole: of rows that say one thing only."""
    said = ([box.text for box in row if box.text] for row in rows)
    alone = [texts[0] for texts in said if len(texts) == 1]
    return alone if any("。" in text for text in alone) else []


def _table_around(node: LexborNode) -> LexborNode | None:
    """The table in whose cell a table stands."""
    around = node.parent
    while around is not None and around.tag != "table":
        around = around.parent
    return around


def _rows(table: LexborNode) -> list[LexborNode]:
    """A table's own rows: those of its row groups, not of the tables in its cells."""
    rows: list[LexborNode] = []
    for child in table.iter():
        if child.tag in _GROUPS:
            rows.extend(row for row in child.iter() if row.tag == "tr")
        elif child.tag == "tr":
            rows.append(child)
    return rows


def _boxes(row: LexborNode, said: Callable[[LexborNode], str], spanning: Set[int]) -> list[Box]:
    """The cells of a row. Few claim a span: `spanning` knows them, so that only those are asked."""
    return [
        Box(said(cell), *(_spans(cell) if cell.mem_id in spanning else ()))
        for cell in row.iter()
        if cell.tag in _CELLS
    ]


def _spans(cell: LexborNode) -> tuple[int, int]:
    """The rowspan and the colspan a cell claims."""
    rows, columns = cell.attrs.get("rowspan"), cell.attrs.get("colspan")
    return 1 if rows is None else span(rows), 1 if columns is None else span(columns)


def _text_beside_tables(cell: LexborNode) -> str:
    """What a cell of a layout table says; what is wrapped around a table in it is the page's prose."""
    if cell.css_first("table") is None:
        return _text(cell)
    children = cell.iter(include_text=True)
    own = (child for child in children if child.tag != "table" and not child.css_first("table"))
    return squash(_BREAK.join(child.text() or child.text_content or "" for child in own))


def _text(cell: LexborNode) -> str:
    """What a cell says. Digits of two paragraphs are not one number; those of two spans are."""
    if (alone := _in_one_piece(cell.text())) is not None:
        return alone
    text = cell.text(separator=_PIECE)
    if _PIECE not in text:
        return squash(text)
    if _NUMBERS_MEET.search(text):
        _break_blocks(cell)
        return squash(cell.text())
    return squash("".join(piece for piece in text.split(_PIECE) if piece.strip()))


@lru_cache(maxsize=65536)
def _in_one_piece(text: str) -> str | None:
    """What a cell says, where that can be told without its markup: no digits in it, and no space."""
    stripped = text.strip()
    return squash(text) if len(stripped) < 2 or not _DIGIT_OR_SPACE.search(stripped) else None


def _break_blocks(within: LexborNode) -> None:
    for block in within.css(_BLOCKS):
        block.insert_before(_BREAK)
        block.insert_after(_BREAK)


def _lines(tree: LexborHTMLParser) -> Iterator[str]:
    body = tree.body
    if body is not None:
        _break_blocks(body)
        yield from filter(None, map(squash, body.text().split(_BREAK)))
