"""Readings of one form, stacked: from there a long table and a wide one are only a question of shape.

A report has some 200 cells and a release some millions, so nothing here is done cell by cell in Python.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, cast

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
    from foi_etl.publish.layout import Column, TableLayout

Floats = npt.NDArray[np.float64]

_CAPTURE_WORD = 12
_EXACT = 2**53  # beyond this a float64 no longer holds every whole number


@dataclass(frozen=True, slots=True)
class Stack:
    """Readings of one form in reports of one year: one row of cells each, in the order of the form."""

    year: int
    form: Form
    agencies: list[str]
    captures: list[str]
    facts: list[Fact]

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
    in_order = itemgetter(*form.cells)
    facts: list[Fact] = []
    for judged, reading in pile:
        if reading.facts.keys() != form.cells.keys():
            raise CannotRelease(
                "a reading has other cells than its form; normalise gives each cell of the form, once",
                form=form.name,
                agency=judged.report.agency_id,
                year=year,
                cells=sorted(reading.facts.keys() ^ form.cells.keys())[:5],
            )
        facts.extend(cast("tuple[Fact, ...]", in_order(reading.facts)))
    agencies = [judged.report.agency_id for judged, _ in pile]
    return Stack(year, form, agencies, [judged.capture.id for judged, _ in pile], facts)


def long(stack: Stack, layout: TableLayout) -> pa.Table:
    """One row per cell."""
    _, values, states, raws, units, ats, notes = zip(*stack.facts, strict=True)
    at = _text(one or None for one in ats)
    gone = pc.equal(_text(states), State.MISSING_CELL.value)
    captures = _text(stack.captures)
    words = pc.utf8_slice_codeunits(captures.cast(pa.string()), 0, _CAPTURE_WORD)
    each = pa.array(np.repeat(np.arange(stack.height), stack.width))
    columns = {
        **_form_columns(stack),
        "agency_id": _text(stack.agencies).take(each),
        "year": pa.array(np.full(len(stack.facts), stack.year)),
        "value": pa.array(_floats(values), from_pandas=True),
        "state": _text(states),
        "raw": _text(raws) if not pc.any(gone).as_py() else _hide(raws, gone),
        "unit": _text(one or None for one in units),
        "note": _text(one or None for one in notes),
        "at": at,
        "cell": pc.binary_join_element_wise(words.take(each), at.cast(pa.string()), "/"),
        "capture": captures.take(each),
    }
    return pa.table({column.name: columns[column.name] for column in layout.columns})


def wide(stack: Stack, layout: TableLayout) -> pa.Table:
    """One row per report and, where the form tells who asked, per applicant; one column per measure."""
    _, values, states, _, units, _, _ = zip(*stack.facts, strict=True)
    printed = np.fromiter((state in (State.NUMBER, State.ZERO) for state in states), bool, len(states))
    numbers = np.where(printed, _floats(values), np.nan).reshape(stack.height, stack.width)
    printed_units = np.array([unit or None for unit in units], dtype=object).reshape(
        stack.height, stack.width
    )
    keys = _wide_keys(stack)
    places = _places(stack.form)

    def column(one: Column) -> pa.Array:
        where = places.get(one.measure or one.unit_of)
        if one.name in keys:
            return keys[one.name]
        if where is None:
            return pa.nulls(len(keys["agency_id"]), arrow_type(one.type))
        if one.unit_of:
            return pa.array(printed_units[:, where].ravel(), pa.string())
        picked = numbers[:, where].ravel()
        return _whole(picked) if one.type == "int64" else pa.array(picked, from_pandas=True)

    return pa.table({one.name: column(one) for one in layout.columns})


def applicants(form: Form) -> list[str]:
    """Who asked, in the order of the form; one empty word where the form does not tell."""
    return list(dict.fromkeys(spec.applicant for spec in form.cells.values()))


def _form_columns(stack: Stack) -> dict[str, pa.Array]:
    """What the form alone says of a cell, the same for every reading."""
    specs = list(stack.form.cells.values())
    again = pa.array(np.tile(np.arange(stack.width), stack.height))
    return {
        "edition": _text([stack.form.edition] * stack.width).take(again),
        "table": _text([stack.form.table] * stack.width).take(again),
        "cell_id": _text(spec.id for spec in specs).take(again),
        "measure": _text(spec.measure for spec in specs).take(again),
        "applicant": _text(spec.applicant or None for spec in specs).take(again),
        "is_total": pa.array([spec.is_total for spec in specs]).take(again),
    }


def _wide_keys(stack: Stack) -> dict[str, pa.Array]:
    asked = applicants(stack.form)
    totals = {spec.applicant for spec in stack.form.cells.values() if spec.applicant and spec.column.is_total}
    each = pa.array(np.repeat(np.arange(stack.height), len(asked)))
    rows = len(each)
    return {
        "agency_id": pa.array(stack.agencies, pa.string()).take(each),
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


def _floats(values: Sequence[object]) -> Floats:
    return np.array(values, dtype=np.float64)


def _hide(raws: Iterable[str], gone: pa.Array) -> pa.Array:
    """What a page does not have was not printed empty."""
    return _text(None if absent else raw for raw, absent in zip(raws, gone.to_pylist(), strict=True))


def _text(values: Iterable[str | None]) -> pa.DictionaryArray:
    return pa.array(list(values), pa.string()).dictionary_encode()
