"""The one row of figures beneath a header without rules: table 4, whose row has no label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

from foi_etl.extract.paper.headers import Header, columns_of, printed
from foi_etl.extract.paper.ink import Ink, lines, said
from foi_etl.extract.paper.loose import Line, Loose, text_of, zones
from foi_etl.extract.paper.strip import Strip
from foi_etl.extract.paper.trace import Trace
from foi_etl.forms import Form

_WORDS: Final = range(0x3400, 0xA000)
_PITCH: Final = 1.8
"""Of a letter's height: figures of one row stand no further apart, however their boxes break them."""


def read_lone(form: Form, found: Sequence[Header], strip: Strip) -> Loose | None:
    """The row of figures that follows the last header; None where there is no header."""
    if not found:
        return None
    [block] = form.blocks
    rows = [(header, _figures(header, strip)) for header in found]
    # A header may be printed again over a page break; two with figures are two tables.
    header, row = next((one for one in rows if one[1]), rows[-1])
    if sum(bool(figures) for _, figures in rows) > 1:
        return None
    bands = columns_of(header, row)
    groups = _groups(form, header, strip)
    top = min([header.box.top, *(group.box.top for group in groups)])
    bottom = max([header.box.bottom, *(ink.bottom for piece in row for ink in piece)])
    told = [Line(strip.page(header.box.top), tuple(printed(group, strip.letters) for group in groups))]
    told.append(Line(strip.page(header.box.bottom), header.texts))
    left_out: tuple[str, ...] = ()
    if bands is None or not row:
        left_out = tuple(said(piece) for piece in row)
    else:
        cells = [[piece for piece in row if bands.of(piece) == at] for at in range(len(block.columns))]
        inks = tuple(tuple(chain.from_iterable(cell)) for cell in cells)
        told.append(Line(strip.page(row[0][0].middle), tuple(map(text_of, cells)), inks))
    return Loose(form, tuple(told), tuple(zones(strip, top, bottom)), len(row), left_out)


def _figures(header: Header, strip: Strip) -> list[list[Ink]]:
    """The pieces of the first row of figures beneath a header, up to the next words or the next gap."""
    tall = max(ink.bottom - ink.top for ink in header.inks)
    beneath = [
        ink for ink in strip.letters.between(header.box.bottom, float("inf")) if ink not in header.inks
    ]
    row: list[list[Ink]] = []
    last = None
    for line in lines(beneath):
        if all(ink in strip.perhaps_numbers for ink in line):
            continue
        if any(ord(letter) in _WORDS for ink in line for letter in ink.text):
            break
        if last is not None and line[0].middle - last > _PITCH * tall:
            break
        row.extend(strip.letters.runs(line))
        last = line[0].middle
    return row


def _groups(form: Form, header: Header, strip: Strip) -> list[Trace]:
    """The merged labels right above the columns, each above its own, from left to right."""
    [block] = form.blocks
    tall = max(ink.bottom - ink.top for ink in header.inks)
    groups: list[Trace] = []
    for name in dict.fromkeys(column.path[-1] for column in block.columns):
        mine = [
            leaf for leaf, column in zip(header.leaves, block.columns, strict=True) if column.path[-1] == name
        ]
        left, right = mine[0].box.x0 - 2 * tall, mine[-1].box.x1 + 2 * tall
        above = [
            trace
            for trace in strip.letters.traces((name,))
            if left <= trace.box.x0
            and trace.box.x1 <= right
            and trace.box.top <= mine[0].box.top
            and mine[0].box.top - trace.box.bottom <= 12 * tall
        ]
        groups.extend(sorted(above, key=lambda trace: -trace.box.top)[:1])
    return groups
