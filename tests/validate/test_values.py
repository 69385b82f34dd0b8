"""A single fact, or a row of them, may give reason to doubt."""

from __future__ import annotations

import pytest

import drawn
from drawn import T2_2019, T2_2021, T3_2021, T4
from foi_etl.model import Finding, FormReading, Weight
from foi_etl.validate.values import (
    blanks_among_figures,
    nobody_natural,
    out_of_order,
    unusual_units,
    value_types,
)
from helpers import STATUTE


def _types(told: FormReading) -> list[Finding]:
    return list(value_types(STATUTE.form(told.table, told.edition), told))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        pytest.param(drawn.reading(T4, "0", t4_review_total="-3"), "is negative", id="less than nothing"),
        pytest.param(drawn.reading(T4, "0", t4_review_total="1.5"), "has decimals", id="half a case"),
        pytest.param(drawn.reading(T4, "0", t4_review_total="3万元"), "an amount of money", id="money"),
        pytest.param(drawn.reading(T2_2021, "0", t2_fee_amount="-1"), "is negative", id="a negative fee"),
    ],
)
def test_a_value_of_the_wrong_type_is_doubted_and_kept(told: FormReading, why: str) -> None:
    [finding] = _types(told)
    assert (finding.rule, finding.weight) == ("value-type", Weight.DOUBT)
    assert why in finding.message
    assert told.facts[finding.cells[0]].value is not None
    assert finding.at == (told.facts[finding.cells[0]].at,)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(drawn.reading(T4, "5"), id="a count"),
        pytest.param(drawn.reading(T2_2019, "0", t2_license_items_delta="-3"), id="a change may be negative"),
        pytest.param(
            drawn.reading(T2_2021, "0", t2_fee_amount="52.15万元"), id="an amount may have decimals"
        ),
        pytest.param(
            drawn.reading(T2_2021, "0", t2_license_decisions="2764.2万件"), id="ten thousands may too"
        ),
        pytest.param(drawn.reading(T4, "", t4_review_total="0元"), id="nothing is nothing in any unit"),
    ],
)
def test_a_value_of_its_type_is_met_with_silence(told: FormReading) -> None:
    assert _types(told) == []


@pytest.mark.parametrize(
    ("amount", "is_told"),
    [
        pytest.param("25.1", False, id="in the form's unit"),
        pytest.param("25.1万元", False, id="in the form's unit, printed"),
        pytest.param("251000元", True, id="in another"),
        pytest.param("0元", False, id="nothing"),
    ],
)
def test_an_amount_in_another_unit_than_the_forms_is_noted(amount: str, is_told: bool) -> None:
    told = drawn.reading(T2_2021, "0", t2_fee_amount=amount)
    found = [(one.rule, one.weight, one.cells) for one in unusual_units(T2_2021, told)]
    assert found == [("unit-unusual", Weight.NOTE, ("t2_fee_amount",))] * is_told


def test_an_amount_the_form_gives_no_unit_may_be_in_any() -> None:
    told = drawn.reading(T2_2019, "0", t2_procure_amount="251000元")
    assert list(unusual_units(T2_2019, told)) == []


def _blanks(told: FormReading) -> list[Finding]:
    return list(blanks_among_figures(STATUTE.form(told.table, told.edition), told))


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        pytest.param(drawn.reading(T4, "", t4_review_total="0"), True, id="zeros beside blanks"),
        pytest.param(
            drawn.reading(T4, "", t4_review_total="3"), True, id="figures beside blanks, where few sums bind"
        ),
        pytest.param(
            drawn.reading(T4, "/", t4_review_total="3"), True, id="figures beside marks for nothing"
        ),
        pytest.param(drawn.reading(T4, ""), False, id="nothing but blanks"),
        pytest.param(drawn.reading(T4, "0"), False, id="no blank"),
        pytest.param(
            drawn.reading(T3_2021, "", t3_granted_natural="3"), False, id="a ledger binds its figures"
        ),
        pytest.param(drawn.reading(T3_2021, "", t3_granted_natural="0"), True, id="but not its zeros"),
    ],
)
def test_a_blank_that_may_be_a_zero_or_a_gap_is_noted(told: FormReading, is_told: bool) -> None:
    assert [(one.rule, one.weight, len(one.cells)) for one in _blanks(told)] == [
        ("blank-among-figures", Weight.NOTE, len(told.facts))
    ] * is_told


@pytest.mark.parametrize(
    ("issued", "in_force", "is_told"),
    [
        pytest.param("5", "3", True, id="more issued than in force"),
        pytest.param("3", "3", False, id="as many"),
        pytest.param("3", "", False, id="a blank is not compared"),
    ],
)
def test_figures_that_are_plausibly_at_most_another_are_noted(
    issued: str, in_force: str, is_told: bool
) -> None:
    told = drawn.reading(T2_2021, "0", t2_normdoc_issued=issued, t2_normdoc_inforce=in_force)
    found = [(one.rule, one.weight, one.cells) for one in out_of_order(T2_2021, told)]
    assert found == [("order", Weight.NOTE, T2_2021.rows["normdoc"])] * is_told


@pytest.mark.parametrize(
    ("figures", "is_told"),
    [
        pytest.param({"t3_granted_orgother": "4", "t3_granted_total": "4"}, True, id="only the last asked"),
        pytest.param(
            {"t3_granted_orgother": "4", "t3_granted_natural": "1"}, False, id="natural persons asked too"
        ),
        pytest.param({"t3_granted_orgother": "4", "t3_partial_legal": "1"}, False, id="others asked too"),
        pytest.param({"t3_granted_total": "4"}, False, id="nobody in particular"),
    ],
)
def test_figures_in_the_last_column_alone_are_noted(figures: dict[str, str], is_told: bool) -> None:
    found = [one.rule for one in nobody_natural(T3_2021, drawn.reading(T3_2021, "0", **figures))]
    assert found == ["columns-unusual"] * is_told


def test_a_note_says_what_it_is_about_in_the_words_of_the_form() -> None:
    [slipped] = nobody_natural(T3_2021, drawn.reading(T3_2021, "0", t3_granted_orgother="4"))
    assert "stands under 其他 and none under 自然人" in slipped.message
    told = drawn.reading(T2_2021, "0", t2_normdoc_issued="5", t2_normdoc_inforce="3")
    [order] = out_of_order(T2_2021, told)
    assert order.at == (told.facts["t2_normdoc_issued"].at, told.facts["t2_normdoc_inforce"].at)
    assert "本年制发件数 is 5, more than" in order.message
    assert order.message.endswith("现行有效件数, 3")
    [blank] = _blanks(drawn.reading(T4, "", t4_review_total="0", t4_review_upheld="/"))
    assert "14 of 15 cells" in blank.message


def test_only_a_ledger_has_columns_of_applicants() -> None:
    assert list(nobody_natural(T4, drawn.reading(T4, "0", t4_suit_after_pending="3"))) == []
