"""Word documents, walked as they are written: every `w:tc` a box with merges of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from foi_etl.extract.grid import Box, rectangle, span
from foi_etl.extract.office.elements import child, tag, value
from foi_etl.extract.office.looks import settle
from foi_etl.extract.office.unread import mark_unread
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import joined
from foi_etl.extract.parcel import Parcel
from foi_etl.extract.raised import ILLEGIBLE
from foi_etl.extract.transcript import Transcript
from foi_etl.text import has_word, squash

if TYPE_CHECKING:
    from lxml import etree

_MOST_DEEP: Final = 40
_WRAPS: Final = frozenset(
    {"sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo", "hyperlink", "AlternateContent", "Choice"}
)
_UNSAID: Final = frozenset({"Fallback", "pPr", "rPr", "tbl", "del", "moveFrom", "rt"})
"""`rt` is how a word is pronounced, in small letters above it."""


@dataclass
class _Page:
    lines: list[str] = field(default_factory=list)
    tables: list[list[list[Box]]] = field(default_factory=list)


def read_docx(body: bytes, name: str) -> Transcript:
    """The lines and tables of a Word document. Deleted and hidden text is not what it says."""
    parcel = Parcel(body, name)
    root = parcel.xml("word/document.xml")
    settle(root, parcel)
    mark_unread(root, parcel)
    page = _Page()
    for one in root:
        if tag(one) == "body":
            _walk(one, page, 0)
    tables = (rows for rows in page.tables if any(rows))
    return Transcript(
        Lines(tuple(page.lines), {}),
        tuple(rectangle(index, rows) for index, rows in enumerate(tables, start=1)),
    )


def _walk(parent: etree._Element, page: _Page, deep: int) -> None:
    for one in parent if deep < _MOST_DEEP else ():
        name = tag(one)
        if name == "p":
            page.lines.extend(line for text in _text(one).split("\n") if (line := squash(text)))
        elif name == "tbl":
            _table(one, page, deep)
        elif name in _WRAPS:
            _walk(one, page, deep + 1)


def _text(paragraph: etree._Element) -> str:
    """What a paragraph prints, text boxes in it included."""
    said: list[str] = []
    for node in _printed(paragraph):
        match tag(node):
            case "t":
                said.append(node.text or "")
            case "br" | "cr":
                said.append("\n")
            case "tab" | "ptab":
                said.append(" ")
            case "noBreakHyphen":
                said.append("-")
            case "p":
                said.append("\n")
            case _:
                pass
    return "".join(said)


def _printed(node: etree._Element) -> Iterator[etree._Element]:
    """The elements that are printed: no second rendering of a drawing, no tab stop."""
    stack = list(reversed(node))
    while stack:
        one = stack.pop()
        if tag(one) in _UNSAID:
            continue
        yield one
        stack.extend(reversed(one))


def _own(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, inside whatever wraps them."""
    for one in parent:
        if tag(one) == name:
            yield one
        elif tag(one) in _WRAPS:
            yield from _own(one, name)


def _table(table: etree._Element, page: _Page, deep: int) -> None:
    """A table, and before it those that stand in its cells; one of a single box is what the cell says."""
    rows: list[list[Box]] = []
    opened: dict[int, tuple[int, int]] = {}
    for row in _own(table, "tr"):
        boxes: list[Box] = []
        rows.append(boxes)
        column = before = span(value(child(row, "trPr", "gridBefore")) or "0")
        if child(row, "trPr", "gridBefore") is None:
            column = before = 0
        if before:
            boxes.append(Box("", 1, before))
        for cell in _own(row, "tc"):
            properties = child(cell, "tcPr")
            wide = span(value(child(properties, "gridSpan"))) or 1
            merge = child(properties, "vMerge")
            if merge is not None and value(merge) != "restart" and column in opened:
                at, place = opened[column]
                rows[at][place] = rows[at][place]._replace(rowspan=rows[at][place].rowspan + 1)
            else:
                opened.pop(column, None)
                boxes.append(Box(_cell_text(cell, page, deep), 1, wide))
                if merge is not None:
                    opened[column] = (len(rows) - 1, len(boxes) - 1)
            column += wide
    page.tables.append(rows)


def _cell_text(cell: etree._Element, page: _Page, deep: int) -> str:
    said: list[str] = []
    for one in _within(cell):
        if tag(one) == "p":
            said.extend(_text(one).split("\n"))
        elif deep < _MOST_DEEP:
            inner = _Page()
            _table(one, inner, deep + 1)
            boxes = [box for rows in inner.tables for row in rows for box in row]
            if len(inner.tables) == 1 and len(boxes) == 1:
                said.append(boxes[0].text)
                continue
            page.tables.extend(inner.tables)
            if not any(map(has_word, (*said, *(box.text for box in boxes)))):
                said.append(ILLEGIBLE)  # figures set apart in the box of one: none of them is the box's own
    return squash(joined(said))


def _within(node: etree._Element) -> Iterator[etree._Element]:
    for one in node:
        if tag(one) in {"p", "tbl"}:
            yield one
        elif tag(one) in _WRAPS:
            yield from _within(one)
