"""Word documents, walked as they are written: every `w:tc` a box with merges of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from foi_etl.extract.grid import Box, rectangle, span
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import joined
from foi_etl.extract.parcel import Parcel
from foi_etl.extract.raised import raised
from foi_etl.extract.transcript import Transcript
from foi_etl.text import squash

if TYPE_CHECKING:
    from lxml import etree

_SPACES: Final = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
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
    root = Parcel(body, name).xml("word/document.xml")
    page = _Page()
    for child in root:
        if _tag(child) == "body":
            _walk(child, page, 0)
    tables = (rows for rows in page.tables if any(rows))
    return Transcript(
        Lines(tuple(page.lines), {}),
        tuple(rectangle(index, rows) for index, rows in enumerate(tables, start=1)),
    )


def _tag(node: etree._Element) -> str:
    """The name of an element without its namespace; comments have none."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _walk(parent: etree._Element, page: _Page, deep: int) -> None:
    for child in parent if deep < _MOST_DEEP else ():
        tag = _tag(child)
        if tag == "p":
            page.lines.extend(line for one in _text(child).split("\n") if (line := squash(one)))
        elif tag == "tbl":
            _table(child, page, deep)
        elif tag in _WRAPS:
            _walk(child, page, deep + 1)


def _text(paragraph: etree._Element) -> str:
    """What a paragraph prints, text boxes in it included."""
    said: list[str] = []
    for node in _printed(paragraph):
        match _tag(node):
            case "t":
                text = node.text or ""
                said.append(raised(text) if said and _is_raised(node.getparent()) else text)
            case "br" | "cr":
                said.append("\n")
            case "tab":
                said.append(" ")
            case "noBreakHyphen":
                said.append("-")
            case "p":
                said.append("\n")
            case _:
                pass
    return "".join(said)


def _printed(node: etree._Element) -> Iterator[etree._Element]:
    """The elements that are printed: no second rendering of a drawing, no hidden run, no tab stop."""
    stack = list(reversed(node))
    while stack:
        one = stack.pop()
        tag = _tag(one)
        if tag in _UNSAID or (tag == "r" and _is_hidden(one)):
            continue
        yield one
        stack.extend(reversed(one))


def _is_hidden(run: etree._Element) -> bool:
    found = _child(_child(run, "rPr"), "vanish")
    return found is not None and _value(found) not in {"0", "false"}


def _is_raised(run: etree._Element | None) -> bool:
    """Whether a run is set above the line, as the numbers of notes are."""
    return _value(_child(_child(run, "rPr"), "vertAlign")) == "superscript"


def _child(node: etree._Element | None, tag: str) -> etree._Element | None:
    return None if node is None else next((one for one in node if _tag(one) == tag), None)


def _value(node: etree._Element | None) -> str:
    if node is None:
        return ""
    return next((said for space in _SPACES if (said := node.get(f"{space}val")) is not None), "")


def _own(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, inside whatever wraps them."""
    for child in parent:
        if _tag(child) == tag:
            yield child
        elif _tag(child) in _WRAPS:
            yield from _own(child, tag)


def _table(table: etree._Element, page: _Page, deep: int) -> None:
    """A table, and before it those that stand in its cells; one of a single box is what the cell says."""
    rows: list[list[Box]] = []
    opened: dict[int, tuple[int, int]] = {}
    for row in _own(table, "tr"):
        boxes: list[Box] = []
        rows.append(boxes)
        column = before = span(_value(_child(_child(row, "trPr"), "gridBefore")) or "0")
        if _child(_child(row, "trPr"), "gridBefore") is None:
            column = before = 0
        if before:
            boxes.append(Box("", 1, before))
        for cell in _own(row, "tc"):
            properties = _child(cell, "tcPr")
            wide = span(_value(_child(properties, "gridSpan"))) or 1
            merge = _child(properties, "vMerge")
            if merge is not None and _value(merge) != "restart" and column in opened:
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
    for child in _within(cell):
        if _tag(child) == "p":
            said.extend(_text(child).split("\n"))
        elif deep < _MOST_DEEP:
            inner = _Page()
            _table(child, inner, deep + 1)
            boxes = [box for rows in inner.tables for row in rows for box in row]
            if len(inner.tables) == 1 and len(boxes) == 1:
                said.append(boxes[0].text)
            else:
                page.tables.extend(inner.tables)
    return squash(joined(said))


def _within(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if _tag(child) in {"p", "tbl"}:
            yield child
        elif _tag(child) in _WRAPS:
            yield from _within(child)
