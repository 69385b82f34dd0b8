"""Table 3 and its like: labelled rows under labelled columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from foi_etl.extract.labels import Names, has_figure, is_typed, key
from foi_etl.extract.sheet import Row, Sheet
from foi_etl.forms import Block, Form, Label
from foi_etl.model import Cell, Weight

Leaf = tuple[Label, Cell]


class Entry(NamedTuple):
    """A row of figures: the row of the form it names, the cell that names it, and the cells after that."""

    label: Label
    said: Cell
    values: Row


class Axes(NamedTuple):
    """The words of a ledger form. Groups of columns are found among the columns; they have no id."""

    columns: Names
    rows: Names


@lru_cache(maxsize=64)
def axes(form: Form) -> Axes:
    """The labels of a form's one block, each axis knowing the words of the other."""
    [block] = form.blocks
    over = tuple(dict.fromkeys(name for column in block.columns for name in column.path))
    beside = tuple(dict.fromkeys(name for row in block.rows for name in row.path))
    groups = [Label(id="", text=name, english="") for name in over[1:]]
    columns = Names((*block.columns, *groups), (*over[:1], block.corner))
    return Axes(columns, Names(block.rows, (*beside, *over, block.corner)))


def place_ledger(form: Form, rows: Sequence[Row], sheet: Sheet) -> None:
    """Put every row of figures under the columns the header names; withhold what cannot be told apart."""
    [block] = form.blocks
    names = axes(form)
    headers = [row for row in rows if _is_header(row, names)]
    leaves = _leaves(headers, names.columns)
    named = [entry for row in rows if row not in headers and (entry := _entry(row, names.rows, sheet))]
    edge = max((cell.column for row in headers for cell in row), default=0)
    entries = [entry._replace(values=_beside_corner(entry.values, leaves, edge)) for entry in named]
    _tell_mistyped(leaves, entries, block, sheet)
    counts = Counter(len(entry.values) for entry in entries).most_common(1)
    if _contradict(headers, leaves, names.columns):
        _withhold_all(entries, leaves, sheet)
    elif tuple(label for label, _ in leaves) != block.columns:
        _by_place(entries, leaves, block, sheet)
    elif counts and counts[0][0] > len(block.columns):
        _by_count(
            [entry._replace(values=values) for entry, values in _squeezed(entries, headers, leaves)], sheet
        )
        sheet.note("column-empty", Weight.NOTE, f"{form.name} has empty columns that belong to no label")
    else:
        _by_count(entries, sheet)
    if sheet.nameless > 1:
        message = (
            f"{sheet.nameless} rows of figures of {form.name} name no row of it: its labels may have slipped"
        )
        sheet.note("labels-lost", Weight.DOUBT, message, form.cells)


def _is_header(row: Row, names: Axes) -> bool:
    """Whether a row names two columns, or one group of them, and no row."""
    found = [label for cell in row if (words := key(cell.text)) and (label := names.columns.exact(words))]
    if len(found) < 2 and not any(not label.id for label in found):
        if has_figure(row):
            return False
        found = [label for cell in row if (label := names.columns.find(cell))]
    return len(found) >= 2 or any(not label.id for label in found)


def _leaves(headers: Sequence[Row], columns: Names) -> list[Leaf]:
    """The columns a header names, in reading order: what stands under a group takes the group's place."""
    named = [[(label, cell) for cell in row if (label := columns.find(cell))] for row in headers]
    upper = next((row for row in named if any(not label.id for label, _ in row)), None)
    if upper is None:
        return next(iter(named), [])
    beneath = next((row for row in named if row is not upper and all(label.id for label, _ in row)), [])
    leaves: list[Leaf] = []
    for label, cell in upper:
        leaves.extend([(label, cell)] if label.id else beneath)
    return leaves


def _contradict(headers: Iterable[Row], leaves: Sequence[Leaf], columns: Names) -> bool:
    """Whether a header that is printed again names the columns in another order than the first."""
    order = [label.id for label, _ in leaves]
    for row in headers:
        found = [label.id for cell in row if (label := columns.find(cell))]
        places = [order.index(name) for name in found if name in order]
        if places != sorted(places):
            return True
    return False


def _beside_corner(values: Row, leaves: Sequence[Leaf], edge: int) -> Row:
    """The figures alone: blanks beside the label are none, where the rest stands exactly under the header.

    `edge` is the last column of the header. Where a label does not end there, an empty column does, and
    a row that has lost a cell could look the same.
    """
    under = [cell.column for _, cell in leaves]
    start = len(values) - len(under)
    if start < 1 or not under or under[-1] != edge or any(cell.text for cell in values[:start]):
        return values
    rest = values[start:]
    same_table = rest[0].table == leaves[0][1].table
    return rest if same_table and [cell.column for cell in rest] == under else values


def _entry(row: Row, names: Names, sheet: Sheet) -> Entry | None:
    """The row as an entry; a row of figures that names no row of the form is told and left.

    A label with other words behind it is a group, and those words are the row's own name.
    """
    found = _last(row, lambda cell: names.exact(key(cell.text))) or _last(row, names.find)
    if found is None or any(key(cell.text) for cell in row[found[0] + 1 : found[0] + 2]):
        if has_figure(row):
            sheet.unnamed(row)
        return None
    at, label = found
    return Entry(label, row[at], row[at + 1 :]) if row[at + 1 :] else None


