"""Figures that could be true: leaves are drawn, totals are their sums, so every identity holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from foi_etl.forms import CellSpec, Form

Figures = dict[str, Decimal]
Flow = Mapping[str, tuple[int, int]]
"""Applicant to requests received in a year and requests carried over to the next."""

SIZES = ("none", "few", "some", "many")
_REQUESTS = {"none": 0, "few": 12, "some": 160, "many": 3400}
_DECISIONS = {"none": 3, "few": 240, "some": 5200, "many": 190000}
_SHARES = {"natural": 0.88, "biz": 0.08, "legal": 0.015, "orgother": 0.015}
_STOCK = frozenset({"new_received", "carried_in", "total_handled", "carried_out"})
_COMMON = {"granted": 40, "unable_not_held": 25, "partial": 8, "noproc_petition": 6, "denied_admin_query": 4}


def size_of(rng: Random) -> str:
    """How much an agency has to do: most have little, a few have thousands of requests."""
    return rng.choices(SIZES, weights=(34, 40, 20, 6))[0]


def flow(size: str, applicants: tuple[str, ...], rng: Random) -> Flow:
    """What came in and what was left over, so that the next year's report can carry it in."""
    drawn = {}
    for applicant in applicants:
        mean = _REQUESTS[size] * _SHARES.get(applicant, 0.005)
        received = int(mean * rng.uniform(0.4, 1.6) + rng.random())
        drawn[applicant] = (received, rng.randint(0, max(received // 12, min(received, 1))))
    return drawn if size != "none" else dict.fromkeys(applicants, (0, 0))


def proactive(form: Form, size: str, rng: Random) -> Figures:
    """Table 2: mostly small counts, large ones where decisions are counted, money where it is money."""
    return {spec.id: _proactive(spec, size, rng) for spec in form.cells.values()}


def _proactive(spec: CellSpec, size: str, rng: Random) -> Decimal:
    if spec.row.id == "rule" and size != "many":
        return Decimal(0)
    if rng.random() < 0.35:
        return Decimal(0)
    if spec.type == "decimal":
        digits = rng.choice((2, 2, 3, 4, 6))
        return Decimal(rng.randint(1, 9 * 10 ** (digits + 3))).scaleb(-digits)
    if spec.type == "signed_int":
        return Decimal(rng.randint(-9, 14))
    top = _DECISIONS[size] if spec.column.id == "decisions" else 40
    return Decimal(int(top * rng.random() ** 2))


def requests(form: Form, before: Flow, now: Flow, rng: Random) -> Figures:
    """Table 3: what came in is spread over the outcomes, and both sides add up in every column."""
    block = form.blocks[0]
    place = {(spec.row.id, spec.column.id): spec.id for spec in form.cells.values()}
    outcomes = [row.id for row in block.rows if row.id not in _STOCK]
    figures: Figures = {}
    for column in block.columns:
        if not column.is_total:
            received, left = now[column.id]
            carried = before[column.id][1]
            spread = _spread(received + carried - left, outcomes, rng)
            spread |= {"new_received": received, "carried_in": carried, "carried_out": left}
            spread["total_handled"] = received + carried - left
            figures |= {place[row, column.id]: Decimal(count) for row, count in spread.items()}
    return figures | _totals(form, figures)


def _spread(count: int, outcomes: list[str], rng: Random) -> dict[str, int]:
    weights = [_COMMON.get(row, 1) for row in outcomes]
    spread = dict.fromkeys(outcomes, 0)
    while count > 0:
        lot = min(count, max(1, count // 6))
        spread[rng.choices(outcomes, weights)[0]] += lot
        count -= lot
    return spread


def _totals(form: Form, figures: Figures) -> Figures:
    rows = (one for one in form.identities if one.id.startswith("H3_"))
    return {one.right[0]: sum((figures[cell] for cell in one.left), Decimal(0)) for one in rows}


def disputes(form: Form, size: str, rng: Random) -> Figures:
    """Table 4: results and their totals; few agencies are ever sued."""
    top = {"none": 0, "few": 1, "some": 6, "many": 90}[size]
    figures = {
        spec.id: Decimal(int(top * rng.random() ** 3 + rng.random() * 0.6 * min(top, 1)))
        for spec in form.cells.values()
    }
    for one in form.identities:
        figures[one.right[0]] = sum((figures[cell] for cell in one.left), Decimal(0))
    return figures
