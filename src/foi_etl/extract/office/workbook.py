"""Spreadsheets: a run of rows is a table, what stands alone in a row above it is prose."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, Final

from foi_etl.errors import NotAReport
from foi_etl.extract.grid import Box, rectangle
from foi_etl.extract.office.shown import MOST_COLUMNS, Sheet, sheets_as_shown
from foi_etl.extract.page import Lines
from foi_etl.extract.transcript import Transcript
from foi_etl.model import Finding, Weight
from foi_etl.text import squash

MOST_SHEETS: Final = 60
MOST_ROWS: Final = 5000
_ZIP: Final = b"PK"
_PROSE: Final = 80
"""Characters: what is longer is no label."""

Merged = tuple[int, int, int, int]
"""The first row and column of a merged box, and its last."""
Span = tuple[int, int]
"""Rows and columns that a box covers; (0, 0) for one that another covers."""


def read_workbook(body: bytes, name: str) -> Transcript:
    """The lines and tables of every sheet that can be seen."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - rarely needed

    lines: list[str] = []
    tables: list[list[list[Box]]] = []
    hidden: list[str] = []
    looks = sheets_as_shown(body, name) if body.startswith(_ZIP) else {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        if len(book.sheet_names) > MOST_SHEETS:
            raise NotAReport(f"a workbook of {len(book.sheet_names)} sheets is no report", file=name)
        for about in book.sheets_metadata:
            if about.visible is not SheetVisibleEnum.Visible:
                hidden.append(about.name)
                continue
            sheet = book.get_sheet_by_name(about.name)
            values = sheet.to_python(skip_empty_area=False) if sheet.height else []
            if len(values) > MOST_ROWS or (values and len(values[0]) > MOST_COLUMNS):
                raise NotAReport(
                    f"sheet {about.name!r} is larger than a report: {len(values)} rows", file=name
                )
            merged = [
                (top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ]
            said = [[_said(value) for value in row] for row in values]
            look = looks.get(about.name, Sheet())
            look.show(said)
            _sheet(*_visible(said, merged, look), lines, tables)
    except CalamineError as error:
        raise NotAReport(f"the workbook cannot be opened: fetch it again ({error})", file=name) from error
    told: list[Finding] = []
    if hidden:
        message = f"hidden sheets are not read: {', '.join(hidden)}"
        told.append(Finding("sheets-hidden", Weight.NOTE, message))
    if out := [name for name, look in looks.items() if (look.rows or look.columns) and name not in hidden]:
        message = f"hidden rows and columns are not read, on the sheets {', '.join(out)}"
        told.append(Finding("rows-hidden", Weight.NOTE, message))
    if count := sum(len(look.open) for look in looks.values()):
        message = f"{count} boxes hold a formula without its result and are not published: look at the file"
        told.append(Finding("formulas-unworked", Weight.BLOCK, message))
    return Transcript(
        Lines(tuple(lines), {}),
        tuple(rectangle(index, rows) for index, rows in enumerate(tables, start=1)),
        tuple(told),
    )


def _visible(
    said: list[list[str]], merged: Sequence[Merged], look: Sheet
) -> tuple[list[list[str]], list[Merged]]:
    """The boxes without hidden rows and columns; what is left of a merged box says it all."""
    if not look.rows and not look.columns:
        return said, list(merged)
    rows = [row for row in range(len(said)) if row not in look.rows]
    columns = [column for column in range(max(map(len, said), default=0)) if column not in look.columns]
    kept: list[Merged] = []
    for top, left, bottom, right in merged:
        down = slice(bisect_left(rows, top), bisect_right(rows, bottom))
        across = slice(bisect_left(columns, left), bisect_right(columns, right))
        if rows[down] and columns[across]:
            said[rows[down][0]][columns[across][0]] = said[top][left]
            kept.append((down.start, across.start, down.stop - 1, across.stop - 1))
    return [[said[row][column] for column in columns] for row in rows], kept


def _said(value: Any) -> str:
    """A value as it is printed: a whole number without a point, a fraction as it is stored."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else format(value, ".15g")
    return squash(str(value))


def _sheet(
    values: Sequence[Sequence[str]],
    merged: Sequence[Merged],
    lines: list[str],
    tables: list[list[list[Box]]],
) -> None:
    spans: dict[tuple[int, int], Span] = {}
    for top, left, bottom, right in merged:
        if bottom - top < MOST_ROWS and right - left < MOST_COLUMNS:
            covered = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            spans.update(dict.fromkeys(covered, (0, 0)))
            spans[top, left] = (bottom - top + 1, right - left + 1)
    for first, last in _runs(values, spans):
        start = first
        while start < last and _is_prose(values[start]):
            lines.extend(text for text in values[start] if text)
            start += 1
        lines.extend(text for row in values[start:last] for text in row if text and _is_alone(row))
        if start < last:
            tables.append(_rows(values, spans, start, last))


def _runs(values: Sequence[Sequence[str]], spans: dict[tuple[int, int], Span]) -> Iterator[tuple[int, int]]:
    """Runs of rows that are not blank. A row into which a merged box hangs is not blank."""
    first: int | None = None
    for number, row in enumerate((*values, ())):
        filled = any(row) or any(spans.get((number, column)) == (0, 0) for column in range(len(row)))
        if filled and first is None:
            first = number
        elif not filled and first is not None:
            yield first, number
            first = None


def _is_alone(row: Sequence[str]) -> bool:
    return sum(map(bool, row)) == 1


def _is_prose(row: Sequence[str]) -> bool:
    return _is_alone(row) and (max(map(len, row)) > _PROSE // 2 or not any(row[1:]))


def _rows(
    values: Sequence[Sequence[str]], spans: dict[tuple[int, int], Span], first: int, last: int
) -> list[list[Box]]:
    used = [column for row in values[first:last] for column, text in enumerate(row) if text]
    used += [column for row, column in spans if first <= row < last]
    left, right = min(used), max(used)
    rows: list[list[Box]] = []
    for number in range(first, last):
        boxes = []
        for column in range(left, right + 1):
            rowspan, colspan = spans.get((number, column), (1, 1))
            if rowspan:
                text = values[number][column] if column < len(values[number]) else ""
                boxes.append(Box(text, min(rowspan, last - number), colspan))
        rows.append(boxes)
    return rows
