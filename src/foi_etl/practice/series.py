"""The figures of an agency over years: one begins with what another leaves, but for what is injected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from foi_etl.forms import Form, Statute
from foi_etl.practice.inject import mistake
from foi_etl.practice.invent import Figures, Flow, disputes, requests

TWISTS: Final = (
    "carry", "stock", "disclosed", "items", "misfill", "slip", "leap", "same", "rules", "typo", "size",
)  # fmt: skip
"""What may be injected into the figures of a year."""
_SHARES: Final = {"natural": 0.8, "biz": 0.12, "legal": 0.04, "orgother": 0.04}
_ITEMS: Final = ("license", "othersvc", "penalty", "coercion", "fee")
_NOTHING: Final = Decimal(0)
_COMMON: Final = 55.0
"""Requests in a common year of a common organ."""
_BELOW: Final = 40
"""Times as many has a body that speaks for all below it."""


class Standing(NamedTuple):
    """What decides the size of an agency's figures."""

    requests: float
    """In a common year, of itself alone."""
    money: float
    """万元 of a common year."""
    makes_rules: bool


class Year(NamedTuple):
    """The figures of a year."""

    editions: Mapping[str, str]
    figures: Figures


def editions_of(year: int) -> dict[str, str]:
    """Table to edition, by the year."""
    if year < 2019:
        return {"s": "e2008" if year < 2014 else "e2014"}
    return dict.fromkeys(("t2", "t3", "t4"), "e2019" if year < 2021 else "e2021")


def series(
    statute: Statute, usual: Standing, years: range, wide: Set[int], twists: Mapping[int, str], rng: Random
) -> Iterator[tuple[int, Year]]:
    """The figures of every year, each begun with what the year before has printed.

    In `wide` years it speaks for all below it.
    """
    before: Figures = {}
    for year in years:
        editions, twist = editions_of(year), twists.get(year, "")
        standing = _in_year(usual, twist, wide=year in wide)
        forms = tuple(statute.form(table, edition) for table, edition in sorted(editions.items()))
        if "s" in editions:
            figures = {cell: _NOTHING for form in forms for cell in form.cells}
        elif twist == "same" and before.keys() == {cell for form in forms for cell in form.cells}:
            figures = dict(before)
        else:
            table2, table3, table4 = forms
            size = "many" if standing.requests > 300 else "some" if standing.requests > 30 else "few"
            figures = _requests(table3, standing, before, twist, rng) | disputes(table4, size, rng)
            figures |= (
                _newest(table2, standing, before, twist, rng)
                if year > 2020
                else _older(table2, standing, before, twist, rng)
            )
        if twist == "typo" and "s" not in editions:
            cell, value = mistake(forms, figures, rng)
            figures[cell] = value
        before = figures
        yield year, Year(editions, figures)


def _in_year(usual: Standing, twist: str, *, wide: bool) -> Standing:
    """What it has to do in a year; where its size is wrong, what a common one of the other scope has."""
    wrong = twist == "size"
    requests = _COMMON if wrong else usual.requests
    return usual._replace(requests=requests * (_BELOW if wide != wrong else 1))


def _requests(form: Form, standing: Standing, before: Figures, twist: str, rng: Random) -> Figures:
    columns = [column.id for column in form.blocks[0].columns if not column.is_total]
    many = standing.requests * rng.uniform(0.7, 1.4) * (9 if twist == "leap" else 1)
    now: Flow = {who: _flow(many * _SHARES.get(who, 0.0), rng) for who in columns}
    left = {who: int(before.get(f"t3_carried_out_{who}", _NOTHING)) for who in columns}
    if twist == "carry":
        left[rng.choice(("natural", "biz"))] += rng.randint(1, 9)
    return requests(form, {who: (0, count) for who, count in left.items()}, now, rng)


def _flow(many: float, rng: Random) -> tuple[int, int]:
    received = int(many + rng.random())
    return received, rng.randint(0, received // 8)


def _newest(form: Form, standing: Standing, before: Figures, twist: str, rng: Random) -> Figures:
    """Table 2 since 2021: stocks follow, decisions and money are of one size."""
    figures = _decisions(form, rng)
    for kind, most in (("normdoc", 9), ("rule", 3 if standing.makes_rules else 0)):
        issued = rng.randint(0, most) + (6 if kind == "rule" and twist == "rules" else 0)
        stock = int(before.get(f"t2_{kind}_inforce", Decimal(rng.randint(20, 90) if most else 0)))
        repealed = rng.randint(0, min(most, stock))
        drift = rng.choice((-4, 3, 11)) if kind == "normdoc" and twist == "stock" else 0
        inforce = max(stock + issued - repealed + drift, 0)
        for name, count in (("issued", issued), ("repealed", repealed), ("inforce", inforce)):
            figures[f"t2_{kind}_{name}"] = Decimal(count)
    figures["t2_fee_amount"] = _money(standing, rng, 10_000 if twist == "slip" else 1)
    return figures


def _older(form: Form, standing: Standing, before: Figures, twist: str, rng: Random) -> Figures:
    """Table 2 of 2019 and 2020."""
    figures = _decisions(form, rng)
    for kind, most in (("normdoc", 9), ("rule", 3 if standing.makes_rules else 0)):
        new = rng.randint(0, most) + (6 if kind == "rule" and twist == "rules" else 0)
        stock = int(before.get(f"t2_{kind}_disclosed_total", Decimal(rng.randint(20, 90) if most else 0)))
        drift = rng.choice((-4, 3, 11)) if kind == "normdoc" and twist == "disclosed" else 0
        for name, count in (
            ("made_new", new),
            ("disclosed_new", new),
            ("disclosed_total", stock + new + drift),
        ):
            figures[f"t2_{kind}_{name}"] = Decimal(max(count, 0))
    for kind in _ITEMS:
        then = before.get(f"t2_{kind}_items_prev", Decimal(rng.randint(20, 60)))
        prev = then + before.get(f"t2_{kind}_items_delta", _NOTHING)
        prev += 5 if kind == "license" and twist == "items" else 0
        delta = Decimal(rng.randint(1, 9)) if twist == "misfill" else Decimal(rng.randint(-2, 4))
        figures[f"t2_{kind}_items_prev"], figures[f"t2_{kind}_items_delta"] = prev, delta
        if twist == "misfill" and f"t2_{kind}_decisions" in figures:
            figures[f"t2_{kind}_decisions"] = prev + delta
    figures["t2_procure_items"] = Decimal(rng.randint(1, 30))
    figures["t2_procure_amount"] = _money(standing, rng, 10_000 if twist == "slip" else 1)
    return figures


def _decisions(form: Form, rng: Random) -> Figures:
    return {cell: Decimal(rng.randint(100, 9000)) for cell in form.cells if cell.endswith("_decisions")}


def _money(standing: Standing, rng: Random, times: int) -> Decimal:
    return Decimal(int(standing.money * rng.uniform(0.7, 1.4) * 100) * times).scaleb(-2)
