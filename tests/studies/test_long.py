"""The long form: whatever is added up, nothing is counted twice, and nothing is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final

import pyarrow as pa
import pytest

from foi_etl.studies.long import AGAIN, LONG, lengthened
from helpers import STATUTE
from verdicts import LAYOUT

COUNTS: Final = {one.id: one for one in STATUTE.variables if not one.is_rate}
PARTS: Final = {"h_granted": 5, "h_partial": 2, "h_denied": 3, "h_not_held": 4, "h_other": 1}


def row(agency: str, within: str | None = None, **told: float) -> dict[str, Any]:
    return {"agency_id": agency, "year": 2023, "within": within, **dict.fromkeys(COUNTS), **told}


PANEL: Final = [
    row(
        "town",
        None,
        h_received=15,
        h_handled=15,
        h_den_secret=2,
        h_normdoc_stock=40,
        h_carried_out=1,
        **PARTS,
    ),
    row("office", "town", h_received=3, h_handled=3, h_granted=3),
    row("other", h_received=0, h_fee=1.5),
    row("silent"),
]


def long(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    types = dict.fromkeys(("agency_id", "within"), pa.string()) | {"year": pa.int16()}
    whole = {name: pa.int64() if one.whole else pa.float64() for name, one in COUNTS.items()}
    table = pa.Table.from_pylist(list(rows), pa.schema((types | whole).items()))
    seen: Any = SimpleNamespace(years=[2023], rows=lambda _, __, columns: table.select(columns))
    seen.added = lambda act, years: [one for year in years for one in act(seen, year)]
    made: Any = lengthened(seen, STATUTE)
    return {one.table: one.rows.to_pylist() for one in made}


def test_both_tables_together_are_every_count_of_the_panel_once() -> None:
    made = long(PANEL)
    told = [(one["agency_id"], one["variable"], one["value"]) for one in made[LONG] + made[AGAIN]]
    printed = [
        (one["agency_id"], name, one[name]) for one in PANEL for name in COUNTS if one[name] is not None
    ]
    assert sorted(told) == sorted(printed)


def test_what_adds_up_leaves_out_totals_stocks_and_whom_an_aggregate_speaks_for() -> None:
    made = long(PANEL)
    sums: defaultdict[str, float] = defaultdict(float)
    for one in made[LONG]:
        sums[one["part_of"] or one["variable"]] += one["value"]
    assert sums == {"h_handled": 15, "h_received": 15, "h_fee": 1.5}
    again = {(one["agency_id"], one["variable"]): (one["relation"], one["counted_in"]) for one in made[AGAIN]}
    assert again == {
        ("town", "h_handled"): ("total", None),
        ("town", "h_den_secret"): ("some", "h_denied"),
        ("town", "h_normdoc_stock"): ("stands", None),
        ("town", "h_carried_out"): ("stands", None),
        ("office", "h_handled"): ("total", None),
        ("office", "h_received"): ("within", "town"),
        ("office", "h_granted"): ("within", "town"),
    }


def test_no_variable_that_adds_up_has_a_cell_of_another_in_it() -> None:
    adding = [
        one
        for one in COUNTS.values()
        if not (one.some_of or one.stands or any(other.part_of == one.id for other in COUNTS.values()))
    ]
    for edition in ("e2014", "e2019", "e2021"):
        cells = [
            name
            for one in adding
            if edition in one.formulas
            for sign, name in one.formulas[edition].above
            if sign > 0
        ]
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize("edition", ["e2019", "e2021"])
@pytest.mark.parametrize("total", ["h_handled", "h_review", "h_suit"])
def test_the_parts_of_a_total_are_all_its_parts(edition: str, total: str) -> None:
    parts = [one.formulas[edition].above for one in COUNTS.values() if one.part_of == total]
    cells = {name for told in parts for _, name in told}
    made = COUNTS[total].formulas[edition].above
    added = {
        name
        for form in STATUTE.forms
        for identity in form.identities
        if form.edition == edition
        and set(identity.right) <= {name for _, name in made}
        and cells & {*identity.left}
        for name in identity.left
    }
    assert cells == added - {name for sign, name in made if sign < 0}


def test_both_tables_have_the_columns_of_their_layout() -> None:
    made = long(PANEL)
    for name in (LONG, AGAIN):
        assert {column.name for column in LAYOUT.tables[name].columns} <= made[name][0].keys()
