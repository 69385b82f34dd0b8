"""What happens to a report before it is a file of any kind: its boxes, rows and labels come to harm.

A harm is a pure function of a flow and a source of chance; it gives the flow back and a sentence. Boxes of
figures know the cell they were printed for, so what the document prints in a cell afterwards can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from foi_etl.practice.kinds import harm_boxes as boxes
from foi_etl.practice.kinds import harm_tables as tables
from foi_etl.practice.kinds.flowing import Flow, Harmed

Harm = Callable[[Flow, Random], Harmed]
HARMS: Final[Mapping[str, Harm]] = {
    harm.__name__: harm
    for harm in (
        boxes.cell_deleted,
        boxes.cell_added,
        boxes.cell_blanked,
        boxes.merge_broken,
        boxes.boxes_merged,
        boxes.lookalike,
        boxes.digit_retyped,
        boxes.point_inserted,
        boxes.wide_digits,
        boxes.units_added,
        boxes.thousands,
        boxes.label_mangled,
        boxes.label_of_another,
        tables.nth_cells_deleted,
        tables.column_deleted,
        tables.column_added,
        tables.row_deleted,
        tables.row_doubled,
        tables.rows_swapped,
        tables.figures_swapped,
        tables.row_shifted,
        tables.column_shifted,
        tables.cut_off,
        tables.header_lost,
        tables.table_between,
        tables.table_cut,
        tables.tables_reordered,
    )
}
STATED: Final = frozenset({"digit_retyped", "figures_swapped"})
"""Harm after which the document itself states another number: whoever reads it right reads that one."""
