"""The rows of a ruled page as the second reader sees them: bands between rules, cut where others run down.

No rectangle is made and nothing is joined over pages: a band is a row, and of a box that hangs into it from
above only the row in which it begins knows. What stands outside all boxes is lines of ink, as on any page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
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
    return tuple(row for leaf in leaves for row in _rows(leaf))


def _rows(leaf: Leaf) -> list[tuple[str, ...]]:
    rules, columns = _merged(leaf.across), _merged(leaf.down)
    inks = sorted((ink for ink in leaf.inks if ink.text.strip()), key=lambda ink: ink.bottom)
    found: list[tuple[float, tuple[str, ...]]] = []
    boxed: set[int] = set()
    for at, (top, reach) in enumerate(rules[:-1]):
        middle = (top + rules[at + 1][0]) / 2
        sides = [x for x, reaches in columns if _covers(reaches, middle)]
        cells = []
        for left, right in pairwise(sides):
            centre = (left + right) / 2
            if not _covers(reach, centre):
                continue
            bottom = next((y for y, below in rules[at + 1 :] if _covers(below, centre)), rules[at + 1][0])
            held = _held(inks, left, right, top, bottom)
            boxed.update(held)
            cells.append(" ".join(" ".join(pieces(line)) for line in lines_of_ink([inks[i] for i in held])))
        if cells:
            found.append((top, tuple(cells)))
    outside = [ink for number, ink in enumerate(inks) if number not in boxed]
    found += [(line[0].top, labelled(tuple(pieces(line)))) for line in whole_lines(outside)]
    return [row for _, row in sorted(found, key=lambda one: one[0])]


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
