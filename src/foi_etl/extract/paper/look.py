"""What a page of a PDF looks like where it says figures.

A file may hold digits that nobody sees: white on white, cut off, covered by a shape or a picture, struck
out. No list of such ways is complete, so the page is drawn as a reader sees it, and once more without its
shapes and pictures. A digit where the drawing shows nothing, or something else than the letters alone, is not
believed. White digits on a dark ground are seen, and stay.
"""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from foi_etl.extract.raised import unsure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfPage

    from foi_etl.extract.paper.ink import Ink

_SCALE: Final = 2.0
"""Dots of the drawing to a point."""
_MOST_DOTS: Final = 8_000_000
"""Of a drawing: the larger the page, the coarser it is drawn."""
_FAINT: Final = 32
"""Of 255 shades: what differs less from what is around it is not seen."""
_ALIKE: Final = 0.99
"""How like the letters alone a drawing is where nothing is drawn upon them."""
_SIDE, _REST = 0.05, 0.22
"""Of a letter's width and of its height: what is drawn so far from the edges of its box may be a rule."""
_MIDDLE, _EDGE = 0.25, 0.1
"""The same for what other letters draw: that of a neighbour may hang far over."""
_SMALL: Final = 0.35
"""Of the height of a page's usual letter: what is smaller is not read with the naked eye."""
_CROWDED: Final = 0.25
"""Of a letter's width and height: two letters whose middles are nearer stand one upon the other."""
_LEAST: Final = 0.5
"""The same in points, however narrow a letter is."""
_HEAP: Final = 3.0
_MOST_HELD: Final = 8
"""Letters whose middles lie in one square of `_HEAP` points: where there are more, no one can read them."""
_LINES: Final = frozenset("_＿")
"""What others are meant to stand upon."""


class Look:
    """A page as it is drawn: whole, and its letters alone."""

    def __init__(self, page: PdfPage, width: float, height: float) -> None:
        """The look of a page so many points wide and high."""
        self._size = width, height
        self._drawings = _drawn(page), _letters_alone(page)

    def believed(self, inks: Sequence[Ink]) -> tuple[Ink, ...]:
        """The letters, with a mark for every digit that is not to be seen as the file says it."""
        smallest = _SMALL * median(map(_size, inks)) if inks else 0.0
        crowded = set(_crowded(inks))
        return tuple(
            ink._replace(text=unsure(ink.text))
            if ink.text.isdecimal() and (at in crowded or _size(ink) < smallest or not self._shows(ink))
            else ink
            for at, ink in enumerate(inks)
        )

    def _shows(self, ink: Ink) -> bool:
        """Whether the page shows a digit: as its letters alone do, or light upon a dark ground."""
        whole, alone = (_inside(drawing, ink, self._size, _SIDE, _REST) for drawing in self._drawings)
        if _contrast(_inside(self._drawings[1], ink, self._size, _MIDDLE, _EDGE)) >= _FAINT:
            return _contrast(whole) >= _FAINT and _alike(whole, alone)
        if not ink.text.isascii():
            return True  # A wide digit of a font that is not in the file cannot be drawn.
        return whole.size > 0 and int(whole.max()) - float(np.median(whole)) >= _FAINT


def _inside(drawing: Any, ink: Ink, size: tuple[float, float], side: float, rest: float) -> Any:
    """The dots of a digit's box, without so much of its width and of its height on either side."""
    across, down = drawing.shape[1] / size[0], drawing.shape[0] / size[1]
    side, rest = side * (ink.x1 - ink.x0), rest * (ink.bottom - ink.top)
    x0, x1 = int((ink.x0 + side) * across), int((ink.x1 - side) * across) + 1
    y0, y1 = int((ink.top + rest) * down), int((ink.bottom - rest) * down) + 1
    return drawing[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]


def _letters_alone(page: PdfPage) -> Any:
    """The page without its shapes, its pictures and what was put upon it later."""
    from pypdfium2 import raw  # noqa: PLC0415 - heavy

    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
    shapes = list(page.get_objects(filter=kinds))
    _set_active(shapes, False)
    alone = _drawn(page, draw_annots=False)
    _set_active(shapes, True)
    return alone


def _drawn(page: PdfPage, *, draw_annots: bool = True) -> Any:
    """The page in shades of grey."""
    width, height = page.get_size()
    scale = min(_SCALE, sqrt(_MOST_DOTS / max(1.0, width * height)))
    dots = page.render(scale=scale, grayscale=True, draw_annots=draw_annots).to_numpy()
    return dots.astype("int16")


def _set_active(things: Sequence[Any], active: bool) -> None:
    from pypdfium2 import raw  # noqa: PLC0415 - heavy

    for thing in things:
        raw.FPDFPageObj_SetIsActive(thing.raw, active)


def _contrast(dots: Any) -> int:
    return int(dots.max()) - int(dots.min()) if dots.size else 0


def _alike(one: Any, other: Any) -> bool:
    """Whether two drawings differ in their ground and their colours only."""
    first, second = (dots - dots.mean() for dots in (one, other))
    return float((first * second).sum()) >= _ALIKE * sqrt(float((first**2).sum()) * float((second**2).sum()))


def _crowded(inks: Sequence[Ink]) -> Iterator[int]:
    """The upright letters that stand upon others, by number."""
    held = defaultdict[tuple[int, int], list[int]](list)
    for at, ink in enumerate(inks):
        if ink.text in _LINES or ink.x1 - ink.x0 > ink.bottom - ink.top:
            continue
        column, row = int(ink.centre / _HEAP), int(ink.middle / _HEAP)
        beside = [n for i in (-1, 0, 1) for j in (-1, 0, 1) for n in held.get((column + i, row + j), ())]
        upon = [n for n in beside if _stands_upon(ink, inks[n])]
        if upon or len(held[column, row]) >= _MOST_HELD:
            yield at
            yield from upon
        if len(held[column, row]) < _MOST_HELD:
            held[column, row].append(at)


def _stands_upon(one: Ink, other: Ink) -> bool:
    wide = max(_CROWDED * min(one.x1 - one.x0, other.x1 - other.x0), _LEAST)
    high = max(_CROWDED * min(one.bottom - one.top, other.bottom - other.top), _LEAST)
    return abs(one.centre - other.centre) < wide and abs(one.middle - other.middle) < high


def _size(ink: Ink) -> float:
    """The height of a letter, whichever way it is turned."""
    return max(ink.x1 - ink.x0, ink.bottom - ink.top)
