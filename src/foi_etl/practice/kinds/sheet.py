"""A flow set on pages: where each line of text and each rule stands. Points, from the top left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from foi_etl.practice.boxes import Box
from foi_etl.practice.layout import Sheet

WIDTH: Final = 595.0
HEIGHT: Final = 842.0
_MARGIN: Final = 72.0
_SIZE: Final = 10.0
_DOT: Final = 2.4
"""From one dot of a rule to the next."""


class Text(NamedTuple):
    """A line of text: its left end, its top, its size."""

    x: float
    top: float
    size: float
    said: str


@dataclass
class Leaf:
    """One page: its text and its rules, each from one point to another."""

    texts: list[Text] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a flow is set."""

    rules: str = "all"
    """all; dotted: all, in dots; across: only those between rows; frame: only the outermost; none."""
    start: float = 0.0
    """How much of the first page is left empty: it decides where pages break."""
    numbered: bool = True
    """Whether pages carry their number."""
    repeat_header: int = 0
    """How many rows of a table are printed again on top of the next page."""
    size: float = _SIZE
    """Of the letters of tables, in points."""
    line: float = 1.4
    """From one line of a box to the next, in letters."""
    pad: float = 3.0
    """Points between a box's side and what it says."""
    align: str = "centre"
    """Where figures and headers stand in their boxes: centre, left or right."""
    top: bool = False
    """Whether what a box says begins at its upper side, not in its middle."""
    upright: bool = False
    """Whether the headers of narrow columns are set from top to bottom."""
    note: str = ""
    """What every page prints above everything else."""

    @property
    def pitch(self) -> float:
        """From one line of a box to the next, in points."""
        return self.line * self.size


class _Placed(NamedTuple):
    row: int
    column: int
    box: Box


def wide(text: str, size: float = _SIZE) -> float:
    """How wide a text is: a Chinese character is as wide as it is high, others half of that."""
    return sum(size if ord(letter) > 0x2FF else size / 2 for letter in text)


def set_pages(flow: Iterable[str | Sheet], setting: Setting = Setting()) -> list[Leaf]:
    """The pages of a flow. A table that does not fit goes on on the next page, whatever row it is in."""
    leaves = [Leaf()]
    top = _MARGIN + setting.start
    for number, part in enumerate(flow):
        if isinstance(part, str):
            size = 16.0 if number == 0 else 12.0
            for at, line in enumerate(
                _wrapped(("" if number == 0 else "\u3000\u3000") + part, size, WIDTH - 2 * _MARGIN)
            ):
                if top + 2 * size > HEIGHT - _MARGIN:
                    leaves.append(Leaf())
                    top = _MARGIN
                indent = line.startswith("\u3000\u3000") and at == 0
                x = (WIDTH - wide(line, size)) / 2 if number == 0 else _MARGIN + (2 * size if indent else 0)
                leaves[-1].texts.append(Text(x, top, size, line.strip()))
                top += 1.6 * size
        else:
            top = _set_table(part, leaves, top + 6, setting) + 12
    for number, leaf in enumerate(leaves, 1):
        if setting.note:
            leaf.texts.append(Text(_MARGIN, 45, 9, setting.note))
        if setting.numbered:
            leaf.texts.append(Text(WIDTH / 2 - 10, HEIGHT - 45, 10.5, f"- {number} -"))
    return leaves


def _wrapped(text: str, size: float, width: float) -> Iterator[str]:
    for paragraph in text.split("\n"):
        line = ""
        for letter in paragraph:
            if line and wide(line + letter, size) > width:
                yield line
                line = ""
            line += letter
        yield line


def _set_table(sheet: Sheet, leaves: list[Leaf], top: float, setting: Setting) -> float:
    placed = list(_placed(sheet))
    columns = max(one.column + one.box.colspan for one in placed)
    edges = _edges(placed, columns, setting)
    heights = _heights(placed, edges, len(sheet), setting)
    again = heights[: setting.repeat_header]
    first = 0
    while first < len(sheet):
        last, bottom = first, top
        repeated = sum(again) if first and again else 0.0
        while last < len(sheet) and bottom + repeated + heights[last] <= HEIGHT - _MARGIN:
            bottom += heights[last]
            last += 1
        if last == first or (first == 0 and last <= setting.repeat_header):
            leaves.append(Leaf())
            top = _MARGIN
            continue
        if repeated:
            head = [one for one in placed if one.row < setting.repeat_header]
            _draw(head, 0, setting.repeat_header, edges, heights, top, leaves[-1], setting)
        _draw(placed, first, last, edges, heights, top + repeated, leaves[-1], setting)
        top, first = bottom + repeated, last
    return top


