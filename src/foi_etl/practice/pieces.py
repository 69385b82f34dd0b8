"""Where the tables, rows and boxes of a page stand in its text, so that damage can cut exactly there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(r"<(/?)(table|tr|td|th)\b([^>]*)>", re.IGNORECASE)
_SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>")
_VALUE = re.compile(r"(?:[+＋-]?[0-9０-９][0-9０-９,，.．]*(?:万?元)?(?:（.*）)?|[/-]?)")


@dataclass(slots=True)
class Td:
    """One box: where it begins and ends, and where what it holds does."""

    start: int
    inside: int
    rowspan: int
    colspan: int
    close: int = 0
    end: int = 0
    column: int = 0

    def is_value(self, html: str) -> bool:
        """Whether it shows a number, a mark for nothing, or nothing."""
        return _VALUE.fullmatch(self.text(html)) is not None

    def text(self, html: str) -> str:
        """What it shows."""
        return unescape(_MARKUP.sub("", html[self.inside : self.close])).strip()


@dataclass(slots=True)
class Tr:
    """One row and its boxes."""

    start: int
    end: int = 0
    boxes: list[Td] = field(default_factory=list)

    def values(self, html: str) -> list[Td]:
        """The boxes behind its last label."""
        found: list[Td] = []
        for box in reversed(self.boxes):
            if not box.is_value(html):
                break
            found.insert(0, box)
        return found


@dataclass(slots=True)
class Piece:
    """One table that holds no other."""

    start: int
    inside: int
    end: int = 0
    innermost: bool = True
    rows: list[Tr] = field(default_factory=list)


def pieces(html: str) -> list[Piece]:
    """The innermost tables of a page, in the order of the page; one with a tag left open is passed over."""
    done: list[Piece] = []
    stack: list[Piece] = []
    for tag in _TAG.finditer(html):
        name = "td" if tag[2].lower() == "th" else tag[2].lower()
        if name == "table" and not tag[1]:
            for outer in stack:
                outer.innermost = False
            stack.append(Piece(tag.start(), tag.end()))
        elif stack:
            _note(stack[-1], name, tag)
            if name == "table":
                done.append(stack.pop())
    kept = [piece for piece in done if piece.innermost and piece.rows and _closed(piece)]
    for piece in kept:
        _place(piece)
    return kept


def _note(piece: Piece, name: str, tag: re.Match[str]) -> None:
    if name == "table":
        piece.end = tag.end()
    elif name == "tr" and not tag[1]:
        piece.rows.append(Tr(tag.start()))
    elif not piece.rows:
        return
    elif name == "tr":
        piece.rows[-1].end = tag.end()
    elif tag[1] and piece.rows[-1].boxes:
        box = piece.rows[-1].boxes[-1]
        box.close, box.end = tag.start(), tag.end()
    elif not tag[1]:
        spans = {kind.lower(): int(count) for kind, count in _SPAN.findall(tag[3])}
        piece.rows[-1].boxes.append(Td(tag.start(), tag.end(), spans.get("row", 1), spans.get("col", 1)))


def _closed(piece: Piece) -> bool:
    return all(row.end and row.boxes and all(box.end for box in row.boxes) for row in piece.rows)


def _place(piece: Piece) -> None:
    """Give each box its column in the rectangle."""
    taken: dict[int, int] = {}
    for row in piece.rows:
        column, now = 0, {at: left for at, left in taken.items() if left > 0}
        taken = {at: left - 1 for at, left in now.items()}
        for box in row.boxes:
            while column in now:
                column += 1
            box.column = column
            for at in range(column, column + box.colspan):
                taken[at] = box.rowspan - 1
            column += box.colspan


def splice(html: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with every stretch replaced; stretches do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        html = html[:start] + new + html[end:]
    return html


def numbered(html: str) -> Iterator[tuple[Piece, Tr, Td]]:
    """Every box that shows a number."""
    for piece in pieces(html):
        for row in piece.rows:
            yield from ((piece, row, box) for box in row.values(html) if re.search(r"\d", box.text(html)))
