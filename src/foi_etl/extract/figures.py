"""Table 4 and its like: a header of labels above one row of figures that has no label."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from foi_etl.extract.labels import Names, has_figure, is_typed, key
from foi_etl.extract.sheet import Row, Sheet
from foi_etl.forms import Form, Label
from foi_etl.model import Cell

_EMPTIES: Final = 3
"""Empty columns a table may have beside those of the form."""


@lru_cache(maxsize=64)
def words(form: Form) -> Names:
    """The labels of the form: its groups of columns by their own words, its leaves by words that repeat."""
    [block] = form.blocks
    groups = [Label(f"/{name}", name, "") for name in dict.fromkeys(n for c in block.columns for n in c.path)]
    leaves: dict[str, Label] = {}
    for column in block.columns:
        leaves.setdefault(column.text, Label(column.text, column.text, "", column.variants))
    return Names((*leaves.values(), *groups))


def place_figures(form: Form, rows: Sequence[Row], sheet: Sheet) -> None:
    """Put the row of figures under the header, if that names every column in the order of the form."""
    [ids] = form.rows.values()
    named = [[(label, cell) for cell in row if (label := words(form).find(cell))] for row in rows]
    header = [pair for row in _unrepeated(named) for pair in row]
    for label, cell in header:
        if is_typed(cell, label):
            sheet.mistyped(cell, label, ids)
    below = [row for row, labels in zip(rows, named, strict=True) if len(labels) < 2]
    figures = _figures(below, len(ids), sheet)
    if not figures:
        return
    if not _in_order(header, form):
        said = ", ".join(cell.text for _, cell in header) or "nothing"
        message = f"the header of {form.name} does not name its columns in order, so no figure is published: "
        sheet.withhold(ids, "columns-unplaced", message + said)
        return
    if _unlike_in_one_table(figures):
        message = f"{form.name} has {len(figures)} rows of figures, not alike: none can be told to be the one"
        sheet.withhold(ids, "rows-ambiguous", message, figures[0])
        return
    above = [row for row, labels in zip(rows, named, strict=True) if len(labels) > 1]
    named_columns = {cell.column for row in above for cell in row if cell.text}
    empty = {cell.column for row in above for cell in row if not cell.text} - named_columns
    for row in figures:
        _put(ids, row, empty, sheet)


def _figures(rows: Sequence[Row], columns: int, sheet: Sheet) -> Sequence[Row]:
    """The rows that hold more than labels; where there is none, the first blank one that is long enough.

    A row of less than half of what is due, where another has more, is something else: a page number.
    """
    blanks = [
        row for row in rows if 0 <= len(row) - columns <= _EMPTIES and not any(cell.text for cell in row)
    ]
    found = [row for row in rows if any(cell.text and not key(cell.text) for cell in row)]
    long = [row for row in found if 2 * len(row) > columns]
    for row in found if long else ():
        if row not in long:
            sheet.unnamed(row)
    return long or found or blanks[:1]


def _unlike_in_one_table(rows: Sequence[Row]) -> bool:
    said: dict[int, set[tuple[str, ...]]] = {}
    for row in rows:
        said.setdefault(row[0].table, set()).add(tuple(cell.text for cell in row))
    return any(len(texts) > 1 for texts in said.values())


def _put(ids: Sequence[str], row: Row, empty: Collection[int], sheet: Sheet) -> None:
    values = _without_label_and_empties(row, empty, len(ids))
    if len(values) == len(ids):
        sheet.put(ids, values)
        return
    message = (
        f"the row of figures of {sheet.form.name} has {len(values)} cells for {len(ids)} columns; "
        "which of them is missing or too many cannot be told, so none is published"
    )
    sheet.withhold(ids, "row-ragged", message, row)


def _unrepeated(named: Iterable[list[tuple[Label, Cell]]]) -> Iterator[list[tuple[Label, Cell]]]:
    """The header rows; one that is printed twice in a row counts once."""
    before: list[str] = []
    for row in named:
        said = [label.id for label, _ in row]
        if len(said) > 1 and said != before:
            yield row
        before = said


def _without_label_and_empties(row: Row, empty: Collection[int], columns: int) -> Row:
    """The figures alone: no label before them, and no blanks under the header's own blanks."""
    if len(row) > columns and key(row[0].text) and not has_figure(row[:1]):
        row = row[1:]
    if len(row) > columns:
        row = tuple(cell for cell in row if cell.text or cell.column not in empty)
    return row


def _in_order(header: Sequence[tuple[Label, Cell]], form: Form) -> bool:
    """Whether the header, once or repeated, names all columns and groups in the order of the form."""
    [block] = form.blocks
    leaves = [label.text for label, _ in header if not label.id.startswith("/")]
    groups = dict.fromkeys(label.text for label, _ in header if label.id.startswith("/"))
    innermost = list(dict.fromkeys(column.path[-1] for column in block.columns))
    times = max(1, len(leaves) // len(block.columns))
    named = [name for name in groups if name in innermost]
    return leaves == [column.text for column in block.columns] * times and named == innermost
