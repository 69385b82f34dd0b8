"""The headers of tables without rules, and the columns that stand beneath them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from foi_etl.extract.paper.ink import Box, Ink, around, joined, lines, said
from foi_etl.extract.paper.trace import Letters, Trace
from foi_etl.forms import Block, Label
from foi_etl.text import has_word, squash

_HIGH: Final = 3.0
"""Of a letter's height: how far one label of a header may begin beneath the end of another."""
_SIDE: Final = 2.0
"""Of a letter's height: labels that begin so near to each other stand one above the other."""
_HAIR: Final = 0.3
"""Points: what reaches no further over the edge of a label does not stand beneath it."""
_FIGURE: Final = re.compile(r"[\d无零〇]")


class Header(NamedTuple):
    """The labels of the columns from left to right, and what each says as printed."""

    leaves: tuple[Trace, ...]
    texts: tuple[str, ...]
    box: Box
    inks: frozenset[Ink]


class Bands(NamedTuple):
    """The columns of a table, as stretches from left to right."""

    edges: tuple[tuple[float, float], ...]

    def of(self, piece: Sequence[Ink]) -> int | None:
        """In which column a piece stands; None for one of a column of words that no label names."""
        centre = sum(_span(piece)) / 2
        return next((at for at, (start, end) in enumerate(self.edges) if start <= centre <= end), None)


def headers(block: Block, letters: Letters) -> list[Header]:
    """Every place where all columns of a block are named from left to right, from the top."""
    pool = {
        column.text: letters.traces((column.text, *column.variants))
        for column in {column.text: column for column in block.columns}.values()
    }
    found = []
    for first in pool[block.columns[0].text]:
        leaves = _along(first, block.columns, pool)
        if leaves is not None:
            found.append(_header(leaves, letters))
    return sorted(_whole(found), key=lambda one: one.box.top)


def _along(first: Trace, columns: Sequence[Label], pool: dict[str, list[Trace]]) -> list[Trace] | None:
    """The labels of a header that begins with this one, each right of the one before."""
    leaves, tall = [first], _tall(first)
    for column in columns[1:]:
        right = [
            one
            for one in pool[column.text]
            if one.box.x0 >= leaves[-1].box.x1 - 1
            and max(one.box.top - first.box.bottom, first.box.top - one.box.bottom) <= _HIGH * tall
        ]
        start = min((one.box.x0 for one in right), default=0.0)
        near = [one for one in right if one.box.x0 <= start + _SIDE * tall]
        if not near:
            return None
        leaves.append(min(near, key=lambda one: abs(one.middle - leaves[-1].middle)))
    return leaves


def _header(leaves: Sequence[Trace], letters: Letters) -> Header:
    inks = [ink for leaf in leaves for ink in leaf.inks]
    texts = tuple(_with_unit(leaf, letters) for leaf in leaves)
    return Header(tuple(leaves), texts, around(inks), frozenset(inks))


def _with_unit(leaf: Trace, letters: Letters) -> str:
    """What a label says, with the note in parentheses that stands in a line of its own beneath it."""
    text = printed(leaf, letters)
    if "(" in text or "（" in text:
        return text
    tall = _tall(leaf)
    beneath = [
        ink
        for ink in letters.between(leaf.box.bottom, leaf.box.bottom + 1.6 * tall)
        if leaf.box.x0 - tall <= ink.x0 <= leaf.box.x1 + tall
    ]
    if beneath and min(beneath, key=lambda ink: ink.x0).text in "(（":
        first = min(beneath, key=lambda ink: ink.x0)
        text += _stretch(first, first, letters)
    return text


def with_others(header: Header, edge: float, letters: Letters) -> Header:
    """The header with whatever else its lines name right of an edge: a unit, a remark, a column of others."""
    beside = [
        run
        for line in lines(letters.between(header.box.top, header.box.bottom))
        for run in letters.runs([ink for ink in line if ink.x0 >= edge and ink not in header.inks])
    ]
    traces = []
    for column in _merged(map(_span, beside)):
        inks = tuple(ink for run in beside if _overlap(_span(run), column) for ink in run)
        traces.append(Trace(inks, around(inks)))
    both = sorted([*header.leaves, *traces], key=lambda leaf: leaf.box.x0)
    return _header(both, letters)


def _whole(found: Sequence[Header]) -> Iterator[Header]:
    """Of headers that share labels the one on fewest lines, and of those the one that begins first."""

    def likely(one: Header) -> tuple[int, float]:
        return round((one.box.bottom - one.box.top) / _tall(one.leaves[0])), one.box.x0

    for one in found:
        if not any(one.inks & other.inks and likely(other) < likely(one) for other in found):
            yield one


def columns_of(header: Header, pieces: Iterable[Sequence[Ink]]) -> Bands | None:
    """The columns beneath a header, each with the figures that stand in it; None where they run together.

    Figures that stand beneath no label belong to a column only where every column has some: then
    their order tells. What has words and no figures, such as units, is no column where no label names it.
    """
    held = [(_span(piece), said(piece)) for piece in pieces]
    leaves = [_span(leaf.inks) for leaf in header.leaves]
    filled = [
        band
        for band in _merged(span for span, _ in held)
        if any(_overlap(leaf, band) for leaf in leaves)
        or not _are_words([text for span, text in held if _overlap(span, band)])
    ]
    if len(leaves) == 1 and len(filled) < 2:
        return Bands((_around([*leaves, *filled]),))
    beneath = [[leaf for leaf in leaves if _overlap(leaf, band)] for band in filled]
    if any(len(over) > 1 for over in beneath):
        return None
    if all(beneath):
        return Bands(tuple(_around([leaf, *(b for b in filled if _overlap(leaf, b))]) for leaf in leaves))
    return _by_order(header, filled)


def _are_words(texts: Sequence[str]) -> bool:
    return any(map(has_word, texts)) and not any(map(_FIGURE.search, texts))


def _span(inks: Iterable[Ink]) -> tuple[float, float]:
    box = around(inks)
    return box.x0, box.x1


def _merged(spans: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The stretches that some spans cover together."""
    left, right = None, 0.0
    for start, end in sorted(spans):
        if left is not None and start < right:
            right = max(right, end)
            continue
        if left is not None:
            yield left, right
        left, right = start, end
    if left is not None:
        yield left, right


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return min(one[1], other[1]) - max(one[0], other[0]) > _HAIR


def _around(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _by_order(header: Header, filled: Sequence[tuple[float, float]]) -> Bands | None:
    """Figures beside their labels, not beneath: as many columns of them as labels, each next to its own."""
    if len(filled) != len(header.leaves):
        return None
    for at, (start, end) in enumerate(filled):
        centre = (start + end) / 2
        nearest = min(range(len(header.leaves)), key=lambda leaf: abs(header.leaves[leaf].centre - centre))
        if nearest != at:
            return None
    return Bands(tuple(filled))


def printed(trace: Trace, letters: Letters) -> str:
    """What a label says as printed: with its numbering, its notes and its stops."""
    return squash(joined(_stretch(line[0], line[-1], letters) for line in lines(trace.inks)))


def _stretch(first: Ink, last: Ink, letters: Letters) -> str:
    """A line from one letter to another, and what touches it on both sides."""
    line = [first]
    while (one := letters.right(line[-1])) is not None and (
        one.x0 <= last.x0 or not letters.parted(line[-1], one)
    ):
        line.append(one)
    while (one := letters.left(line[0])) is not None and not letters.parted(one, line[0]):
        line.insert(0, one)
    return said(line)


def _tall(trace: Trace) -> float:
    return max(ink.bottom - ink.top for ink in trace.inks)
