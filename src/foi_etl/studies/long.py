"""The long form of the panel: one row for each number, and no number twice.

What adds up stands in one table, and what is in it already in another: totals beside their parts, some of a
part, what stands over at the turn of a year, and reports that an aggregate speaks for too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.publish.across import Published
from foi_etl.publish.additions import Addition, Kept
from foi_etl.studies.panel import PANEL
from foi_etl.variables import Variable

if TYPE_CHECKING:
    from foi_etl.forms import Statute

LONG: Final = "panel_long"
AGAIN: Final = "panel_again"
_KEY: Final = ("agency_id", "year", "within")


def lengthened(seen: Published, statute: Statute) -> Iterator[Kept]:
    """Both tables of every year that has a panel."""
    counts = [one for one in statute.variables if not one.is_rate]
    yield from seen.added(partial(_of_year, counts=counts), seen.years)


def _of_year(seen: Published, year: int, counts: Sequence[Variable]) -> Iterator[Addition]:
    panel = seen.rows(PANEL, year, (*_KEY, *(one.id for one in counts)))
    once, again = [], []
    for one in counts:
        printed = panel.filter(pc.is_valid(panel[one.id]))
        relation, of = relation_of(one, counts)
        inside = pc.is_valid(printed["within"])
        if relation:
            again.append(_rows(printed, one, relation, of))
        else:
            once.append(_rows(printed.filter(pc.invert(inside)), one))
            again.append(_rows(printed.filter(inside), one, "within"))
    yield Addition(LONG, year, pa.concat_tables(once))
    yield Addition(AGAIN, year, pa.concat_tables(again))


def relation_of(one: Variable, counts: Sequence[Variable]) -> tuple[str, str]:
    """How a variable is in the others already, and in which of them; empty where it is not."""
    if one.some_of:
        return "some", one.some_of
    if one.stands:
        return "stands", ""
    return ("total", "") if any(other.part_of == one.id for other in counts) else ("", "")


def _rows(panel: pa.Table, one: Variable, relation: str = "", of: str = "") -> pa.Table:
    def always(word: str) -> pa.Array:
        return pa.array([word or None], pa.string()).take(pa.array(np.zeros(panel.num_rows, np.int64)))

    values: npt.NDArray[np.float64] = panel[one.id].to_numpy().astype(np.float64)
    columns = {
        "agency_id": panel["agency_id"],
        "year": panel["year"],
        "variable": always(one.id),
        "value": pa.array(values),
        "unit": always(one.unit),
        "part_of": always(one.part_of),
        "relation": always(relation),
        "counted_in": panel["within"] if relation == "within" else always(of),
        "within": panel["within"],
    }
    return pa.table(columns)
