"""What a blank must be, where the form proves it; and nothing where it does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

import drawn
from foi_etl.model import FormReading, Inference
from foi_etl.normalise.zeros import infer

ROW = drawn.T3_2021.rows["granted"]


def _inferred(told: FormReading) -> dict[str, Inference]:
    form = {"t3": drawn.T3_2021, "t4": drawn.T4}[told.table]
    return {one.cell_id: one for one in infer(told, form)}


def _values(told: FormReading) -> dict[str, int]:
    return {cell_id: int(one.value) for cell_id, one in _inferred(told).items()}


def _review(**parts: str) -> FormReading:
    """Table 4 with zeros for the suits, and of the reviews only what is given."""
    blank = dict.fromkeys((i for i in drawn.T4.cells if "review" in i), "")
    return drawn.reading(drawn.T4, "0", **blank | {f"t4_review_{name}": text for name, text in parts.items()})


def test_parts_that_already_make_the_total_leave_nothing_for_the_blanks() -> None:
    assert _values(_review(upheld="3", corrected="2", total="5")) == {
        "t4_review_otherres": 0,
        "t4_review_pending": 0,
    }


def test_a_printed_total_of_zero_leaves_nothing_for_any_part() -> None:
    assert set(_values(_review(total="0")).values()) == {0}
    assert len(_values(_review(total="0"))) == 4


def test_a_blank_total_is_the_sum_of_its_printed_parts() -> None:
    [one] = _inferred(_review(upheld="3", corrected="2", otherres="0", pending="1")).values()
    assert (one.cell_id, one.value, one.rule) == ("t4_review_total", Decimal(6), "total:H4_review")
    assert "add up to 6" in one.proof
    assert one.cells == ("t4_review_upheld", "t4_review_corrected", "t4_review_otherres", "t4_review_pending")


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(_review(upheld="3", total="5"), id="two of five are somewhere among the blanks"),
        pytest.param(_review(upheld="3"), id="a blank total beside blank parts"),
        pytest.param(_review(), id="a group that is blank throughout"),
        pytest.param(_review(upheld="7", total="5"), id="parts that already exceed the total"),
        pytest.param(_review(upheld="5", corrected="详见", total="5"), id="a part that is text"),
        pytest.param(_review(upheld="5", corrected="1 2", total="5"), id="a part nobody can read"),
        pytest.param(
            drawn.without(_review(upheld="5", total="5"), "t4_review_pending"), id="a part that is missing"
        ),
    ],
)
def test_nothing_is_inferred_without_proof(told: FormReading) -> None:
    assert _inferred(told) == {}


def test_a_mark_for_nothing_is_silent_too() -> None:
    assert _values(_review(upheld="5", corrected="/", otherres="—", pending="", total="5")) == dict.fromkeys(
        ("t4_review_corrected", "t4_review_otherres", "t4_review_pending"), 0
    )


def test_a_figure_that_is_printed_is_never_inferred_over() -> None:
    assert _inferred(drawn.reading(drawn.T4, "0")) == {}
    assert _inferred(_review(upheld="1", corrected="1", otherres="1", pending="1", total="9")) == {}


def test_a_column_that_closes_makes_its_blank_cells_zero() -> None:
    told = drawn.reading(
        drawn.T3_2021, "0", t3_granted_natural="4", t3_total_handled_natural="4", t3_partial_natural=""
    )
    one = _inferred(told)["t3_partial_natural"]
    assert (one.value, one.rule) == (Decimal(0), "zero:H2_natural")
    assert "t3_total_handled_natural" in one.cells


def test_what_came_in_and_went_out_proves_a_blank_carry_over() -> None:
    column = {"t3_new_received_natural": "18", "t3_carried_in_natural": "", "t3_carried_out_natural": "2"}
    handled = {"t3_granted_natural": "16", "t3_total_handled_natural": "16"}
    assert _values(drawn.reading(drawn.T3_2021, "0", **column, **handled))["t3_carried_in_natural"] == 0


def test_a_row_that_is_blank_throughout_is_zero_where_all_columns_close_without_it() -> None:
    told = drawn.reading(drawn.T3_2021, "0", **dict.fromkeys(ROW, ""))
    assert _values(told) == dict.fromkeys(ROW, 0)


def test_a_row_that_is_blank_throughout_stays_unknown_where_the_columns_do_not_close() -> None:
    blank = dict.fromkeys((i for i in drawn.T3_2021.cells if i.split("_")[1] in {"granted", "partial"}), "")
    told = drawn.reading(
        drawn.T3_2021, "0", **blank, t3_total_handled_natural="4", t3_total_handled_total="4"
    )
    inferred = _values(told)
    assert (
        not {"t3_granted_natural", "t3_partial_natural", "t3_granted_total", "t3_partial_total"}
        & inferred.keys()
    )
    assert inferred["t3_granted_biz"] == 0


def test_what_was_inferred_proves_what_follows_and_the_proof_says_so() -> None:
    row = dict.fromkeys(ROW, "") | {"t3_granted_natural": "4", "t3_granted_biz": "2"}
    handled = {"t3_total_handled_natural": "4", "t3_total_handled_biz": "2", "t3_total_handled_total": "6"}
    inferred = _inferred(drawn.reading(drawn.T3_2021, "0", **row, **handled))
    total = inferred["t3_granted_total"]
    assert (total.value, inferred["t3_granted_legal"].value) == (Decimal(6), Decimal(0))
    assert "inferred before" in total.proof
    assert "inferred before" not in inferred["t3_granted_legal"].proof


def test_what_another_identity_contradicts_is_withdrawn_with_all_that_rests_on_it() -> None:
    handled = dict.fromkeys(drawn.T3_2021.rows["total_handled"], "0")
    told = drawn.reading(
        drawn.T3_2021,
        "0",
        **handled
        | {"t3_total_handled_natural": "4", "t3_granted_natural": "4", "t3_total_handled_total": ""},
    )
    assert _inferred(told) == {}, "nothing was received, so H1 says 0 were handled; the parts add up to 4"


def test_what_rests_on_a_contradicted_inference_goes_with_it() -> None:
    handled = {"t3_total_handled_natural": "4", "t3_granted_natural": "4", "t3_total_handled_total": ""}
    told = drawn.reading(drawn.T3_2021, "0", **handled, t3_partial_total="", t3_partial_biz="")
    assert set(_inferred(told)) == {"t3_partial_biz"}, (
        "the total of partial disclosures was proved by 0 handled"
    )


def test_a_sum_that_may_yet_close_contradicts_nothing() -> None:
    row = dict.fromkeys(ROW, "") | {"t3_granted_natural": "3", "t3_granted_total": "5"}
    handled = {"t3_total_handled_natural": "3", "t3_total_handled_legal": "2", "t3_total_handled_total": "5"}
    told = drawn.reading(drawn.T3_2021, "0", **row, **handled, t3_partial_legal="")
    zeros = (
        "t3_granted_biz",
        "t3_granted_research",
        "t3_granted_charity",
        "t3_granted_orgother",
        "t3_partial_legal",
    )
    assert _values(told) == dict.fromkeys(zeros, 0), "granted to legal services: 2, which no rule derives"


def test_of_two_cells_that_make_a_side_neither_is_its_total() -> None:
    told = drawn.reading(drawn.T3_2021, "0", t3_new_received_natural="5", t3_carried_out_natural="")
    assert "t3_carried_out_natural" not in _inferred(told)
    both = {"t3_total_handled_natural": "", "t3_carried_out_natural": "", "t3_granted_natural": ""}
    assert _inferred(drawn.reading(drawn.T3_2021, "0", t3_new_received_natural="5", **both)).keys() <= {
        "t3_granted_natural"
    }


def test_a_negative_count_proves_nothing() -> None:
    assert _inferred(_review(upheld="7", corrected="-2", total="5")) == {}
