"""Tables without rules: the labels of a form are found, and figures belong where they stand among them.

A row is where its label stands, from its first line to its last; a column is a strip of paper that holds one
label of the header and nothing of its neighbours. A figure that stands in no row, or in two, is not placed,
and neither is the row above it nor the one beneath: they could be its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from foi_etl.extract.paper.headers import Header, columns_of, headers, printed, with_others
from foi_etl.extract.paper.ink import Box, Ink, around, lines, said
from foi_etl.extract.paper.lone import read_lone
from foi_etl.extract.paper.loose import Line, Loose, Piece, middle, text_of, with_notes, zones
from foi_etl.extract.paper.rows import NEAR, Row, claimants, label_of, rows_of
from foi_etl.extract.paper.strip import Strip
from foi_etl.extract.paper.trace import Trace
from foi_etl.forms import Block, Form
from foi_etl.text import label_key

_FIGURES: Final = frozenset("无零〇一二三四五六七八九十百千万")
"""Letters that may stand for a figure."""
_MARKS: Final = frozenset("/／\\＼-—－–_＿○〇×+＋")
_WORD: Final = re.compile(r"[\u3400-\u9fff]")
_NUMBERING: Final = frozenset("一二三四五六七八九十0123456789")


def read_form(form: Form, strip: Strip) -> Loose | None:
    """The form, as far as it stands on the strip without rules; None where no header of it does."""
    found = [(block, headers(block, strip.letters)) for block in form.blocks]
    if form.layout == "row":
        return read_lone(form, found[0][1], strip)
    rows = rows_of(form, found, strip)
    known = _words_of(form, found, strip)
    parts: list[Part] = []
    above = float("-inf")
    for block, instances in found:
        mine = [row for row in rows if row.label in block.rows]
        if not mine:
            continue
        first, last = mine[0].trace.box.top, mine[-1].trace.box.bottom
        heading = [one for one in instances if above <= one.box.top and one.leaves[0].middle < first]
        if heading:
            is_list = form.layout == "list"
            parts.append(_part(heading[-1], known, mine, strip, is_list=is_list))
        above = last
    if not parts:
        return None
    return Loose(
        form,
        tuple(line for part in parts for line in part.lines),
        tuple(zone for part in parts for zone in part.zones),
        len(rows),
        tuple(text for part in parts for text in part.left_out),
    )


class Part(NamedTuple):
    """What one block of a form gives."""

    lines: list[Line]
    zones: list[tuple[int, Box]]
    left_out: list[str]


def _part(header: Header, known: frozenset[Ink], rows: list[Row], strip: Strip, *, is_list: bool) -> Part:
    """The rows of one block beneath its header. A list has columns of its own beside those of the form."""
    top, bottom = header.box.bottom, rows[-1].trace.box.bottom
    edge = max(row.trace.box.x1 for row in rows)
    if is_list:
        header = with_others(header, edge, strip.letters)
    known |= {ink for row in rows for ink in row.trace.inks}
    inside = strip.letters.between(top, bottom + NEAR * rows[-1].tall)
    pieces = [
        piece
        for line in lines(ink for ink in inside if ink not in known)
        for piece in strip.letters.runs(line)
        if not all(ink in strip.perhaps_numbers for ink in piece) or claimants(piece, rows)
    ]
    values = with_notes(piece for piece in pieces if piece[0].x0 >= edge)
    values = [piece for piece in values if claimants(piece, rows) or _may_count(piece)]
    words = [piece for piece in pieces if piece[0].x0 < edge and _has_words(piece)]
    claimed, unclaimed = _claims(values, rows)
    strangers, lost = _strangers(unclaimed, words, rows)
    claimed.extend((row, piece) for row, its in strangers for piece in its)
    bands = columns_of(header, [piece for _, piece in claimed])
    if _figures_beside(header, edge, strip):
        bands = None
    left_out = [said(piece) for piece in lost]
    taken = list(zones(strip, header.box.top, bottom))
    if bands is None:
        return Part([], taken, [*left_out, *(said(piece) for _, piece in claimed)])
    unsafe = _unsafe(rows, [*lost, *(piece for _, its in strangers for piece in its)], claimed, lost)
    told: list[Line] = [Line(strip.page(header.box.bottom), ("", *header.texts))]
    everyone = sorted([*rows, *(row for row, _ in strangers)], key=lambda row: row.trace.box.top)
    for row in everyone:
        if row in unsafe:
            left_out.append(printed(row.trace, strip.letters))
            continue
        mine = [piece for owner, piece in claimed if owner is row]
        cells = [[piece for piece in mine if bands.of(piece) == at] for at in range(len(header.leaves))]
        where = mine[0][0].middle if mine else row.trace.inks[0].middle
        texts = label_of(row, strip), *map(text_of, cells)
        inks = row.trace.inks, *(tuple(chain.from_iterable(cell)) for cell in cells)
        told.append(Line(strip.page(where), texts, inks))
    return Part(told, taken, left_out)


def _figures_beside(header: Header, edge: float, strip: Strip) -> bool:
    """Whether a figure stands among the labels of a header: they hang down over the rows beneath."""
    beside = strip.letters.between(header.box.top, header.box.bottom)
    among = [ink for ink in beside if ink.x0 >= edge and ink not in header.inks]
    return any(said(run).isdecimal() for line in lines(among) for run in strip.letters.runs(line))


def _words_of(form: Form, found: Sequence[tuple[Block, Sequence[Header]]], strip: Strip) -> frozenset[Ink]:
    """The ink of all words of a form but the labels of its rows, wherever they are printed."""
    names = {name for block in form.blocks for column in block.columns for name in column.path}
    if form.layout != "list":
        names |= {name for block in form.blocks for row in block.rows for name in row.path}
    names |= {name for block in form.blocks for name in (block.heading, block.corner) if name}
    words = {ink for name in names for trace in strip.letters.traces((name,)) for ink in trace.inks}
    return frozenset(words.union(*(one.inks for _, instances in found for one in instances)))


def _claims(values: Iterable[Piece], rows: Sequence[Row]) -> tuple[list[tuple[Row, Piece]], list[Piece]]:
    """Each piece with the one row it stands in, and the pieces that stand in none or in several."""
    claimed: list[tuple[Row, Piece]] = []
    unclaimed: list[Piece] = []
    for piece in values:
        owners = claimants(piece, rows)
        if len(owners) == 1:
            claimed.append((owners[0], piece))
        else:
            unclaimed.append(piece)
    return claimed, unclaimed


def _strangers(
    unclaimed: Sequence[Piece], words: Sequence[Piece], rows: Sequence[Row]
) -> tuple[list[tuple[Row, list[Piece]]], list[Piece]]:
    """Rows under words that are no label of the form, perhaps mistyped; and figures that stand in no row."""
    strangers: list[tuple[Row, list[Piece]]] = []
    lost: list[Piece] = []
    gaps = (
        [float("-inf"), *(row.trace.box.bottom for row in rows)],
        [
            *(row.trace.box.top for row in rows),
            float("inf"),
        ],
    )
    for above, beneath in zip(*gaps, strict=True):
        figures = [piece for piece in unclaimed if above <= middle(piece) <= beneath]
        inks = [ink for piece in words if above <= middle(piece) <= beneath for ink in piece]
        if not figures:
            continue
        if inks:
            box = around(inks)
            tall = max(ink.bottom - ink.top for ink in inks)
            row = Row(None, Trace(tuple(inks), box), ((box.top, box.bottom),), tall)
            mine = [piece for piece in figures if claimants(piece, [row])]
            if len(mine) == len(figures) and _one_line(mine):
                strangers.append((row, mine))
                continue
        lost.extend(figures)
    taken = {id(piece) for _, its in strangers for piece in its} | {id(piece) for piece in lost}
    return strangers, [*lost, *(piece for piece in unclaimed if id(piece) not in taken)]


def _one_line(pieces: Sequence[Piece]) -> bool:
    tall = max(ink.bottom - ink.top for piece in pieces for ink in piece)
    middles = [middle(piece) for piece in pieces]
    return max(middles) - min(middles) <= tall / 2


def _unsafe(
    rows: Sequence[Row],
    others: Sequence[Piece],
    claimed: Sequence[tuple[Row, Piece]],
    lost: Sequence[Piece],
) -> list[Row]:
    """Rows that a figure without a row could belong to: those beside it, and blank ones on the way there."""
    filled = {id(row) for row, _ in claimed}
    unsafe: list[Row] = []
    for piece in others:
        is_lost = any(piece is one for one in lost)
        at = sum(row.trace.middle < middle(piece) for row in rows)
        for step, start in ((-1, at - 1), (1, at)):
            place = start
            while 0 <= place < len(rows):
                blank = id(rows[place]) not in filled
                if blank or (is_lost and place == start):
                    unsafe.append(rows[place])
                if not blank:
                    break
                place += step
    return unsafe


def _has_words(piece: Piece) -> bool:
    text = "".join(ink.text for ink in piece)
    return any(letter not in _NUMBERING for letter in label_key(text))


def _may_count(piece: Piece) -> bool:
    """Whether a piece could be a figure, or stand for one: all but words without digits."""
    text = "".join(ink.text for ink in piece)
    words = set(_WORD.findall(text))
    return any(letter.isdigit() for letter in text) or (
        words <= _FIGURES if words else bool(set(text) & _MARKS)
    )
