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
_LINE: Final = 14.0
_PAD: Final = 3.0


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

    ruled: bool = True
    start: float = 0.0
    """How much of the first page is left empty: it decides where pages break."""
    numbered: bool = True
    """Whether pages carry their number."""
    repeat_header: int = 0
    """How many rows of a table are printed again on top of the next page."""


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
    edges = _edges(placed, columns)
    heights = _heights(placed, edges, len(sheet))
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


def _edges(placed: Sequence[_Placed], columns: int) -> list[float]:
    """Columns of figures as wide as their widest figure; labels share the rest."""
    figures, labels = [0.0] * columns, [0.0] * columns
    for _, column, box in placed:
        if box.colspan == 1 and box.kind == "value":
            figures[column] = max(figures[column], wide(box.text) + 2 * _PAD + 1)
        elif box.colspan == 1:
            labels[column] = max(labels[column], min(110.0, wide(box.text) / (1 + (box.rowspan > 1))))
    room = WIDTH - 2 * _MARGIN - sum(max(one, 22.0) for one in figures)
    scale = room / (sum(labels) or 1.0)
    edges = [_MARGIN]
    for figure, label in zip(figures, labels, strict=True):
        edges.append(edges[-1] + max(figure, 22.0) + label * scale)
    return edges


def _heights(placed: Sequence[_Placed], edges: Sequence[float], rows: int) -> list[float]:
    heights = [_LINE + 2 * _PAD] * rows
    for row, column, box in sorted(placed, key=lambda one: one.box.rowspan):
        lines = len(list(_wrapped(box.text, _SIZE, edges[column + box.colspan] - edges[column] - 2 * _PAD)))
        missing = lines * _LINE + 2 * _PAD - sum(heights[row : row + box.rowspan])
        if missing > 0 and (box.rowspan == 1 or box.kind == "header"):
            heights[row + box.rowspan - 1] += missing
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
        if setting.ruled:
            leaf.rules += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
        texts = list(_wrapped(box.text, _SIZE, x1 - x0 - 2 * _PAD))
        before = max(0, int((sum(heights[row:start]) - _PAD) / _LINE)) if start > row else 0
        room = max(1, int((y1 - y0 - _PAD) / _LINE))
        shown = texts[before : before + room] if row + box.rowspan > last else texts[before:]
        at = y0 + max(_PAD, (y1 - y0 - len(shown) * _LINE) / 2)
        for text in shown:
            x = x0 + _PAD if box.kind == "label" else (x0 + x1 - wide(text)) / 2
            leaf.texts.append(Text(x, at, _SIZE, text))
            at += _LINE
