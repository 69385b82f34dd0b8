"""A page as a picture: set straight, its rules found, its text cut into lines. All lengths in points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

import cv2
import numpy as np

from foi_etl.extract.paper.ink import Box, Rule

Picture = Any
"""Grey values, rows first: what OpenCV works on."""
_ACROSS, _DOWN = 20.0, 15.0
"""How long a rule is at least; the strokes of letters are shorter."""
_STEEPEST: Final = 4.0
"""Degrees a page may be turned by."""
_LEAST, _LETTER = 10.0, 12.0
"""Points: letters of tables and prose are no smaller and no taller; a line of figures is lower."""
_APART, _FAR = 0.45, 0.9
"""Of a letter's height: gaps that part two columns between whole letters, and that do wherever they are."""
_WHOLE: Final = 0.6
"""Of a line's height: how tall a letter is at least, and a stop is not."""
_BROAD: Final = 9.0
"""Points: no stroke is as broad, so what is so broad and dark is paper."""
_THIN: Final = 2.0
"""Points: a mark so long that smoothing wiped out is a stroke, and nothing is said by less."""
_FLAT, _STROKES, _NEAR = 3.0, 4.2, 2.8
"""Points: how thick a stroke is at most, how far the strokes of one letter are apart, and beside a line."""
_SPECK: Final = 1.0
"""A mark smaller than this in both directions is dirt."""


class View(NamedTuple):
    """A straight page: its grey values, where its ink is, its rules, and how many dots make a point."""

    grey: Picture
    ink: Picture
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    scale: float
    skew: float
    """Degrees it was turned by."""


def view(grey: Picture, scale: float, skew: float | None = None) -> View:
    """The page set straight, by a known angle where there is one, and its rules taken out of it."""
    skew = _skew(grey) if skew is None else skew
    straight = _turned(_evenly_lit(grey, scale), skew)
    smooth = cv2.medianBlur(straight, 3)
    _, ink = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    long = max(8, round(_ACROSS * scale))
    tall = max(8, round(_DOWN * scale))
    # Smoothing would take out a rule that is one dot thin, and a turned rule steps from row to row.
    _, sharp = cv2.threshold(straight, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    bridged = cv2.dilate(sharp, np.ones((2, 2), np.uint8))
    across = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    down = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8))
    ruled = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    bare = cv2.bitwise_not(ruled)
    letters = _with_thin_strokes(cv2.bitwise_and(ink, bare), cv2.bitwise_and(sharp, bare), scale)
    # A piece of a rule beside a figure would be read as a stroke: 一, or a minus.
    paper = float(np.median(straight))
    clean = np.where(cv2.dilate(ruled, np.ones((3, 3), np.uint8)) > 0, np.uint8(paper), straight)
    return View(
        clean.astype(np.uint8),
        letters,
        tuple(Rule(y + h / 2, x, x + w) for x, y, w, h in _pieces(across, scale) if w > h),
        tuple(Rule(x + w / 2, y, y + h) for x, y, w, h in _pieces(down, scale) if h > w),
        scale,
        skew,
    )


def _evenly_lit(grey: Picture, scale: float) -> Picture:
    """The page with its paper white everywhere: beside the fold of a book, under a stain, on grey paper."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_BROAD * scale / 4))
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), 2 * reach + 1)
    lit = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(grey, np.maximum(lit, 1), scale=255)


def _with_thin_strokes(smooth: Picture, sharp: Picture, scale: float) -> Picture:
    """Smooth ink, and as it is what is longer than dirt: strokes one dot thin are smoothed away."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(sharp, connectivity=8)
    keep = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _THIN * scale
    keep[0] = False
    return np.where(keep[labels], np.uint8(255), smooth).astype(np.uint8)


def _pieces(mask: Picture, scale: float) -> Iterator[tuple[float, float, float, float]]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for x, y, w, h, _ in stats[1:]:
        yield x / scale, y / scale, w / scale, h / scale


def _skew(grey: Picture) -> float:
    """The angle, in degrees, that sets the page straight: its lines are then sharpest."""
    small = cv2.resize(grey, None, fx=(f := 900 / max(grey.shape)), fy=f, interpolation=cv2.INTER_AREA)
    dark = 255 - small

    def sharp(angle: float) -> float:
        sums = _turned(dark, angle, border=0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(sums)).sum())

    coarse = max(np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5), key=sharp)
    return float(max(np.arange(coarse - 0.4, coarse + 0.41, 0.1), key=sharp))


def _turned(grey: Picture, angle: float, border: int = 255) -> Picture:
    if abs(angle) < 0.05:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=border)


def text_lines(page: View, box: Box, inset: float = 1.2) -> list[tuple[Box, Picture]]:
    """The lines of text inside a box, from the top, each with its place and its own picture."""
    x0, y0, ink = _inside(page, box, inset)
    bands = _whole(_bands(ink.any(axis=1), gap=max(1, round(0.7 * page.scale))), page.scale, _NEAR)
    return [_line(page, ink, (x0, y0), (top, bottom, 0, ink.shape[1])) for top, bottom in bands]


