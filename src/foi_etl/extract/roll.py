"""The statistics tables of before 2019: one long list of labelled rows, with one column of figures or two."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.extract.labels import Names, has_figure, is_typed, key
from foi_etl.extract.sheet import Row, Sheet
from foi_etl.forms import Form, Label
from foi_etl.model import Cell
from foi_etl.text import label_key

_AMONG: Final = re.compile(r"^其中\s*[:：]?\s*")
_YEAR: Final = re.compile(r"^(?:19|20)\d\d\s*(?=年)")


class Words(NamedTuple):
    """The labels of a list: words that several rows share lead to all of them."""

    rows: Mapping[str, tuple[Label, ...]]
    columns: Mapping[str, Label]
    near: Names
    units: frozenset[str]


@lru_cache(maxsize=16)
def words(form: Form) -> Words:
    """The labels of the form's one block."""
    [block] = form.blocks
    rows: dict[str, tuple[Label, ...]] = {}
    for row in block.rows:
        for name in dict.fromkeys(_bare(name) for name in (row.text, *row.variants)):
            rows[name] = (*rows.get(name, ()), row)
    columns = {_bare(name): column for column in block.columns for name in (column.text, *column.variants)}
    headings = [name for row in block.rows for name in row.path]
    near = Names(block.rows, [block.corner, *headings])
    return Words(rows, columns, near, frozenset(spec.unit for spec in form.cells.values()))


def place_list(form: Form, rows: Sequence[Row], sheet: Sheet) -> None:
    """Put each row's figures under the column its header names; a column is never told by its place alone.

    Only where one column of figures is printed and one is due may the header be missing. Words that two
    rows of the form share are told apart by the row above them that they belong to.
    """
    known = words(form)
    header: dict[int, Label] | None = None
    above: tuple[Label, ...] = ()
    for row in rows:
        if (columns := _as_header(row, known)) is not None:
            header = columns
            continue
        found = _entry(row, known, above)
        if found is None:
            if has_figure(row) and any(key(cell.text) for cell in row):
                sheet.unnamed(row)
            continue
        at, label = found
        above = (*above, label)
        _place(label, row[at], row[at + 1 :], header, sheet)


def _bare(text: str) -> str:
    """A label without 其中, numbering, notes and punctuation; a column without its year."""
    return label_key(_YEAR.sub("", _AMONG.sub("", text.strip())))


def _as_header(row: Row, known: Words) -> dict[int, Label] | None:
    """Rectangle column to the form's column it names; None for a row that is no header."""
    if len(row) < 2 or any(_bare(cell.text) in known.rows for cell in row):
        return None
    found = [
        (cell.column, label)
        for cell in row[1:]
        if cell.text and (label := known.columns.get(_bare(cell.text))) is not None
    ]
    return dict(found) if found else None


def _entry(row: Row, known: Words, above: Sequence[Label]) -> tuple[int, Label] | None:
    for at, cell in enumerate(row[:-1]):
        if not key(cell.text):
            continue
        if candidates := known.rows.get(_bare(cell.text)):
            label = candidates[0] if len(candidates) == 1 else _told_apart(candidates, above)
            return (at, label) if label else None
        if label := known.near.near(_AMONG.sub("", cell.text)):
            return at, label
    return None


def _told_apart(candidates: Sequence[Label], above: Sequence[Label]) -> Label | None:
    """Of rows with the same words the one whose own heading was printed last above."""
    for last in reversed(above):
        for one in candidates:
            if one.path and (
                _bare(one.path[-1]) == _bare(last.text) or (last.path == one.path and last is not one)
            ):
                return one
    return None


def _place(label: Label, said: Cell, values: Row, header: dict[int, Label] | None, sheet: Sheet) -> None:
    [block] = sheet.form.blocks
    ids = dict(zip((column.id for column in block.columns), sheet.form.rows[label.id], strict=True))
    if is_typed(said, label) and _bare(said.text) not in words(sheet.form).rows:
        sheet.mistyped(said, label, ids.values())
    if header is None:
        placed = _alone(values, sheet.form, list(ids))
    else:
        placed = {header[cell.column].id: cell for cell in values if cell.column in header}
    named = list(ids) if header is None else [column.id for column in header.values()]
    narrow = all(cell.colspan == 1 for cell in placed.values())
    if len(set(named)) == len(named) == len(placed) and narrow:
        sheet.put([ids[name] for name in placed], list(placed.values()))
        return
    message = f"row {label.text!r}: which of its figures is the year's and which cumulative cannot be told"
    sheet.withhold(ids.values(), "row-ragged", message, values)


def _alone(values: Row, form: Form, columns: Sequence[str]) -> dict[str, Cell]:
    """The one figure behind a label and its unit, where the form has one column and no header is printed."""
    units = words(form).units
    figures = [cell for cell in values if cell.text not in units]
    return {columns[0]: figures[0]} if len(columns) == len(figures) == 1 else {}
