"""From a table's own boxes to the rectangle they cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from foi_etl.model import Cell, Table

WIDEST_SPAN: Final = 1000
"""The HTML standard's own limit for colspan."""


class Box(NamedTuple):
    """A cell as it stands in the markup: its text and the spans it claims."""

    text: str
    rowspan: int = 1
    colspan: int = 1


def span(claimed: str | None) -> int:
    """A span as a number: what cannot be read is 1, 0 means to the end (rows), too large is cut.

    >>> span("3"), span(""), span("2.5"), span("-1"), span("99999")
    (3, 1, 2, 1, 1000)
    """
    digits = ""
    for character in (claimed or "").strip():
        if not ("0" <= character <= "9"):
            break
        digits += character
    return min(int(digits[:6]), WIDEST_SPAN) if digits else 1


def rectangle(index: int, rows: Iterable[Sequence[Box]]) -> Table:
    """The table with every cell at its place, by the rules of HTML: a cell goes to the next free column.

    A rowspan that runs past the last row ends there. Each row keeps its own cells only; a cell
    that hangs down from above is found in the row that opened it.
    """
    placed: list[tuple[Cell, ...]] = []
    hanging: dict[int, int] = {}
    width = 0
    for number, row in enumerate(rows, start=1):
        cells: list[Cell] = []
        opened: dict[int, int] = {}
        column = 0
        for text, rowspan, claimed in row:
            while column in hanging:
                column += 1
            colspan = claimed or 1
            cells.append(Cell(text, index, number, column + 1, rowspan, colspan))
            if rowspan != 1:
                below = rowspan - 1 if rowspan else 65_534
                opened.update(dict.fromkeys(range(column, column + colspan), below))
            column += colspan
        width = max(width, column)
        hanging = {at: left - 1 for at, left in hanging.items() if left > 1} | opened
        placed.append(tuple(cells))
    return Table(index, tuple(placed), width)