def text_pieces(page: View, box: Box) -> list[tuple[Box, Picture]]:
    """The pieces of text where no rule parts them: lines, cut where gaps are wide, and cut again by lines."""
    x0, y0, ink = _inside(page, box, 0.0)
    places = _cut(ink, (0, ink.shape[0], 0, ink.shape[1]), page.scale)
    pieces = [_line(page, ink, (x0, y0), place) for place in places]
    return [one for one in pieces if max(one[0].x1 - one[0].x0, one[0].bottom - one[0].top) >= _THIN]


Place = tuple[int, int, int, int]
"""Top, bottom, left, right, in dots."""


def _inside(page: View, box: Box, inset: float) -> tuple[int, int, Picture]:
    """The left and the upper edge of a box, in dots, and the ink in it that is no dirt."""
    scale = page.scale
    x0, x1 = max(0, round((box.x0 + inset) * scale)), round((box.x1 - inset) * scale)
    y0, y1 = max(0, round((box.top + inset) * scale)), round((box.bottom - inset) * scale)
    return x0, y0, _without_specks(page.ink[y0:y1, x0:x1], scale)


def _line(page: View, ink: Picture, corner: tuple[int, int], place: Place) -> tuple[Box, Picture]:
    """A piece of the ink of a box: where it stands, and a picture of it and nothing else."""
    (x0, y0), (top, bottom, first, last), scale = corner, place, page.scale
    columns = np.flatnonzero(ink[top:bottom, first:last].any(axis=0)) + first
    left, right = int(columns[0]), int(columns[-1]) + 1
    pad = max(2, round(1.5 * scale))
    t, b = max(0, y0 + top - pad), y0 + bottom + pad
    le, ri = max(0, x0 + left - pad), x0 + right + pad
    kept = np.zeros_like(page.ink[t:b, le:ri])
    kept[y0 + top - t : y0 + bottom - t, x0 + left - le : x0 + right - le] = ink[top:bottom, left:right]
    stands = Box((x0 + left) / scale, (y0 + top) / scale, (x0 + right) / scale, (y0 + bottom) / scale)
    return stands, _alone(page.grey[t:b, le:ri], kept, scale)


def _cut(ink: Picture, place: Place, scale: float) -> Iterator[Place]:
    """A stretch of paper by its lines, these by their columns, and these by their own lines again."""
    top, bottom, left, right = place
    for start, end in _whole(
        _bands(ink[top:bottom, left:right].any(axis=1), max(1, round(0.7 * scale))), scale
    ):
        rows = ink[top + start : top + end, left:right]
        tall = min(max(end - start, _LEAST * scale), _LETTER * scale)
        parts = list(_columns(rows, tall))
        for first, last in parts:
            part = top + start, top + end, left + first, left + last
            whole = len(parts) == 1 and (start, end) == (0, bottom - top)
            yield from [part] if whole else _cut(ink, part, scale)


def _whole(
    bands: Iterable[tuple[int, int]], scale: float, apart: float = _STROKES
) -> Iterator[tuple[int, int]]:
    """Bands, those put together that are the strokes of one letter: 二, 三."""
    held: tuple[int, int] | None = None
    for start, end in bands:
        if held and min(end - start, held[1] - held[0]) < _FLAT * scale and start - held[1] < apart * scale:
            held = held[0], end
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held


def _columns(rows: Picture, tall: float) -> Iterator[tuple[int, int]]:
    """The stretches of a line between gaps that are wide, or stand between whole letters."""
    runs = list(_bands(rows.any(axis=0), gap=round(_APART * tall)))
    start = runs[0][0] if runs else 0
    for (left, end), (begin, right) in pairwise(runs):
        lone = not (_is_letter(rows[:, left:end], tall) and _is_letter(rows[:, begin:right], tall))
        if begin - end > _FAR * tall or not lone:
            yield start, end
            start = begin
    if runs:
        yield start, runs[-1][1]


def _is_letter(ink: Picture, tall: float) -> bool:
    rows = np.flatnonzero(ink.any(axis=1))
    return int(rows[-1]) + 1 - int(rows[0]) >= _WHOLE * tall


def _alone(grey: Picture, ink: Picture, scale: float) -> Picture:
    """A line without anything that is not near its ink: no dirt, and nothing of the lines beside it."""
    reach = max(3, round(0.8 * scale))
    near = cv2.dilate(ink, np.ones((reach, reach), np.uint8)) > 0
    paper = np.uint8(np.percentile(grey, 80)) if grey.size else np.uint8(255)
    return np.where(near, grey, paper).astype(np.uint8)


def _without_specks(ink: Picture, scale: float) -> Picture:
    if not ink.size:
        return ink
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    keep = np.zeros(count, dtype=bool)
    least = max(2.0, _SPECK * scale)
    keep[1:] = (stats[1:, 2] >= least) | (stats[1:, 3] >= least)
    return np.where(keep[labels], ink, 0).astype(np.uint8)


def _bands(filled: Picture, gap: int) -> Iterator[tuple[int, int]]:
    """Runs of filled rows, those nearer than `gap` put together."""
    rows = np.flatnonzero(filled)
    if not rows.size:
        return
    breaks = np.flatnonzero(np.diff(rows) > gap)
    starts = np.concatenate(([rows[0]], rows[breaks + 1]))
    ends = np.concatenate((rows[breaks], [rows[-1]])) + 1
    yield from zip(map(int, starts), map(int, ends), strict=True)
