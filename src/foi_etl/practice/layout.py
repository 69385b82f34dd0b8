"""A report's tables as rows of boxes, laid out as a style wants them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from foi_etl.forms import Block, Form, Label
from foi_etl.practice.boxes import Box, Row, body, depth, header, spans_of
from foi_etl.practice.styles import Style
from foi_etl.practice.wording import Wording

Sheet = list[Row]
_EXTRA = "其他主动公开文件"


def sheets(
    form: Form, printed: Mapping[str, str], style: Style, wording: Wording, rng: Random
) -> list[Sheet]:
    """The tables a form is printed as: one, or several where the style parts it."""
    parts: list[Sheet] = [[]]
    for block in form.blocks:
        if style.apart and parts[-1]:
            parts.append([])
        first, *rest = _block(form, block, printed, style, wording, rng)
        parts[-1] += first
        parts += rest
    if style.extra_row and form.layout == "blocks":
        parts[-1].append(_extra_row(parts[-1][-1]))
    return [[[*row, Box("", "empty")] for row in part] for part in parts] if style.empty_column else parts


def _block(
    form: Form, block: Block, printed: Mapping[str, str], style: Style, wording: Wording, rng: Random
) -> list[Sheet]:
    above_spans, spans = spans_of(form, block, style)
    top = header(block, above_spans, wording.header)
    caption = [Box(wording.label(block.heading), "caption", 1, sum(spans) + depth(block.rows))]
    above: Sheet = [caption, *top] if block.heading else top
    values = {(spec.row.id, spec.column.id): printed[spec.id] for spec in form.cells.values()}
    parts = _parts(form, block, style, rng)
    upper, *lower = (body(block, part, spans, values, wording.label) for part in parts)
    if style.cut:
        return [above + upper, *((top if style.cut == "header" else []) + rows for rows in lower)]
    return [sum(([*top, *rows] for rows in lower), above + upper)]


def _parts(form: Form, block: Block, style: Style, rng: Random) -> list[tuple[Label, ...]]:
    """The rows of a block, or the halves a page break leaves, each with its merged labels printed anew."""
    if form.layout != "ledger" or not (style.cut or style.repeat_header):
        return [block.rows]
    at = rng.randrange(4, len(block.rows) - 2)
    return [block.rows[:at], block.rows[at:]]


def _extra_row(last: Row) -> Row:
    width = sum(box.colspan for box in last)
    return [Box(_EXTRA, "label"), Box("3", "value", 1, width - 1)]
