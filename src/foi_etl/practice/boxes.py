"""A form laid out as rows of boxes, with the spans its merged labels ask for; every label is the form's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import lcm
from typing import NamedTuple

from foi_etl.forms import Block, Form, Label
from foi_etl.practice.styles import Style

_SKEWED = 4
"""Columns of the page that three columns of a block share unevenly."""


class Box(NamedTuple):
    """One box of a printed table."""

    text: str
    kind: str
    """caption, header, label or value."""
    rowspan: int = 1
    colspan: int = 1
    cell: str = ""
    """Of a value: the cell of the form it was printed for, whatever happens to the box later."""


Row = list[Box]
Values = Mapping[tuple[str, str], str]
"""What is printed, by row and column."""
Say = Callable[[str, Sequence[str]], str]
"""How a label is printed, given its text and its other names."""


class _Merged(NamedTuple):
    """A label in a tree of merged labels: where it begins, and how far it reaches along and down the tree."""

    label: Label | None
    text: str
    level: int
    start: int
    along: int
    deep: int


def depth(labels: Sequence[Label]) -> int:
    """How many labels stand above one another at most; none where no label is printed."""
    return max(len(label.path) + 1 for label in labels) if any(label.text for label in labels) else 0


def _merge(labels: Sequence[Label], deepest: int) -> Iterator[_Merged]:
    paths = [(*label.path, label.text) for label in labels]
    for start, (label, path) in enumerate(zip(labels, paths, strict=True)):
        for level in range(len(label.path)):
            prefix = path[: level + 1]
            if start == 0 or paths[start - 1][: level + 1] != prefix:
                along = next((i for i, other in enumerate(paths[start:]) if other[: level + 1] != prefix), 0)
                yield _Merged(None, path[level], level, start, along or len(paths) - start, 1)
        if deepest:
            yield _Merged(label, label.text, len(label.path), start, 1, deepest - len(label.path))


def header(block: Block, spans: Sequence[int], say: Say) -> list[Row]:
    """The header rows of a block: the corner and the tree of column labels."""
    rows: list[Row] = [[] for _ in range(depth(block.columns))]
    side = depth(block.rows)
    if side:
        rows[0].append(Box(say(block.corner, ()), "header", len(rows), side))
    for one in _merge(block.columns, len(rows)):
        width = sum(spans[one.start : one.start + one.along])
        rows[one.level].append(Box(_say(one, say), "header", one.deep, width))
    return rows


def body(block: Block, part: Sequence[Label], spans: Sequence[int], printed: Values, say: Say) -> list[Row]:
    """Rows of a block, all of them or a part: the tree of row labels, and the values by row and column."""
    rows: list[Row] = [[] for _ in part]
    for one in _merge(part, depth(block.rows)):
        rows[one.start].append(Box(_say(one, say), "label", one.along, one.deep))
    for row, label in zip(rows, part, strict=True):
        for column, span in zip(block.columns, spans, strict=True):
            row.append(Box(printed[label.id, column.id], "value", 1, span))
    return rows


def _say(one: _Merged, say: Say) -> str:
    return say(one.text, one.label.variants if one.label else ())


def spans_of(form: Form, block: Block, style: Style) -> tuple[list[int], list[int]]:
    """How many columns of the page each column of a block takes, in its header and in its rows.

    All blocks are equally wide. Real pages have tables whose headers and rows do not meet: what they
    say is then told by order alone.
    """
    columns, most = len(block.columns), max(len(each.columns) for each in form.blocks)
    if style.skewed and form.layout == "blocks":
        even = [_SKEWED // columns] * columns
        return (even, even) if sum(even) == _SKEWED else ([1, 2, 1], [2, 1, 1])
    if style.uneven:
        spans = [1] * (columns - 1) + [most - columns + 1]
    else:
        spans = [lcm(*(len(each.columns) for each in form.blocks)) // columns] * columns
    return spans, spans
