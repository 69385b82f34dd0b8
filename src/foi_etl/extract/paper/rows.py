"""The rows of a table without rules: where its labels stand, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from foi_etl.extract.paper.headers import Header, printed
from foi_etl.extract.paper.ink import Ink, joined, lines, said
from foi_etl.extract.paper.loose import Piece, middle
from foi_etl.extract.paper.strip import Strip
from foi_etl.extract.paper.trace import Trace
from foi_etl.forms import Block, Form, Label
from foi_etl.text import label_key, squash

NEAR: Final = 0.35
"""Of a letter's height: how far above or beneath its label a figure may stand."""
_FEW: Final = 3
"""Labels of so few rows may stand in a sentence of their own by chance."""
_CLOSING: Final = frozenset("”’）)》」』。；;，,、")


class Row(NamedTuple):
    """A label of a row, and where on each page it stands."""

    label: Label | None
    trace: Trace
    spans: tuple[tuple[float, float], ...]
    tall: float


def rows_of(form: Form, found: Sequence[tuple[Block, Sequence[Header]]], strip: Strip) -> list[Row]:
    """The labels of the rows from the top: the longest series that stands in the order of the form."""
    candidates: list[Row] = []
    for block, instances in found:
        if not instances:
            continue
        top = min(one.leaves[0].box.bottom for one in instances)
        edge = max(one.leaves[0].box.x1 for one in instances)
        candidates.extend(
            _row(label, trace, strip)
            for label in block.rows
            for trace in strip.letters.traces((label.text, *label.variants))
            if trace.box.x1 <= edge and trace.middle > top
        )
    order = {row.id: at for at, row in enumerate(row for block in form.blocks for row in block.rows)}
    series = _series(candidates, order)
    again = {row.label.id for row in candidates if row.label and all(row is not one for one in series)}
    # Two reports in one document: none of them is chosen.
    return [] if 2 * len(again) > len(series) > _FEW else series


def _series(candidates: Sequence[Row], order: dict[str, int]) -> list[Row]:
    """The longest series of rows, each beneath the one before and later in the form."""
    rows = sorted(candidates, key=lambda row: row.trace.box.top)
    best: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        length, before = 1, -1
        for other, above in enumerate(rows[:at]):
            earlier = _place(above, order) < _place(row, order)
            beneath = above.trace.box.bottom <= row.trace.box.top + 1
            if earlier and beneath and best[other][0] >= length:
                length, before = best[other][0] + 1, other
        best.append((length, before))
    series: list[Row] = []
    at = max(range(len(rows)), key=lambda one: best[one][0], default=-1)
    while at >= 0:
        series.append(rows[at])
        at = best[at][1]
    return series[::-1]


def _place(row: Row, order: dict[str, int]) -> int:
    return order[row.label.id] if row.label else -1


def _row(label: Label | None, trace: Trace, strip: Strip) -> Row:
    pages: dict[int, list[Ink]] = {}
    for ink in (*trace.inks, *_stops(trace, strip)):
        pages.setdefault(strip.page(ink.middle), []).append(ink)
    spans = tuple((min(i.top for i in inks), max(i.bottom for i in inks)) for inks in pages.values())
    return Row(label, trace, spans, max(ink.bottom - ink.top for ink in trace.inks))


def _stops(trace: Trace, strip: Strip) -> list[Ink]:
    """The stops that closed a label on a line of their own beneath it."""
    tall = max(ink.bottom - ink.top for ink in trace.inks)
    beneath = [
        ink
        for ink in strip.letters.between(trace.box.bottom, trace.box.bottom + 1.5 * tall)
        if trace.box.x0 - 2 * tall <= ink.x0 <= trace.box.x1
    ]
    first = [ink for ink in beneath if ink.top - min(one.top for one in beneath) < tall / 2]
    return first if all(ink.text in _CLOSING for ink in first) else []


def claimants(piece: Piece, rows: Iterable[Row]) -> list[Row]:
    """The rows a piece stands in: strictly, or where it is in none, by a hair."""
    heights = (middle(piece), (piece[0].top + piece[0].bottom) / 2)
    for at, near in ((at, near) for near in (0.0, NEAR) for at in heights):
        found = [
            row
            for row in rows
            if any(top - near * row.tall <= at <= bottom + near * row.tall for top, bottom in row.spans)
        ]
        if found:
            return found
    return []


def label_of(row: Row, strip: Strip) -> str:
    """What a row's label says, as it is printed; as the form has it where ink of others is mixed in."""
    if row.label is None:
        return squash(joined(map(said, lines(row.trace.inks))))
    text = printed(row.trace, strip.letters)
    return text if label_key(text) in row.label.keys else row.label.text
