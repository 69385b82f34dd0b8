"""Tables as text: as Word leaves them when it is saved so, and as they are copied out of a browser."""

from __future__ import annotations

from foi_etl.practice.boxes import Box
from foi_etl.practice.layout import Sheet
from foi_etl.practice.wording import Wording


def row_lines(sheet: Sheet, wording: Wording) -> str:
    """Each row a line, a TAB between its boxes; what hangs down from above is not said again."""
    return "\n".join("\t".join(_said(box, wording) for box in row) for row in sheet)


def flat_table(sheet: Sheet, wording: Wording) -> str:
    """Each box a line opened by a TAB; merged across, once; merged downwards, empty in every further row."""
    waiting: dict[int, tuple[int, int]] = {}
    lines: list[str] = []
    for row in sheet:
        column, boxes, texts = 0, list(row), []
        while boxes or column in waiting:
            if column in waiting:
                rows, width = waiting.pop(column)
                texts.append("")
            else:
                box = boxes.pop(0)
                rows, width = box.rowspan, box.colspan
                texts.append(_said(box, wording))
            if rows > 1:
                waiting[column] = (rows - 1, width)
            column += width
        lines += ["\n".join(f"\t{text}" for text in texts), ""]
    return "\n".join(lines)


def _said(box: Box, wording: Wording) -> str:
    return wording.value(box.text) if box.kind == "value" else box.text
