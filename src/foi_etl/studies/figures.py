"""What the reports of one year print, cell by cell, each an array over the agencies that owe one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.publish.across import Published

if TYPE_CHECKING:
    from foi_etl.forms import Statute

FORMS: Final = ("s", "t2", "t3", "t4")
COUNTS: Final = (
    "held_blank_zero", "failed_blank_zero", "untestable_blank_zero", "cells_agreed", "cells_differ",
    "findings_block", "findings_doubt", "findings_note",
)  # fmt: skip
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]


class Year:
    """What the reports of a year print, in the order of the agencies that owe."""

    def __init__(
        self, seen: Published, year: int, listed: pa.Array, places: Mapping[str, tuple[str, str, str]]
    ) -> None:
        self._seen, self._year, self._listed, self._where = seen, year, listed, places
        self.height = len(listed)
        self._wide: dict[str, pa.Table] = {}
        self._of: dict[tuple[str, str], tuple[pa.Table, npt.NDArray[np.int64]]] = {}
        there = year in seen.years
        wanted = [
            "agency_id",
            "agency_name",
            "scope",
            "scope_confidence",
            *(f"edition_{form}" for form in FORMS),
            *COUNTS,
        ]
        self.reports = seen.rows("reports", year, wanted) if there else None
        self._drawn = self._inferences() if there else {}
        self.rows = self._rows(self.reports["agency_id"]) if self.reports else None

    def word(self, name: str) -> Objects:
        """A word of `reports`; None where there is no report."""
        made = np.full(self.height, None, object)
        if self.reports is not None:
            made[self.rows] = self.reports[name].to_pylist()
        return made

    def number(self, name: str) -> Floats:
        """A count of `reports`, or what is printed in a cell, or else follows from what is printed."""
        if name in COUNTS:
            return self._placed(self.reports, name, self.rows)
        form, measure, applicant = self._where[name]
        return self._cell(name, form, measure, applicant)

    def told(self, fact: str) -> Floats:
        """The one figure that a report's sentences state of a fact; NaN for none, or for several."""
        made = np.full(self.height, np.nan)
        if self.reports is None:
            return made
        said = self._seen.rows("narrative", self._year, ["agency_id", "fact", "value", "approximate"])
        said = said.filter(pc.equal(said["fact"].cast(pa.string()), fact))
        one = said.group_by("agency_id").aggregate([("value", "min"), ("value", "max")])
        same = one.filter(pc.equal(one["value_min"], one["value_max"]))
        made[self._rows(same["agency_id"])] = same["value_min"].to_numpy()
        return made

    def _cell(self, name: str, form: str, measure: str, applicant: str) -> Floats:
        if self.reports is None:
            return np.full(self.height, np.nan)
        if (form, applicant) not in self._of:
            self._of[form, applicant] = self._applicant(form, applicant)
        rows, places = self._of[form, applicant]
        made = self._placed(rows, measure, places)
        at, value = self._drawn.get(name, (np.array([], np.int64), np.array([])))
        blank = np.isnan(made[at])
        made[at[blank]] = value[blank]
        return made

    def _applicant(self, form: str, applicant: str) -> tuple[pa.Table, npt.NDArray[np.int64]]:
        """The rows of a wide table, of one applicant where it tells them apart, and whose each is."""
        if form not in self._wide:
            layout = next(one for one in self._seen.layout.tables.values() if one.form == form)
            self._wide[form] = self._seen.rows(layout.name, self._year)
        rows = self._wide[form]
        if applicant:
            rows = rows.filter(pc.equal(rows["applicant"].cast(pa.string()), applicant))
        return rows, self._rows(rows["agency_id"])

    def _placed(self, rows: pa.Table | None, name: str, at: npt.NDArray[np.int64] | None) -> Floats:
        made = np.full(self.height, np.nan)
        if rows is not None and at is not None:
            made[at] = rows[name].cast(pa.float64()).to_numpy()
        return made

    def _inferences(self) -> dict[str, tuple[npt.NDArray[np.int64], Floats]]:
        drawn = self._seen.rows("inferences", self._year, ["agency_id", "cell_id", "value"])
        if not drawn.num_rows:
            return {}
        at, value = self._rows(drawn["agency_id"]), drawn["value"].to_numpy()
        cells = drawn["cell_id"].cast(pa.string()).combine_chunks().dictionary_encode()
        order = np.argsort(cells.indices, kind="stable")
        known, starts = np.unique(cells.indices.to_numpy()[order], return_index=True)
        names = cells.dictionary.to_pylist()
        return {
            names[cell]: (at[some], value[some])
            for cell, some in zip(known, np.split(order, starts[1:]), strict=True)
        }

    def _rows(self, agencies: pa.ChunkedArray) -> npt.NDArray[np.int64]:
        found = pc.index_in(agencies.cast(pa.string()), value_set=self._listed)
        return np.asarray(found.to_numpy(), dtype=np.int64)


def places(statute: Statute) -> dict[str, tuple[str, str, str]]:
    """Of every cell: its form, its measure and its applicant."""
    return {
        spec.id: (form.table, spec.measure, spec.applicant)
        for form in statute.forms
        for spec in form.cells.values()
    }
