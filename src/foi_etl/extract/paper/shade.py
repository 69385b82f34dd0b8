"""Parts of a page that are remembered dot by dot: looked up in one step, however many boxes made them."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from foi_etl.extract.paper.ink import Box, Ink

if TYPE_CHECKING:
    from collections.abc import Iterable

_FINE: Final = 4.0
"""Dots to a point, where boxes may be as thin as a rule."""
_COARSE: Final = 1.0
"""The same, where they are as large as a letter."""
_MOST_DOTS: Final = 8_000_000
"""Of a page: the larger it is, the coarser."""
_WHITE: Final = 255
"""How light a page is before anything is printed on it."""


class _Dots:
    """Boxes of a page so many points wide and high, by their dots."""

    def __init__(self, width: float, height: float, scale: float) -> None:
        self._scale = min(scale, sqrt(_MOST_DOTS / max(1.0, width * height)))
        self._shape = int(max(0.0, height) * self._scale) + 1, int(max(0.0, width) * self._scale) + 1

    def _made(self, kind: str, value: int = 0) -> Any:
        return np.full(self._shape, value, dtype=kind)

    def _of(self, box: Box) -> tuple[slice, slice]:
        """The dots of a box: at least one."""
        rows, columns = self._shape
        x0, x1 = (min(columns, max(0, int(side * self._scale))) for side in (box.x0, box.x1))
        top, bottom = (min(rows, max(0, int(side * self._scale))) for side in (box.top, box.bottom))
        return slice(top, bottom + 1), slice(x0, x1 + 1)

    def _at(self, ink: Ink) -> tuple[int, int]:
        """The dot in the middle of a piece of text; the nearest one, where it stands beyond the edge."""
        rows, columns = self._shape
        row, column = int(ink.middle * self._scale), int(ink.centre * self._scale)
        return min(rows - 1, max(0, row)), min(columns - 1, max(0, column))


class Shade(_Dots):
    """What some boxes cover of a page so many points wide and high."""

    def __init__(self, boxes: Iterable[Box], width: float, height: float) -> None:
        super().__init__(width, height, _FINE)
        self._dots = self._made("bool")
        for box in boxes:
            self._dots[self._of(box)] = True

    def holds(self, ink: Ink) -> bool:
        """Whether the middle of a piece of text lies in it."""
        return bool(self._dots[self._at(ink)])

    def crosses(self, ink: Ink, rest: float) -> bool:
        """Whether it goes through a piece of text, `rest` of its height above and beneath left out."""
        rest *= ink.bottom - ink.top
        rows, _ = self._of(Box(ink.centre, ink.top + rest, ink.centre, ink.bottom - rest))
        return bool(self._dots[rows, self._at(ink)[1]].any())


class Ground(_Dots):
    """How light a page is, place by place, while it is painted; and when each place was painted last."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width, height, _COARSE)
        self._lights = self._made("uint8", _WHITE)
        self._turns = self._made("int32")
        self.turn = 0
        """How often it was painted so far."""

    def paint(self, box: Box, light: int) -> None:
        """Fill a box."""
        self.turn += 1
        self._lights[self._of(box)] = light
        self._turns[self._of(box)] = self.turn

    def light(self, ink: Ink) -> int:
        """How light it is now beneath a piece of text."""
        return int(self._lights[self._at(ink)])

    def painted_since(self, ink: Ink, turn: int) -> bool:
        """Whether it was painted, where a piece of text stands, after this turn."""
        return int(self._turns[self._at(ink)]) > turn
