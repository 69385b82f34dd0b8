"""The errors agencies make: one printed figure that no longer adds up."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from foi_etl.forms import Form
from foi_etl.practice.invent import Figures


def mistake(forms: tuple[Form, ...], figures: Figures, rng: Random) -> tuple[str, Decimal]:
    """One cell and the wrong number printed in it; the cell takes part in at least one identity."""
    cells = {cell: cell in one.right for form in forms for one in form.identities for cell in one.cells}
    kind = rng.choice(("forgotten", "transposed", "slipped"))
    if kind == "forgotten":
        totals = [cell for cell, total in cells.items() if total and figures[cell]]
        if totals:
            return rng.choice(totals), Decimal(0)
    if kind == "transposed":
        swapped = [(cell, swap) for cell in cells for swap in _transpositions(figures[cell])]
        if swapped:
            return rng.choice(swapped)
    cell = rng.choice([cell for cell in cells if figures[cell]] or list(cells))
    return cell, figures[cell] + rng.choice((1, 2, 3) if figures[cell] < 4 else (-3, -2, -1, 1, 2, 10))


def _transpositions(value: Decimal) -> list[Decimal]:
    digits = str(value)
    swaps = (digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1))
    return [Decimal(swap) for swap in swaps if swap != digits and not swap.startswith("0")]
