"""What happens to pages on their way: boxes lost, rows doubled, values shifted, tags left open.

Each kind of damage is a pure function of a page and a source of chance. It returns the page and a
sentence; a page that offers nothing to damage is returned as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

from foi_etl.practice.pieces import Piece, Td, Tr, numbered, pieces, splice


class Damaged(NamedTuple):
    """A page after something happened to it."""

    html: str
    what: str
    edits: tuple[tuple[int, int, str], ...] = ()
    """What was put where in the page as it was, from one character up to another."""


Damage = Callable[[str, Random], Damaged]
_BLANK = "<td></td>"
_STRANGERS = "坤璃咖啡螃蟹琵琶鹦鹉蜻蜓"
"""Characters no label of any form has."""
_COLSPAN = re.compile(r"colspan\s*=\s*[\"']?\d+[\"']?", re.IGNORECASE)
_INK = re.compile(r"<[^>]*>|([\u4e00-\u9fff])")
_CLOSING = re.compile(r"</(?:td|tr|p|span|table)>", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SHORTEST_LABEL = 5
_SHORTEST_TABLE = 8


def _done(html: str, edits: Sequence[tuple[int, int, str]], what: str) -> Damaged:
    return Damaged(splice(html, edits), what, tuple(edits))


def _pick(html: str, rng: Random) -> tuple[Piece, Tr, Td]:
    piece = rng.choice(pieces(html))
    row = rng.choice([row for row in piece.rows if row.boxes])
    return piece, row, rng.choice(row.boxes)


def remove_cell(html: str, rng: Random) -> Damaged:
    """One box is gone; what stood to its right moves up."""
    _, _, box = _pick(html, rng)
    return _done(html, [(box.start, box.end, "")], f"removed a cell that said {box.text(html)!r}")


def remove_row(html: str, rng: Random) -> Damaged:
    """One row is gone."""
    _, row, _ = _pick(html, rng)
    said = [box.text(html) for box in row.boxes]
    return _done(html, [(row.start, row.end, "")], f"removed the row {said}")


def remove_column(html: str, rng: Random) -> Damaged:
    """One column of the rectangle is gone; boxes that reach across it are narrower."""
    piece, _, one = _pick(html, rng)
    boxes = [box for row in piece.rows for box in row.boxes if _covers(box, one.column)]
    edits = [_narrower(html, box) for box in boxes]
    return _done(html, edits, f"removed column {one.column + 1}")


def remove_nth_cells(html: str, rng: Random) -> Damaged:
    """The n-th box of every row is gone, whatever column it stood in."""
    piece, row, one = _pick(html, rng)
    n = row.boxes.index(one)
    edits = [(each.boxes[n].start, each.boxes[n].end, "") for each in piece.rows if len(each.boxes) > n]
    return _done(html, edits, f"removed the {n + 1}th cell of every row")


def add_cell(html: str, rng: Random) -> Damaged:
    """One box too many, blank or with a number."""
    _, _, box = _pick(html, rng)
    new = rng.choice((_BLANK, f"<td>{rng.randrange(40)}</td>"))
    return _done(html, [(box.start, box.start, new)], f"added {new} before {box.text(html)!r}")


def add_row(html: str, rng: Random) -> Damaged:
    """One row too many: a copy of its neighbour, or one without text."""
    _, row, _ = _pick(html, rng)
    copy = html[row.start : row.end]
    if rng.random() < 1 / 2:
        copy = "<tr>" + _BLANK * len(row.boxes) + "</tr>"
    return _done(html, [(row.end, row.end, copy)], f"added the row {copy[:80]!r}")


def add_column(html: str, rng: Random) -> Damaged:
    """One column too many, blank or with a number in every row."""
    piece, _, one = _pick(html, rng)
    new = rng.choice((_BLANK, "<td>0</td>", "<td>7</td>"))
    right = [[box for box in row.boxes if box.column >= one.column] for row in piece.rows]
    edits = [(boxes[0].start, boxes[0].start, new) for boxes in right if boxes]
    return _done(html, edits, f"added a column of {new} before column {one.column + 1}")


def shift_row(html: str, rng: Random) -> Damaged:
    """The values of a row moved one box to the left or to the right; one falls off the end."""
    rows = [row.values(html) for piece in pieces(html) for row in piece.rows]
    boxes = rng.choice([row for row in rows if len(row) > 1] or [[]])
    return _shifted(html, boxes, rng, "row")


def shift_column(html: str, rng: Random) -> Damaged:
    """The values of a column moved one row up or down; one falls off the end."""
    piece, _, one = rng.choice(list(numbered(html)))
    values = (box for row in piece.rows for box in row.values(html))
    return _shifted(html, [box for box in values if box.column == one.column], rng, "column")


def cut_table(html: str, rng: Random) -> Damaged:
    """One table becomes two, its header left behind in the first."""
    long = [piece for piece in pieces(html) if len(piece.rows) >= _SHORTEST_TABLE]
    rows = ((piece, at) for piece in long for at in range(4, len(piece.rows)))
    cuts = [(piece, at) for piece, at in rows if _filled(html, piece.rows[at])]
    if not cuts:
        return Damaged(html, "nothing long enough to cut")
    piece, at = rng.choice(cuts)
    body = "tbody" if "</tbody>" in html[piece.inside : piece.end] else ""
    opening = html[piece.start : piece.inside] + (f"<{body}>" if body else "")
    closing = (f"</{body}>" if body else "") + "</table>"
    place = piece.rows[at].start
    edits = [(place, place, f"{closing}\n{opening}")]
    return _done(html, edits, f"cut a table before row {at + 1}")


def drop_closing_tag(html: str, rng: Random) -> Damaged:
    """One closing tag inside a table is gone."""
    tags = [tag for piece in pieces(html) for tag in _CLOSING.finditer(html, piece.inside, piece.end)]
    name = rng.choice(sorted({tag[0] for tag in tags}))
    tag = rng.choice([tag for tag in tags if tag[0] == name])
    return _done(html, [(tag.start(), tag.end(), "")], f"dropped {name} at {tag.start()}")


def mistype_label(html: str, rng: Random) -> Damaged:
    """One character of one label is another one, or gone."""
    boxes = (box for piece in pieces(html) for row in piece.rows for box in row.boxes)
    labels = (box for box in boxes if not box.is_value(html))
    inks = [[ink for ink in _INK.finditer(html, box.inside, box.close) if _is_letter(ink)] for box in labels]
    ink = rng.choice(rng.choice([label for label in inks if len(label) >= _SHORTEST_LABEL]))
    new = rng.choice((rng.choice(_STRANGERS), ""))
    return _done(html, [(ink.start(), ink.end(), new)], f"mistyped {ink[0]!r} as {new!r}")


def _is_letter(ink: re.Match[str]) -> bool:
    """Whether it is a letter, and none that makes a unit ten thousand times another."""
    return bool(ink[1]) and ink[1] not in "万亿"


def reorder_tables(html: str, rng: Random) -> Damaged:
    """Two tables stand in each other's place."""
    first, second = rng.sample(pieces(html), 2)
    edits = [(a.start, a.end, html[b.start : b.end]) for a, b in ((first, second), (second, first))]
    return _done(html, edits, "two tables changed places")