def _placed(sheet: Sheet) -> Iterator[_Placed]:
    hanging: dict[int, int] = {}
    for number, row in enumerate(sheet):
        column, opened = 0, dict[int, int]()
        for box in row:
            while column in hanging:
                column += 1
            yield _Placed(number, column, box)
            if box.rowspan > 1:
                opened.update(dict.fromkeys(range(column, column + box.colspan), box.rowspan - 1))
            column += box.colspan
        hanging = {at: left - 1 for at, left in hanging.items() if left > 1} | opened


def _edges(placed: Sequence[_Placed], columns: int, setting: Setting) -> list[float]:
    """Columns of figures as wide as their widest figure; labels share the rest."""
    figures, labels = [0.0] * columns, [0.0] * columns
    size, least = setting.size, setting.size + 2 * setting.pad + 6
    for _, column, box in placed:
        if box.colspan == 1 and box.kind == "value":
            figures[column] = max(figures[column], wide(box.text, size) + 2 * setting.pad + 1)
        elif box.colspan == 1:
            labels[column] = max(labels[column], min(110.0, wide(box.text, size) / (1 + (box.rowspan > 1))))
    room = WIDTH - 2 * _MARGIN - sum(max(one, least) for one in figures)
    scale = room / (sum(labels) or 1.0)
    edges = [_MARGIN]
    for figure, label in zip(figures, labels, strict=True):
        edges.append(edges[-1] + max(figure, least) + label * scale)
    return edges


def _heights(placed: Sequence[_Placed], edges: Sequence[float], rows: int, setting: Setting) -> list[float]:
    heights = [setting.pitch + 2 * setting.pad] * rows
    for row, column, box in sorted(placed, key=lambda one: one.box.rowspan):
        lines = len(_lines(box, edges[column + box.colspan] - edges[column], setting))
        end = min(row + box.rowspan, rows)
        missing = lines * setting.pitch + 2 * setting.pad - sum(heights[row:end])
        if missing > 0 and (box.rowspan == 1 or box.kind == "header"):
            heights[end - 1] += missing
    return heights


def _draw(
    placed: Iterable[_Placed],
    first: int,
    last: int,
    edges: Sequence[float],
    heights: Sequence[float],
    top: float,
    leaf: Leaf,
    setting: Setting,
) -> None:
    """The rows of a table on one page. A merged label goes on on the next where it was cut."""
    for row, column, box in placed:
        start, end = max(row, first), min(row + box.rowspan, last)
        if start >= end:
            continue
        x0, x1 = edges[column], edges[column + box.colspan]
        y0, y1 = top + sum(heights[first:start]), top + sum(heights[first:end])
        leaf.rules += _sides(x0, y0, x1, y1, edges, setting)
        texts = _lines(box, x1 - x0, setting)
        before = max(0, int((sum(heights[row:start]) - setting.pad) / setting.pitch)) if start > row else 0
        room = max(1, int((y1 - y0 - setting.pad) / setting.pitch))
        shown = texts[before : before + room] if row + box.rowspan > last else texts[before:]
        spare = 0.0 if setting.top else (y1 - y0 - len(shown) * setting.pitch) / 2
        at = y0 + max(setting.pad, spare)
        for text in shown:
            leaf.texts.append(Text(_left(text, box, x0, x1, setting), at, setting.size, text))
            at += setting.pitch


def _sides(
    x0: float, y0: float, x1: float, y1: float, edges: Sequence[float], setting: Setting
) -> list[tuple[float, float, float, float]]:
    """The rules around a box, as far as they are drawn."""
    across = [(x0, y0, x1, y0), (x0, y1, x1, y1)]
    down = [(x0, y0, x0, y1), (x1, y0, x1, y1)]
    if setting.rules == "frame":
        return [side for side in down if side[0] in (edges[0], edges[-1])]
    if setting.rules == "dotted":
        return [dot for side in across + down for dot in _dots(*side)]
    return {"all": across + down, "across": across}.get(setting.rules, [])


def _dots(x0: float, y0: float, x1: float, y1: float) -> Iterator[tuple[float, float, float, float]]:
    """A side as dots. It runs across or down, and so does each of them."""
    many = int(max(x1 - x0, y1 - y0) / _DOT)
    right, below = (_DOT, 0.0) if x1 > x0 else (0.0, _DOT)
    for at in range(many + 1):
        x, y = x0 + at * right, y0 + at * below
        yield x, y, x + right / 3, y + below / 3


def _lines(box: Box, width: float, setting: Setting) -> list[str]:
    """What a box says, line by line; a narrow header letter by letter."""
    if setting.upright and box.kind == "header" and width < 6 * setting.size:
        return list(box.text)
    return list(_wrapped(box.text, setting.size, width - 2 * setting.pad))


def _left(text: str, box: Box, x0: float, x1: float, setting: Setting) -> float:
    """Where a line of a box begins."""
    if box.kind == "label" or setting.align == "left":
        return x0 + setting.pad
    if setting.align == "right":
        return x1 - setting.pad - wide(text, setting.size)
    return (x0 + x1 - wide(text, setting.size)) / 2
