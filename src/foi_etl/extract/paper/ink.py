"""The nouns of a page of ink: pieces of text and rules, each where it stands. Points, from the top left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from foi_etl.extract.raised import raised

_HAIR: Final = 0.15
"""Of a letter's height: how far apart two prints of it stand that make it bold."""
_MOST_HAIR: Final = 1.5
"""The same, in points, whatever the height."""
_SAME_LINE: Final = 0.5
"""Of a letter's height: how far the middles of two letters of one line may lie apart."""
_WORD_GAP: Final = 0.3
"""Of a letter's height: from here on a gap between two digits is a space."""
_LOWER: Final = 0.8
"""Of a letter's height: a digit beside it that is lower than this may be the number of a note."""
_RAISED: Final = 0.1
"""Of a letter's height: how much higher the foot of such a note stands."""

_CHINESE: Final = "\u2e80"
"""From here on a letter is as wide as it is high, others are half as wide."""
_PARTS: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*|.", re.DOTALL)


class Ink(NamedTuple):
    """A piece of text on a page: a letter of a text layer, or a run of letters that was recognised."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    sure: float = 1.0
    """How sure the reader is of it; below 1 for recognised letters only."""

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Half its width."""
        return (self.x0 + self.x1) / 2


class Rule(NamedTuple):
    """A straight rule: at `at` on the one axis, from `start` to `end` on the other."""

    at: float
    start: float
    end: float


class Paper(NamedTuple):
    """One page: its size, its ink, and the rules that run across and down it."""

    number: int
    width: float
    height: float
    inks: tuple[Ink, ...]
    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()
    scanned: bool = False


class Box(NamedTuple):
    """A rectangle on a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, ink: Ink) -> bool:
        """Whether the middle of a piece of text lies in it."""
        return self.x0 <= ink.centre < self.x1 and self.top <= ink.middle < self.bottom

    def lower(self, by: float) -> Box:
        """The rectangle so much further down."""
        return self._replace(top=self.top + by, bottom=self.bottom + by)


def around(inks: Iterable[Ink]) -> Box:
    """The smallest rectangle around some ink."""
    held = list(inks)
    return Box(
        min(ink.x0 for ink in held),
        min(ink.top for ink in held),
        max(ink.x1 for ink in held),
        max(ink.bottom for ink in held),
    )


def spelled(ink: Ink) -> list[Ink]:
    """The letters of a run that was recognised as a whole, side by side; figures stay together."""
    if ink.text.isascii():
        return [ink]
    parts = _PARTS.findall(ink.text)
    wide = [1.0 if part >= _CHINESE else len(part) / 2 for part in parts]
    each, x0, letters = (ink.x1 - ink.x0) / sum(wide), ink.x0, list[Ink]()
    for part, width in zip(parts, wide, strict=True):
        letters.append(ink._replace(text=part, x0=x0, x1=x0 + width * each))
        x0 += width * each
    return letters


def lines(inks: Iterable[Ink]) -> list[list[Ink]]:
    """Ink by lines, from the top, each from the left. A small mark beside a line belongs to it."""
    found: list[list[Ink]] = []
    middle, height = 0.0, 0.0
    for ink in sorted(inks, key=lambda one: one.middle):
        tall = max(height, ink.bottom - ink.top)
        if found and ink.middle - middle <= _SAME_LINE * tall:
            found[-1].append(ink)
        else:
            found.append([ink])
            middle, height = ink.middle, ink.bottom - ink.top
    return [sorted(line, key=lambda one: one.x0) for line in found]


def said(line: Sequence[Ink]) -> str:
    """What a line says. A gap between two digits is a space, and a small one above a note: not one number."""
    text, last = "", None
    for ink in line:
        if last is None or not (last.text[-1:].isdigit() and ink.text[:1].isdigit()):
            text += ink.text
        elif _is_raised(ink, last):
            text += raised(ink.text)
            continue
        else:
            tall = min(last.bottom - last.top, ink.bottom - ink.top)
            text += (" " if ink.x0 - last.x1 > _WORD_GAP * tall else "") + ink.text
        last = ink
    return text


def _is_raised(ink: Ink, beside: Ink) -> bool:
    tall = beside.bottom - beside.top
    return ink.bottom - ink.top < _LOWER * tall and beside.bottom - ink.bottom > _RAISED * tall


def joined(texts: Iterable[str]) -> str:
    """Lines of one box as one text: a label broken over lines is one label, two lines of digits no number."""
    text = ""
    for line in filter(None, (one.strip() for one in texts)):
        text += (" " if text[-1:].isdigit() and line[:1].isdigit() else "") + line
    return text


class Printed:
    """The letters of a page so far. Bold is often the same letter printed twice, a hair apart."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int, int], tuple[float, float]] = {}

    def already(self, ink: Ink) -> bool:
        """Whether the letter was printed here before; from now on it was."""
        column, row = int(ink.x0 // _MOST_HAIR), int(ink.top // _MOST_HAIR)
        hair = min(_MOST_HAIR, _HAIR * (ink.bottom - ink.top))
        for at in ((ink.text, column + i, row + j) for i in (0, -1, 1) for j in (0, -1, 1)):
            there = self._places.get(at)
            if there is not None and abs(there[0] - ink.x0) < hair and abs(there[1] - ink.top) < hair:
                return True
        self._places[ink.text, column, row] = (ink.x0, ink.top)
        return False
