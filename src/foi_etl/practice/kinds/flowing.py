"""The boxes of a flow: where they stand, what they say, and the flow with some of them changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from foi_etl.practice.boxes import Box, Row
from foi_etl.practice.layout import Sheet

Flow = list[str | Sheet]
Place = tuple[int, int, int]
"""A box: its part of the flow, its row, its place in the row."""


class Harmed(NamedTuple):
    """A flow after something happened to it."""

    parts: Flow
    what: str


_DIGIT = re.compile(r"\d")


def printed(parts: Iterable[str | Sheet]) -> dict[str, str]:
    """What the document prints in the boxes of each cell; a cell whose box is gone is not there."""
    boxes = (box for part in parts if not isinstance(part, str) for row in part for box in row)
    return {box.cell: box.text for box in boxes if box.cell}


def by_column(before: Flow, after: Flow) -> dict[str, str]:
    """What stands in the column of each cell, in the row that its boxes make, whatever box that is."""
    lines: list[dict[int, str]] = []
    for at in sheets_of(before):
        rows: dict[int, dict[int, str]] = {}
        for (number, place), column in columns_of(sheet_at(before, at)).items():
            if cell := sheet_at(before, at)[number][place].cell:
                rows.setdefault(number, {})[column] = cell
        lines += rows.values()
    line_of = {cell: line for line in lines for cell in line.values()}
    found: dict[str, str] = {}
    for at in sheets_of(after):
        sheet = sheet_at(after, at)
        columns = columns_of(sheet)
        for number, row in enumerate(sheet):
            line = next((line_of[box.cell] for box in row if box.cell), {})
            texts = {columns[number, place]: box.text for place, box in enumerate(row)}
            found |= {cell: texts.get(column, "") for column, cell in line.items()}
    return found


def sheets_of(parts: Flow) -> list[int]:
    """The parts of a flow that are tables."""
    return [at for at, part in enumerate(parts) if not isinstance(part, str)]


def sheet_at(parts: Flow, at: int) -> Sheet:
    """The table at a place of the flow."""
    part = parts[at]
    return [] if isinstance(part, str) else part


def put(parts: Flow, at: int, sheet: Sheet) -> Flow:
    """The flow with another table at a place."""
    return [*parts[:at], sheet, *parts[at + 1 :]]


def edited(parts: Flow, new: Mapping[Place, Sequence[Box]]) -> Flow:
    """The flow with boxes replaced by others, by several or by none."""

    def row(part: int, number: int, boxes: Row) -> Row:
        return [one for at, box in enumerate(boxes) for one in new.get((part, number, at), (box,))]

    return [
        part if isinstance(part, str) else [row(at, number, boxes) for number, boxes in enumerate(part)]
        for at, part in enumerate(parts)
    ]


def boxes_of(parts: Flow, kinds: str = "") -> list[tuple[Place, Box]]:
    """Every box with its place; those of some kinds only, where kinds are named."""
    return [
        ((at, number, place), box)
        for at in sheets_of(parts)
        for number, row in enumerate(sheet_at(parts, at))
        for place, box in enumerate(row)
        if not kinds or box.kind in kinds.split()
    ]


def figures_of(parts: Flow) -> list[tuple[Place, Box]]:
    """The boxes of figures that show one."""
    return [(place, box) for place, box in boxes_of(parts, "value") if _DIGIT.search(box.text)]


def value_rows(parts: Flow, most: int = 99) -> list[tuple[int, int]]:
    """The rows that hold figures, by part and number."""
    return [
        (at, number)
        for at in sheets_of(parts)
        for number, row in enumerate(sheet_at(parts, at))
        if any(box.kind == "value" for box in row) and len(row) <= most
    ]


def columns_of(sheet: Sheet) -> dict[tuple[int, int], int]:
    """The column of the rectangle in which each box begins, by row and place in the row."""
    found: dict[tuple[int, int], int] = {}
    hanging: dict[int, int] = {}
    for number, row in enumerate(sheet):
        column, opened = 0, dict[int, int]()
        for place, box in enumerate(row):
            while column in hanging:
                column += 1
            found[number, place] = column
            if box.rowspan > 1:
                opened.update(dict.fromkeys(range(column, column + box.colspan), box.rowspan - 1))
            column += box.colspan
        hanging = {at: left - 1 for at, left in hanging.items() if left > 1} | opened
    return found


def retold(parts: Flow, places: Mapping[Place, str]) -> Flow:
    """The flow with other texts in some boxes."""
    boxes = dict(boxes_of(parts))
    return edited(parts, {place: [boxes[place]._replace(text=text)] for place, text in places.items()})