def _last(row: Row, find: Callable[[Cell], Label | None]) -> tuple[int, Label] | None:
    for at in range(len(row) - 1, -1, -1):
        if key(row[at].text) and (label := find(row[at])):
            return at, label
    return None


def _tell_mistyped(leaves: Iterable[Leaf], entries: Iterable[Entry], block: Block, sheet: Sheet) -> None:
    for label, cell in leaves:
        if is_typed(cell, label):
            sheet.mistyped(cell, label, sheet.column(block, label))
    for entry in entries:
        if is_typed(entry.said, entry.label):
            sheet.mistyped(entry.said, entry.label, sheet.form.rows[entry.label.id])


def _squeezed(
    entries: Sequence[Entry], headers: Sequence[Row], leaves: Sequence[Leaf]
) -> Iterator[tuple[Entry, Row]]:
    """Rows without the cells that stand under the header's own blanks, where those are blank in every row."""
    first, table = leaves[0][1].column, leaves[0][1].table
    there = {cell.column: True for _, cell in leaves}
    blanks = {
        cell.column: False
        for row in headers
        for cell in row
        if not cell.text and cell.column > first and not _under_a_name(cell, leaves)
    }
    pattern = sorted((blanks | there).items())
    fits = all(
        len(entry.values) != len(pattern)
        or all(
            kept or (not cell.text and (cell.table != table or cell.column == column))
            for (column, kept), cell in zip(pattern, entry.values, strict=True)
        )
        for entry in entries
    )
    for entry in entries:
        if fits and len(entry.values) == len(pattern):
            yield entry, tuple(cell for (_, kept), cell in zip(pattern, entry.values, strict=True) if kept)
        else:
            yield entry, entry.values


def _under_a_name(blank: Cell, leaves: Sequence[Leaf]) -> bool:
    """Whether a blank of the header covers the column that a name begins: no column of nothing then."""
    return any(blank.column <= cell.column < blank.column + blank.colspan for _, cell in leaves)


def _by_count(entries: Iterable[Entry], sheet: Sheet) -> None:
    """The usual case: the header names every column in order, and a row has a cell for each."""
    for entry in entries:
        ids = sheet.form.rows[entry.label.id]
        values = entry.values
        if len(values) != len(ids):
            values = _spread(values)
        if len(values) == len(ids):
            sheet.put(ids, values)
        else:
            message = (
                f"row {entry.label.text!r} has {len(entry.values)} cells for {len(ids)} columns; "
                "which of them is missing or too many cannot be told, so none is published"
            )
            sheet.withhold(ids, "row-ragged", message, entry.values)


def _spread(values: Row) -> Row:
    """A blank cell merged over several columns is blank in each; a figure over several belongs to none."""
    if any(cell.text and cell.colspan > 1 for cell in values):
        return values
    return tuple(cell for cell in values for _ in range(cell.colspan))


def _by_place(entries: Sequence[Entry], leaves: Sequence[Leaf], block: Block, sheet: Sheet) -> None:
    """A header that lacks columns: figures go under the label that stands above them in the rectangle.

    Only where header and rows agree exactly: most columns are named, in the order of the form, and each
    row has one cell beginning where each label begins, and no other. Anything else is withheld.
    """
    labels = [label for label, _ in leaves]
    columns = {cell.column: label for label, cell in leaves}
    under = [{cell.column: cell for cell in entry.values} for entry in entries]
    agrees = (
        bool(entries)
        and len(columns) == len(leaves) > len(block.columns) // 2
        and labels == [column for column in block.columns if column in labels]
        and list(columns) == sorted(columns)
        and all(cells.keys() == columns.keys() for cells in under)
    )
    if not agrees:
        _withhold_all(entries, leaves, sheet)
        return
    missing = ", ".join(column.text for column in block.columns if column not in labels)
    message = f"the header of {sheet.form.name} lacks {missing}; the others stand under their own labels"
    sheet.note("column-missing", Weight.DOUBT, message, sheet.form.cells)
    for entry, cells in zip(entries, under, strict=True):
        ids = sheet.form.rows[entry.label.id]
        placed = {label.id: cells[at] for at, label in columns.items()}
        there = [(i, placed[c.id]) for i, c in zip(ids, block.columns, strict=True) if c.id in placed]
        sheet.put([i for i, _ in there], [cell for _, cell in there])


def _withhold_all(entries: Iterable[Entry], leaves: Iterable[Leaf], sheet: Sheet) -> None:
    found = ", ".join(label.text for label, _ in leaves) or "none"
    message = (
        f"the columns of {sheet.form.name} cannot be told apart, so nothing of this table is published: "
        f"the header names {found}; rows have {sorted({len(entry.values) for entry in entries})} cells"
    )
    sheet.withhold(sheet.form.cells, "columns-unplaced", message)
