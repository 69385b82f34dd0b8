"""The rules of a PDF page by pdfium: the straight strokes of its paths that run across or down."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from foi_etl.extract.again.ruled import Stroke

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_THIN: Final = 3.0
"""Points: a filled shape no thicker than this is a rule."""
_STRAIGHT: Final = 1.0
_WHITE: Final = 250
_DOTS: Final = 5.0
"""Points: the middles of two dots of a stroke are no further apart."""
_FEW: Final = 4
_MOST: Final = 20_000
"""Strokes of a page; a drawing has more, and is no table."""
Line = tuple[float, float, float, float]


def strokes_of(page: PdfPage) -> tuple[tuple[Stroke, ...], tuple[Stroke, ...]]:
    """What rules a page across and down, from the top left; nothing where it holds a drawing."""
    from pypdfium2 import raw  # noqa: PLC0415 - slow to import, and most documents are web pages

    left, _, _, top = page.get_bbox()
    across, down = list[Stroke](), list[Stroke]()
    dots = list[tuple[float, float]]()
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        for x0, y0, x1, y1 in _lines(thing, raw):
            if abs(y0 - y1) <= _STRAIGHT and abs(x0 - x1) >= _THIN:
                across.append(Stroke(top - (y0 + y1) / 2, min(x0, x1) - left, max(x0, x1) - left))
            elif abs(x0 - x1) <= _STRAIGHT and abs(y0 - y1) >= _THIN:
                down.append(Stroke((x0 + x1) / 2 - left, top - max(y0, y1), top - min(y0, y1)))
            elif max(abs(x0 - x1), abs(y0 - y1)) < _THIN:
                dots.append(((x0 + x1) / 2 - left, top - (y0 + y1) / 2))
        if len(across) + len(down) + len(dots) > _MOST:
            return (), ()
    across += _rows_of_dots((y, x) for x, y in dots)
    return tuple(across), (*down, *_rows_of_dots(dots))


def _rows_of_dots(dots: Iterable[tuple[float, float]]) -> Iterator[Stroke]:
    """The strokes that dots make which lie on one line, by their place on it and along it."""
    rows = defaultdict[int, list[float]](list)
    for at, along in dots:
        rows[round(at)].append(along)
    for row in rows:
        places = sorted(rows[row])
        breaks = [n for n, (one, other) in enumerate(pairwise(places), 1) if other - one > _DOTS]
        for start, end in pairwise([0, *breaks, len(places)]):
            if end - start >= _FEW:
                yield Stroke(float(row), places[start], places[end - 1])


def _lines(thing: Any, raw: Any) -> Iterator[Line]:
    """The strokes of a path, from point to point; a thin filled shape is the line it looks like."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    drawn = bool(stroke.value) and not _is_white(raw.FPDFPageObj_GetStrokeColor, thing)
    filled = bool(fill.value) and not _is_white(raw.FPDFPageObj_GetFillColor, thing)
    if not (drawn or filled):
        return
    found = list(_segments(thing, raw))
    xs = [x for x0, _, x1, _ in found for x in (x0, x1)]
    ys = [y for _, y0, _, y1 in found for y in (y0, y1)]
    if not xs:
        return
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if len(found) > 1 and min(wide, high) < _THIN:
        middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        lying = min(xs), middle_y, max(xs), middle_y
        yield lying if wide >= high else (middle_x, min(ys), middle_x, max(ys))
    elif drawn:
        yield from found


def _segments(thing: Any, raw: Any) -> Iterator[Line]:
    by = thing.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = None
    for at in range(raw.FPDFPath_CountSegments(thing)):
        segment = raw.FPDFPath_GetPathSegment(thing, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        now = by.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = now
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield (*last, *now)
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield (*now, *start)
        last = now


def _is_white(colour_of: Any, thing: Any) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    return bool(colour_of(thing, *parts)) and all(one.value >= _WHITE for one in parts[:3])
