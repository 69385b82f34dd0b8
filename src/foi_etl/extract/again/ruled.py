"""The rows of a ruled page as the second reader sees them: bands between rules, cut where others run down.

No rectangle is made and nothing is joined over pages: a band is a row, and of a box that hangs into it from
above only the row in which it begins knows. What stands outside all boxes is lines of ink, as on any page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from foi_etl.extract.again.ink import Ink, labelled, lines_of_ink, pieces, whole_lines
from foi_etl.extract.again.rows import Rows

_SAME: Final = 2.5
"""Points: rules nearer than this are one, and a rule that ends so near a place reaches it."""


class Stroke(NamedTuple):
    """A straight rule: at `at` on the one axis, from `start` to `end` on the other, from the top left."""

    at: float
    start: float
    end: float


class Leaf(NamedTuple):
    """A page: its letters, and the rules that run across and down it."""

    inks: Sequence[Ink]
    across: Sequence[Stroke] = ()
    down: Sequence[Stroke] = ()


Reach = tuple[float, float]


def rows_of_leaves(leaves: Iterable[Leaf]) -> Rows:
    """The rows of all pages, one below the other."""
    rows, above = list[tuple[str, ...]](), frozenset[float]()
    for leaf in leaves:
        these, above = _rows(leaf, above)
        rows += these
    return tuple(rows)


def _rows(leaf: Leaf, above: frozenset[float]) -> tuple[list[tuple[str, ...]], frozenset[float]]:
    """The rows of a page that follows a table with these columns, and the columns of its own last table."""
    rules, columns = _merged(leaf.across), _merged(leaf.down)
    middles = [(top + bottom) / 2 for (top, _), (bottom, _) in pairwise(rules)]
    sides_of = [[x for x, reaches in columns if _covers(reaches, middle)] for middle in middles]
    inks = sorted((ink for ink in leaf.inks if ink.text.strip()), key=lambda ink: ink.bottom)
    found: list[tuple[float, tuple[str, ...]]] = []
    boxed: set[int] = set()
    edges_of = list(_edges(sides_of, above))
    for at, (sides, edges) in enumerate(zip(sides_of, edges_of, strict=True)):
        (top, reach), cells = rules[at], list[str]()
        for left, right in pairwise(sides):
            centre = (left + right) / 2
            if not _covers(reach, centre):
                continue
            bottom = next((y for y, below in rules[at + 1 :] if _covers(below, centre)), rules[at + 1][0])
            held = _held(inks, left, right, top, bottom)
            boxed.update(held)
            cells.append(" ".join(" ".join(pieces(line)) for line in lines_of_ink([inks[i] for i in held])))
        if cells:
            # What ends before its table does is blank to its end: no box is drawn there.
            found.append((top, (*cells, *("" for x in edges if x > sides[-1] + _SAME))))
    outside = [ink for number, ink in enumerate(inks) if number not in boxed]
    found += [(line[0].top, labelled(tuple(pieces(line)))) for line in whole_lines(outside)]
    rows = [row for _, row in sorted(found, key=lambda one: one[0])]
    return rows, next((edges for edges in reversed(edges_of) if edges), above)


def _edges(sides_of: Iterable[Sequence[float]], above: frozenset[float]) -> Iterator[frozenset[float]]:
    """For each band, the edges of the columns of its table; with those of `above` where that goes on."""
    for _, bands in groupby(sides_of, bool):
        table = list(bands)
        edges = frozenset(x for sides in table for x in sides)
        shared = frozenset(x for x in above if any(abs(x - own) <= _SAME for own in edges))
        if edges and shared and min(edges) >= min(above) - _SAME and 2 * len(shared) > len(edges):
            edges |= above - shared
        yield from (edges for _ in table)
        above = edges or above


def _merged(strokes: Iterable[Stroke]) -> list[tuple[float, list[Reach]]]:
    """Rules by their place, in order, each with the stretches it covers."""
    found: list[tuple[float, list[Reach]]] = []
    for at, start, end in sorted(strokes):
        if not found or at - found[-1][0] > _SAME:
            found.append((at, []))
        found[-1][1].append((start, end))
    return found


def _covers(reaches: Iterable[Reach], place: float) -> bool:
    return any(start - _SAME <= place <= end + _SAME for start, end in reaches)


def _held(inks: Sequence[Ink], left: float, right: float, top: float, bottom: float) -> list[int]:
    """The letters whose middle lies in a box, by number; they are ordered by their feet."""
    first = bisect_left(inks, top, key=lambda ink: ink.bottom)
    held = []
    for number in range(first, len(inks)):
        ink = inks[number]
        if ink.top > bottom:
            break
        inside = left <= (ink.x0 + ink.x1) / 2 < right and top <= (ink.top + ink.bottom) / 2 < bottom
        if inside:
            held.append(number)
    return held
