"""What a single fact, or a row of them, gives reason to doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from foi_etl.forms import CellSpec, Form
from foi_etl.model import Fact, Finding, FormReading, State, Weight

_MONEY: Final = frozenset({"元", "万元", "亿元"})


def value_types(form: Form, reading: FormReading) -> Iterator[Finding]:
    """Counts are whole and not negative, and are not counted in money (N0 of the domain)."""
    for cell_id, fact in reading.facts.items():
        value = fact.value
        if value and (why := _wrong_type(fact, form.cells[cell_id])):
            message = f"{form.cells[cell_id].label}: {fact.raw!r} {why}"
            yield Finding(
                "value-type", Weight.DOUBT, message, form.table, form.edition, (cell_id,), (fact.at,)
            )


def _wrong_type(fact: Fact, spec: CellSpec) -> str:
    value = fact.value
    if value is None:
        return ""
    if value < 0 and spec.type != "signed_int":
        return "is negative, which a count cannot be"
    if spec.type != "decimal" and fact.unit in _MONEY:
        return "is an amount of money where a count is due"
    scaled = fact.unit.startswith(("万", "亿"))
    if spec.type != "decimal" and not scaled and value != value.to_integral_value():
        return "has decimals where a count is due: a shifted column, or a point for a thousands comma"
    return ""


def unusual_units(form: Form, reading: FormReading) -> Iterator[Finding]:
    """An amount in another unit than the form prescribes: told, because a character lost makes 万元 to 元."""
    for cell_id, fact in reading.facts.items():
        due = form.cells[cell_id].unit
        if fact.value and due in _MONEY and fact.unit != due:
            message = f"{form.cells[cell_id].label}: {fact.raw!r} is printed in {fact.unit}, due in {due}"
            yield Finding(
                "unit-unusual", Weight.NOTE, message, form.table, form.edition, (cell_id,), (fact.at,)
            )


def blanks_among_figures(form: Form, reading: FormReading) -> Iterator[Finding]:
    """A blank among printed figures may be a zero, or a figure out of its place: both readings are open.

    In a ledger the sums of rows and columns tell the two apart for every figure but zero, so it is named
    only where zeros are printed beside blanks.
    """
    states = [fact.state for fact in reading.facts.values()]
    printed = (State.ZERO,) if form.layout == "ledger" else (State.ZERO, State.NUMBER)
    silent = states.count(State.BLANK) + states.count(State.NA_MARK)
    if silent and any(state in states for state in printed):
        message = f"{silent} of {len(states)} cells of {form.name} are blank among printed figures"
        yield Finding(
            "blank-among-figures", Weight.NOTE, message, form.table, form.edition, tuple(reading.facts)
        )


def out_of_order(form: Form, reading: FormReading) -> Iterator[Finding]:
    """Figures that are plausibly at most another and are more: a misreading of the form, or a shifted row."""
    facts = reading.facts
    for order in form.orders:
        small, large = facts[order.small].value, facts[order.large].value
        if small is not None and large is not None and small > large:
            row = next(ids for ids in form.rows.values() if order.small in ids)
            names = form.cells[order.small].label, form.cells[order.large].label
            message = f"{names[0]} is {small}, more than {names[1]}, {large}"
            at = (facts[order.small].at, facts[order.large].at)
            yield Finding("order", Weight.NOTE, message, form.table, form.edition, row, at)


def nobody_natural(form: Form, reading: FormReading) -> Iterator[Finding]:
    """No natural person asked anything, the last column but the total did: the columns may have slipped."""
    if form.layout != "ledger":
        return
    columns = list(zip(*form.rows.values(), strict=True))
    counts = [sum(bool(reading.facts[i].value) for i in column) for column in columns]
    if counts[-2] and not any(counts[:-2]):
        first, last = form.blocks[0].columns[0].text, form.blocks[0].columns[-2].text
        where = f"every figure of {form.name} stands under {last} and none under {first}"
        message = f"{where}: its columns may have slipped"
        yield Finding("columns-unusual", Weight.NOTE, message, form.table, form.edition, tuple(form.cells))
