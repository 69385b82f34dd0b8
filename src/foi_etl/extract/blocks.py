"""Table 2 and its like: small blocks, each with a header of its own, one above the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.extract.labels import Names, has_figure, is_typed, key
from foi_etl.extract.sheet import Row, Sheet
from foi_etl.forms import Block, Form, Label
from foi_etl.model import Cell

_UNIT: Final = re.compile(r"(?:单位[:：]?)?\s*(亿元|万元|元)")
_PRINTED_NOTE: Final = re.compile(r"[(（]([^()（）]*)[)）]")


class Words(NamedTuple):
    """The words of a form of blocks."""

    rows: Names
    columns: Names
    corners: Names
    block_of: dict[str, Block]
    names_of: dict[str, Names]
    """For each row, the columns of its own block."""


@lru_cache(maxsize=64)
def words(form: Form) -> Words:
    """The labels of a form, each axis knowing the words of the others."""
    rows = [row for block in form.blocks for row in block.rows]
    columns = {column.text: column for block in form.blocks for column in block.columns}
    corners = {block.corner: Label("", block.corner, "") for block in form.blocks}
    headings = [block.heading for block in form.blocks]
    row_names = [name for row in rows for name in (row.text, *row.variants)]
    column_names = [name for column in columns.values() for name in (column.text, *column.variants)]
    return Words(
        rows=Names(rows, [*column_names, *corners, *headings]),
        columns=Names(columns.values(), [*row_names, *corners, *headings]),
        corners=Names(corners.values(), [*row_names, *column_names, *headings]),
        block_of={row.id: block for block in form.blocks for row in block.rows},
        names_of={
            row.id: Names(block.columns, [*row_names, *corners])
            for block in form.blocks
            for row in block.rows
        },
    )


def place_blocks(form: Form, rows: Sequence[Row], sheet: Sheet) -> None:
    """Put the figures of each row under the header last printed above it, if that is its block's own."""
    names = words(form)
    header: Row = ()
    for row in rows:
        if (above := _as_header(row, names)) is not None:
            header = above
        elif (found := _as_entry(row, names.rows)) is not None:
            _place(found[0], row[found[1]], row[found[1] + 1 :], header, sheet)
        elif has_figure(row):
            sheet.unnamed(row)


def _as_header(row: Row, names: Words) -> Row | None:
    """The column labels of a header row, blanks kept; None for a row that is no header."""
    if has_figure(row):
        return None
    corner = next((at for at, cell in enumerate(row) if names.corners.find(cell)), None)
    if corner is not None:
        return row[corner + 1 :]
    first = next((at for at, cell in enumerate(row) if names.columns.find(cell)), None)
    return None if first is None else row[first:]


def _as_entry(row: Row, names: Names) -> tuple[Label, int] | None:
    for find in (lambda cell: names.exact(key(cell.text)), names.find):
        for at, cell in enumerate(row[:-1]):
            if label := find(cell):
                return label, at
    return None


def _place(label: Label, said: Cell, values: Row, header: Row, sheet: Sheet) -> None:
    names = words(sheet.form)
    block = names.block_of[label.id]
    ids = sheet.form.rows[label.id]
    if is_typed(said, label):
        sheet.mistyped(said, label, ids)
    printed = [(cell, names.names_of[label.id].find(cell)) for cell in header if cell.text]
    if tuple(found for _, found in printed) != block.columns:
        above = ", ".join(cell.text for cell, _ in printed) or "nothing"
        wanted = ", ".join(column.text for column in block.columns)
        message = (
            f"row {label.text!r} stands under {above} instead of {wanted}; its figures are not published"
        )
        sheet.withhold(ids, "header-unread", message, values)
        return
    cells = _under(values, header, len(ids))
    if cells is None:
        message = (
            f"row {label.text!r} has {len(values)} cells for {len(ids)} columns; "
            "which of them is missing or too many cannot be told, so none is published"
        )
        sheet.withhold(ids, "row-ragged", message, values)
        return
    sheet.put(ids, cells)
    for (cell, column), cell_id in zip(printed, ids, strict=True):
        _heed(cell, column, cell_id, sheet)


def _heed(cell: Cell, column: Label | None, cell_id: str, sheet: Sheet) -> None:
    """What the header says of a cell beside its name: a typing error, a unit."""
    if column and is_typed(cell, column):
        sheet.mistyped(cell, column, [cell_id])
    if unit := _unit(cell.text):
        sheet.units[cell_id] = unit


def _under(values: Row, header: Row, columns: int) -> Row | None:
    """The figures, one for each column: by count, or without the blanks that stand under blank labels."""
    if len(values) == columns:
        return values
    if len(values) == len(header) and all(
        above.text or not cell.text for above, cell in zip(header, values, strict=True)
    ):
        return tuple(cell for above, cell in zip(header, values, strict=True) if above.text)
    return None


def _unit(label: str) -> str:
    """The unit of money a header prints in parentheses: 元, 万元 or 亿元."""
    for note in _PRINTED_NOTE.findall(label):
        if found := _UNIT.match(note.strip()):
            return found[1]
    return ""
