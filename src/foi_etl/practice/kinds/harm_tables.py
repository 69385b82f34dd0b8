"""Harm to rows, columns and whole tables: lost, doubled, moved, cut, or mixed with others."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from foi_etl.practice.boxes import Box
from foi_etl.practice.kinds.flowing import (
    Flow,
    Harmed,
    Place,
    boxes_of,
    columns_of,
    edited,
    figures_of,
    put,
    retold,
    sheet_at,
    sheets_of,
    value_rows,
)
from foi_etl.practice.kinds.harm_boxes import tail
from foi_etl.practice.layout import Sheet

_LONG = 8
"""Rows of a table that can be cut."""


def nth_cells_deleted(parts: Flow, rng: Random) -> Harmed:
    """The n-th box of every row of a table is gone, whatever column it stood in."""
    (at, _, n), _ = rng.choice(boxes_of(parts))
    gone = {place: () for place, _ in boxes_of(parts) if place[0] == at and place[2] == n}
    return Harmed(edited(parts, gone), f"deleted the {n + 1}th box of every row of table {at}")


def column_deleted(parts: Flow, rng: Random) -> Harmed:
    """One column of the rectangle is gone; boxes that reach across it are narrower."""
    at, columns, gone = _a_column(parts, rng)
    sheet = sheet_at(parts, at)
    new: dict[Place, Sequence[Box]] = {}
    for (number, place), column in columns.items():
        box = sheet[number][place]
        if column <= gone < column + box.colspan:
            new[at, number, place] = (box._replace(colspan=box.colspan - 1),) if box.colspan > 1 else ()
    return Harmed(edited(parts, new), f"deleted column {gone + 1} of table {at}")


def column_added(parts: Flow, rng: Random) -> Harmed:
    """One column too many, blank or with a number in every row."""
    at, columns, before = _a_column(parts, rng)
    sheet = sheet_at(parts, at)
    new = Box(rng.choice(("", "0", "7")), "value")
    first: dict[int, int] = {}
    for (number, place), column in columns.items():
        if column >= before:
            first.setdefault(number, place)
    edits = {(at, number, place): (new, sheet[number][place]) for number, place in first.items()}
    return Harmed(edited(parts, edits), f"added a column of {new.text!r} before column {before + 1}")


def _a_column(parts: Flow, rng: Random) -> tuple[int, dict[tuple[int, int], int], int]:
    """A table, the column of each of its boxes, and one of these."""
    at = rng.choice(sheets_of(parts))
    columns = columns_of(sheet_at(parts, at))
    return at, columns, rng.choice(sorted(set(columns.values())))


def row_deleted(parts: Flow, rng: Random) -> Harmed:
    """One row is gone."""
    at = rng.choice(sheets_of(parts))
    sheet = sheet_at(parts, at)
    gone = rng.randrange(len(sheet))
    said = [box.text for box in sheet[gone]]
    return Harmed(put(parts, at, [*sheet[:gone], *sheet[gone + 1 :]]), f"deleted the row {said}")


def row_doubled(parts: Flow, rng: Random) -> Harmed:
    """One row stands twice, or with blanks beneath it."""
    at, number = rng.choice(value_rows(parts))
    sheet = sheet_at(parts, at)
    blank = rng.random() < 1 / 3
    again = [box._replace(rowspan=1, text="" if blank else box.text, cell="") for box in sheet[number]]
    added = [*sheet[: number + 1], again, *sheet[number + 1 :]]
    return Harmed(put(parts, at, added), f"{'a blank row' if blank else 'the same row'} again after {number}")


def rows_swapped(parts: Flow, rng: Random) -> Harmed:
    """Two rows, each with its label, stand in each other's place."""
    at = rng.choice([at for at, _ in value_rows(parts)])
    sheet = sheet_at(parts, at)
    numbers = [number for part, number in value_rows(parts) if part == at]
    if len(numbers) < 2:
        return Harmed(parts, "nothing to swap")
    a, b = rng.sample(numbers, 2)
    one, two = sheet[a], sheet[b]
    swapped = {a: one[: tail(one)] + two[tail(two) :], b: two[: tail(two)] + one[tail(one) :]}
    rows = [swapped.get(number, row) for number, row in enumerate(sheet)]
    return Harmed(put(parts, at, rows), f"rows {a} and {b} of table {at} changed places")


