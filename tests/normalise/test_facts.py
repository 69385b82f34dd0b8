"""Every cell of a form becomes a fact, with its own unit and address, or says why it does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import drawn
from foi_etl.errors import StaleCorrection
from foi_etl.model import State, Weight
from foi_etl.normalise.corrections import Correction
from foi_etl.normalise.facts import read_placement

FEE = "t2_fee_amount"
FORM = drawn.T2_2021


def test_every_cell_of_the_form_is_a_fact_in_the_order_of_the_form() -> None:
    told = drawn.reading(FORM, "1")
    assert list(told.facts) == list(FORM.cells)
    assert (told.table, told.edition) == ("t2", "e2021")


@pytest.mark.parametrize(
    ("printed", "header", "unit"),
    [
        pytest.param("251000元", "万元", "元", id="the cell's own"),
        pytest.param("25.1", "亿元", "亿元", id="failing that the header's"),
        pytest.param("25.1", "", "万元", id="failing that the form's"),
    ],
)
def test_the_unit_is_the_one_printed_nearest(printed: str, header: str, unit: str) -> None:
    place = replace(drawn.placement(FORM, "1", t2_fee_amount=printed), units={FEE: header} if header else {})
    assert read_placement(place, FORM, {})[0].facts[FEE].unit == unit


def test_a_fact_keeps_what_is_printed_and_where() -> None:
    fact = drawn.reading(FORM, "1", t2_fee_amount=" 251,000元（约）").facts[FEE]
    assert (fact.value, fact.raw, fact.at, fact.note) == (
        Decimal(251000),
        " 251,000元（约）",
        "t1/r10/c1",
        "(约)",
    )


def test_a_cell_the_page_lacks_and_a_cell_withheld_are_two_things() -> None:
    place = drawn.placement(FORM, "1")
    there = {i: cell for i, cell in place.cells.items() if i not in {"t2_rule_issued", FEE}}
    told, findings = read_placement(replace(place, cells=there, withheld={FEE: "t1/r9"}), FORM, {})
    lacking, withheld = told.facts["t2_rule_issued"], told.facts[FEE]
    assert (lacking.state, lacking.value, lacking.at) == (State.MISSING_CELL, None, "")
    assert (withheld.state, withheld.value, withheld.at) == (State.UNREADABLE, None, "t1/r9")
    assert findings == (), "they were told when they were placed"


@pytest.mark.parametrize("printed", ["12²", "详见附件"], ids=["unreadable", "text"])
def test_a_cell_without_a_number_it_should_hold_is_told_and_not_published(printed: str) -> None:
    told, [finding] = read_placement(drawn.placement(FORM, "1", t2_fee_amount=printed), FORM, {})
    assert told.facts[FEE].value is None
    assert (finding.rule, finding.weight) == ("cell-unread", Weight.BLOCK)
    assert (finding.cells, finding.at) == ((FEE,), ("t1/r10/c1",))
    assert printed in finding.message


def test_a_blank_and_a_mark_for_nothing_are_no_finding() -> None:
    assert read_placement(drawn.placement(FORM, "", t2_fee_amount="/"), FORM, {})[1] == ()


def test_only_a_change_may_be_written_as_one() -> None:
    facts = drawn.reading(drawn.T2_2019, "增3").facts
    assert (facts["t2_license_items_delta"].value, facts["t2_license_items_prev"].value) == (Decimal(3), None)


def _correction(was: str, now: str) -> dict[str, Correction]:
    return {"t1/r10/c1": Correction("甲", "t1/r10/c1", was, now, "a slip of the pen")}


def test_a_correction_changes_what_is_read_and_not_what_is_kept_as_printed() -> None:
    place = drawn.placement(FORM, "1", t2_fee_amount="1O")
    fact = read_placement(place, FORM, _correction("1O", "10"))[0].facts[FEE]
    assert (fact.value, fact.raw) == (Decimal(10), "1O")


def test_a_correction_of_a_page_that_has_changed_falls_loudly() -> None:
    with pytest.raises(StaleCorrection, match="look at the cell"):
        read_placement(drawn.placement(FORM, "1", t2_fee_amount="10"), FORM, _correction("1O", "10"))
