"""Readings of one form, stacked: from there a long table and a wide one are only a question of shape.

A report has some 200 cells and a release some millions, so nothing here is done cell by cell in Python.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.errors import CannotRelease
from foi_etl.model import Fact, FormReading, Judged, State
from foi_etl.publish.parquet import arrow_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from foi_etl.forms import Form, Statute
    from foi_etl.publish.columns import Column
    from foi_etl.publish.layout import TableLayout

Floats = npt.NDArray[np.float64]

_CAPTURE_WORD = 12
_NUMBERS = [State.NUMBER.value, State.ZERO.value]
_EXACT = 2**53  # beyond this a float64 no longer holds every whole number


@dataclass(frozen=True, slots=True)
class Stack:
    """Readings of one form in reports of one year: one row of cells each, in the order of the form.

    The arrays hold a cell at a time, reading after reading. A text that is empty is null, but for `raw`,
    which is null only where there is no cell: what a page does not have was not printed empty.
    """

    year: int
    form: Form
    agencies: list[str]
    captures: list[str]
    value: Floats
    state: pa.Array
    raw: pa.Array
    unit: pa.Array
    at: pa.Array
    note: pa.Array
    agreed: pa.Array

    @property
    def height(self) -> int:
        """How many readings."""
        return len(self.agencies)

    @property
    def width(self) -> int:
        """How many cells each."""
        return len(self.form.cells)


def stacks(batch: Iterable[Judged], statute: Statute) -> list[Stack]:
    """Every reading of every report, put on the stack of its year and form; stacks in a stable order."""
    piles: dict[tuple[int, str, str], list[tuple[Judged, FormReading]]] = defaultdict(list)
    for judged in batch:
        for reading in judged.verdict.tables:
            piles[judged.report.year, reading.table, reading.edition].append((judged, reading))
    return [
        _stack(year, statute.form(table, edition), pile)
        for (year, table, edition), pile in sorted(piles.items(), key=itemgetter(0))
    ]


def _stack(year: int, form: Form, pile: Sequence[tuple[Judged, FormReading]]) -> Stack:
    facts = [fact for judged, reading in pile for fact in _in_order(form, judged, reading)]
    _, values, states, raws, units, ats, notes = zip(*facts, strict=True)
    state = pa.array(states, pa.string())
    gone = pc.equal(state, State.MISSING_CELL.value)
    return Stack(
        year=year,
        form=form,
        agencies=[judged.report.agency_id for judged, _ in pile],
        captures=[judged.capture.id for judged, _ in pile],
        value=np.array(values, dtype=np.float64),
        state=state.dictionary_encode(),
        raw=pc.if_else(gone, None, pa.array(raws, pa.string())).dictionary_encode(),
        unit=_said(units),
        at=_said(ats),
        note=_said(notes),
        agreed=pa.array(
            [reading.agreed.get(cell_id) for _, reading in pile for cell_id in form.cells], pa.bool_()
        ),
    )


def _in_order(form: Form, judged: Judged, reading: FormReading) -> Iterable[Fact]:
    """The facts of a reading in the order of its form; none is dropped to make it fit."""
    if reading.facts.keys() != form.cells.keys():
        raise CannotRelease(
            "a reading has other cells than its form; normalise gives each cell of the form, once",
            form=form.name,
            agency=judged.report.agency_id,
            year=judged.report.year,
            cells=sorted(reading.facts.keys() ^ form.cells.keys())[:5],
        )
    return map(reading.facts.__getitem__, form.cells)


def long(stack: Stack, layout: TableLayout) -> pa.Table:
    """One row per cell."""
    captures = _said(stack.captures)
    words = pc.utf8_slice_codeunits(captures.cast(pa.string()), 0, _CAPTURE_WORD)
    each = pa.array(np.repeat(np.arange(stack.height), stack.width))
    columns = {
        **_form_columns(stack),
        "agency_id": _said(stack.agencies).take(each),
        "year": pa.array(np.full(stack.value.size, stack.year)),
        "value": pa.array(stack.value, from_pandas=True),
        "state": stack.state,
        "raw": stack.raw,
        "unit": stack.unit,
        "note": stack.note,
        "agreed": stack.agreed,
        "at": stack.at,
        "cell": pc.binary_join_element_wise(words.take(each), stack.at.cast(pa.string()), "/"),
        "capture": captures.take(each),
    }
    return pa.table({column.name: columns[column.name] for column in layout.columns})


def wide(stack: Stack, layout: TableLayout) -> pa.Table:
    """One row per report and, where the form tells who asked, per applicant; one column per measure.

    The capture, which is not published in every wide table, stands behind the columns that are.
    """
    printed = pc.is_in(stack.state.cast(pa.string()), pa.array(_NUMBERS)).to_numpy(zero_copy_only=False)
    numbers = np.where(printed, stack.value, np.nan)
    keys = _wide_keys(stack)
    places = _places(stack.form)

    def column(one: Column) -> pa.Array:
        if one.name in keys:
            return keys[one.name]
        where = places.get(one.measure or one.unit_of)
        if where is None:
            return pa.nulls(len(keys["agency_id"]), arrow_type(one.type))
        cells = (np.arange(stack.height)[:, None] * stack.width + where).ravel()
        if one.unit_of:
            return stack.unit.take(pa.array(cells)).cast(pa.string())
        return _whole(numbers[cells]) if one.type == "int64" else pa.array(numbers[cells], from_pandas=True)

    return pa.table({one.name: column(one) for one in layout.columns} | {"capture": keys["capture"]})


def applicants(form: Form) -> list[str]:
    """Who asked, in the order of the form; one empty word where the form does not tell."""
    return list(dict.fromkeys(spec.applicant for spec in form.cells.values()))


def _form_columns(stack: Stack) -> dict[str, pa.Array]:
    """What the form alone says of a cell, the same for every reading."""
    specs = list(stack.form.cells.values())
    again = pa.array(np.tile(np.arange(stack.width), stack.height))
    return {
        "edition": _said([stack.form.edition] * stack.width).take(again),
        "table": _said([stack.form.table] * stack.width).take(again),
        "cell_id": _said([spec.id for spec in specs]).take(again),
        "measure": _said([spec.measure for spec in specs]).take(again),
        "applicant": _said([spec.applicant for spec in specs]).take(again),
        "is_total": pa.array([spec.is_total for spec in specs]).take(again),
    }


def _wide_keys(stack: Stack) -> dict[str, pa.Array]:
    asked = applicants(stack.form)
    totals = {spec.applicant for spec in stack.form.cells.values() if spec.applicant and spec.column.is_total}
    each = pa.array(np.repeat(np.arange(stack.height), len(asked)))
    rows = len(each)
    return {
        "agency_id": pa.array(stack.agencies, pa.string()).take(each),
        "capture": pa.array(stack.captures, pa.string()).take(each),
        "year": pa.array(np.full(rows, stack.year)),
        "edition": pa.array([stack.form.edition] * rows, pa.string()),
        "applicant": pa.array(asked * stack.height, pa.string()),
        "is_total": pa.array([one in totals for one in asked] * stack.height, pa.bool_()),
    }


def _places(form: Form) -> dict[str, list[int]]:
    """Where each measure's cells stand in a row of the stack, one per applicant."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, spec in enumerate(form.cells.values()):
        places[spec.measure].append(place)
    return places


def _whole(picked: Floats) -> pa.Array:
    """Counts as whole numbers; what is not whole has no place in a column of counts and stays in facts."""
    whole = (np.abs(picked) <= _EXACT) & (picked == np.floor(picked))
    return pa.array(np.where(whole, picked, 0).astype(np.int64), mask=~whole)


def _said(values: Sequence[str]) -> pa.DictionaryArray:
    """Texts, null where nothing is said; each different one is kept once."""
    texts = pa.array(values, pa.string())
    return pc.if_else(pc.equal(texts, ""), None, texts).dictionary_encode()
