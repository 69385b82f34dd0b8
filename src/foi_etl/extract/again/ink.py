"""The rows of a page of ink as the second reader sees them: letters on one baseline, cut where gaps are wide.

No rule is looked at, so a blank cell leaves no trace: a row with blanks is short, and then it is no witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Protocol

from foi_etl.extract.again.rows import Rows

_SAME_LINE: Final = 3.0
"""Points: how far the feet of two letters of one line may lie apart."""
_BESIDE: Final = 0.5
"""Of the lower one's height: how much of a line of figures stands beside a line of smaller words."""
_GAP: Final = 0.5
"""Of a letter's height: from here on what follows is another cell."""
_CLOSE: Final = 0.1
"""Of a letter's height: so much more than between other letters is a gap between cells, too."""
_A_ROW: Final = 5
"""Figures in a line without words that make it a row: its label is printed in lines above and below."""
_UNSAID: Final = "行"


class Ink(Protocol):
    """A letter where it stands, from the top left."""

    @property
    def text(self) -> str:
        """The letter."""

    @property
    def x0(self) -> float:
        """Its left edge."""

    @property
    def x1(self) -> float:
        """Its right edge."""

    @property
    def top(self) -> float:
        """Its upper edge."""

    @property
    def bottom(self) -> float:
        """Its lower edge."""


def rows_of_ink(pages: Iterable[Sequence[Ink]]) -> Rows:
    """The lines of all pages, each as its pieces from left to right."""
    return tuple(labelled(tuple(pieces(line))) for page in pages for line in whole_lines(page))


def labelled(row: tuple[str, ...]) -> tuple[str, ...]:
    """The row, with a word before it where it is all figures: its label is printed above and below."""
    return (_UNSAID, *row) if _lacks_words(row) else row


def lines_of_ink(page: Sequence[Ink]) -> Iterator[list[Ink]]:
    """The letters of a page by the line they stand on, from the top."""
    line: list[Ink] = []
    for ink in sorted((ink for ink in page if ink.text.strip()), key=lambda ink: ink.bottom):
        if line and ink.bottom - line[0].bottom > _SAME_LINE:
            yield line
            line = []
        line.append(ink)
    if line:
        yield line


def whole_lines(page: Sequence[Ink]) -> Iterator[list[Ink]]:
    """Lines, those put together of which one holds words and the other the larger figures beside them."""
    held: list[Ink] = []
    for line in lines_of_ink(page):
        if held and _wordless(held) != _wordless(line) and _stand_beside(held, line):
            held = held + line
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _wordless(line: list[Ink]) -> bool:
    return all(ink.text.isascii() for ink in line)


def _stand_beside(one: list[Ink], other: list[Ink]) -> bool:
    """Whether two lines have so much height in common that they are one, and none covers the other."""
    tops, feet = zip(
        *((min(i.top for i in line), max(i.bottom for i in line)) for line in (one, other)), strict=False
    )
    shared = min(feet) - max(tops)
    lower = min(foot - top for foot, top in zip(feet, tops, strict=True))
    left, right = sorted((one, other), key=lambda line: min(ink.x0 for ink in line))
    return shared >= _BESIDE * lower and max(i.x1 for i in left) <= min(i.x0 for i in right)


def pieces(line: list[Ink]) -> Iterator[str]:
    """What a line says, cut where gaps are wide, or clearly wider than one beside."""
    inks = sorted(line, key=lambda ink: ink.x0)
    tallest = max(ink.bottom - ink.top for ink in line)
    gaps = [(right.x0 - left.x1) / tallest for left, right in pairwise(inks)]
    piece = ""
    for ink, before, gap, after in zip(inks, [_GAP, _GAP, *gaps], [0.0, *gaps], [*gaps, _GAP], strict=False):
        if piece and (gap > _GAP or gap > max(0.0, min(before, after)) + _CLOSE):
            yield piece
            piece = ""
        piece += ink.text.strip()
    yield piece


def _lacks_words(row: Sequence[str]) -> bool:
    return len(row) >= _A_ROW and all(piece.isascii() and piece[:1].isdigit() for piece in row)
