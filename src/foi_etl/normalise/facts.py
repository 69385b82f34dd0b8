"""Placed cells to facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from foi_etl.forms import CellSpec, Form
from foi_etl.model import Cell, Fact, Finding, FormReading, Placement, State, Weight
from foi_etl.normalise.corrections import Correction, corrected
from foi_etl.normalise.grammar import read_number

_NO_NUMBER: Final = (State.TEXT, State.UNREADABLE)


def read_placement(
    placement: Placement, form: Form, corrections: Mapping[str, Correction]
) -> tuple[FormReading, tuple[Finding, ...]]:
    """A fact for every cell of the form, and a finding for each that holds no number it should hold.

    `corrections` are those of this document, by cell address. The unit of a fact is the one printed in
    the cell, failing that the header's, failing that the form's.
    """
    facts: dict[str, Fact] = {}
    findings: list[Finding] = []
    for cell_id, spec in form.cells.items():
        cell = placement.cells.get(cell_id)
        if cell is None:
            facts[cell_id] = _absent(cell_id, placement)
            continue
        fact = _fact(cell, spec, placement.units.get(cell_id, ""), corrections)
        facts[cell_id] = fact
        if fact.state in _NO_NUMBER:
            findings.append(_unread(fact, spec, form))
    return FormReading(form.table, form.edition, facts), tuple(findings)


def _fact(cell: Cell, spec: CellSpec, header_unit: str, corrections: Mapping[str, Correction]) -> Fact:
    at = cell.at
    raw = corrected(at, cell.text, corrections) if corrections else cell.text
    state, value, unit, note = read_number(raw, spec.type)
    return Fact(spec.id, value, state, cell.text, unit or header_unit or spec.unit, at, note)


def _absent(cell_id: str, placement: Placement) -> Fact:
    withheld = placement.withheld.get(cell_id)
    state = State.MISSING_CELL if withheld is None else State.UNREADABLE
    return Fact(cell_id, None, state, "", "", withheld or "")


def _unread(fact: Fact, spec: CellSpec, form: Form) -> Finding:
    message = f"{spec.label}: {fact.raw[:80]!r} is not a number; no value is published"
    return Finding(
        "cell-unread", Weight.BLOCK, message, form.table, form.edition, (fact.cell_id,), (fact.at,)
    )
