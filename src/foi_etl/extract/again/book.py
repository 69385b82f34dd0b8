"""The rows of a workbook as openpyxl or xlrd has them: every row as wide as what is printed around it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence, Set
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from foi_etl.extract.again.rows import Rows

_MOST_ROWS: Final = 5000
_MOST_COLUMNS: Final = 300

_THINNEST: Final = 0.3
"""Letters wide, and points high: what is thinner is not seen."""
_OF_NO_WEIGHT: Final = re.compile(r"\[(?:Red|Black|Blue|\$[^\]]*)\]|_.|\* ")
_USUAL: Final = re.compile(
    r'(?P<before>-)?(?:(?P<general>General)|[#,]*[0#](?:\.(?P<part>0+))?)(?:"(?P<behind>[^"]*)")?'
)

Merged = tuple[int, int, int, int]
"""The first and the last row, the first and the last column of a box, counted from 1."""


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


def rows_of_old_workbook(body: bytes) -> Rows:
    """The same of a workbook of before 2007; nothing where xlrd cannot follow it."""
    import xlrd  # noqa: PLC0415 - as above

    try:
        book = xlrd.open_workbook(file_contents=body, formatting_info=True, logfile=io.StringIO())
    except Exception:  # as above
        return ()
    return tuple(
        row for sheet in book.sheets() if sheet.visibility == 0 for row in _old_sheet(sheet, book.datemode)
    )


def _sheet(sheet: Any) -> Iterator[tuple[str, ...]]:
    if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
        return
    merged = [(one.min_row, one.max_row, one.min_col, one.max_col) for one in sheet.merged_cells.ranges]
    columns = {
        column
        for one in sheet.column_dimensions.values()
        if one.hidden or one.width <= _THINNEST
        for column in range(one.min or 1, min(one.max or 1, _MOST_COLUMNS) + 1)
    }
    rows = {
        number
        for number, one in sheet.row_dimensions.items()
        if one.hidden or (one.height is not None and one.height <= _THINNEST)
    }
    yield from _rows(([_shown(cell) for cell in row] for row in sheet.iter_rows()), merged, rows, columns)


def _old_sheet(sheet: Any, datemode: int) -> Iterator[tuple[str, ...]]:
    if sheet.nrows > _MOST_ROWS or sheet.ncols > _MOST_COLUMNS:
        return
    # xlrd counts from 0 and names the first row and column that a box does not cover.
    merged = [(top + 1, end, left + 1, beyond) for top, end, left, beyond in sheet.merged_cells]
    yield from _rows(
        ([_of_old(cell, datemode) for cell in sheet.row(number)] for number in range(sheet.nrows)), merged
    )


def _rows(
    printed: Iterable[list[str]],
    merged: Sequence[Merged],
    hidden_rows: Set[int] = frozenset(),
    hidden_columns: Set[int] = frozenset(),
) -> Iterator[tuple[str, ...]]:
    covered, reach = set[tuple[int, int]](), dict[int, int]()
    for top, bottom, left, right in merged:
        if bottom - top > _MOST_ROWS or right - left > _MOST_COLUMNS:
            continue
        for row in range(top, bottom + 1):
            covered.update((row, column) for column in range(left, right + 1))
            reach[row] = max(reach.get(row, 0), right)
        covered.discard((top, left))
    stretch: list[tuple[int, list[str]]] = []
    for number, said in enumerate(printed, 1):
        if number in hidden_rows:
            continue
        covered.update((number, column) for column in hidden_columns)
        if any(said) or number in reach:
            stretch.append((number, said))
        else:
            yield from _as_wide(stretch, covered, reach)
            stretch = []
    yield from _as_wide(stretch, covered, reach)


def _as_wide(
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


def _shown(cell: Any) -> str:
    """A box as one of the usual formats shows it; what another format makes of it is not known here."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _said(value)
    return _formatted(value, cell.number_format) or _said(value)


def _formatted(value: float, code: str) -> str:
    """The number with words and as many places behind the point as its format asks for, or nothing."""
    parts = _OF_NO_WEIGHT.sub("", code).split(";")
    usual = _USUAL.fullmatch(parts[1] if value < 0 and len(parts) > 1 else parts[0])
    if usual is None or (not value and len(parts) > 2):
        return ""
    if usual["general"]:
        return _said(value) + (usual["behind"] or "")
    try:
        number = Decimal(f"{value:.15g}").quantize(
            Decimal(1).scaleb(-len(usual["part"] or "")), ROUND_HALF_UP
        )
    except InvalidOperation:
        return ""
    if value < 0 and len(parts) > 1:
        number = abs(number)
    number = number.to_integral_value() if number == number.to_integral_value() else number
    return f"{usual['before'] or ''}{number:f}{usual['behind'] or ''}"


def _said(value: Any) -> str:
    """A value as it is printed: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
    return " ".join(str(value).split())


def _of_old(cell: Any, datemode: int) -> str:
    import xlrd  # noqa: PLC0415 - as above

    match cell.ctype:
        case xlrd.XL_CELL_BOOLEAN:
            return _said(bool(cell.value))
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, ""))
        case xlrd.XL_CELL_DATE:
            return _said(xlrd.xldate_as_datetime(cell.value, datemode))
        case _:
            return _said(cell.value)
