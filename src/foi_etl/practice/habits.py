"""How an agency fills cells in: what it writes for zero, where it puts units and notes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from foi_etl.forms import CellSpec
from foi_etl.practice.invent import Figures

_NOTES = ("（其中修订{}件）", "（其中修订 {} 件）", "（含修订{}件）")


@dataclass(frozen=True, slots=True)
class Habit:
    """An agency's way of writing figures. It decides what is printed, and so what is true of the page."""

    zero_as: str = "0"
    """"0", "" or "/"."""
    zero_where: str = "everywhere"
    """everywhere, leaves (totals keep their 0) or rules (the row for rules only)."""
    amount_unit: str = ""
    """Written behind an amount whose unit the form leaves open."""
    signed: bool = False
    """Whether an increase has a plus sign."""
    noted: bool = False
    """Whether one count carries a note in its cell."""


def habit_of(rng: Random) -> Habit:
    """An agency's habit: most write plain zeros."""
    zero_as, where = rng.choices(
        (("0", "everywhere"), ("", "leaves"), ("", "everywhere"), ("/", "rules"), ("/", "leaves")),
        weights=(55, 15, 15, 10, 5),
    )[0]
    return Habit(zero_as, where, rng.choice(("", "", "元", "万元")), rng.random() < 0.5, rng.random() < 0.2)


def written(
    figures: Figures, specs: dict[str, CellSpec], habit: Habit, altered: str, rng: Random
) -> dict[str, str]:
    """What the page prints in each cell. An altered cell is written out: its number is meant to be seen."""
    plain = Habit(signed=habit.signed)
    printed = {
        cell: _write(figures[cell], spec, plain if cell == altered else habit) for cell, spec in specs.items()
    }
    notable = [cell for cell, spec in specs.items() if _notable(spec, figures[cell])]
    if habit.noted and notable:
        revised = rng.randint(1, int(figures[notable[0]]) - 1)
        printed[notable[0]] += rng.choice(_NOTES).format(revised)
    return printed


def _notable(spec: CellSpec, value: Decimal) -> bool:
    return spec.table == "t2" and spec.type == "int" and value > 1


def _write(value: Decimal, spec: CellSpec, habit: Habit) -> str:
    if not value:
        return habit.zero_as if _marked(spec, habit) else "0"
    if spec.type == "signed_int":
        return f"{value:+f}" if habit.signed else f"{value:f}"
    unit = habit.amount_unit if spec.type == "decimal" and not spec.unit else ""
    return f"{value:f}{unit}"


def _marked(spec: CellSpec, habit: Habit) -> bool:
    if habit.zero_where == "leaves":
        return not spec.is_total
    return habit.zero_where == "everywhere" or spec.row.id == "rule"
