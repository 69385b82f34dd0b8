"""The rows of a workbook as openpyxl has them: every row as wide as what is printed around it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any, Final

from foi_etl.extract.again.rows import Rows

_MOST_ROWS: Final = 5000
_MOST_COLUMNS: Final = 300


def rows_of_workbook(body: bytes) -> Rows:
    """The rows of every sheet that can be seen; nothing where openpyxl cannot follow the file."""
    import openpyxl  # noqa: PLC0415 - slow to import, and most documents are web pages

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which say nothing of cells
        try:
            book = openpyxl.load_workbook(io.BytesIO(body), data_only=True, keep_links=False)
        except Exception:  # it raises what it likes; the first reader has said whether there is a workbook
            return ()
    return tuple(row for sheet in book.worksheets if sheet.sheet_state == "visible" for row in _sheet(sheet))


def _sheet(sheet: Any) -> Iterator[tuple[str, ...]]:
    if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
        return
    covered, reach = set[tuple[int, int]](), dict[int, int]()
    for merged in sheet.merged_cells.ranges:
        for row, column in merged.cells:
            covered.add((row, column))
            reach[row] = max(reach.get(row, 0), column)
        covered.discard((merged.min_row, merged.min_col))
    stretch: list[tuple[int, list[str]]] = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        said = [_said(value) for value in values]
        if any(said) or number in reach:
            stretch.append((number, said))
        else:
            yield from _printed(stretch, covered, reach)
            stretch = []
    yield from _printed(stretch, covered, reach)


def _printed(
    stretch: list[tuple[int, list[str]]], covered: set[tuple[int, int]], reach: dict[int, int]
) -> Iterator[tuple[str, ...]]:
    """Rows that follow each other, all as wide as the widest, without what a merged box covers.

    What stands alone above the first row of several boxes is a heading.
    """
    edges = [
        max(reach.get(number, 0), max((at for at, text in enumerate(said, 1) if text), default=0))
        for number, said in stretch
    ]
    width = max(edges, default=0)
    begun = False
    for number, said in stretch:
        begun = begun or number in reach or sum(map(bool, said)) > 1
        if not begun:
            continue
        full = said[:width] + [""] * (width - len(said))
        yield tuple(text for at, text in enumerate(full, 1) if (number, at) not in covered)


def _said(value: Any) -> str:
    """A value as it is printed: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
    return " ".join(str(value).split())