def figures_swapped(parts: Flow, rng: Random) -> Harmed:
    """The figures of two rows are exchanged; their labels stay."""
    at = rng.choice([at for at, _ in value_rows(parts)])
    sheet = sheet_at(parts, at)
    a, b = (rng.choice([number for part, number in value_rows(parts) if part == at]) for _ in range(2))
    one, two = ([p for p, box in enumerate(sheet[n]) if box.kind == "value"] for n in (a, b))
    texts: dict[Place, str] = {}
    for left, right in zip(one, two, strict=False):
        texts |= {(at, a, left): sheet[b][right].text, (at, b, right): sheet[a][left].text}
    return Harmed(retold(parts, texts), f"the figures of rows {a} and {b} of table {at} changed places")


def row_shifted(parts: Flow, rng: Random) -> Harmed:
    """The figures of a row moved one box to the left or to the right; one falls off the end."""
    at, number = rng.choice(value_rows(parts))
    row = sheet_at(parts, at)[number]
    line = [(at, number, place) for place, box in enumerate(row) if box.kind == "value"]
    return Harmed(_shifted(parts, line, rng), f"moved the figures of row {number} of table {at} by one")


def column_shifted(parts: Flow, rng: Random) -> Harmed:
    """The figures of a column moved one row up or down; one falls off the end."""
    (at, number, place), _ = rng.choice(figures_of(parts))
    sheet = sheet_at(parts, at)
    columns = columns_of(sheet)
    where = columns[number, place]
    line = [
        (at, row, one)
        for (row, one), column in sorted(columns.items())
        if column == where and sheet[row][one].kind == "value"
    ]
    return Harmed(_shifted(parts, line, rng), f"moved the figures of column {where + 1} of table {at} by one")


def _shifted(parts: Flow, line: Sequence[Place], rng: Random) -> Flow:
    boxes = dict(boxes_of(parts))
    texts = [boxes[place].text for place in line]
    moved = ["", *texts[:-1]] if rng.random() < 1 / 2 else [*texts[1:], ""]
    return retold(parts, dict(zip(line, moved, strict=True)))


def cut_off(parts: Flow, rng: Random) -> Harmed:
    """The document ends inside a table."""
    at = rng.choice(sheets_of(parts))
    sheet = sheet_at(parts, at)
    kept = rng.randrange(1, len(sheet) + 1)
    return Harmed([*parts[:at], sheet[:kept]], f"cut off after row {kept} of table {at}")


def header_lost(parts: Flow, rng: Random) -> Harmed:
    """A table lost its header rows."""
    at = rng.choice(sheets_of(parts))
    rows = [row for row in sheet_at(parts, at) if not all(box.kind in {"header", "caption"} for box in row)]
    return Harmed(put(parts, at, rows), f"the header of table {at} is lost")


def table_between(parts: Flow, rng: Random) -> Harmed:
    """Another table of figures stands before, behind or between the halves of one."""
    at = rng.choice(sheets_of(parts))
    sheet = sheet_at(parts, at)
    names = ("网站点击量", "微信关注人数", "热线电话接听量", "培训次数", "公开栏更新")
    width = rng.choice((1, 3, 7))
    other: Sheet = [
        [Box(name, "label"), *(Box(str(rng.randrange(900)), "value") for _ in range(width))]
        for name in rng.sample(names, rng.randrange(1, 5))
    ]
    cut = rng.randrange(2, len(sheet)) if len(sheet) >= _LONG and rng.random() < 1 / 2 else 0
    halves: Flow = [sheet[:cut], other, sheet[cut:]] if cut else [other, sheet]
    return Harmed([*parts[:at], *halves, *parts[at + 1 :]], f"a table of {width} figures a row in table {at}")


def table_cut(parts: Flow, rng: Random) -> Harmed:
    """One table becomes two, its header left behind in the first."""
    at = rng.choice([at for at in sheets_of(parts) if len(sheet_at(parts, at)) >= _LONG])
    sheet = sheet_at(parts, at)
    cut = rng.randrange(4, len(sheet))
    return Harmed(
        [*parts[:at], sheet[:cut], sheet[cut:], *parts[at + 1 :]], f"table {at} cut before row {cut}"
    )


def tables_reordered(parts: Flow, rng: Random) -> Harmed:
    """Two tables stand in each other's place."""
    a, b = rng.sample(sheets_of(parts), 2)
    new = list(parts)
    new[a], new[b] = parts[b], parts[a]
    return Harmed(new, "two tables changed places")
