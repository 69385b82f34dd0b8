"""A page as a picture: set straight, its rules found, its text cut into lines. All lengths in points."""

from __future__ import annotations

from collections.abc import Iterator
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
    straight = _turned(grey, skew)
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
    letters = cv2.bitwise_and(ink, cv2.bitwise_not(ruled))
    # A piece of a rule beside a figure would be read as a stroke: 一, or a minus.
    paper = float(np.median(straight))
    bare = np.where(cv2.dilate(ruled, np.ones((3, 3), np.uint8)) > 0, np.uint8(paper), straight)
    return View(
        bare.astype(np.uint8),
        letters,
        tuple(Rule(y + h / 2, x, x + w) for x, y, w, h in _pieces(across, scale) if w > h),
        tuple(Rule(x + w / 2, y, y + h) for x, y, w, h in _pieces(down, scale) if h > w),
        scale,
        skew,
    )


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
    scale = page.scale
    x0, x1 = round((box.x0 + inset) * scale), round((box.x1 - inset) * scale)
    y0, y1 = round((box.top + inset) * scale), round((box.bottom - inset) * scale)
    ink = _without_specks(page.ink[max(0, y0) : y1, max(0, x0) : x1], scale)
    if not ink.size or not ink.any():
        return []
    lines = []
    for top, bottom in _bands(ink.any(axis=1), gap=max(1, round(0.7 * scale))):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        pad = max(2, round(1.5 * scale))
        t, b = max(0, y0 + top - pad), y0 + bottom + pad
        le, ri = max(0, x0 + left - pad), x0 + right + pad
        place = Box((x0 + left) / scale, (y0 + top) / scale, (x0 + right) / scale, (y0 + bottom) / scale)
        kept = np.zeros_like(page.ink)
        kept[y0 + top : y0 + bottom, max(0, x0) : x1] = ink[top:bottom]
        lines.append((place, _alone(page.grey[t:b, le:ri], kept[t:b, le:ri], scale)))
    return lines


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