def blank_cell(html: str, rng: Random) -> Damaged:
    """One number is gone; its box remains."""
    _, row, box = rng.choice(list(numbered(html)))
    said = [each.text(html) for each in row.boxes]
    what = f"blanked {box.text(html)!r}, the {row.boxes.index(box) + 1}th cell of {said}"
    return _done(html, [(box.inside, box.close, "")], what)


def _filled(html: str, row: Tr) -> bool:
    return any(_DIGIT.search(box.text(html)) for box in row.values(html))


def _covers(box: Td, column: int) -> bool:
    return box.column <= column < box.column + box.colspan


def _narrower(html: str, box: Td) -> tuple[int, int, str]:
    if box.colspan == 1:
        return box.start, box.end, ""
    tag = html[box.start : box.inside]
    return box.start, box.inside, _COLSPAN.sub(f'colspan="{box.colspan - 1}"', tag)


def _shifted(html: str, boxes: list[Td], rng: Random, what: str) -> Damaged:
    texts = [html[box.inside : box.close] for box in boxes]
    forward = rng.random() < 1 / 2
    moved = ["", *texts[:-1]] if forward else [*texts[1:], ""]
    edits = [(box.inside, box.close, text) for box, text in zip(boxes, moved, strict=True)]
    way = "forward" if forward else "back"
    return _done(html, edits, f"moved the {len(boxes)} values of a {what} {way}")


DAMAGES: Final[Mapping[str, Damage]] = {
    damage.__name__: damage
    for damage in (
        remove_cell,
        remove_row,
        remove_column,
        remove_nth_cells,
        add_cell,
        add_row,
        add_column,
        shift_row,
        shift_column,
        cut_table,
        drop_closing_tag,
        mistype_label,
        reorder_tables,
        blank_cell,
    )
}
HARMLESS: Final = frozenset({"cut_table", "drop_closing_tag", "mistype_label", "reorder_tables"})
"""Damage that takes nothing from a reader who knows the forms."""
