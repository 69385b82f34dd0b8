"""A failed sum says what its arithmetic shows."""

from __future__ import annotations

import drawn
from foi_etl.model import Finding, FormReading, Weight
from foi_etl.validate.diagnose import diagnosed, misplaced, shifted
from foi_etl.validate.identities import disagreements
from foi_etl.validate.identities import test as tried

T3, T4 = drawn.T3_2021, drawn.T4
BALANCED = {
    "t3_new_received_natural": "21",
    "t3_new_received_biz": "3",
    "t3_new_received_total": "24",
    "t3_granted_natural": "12",
    "t3_granted_biz": "1",
    "t3_granted_total": "13",
    "t3_unable_not_held_natural": "7",
    "t3_unable_not_held_biz": "2",
    "t3_unable_not_held_total": "9",
    "t3_total_handled_natural": "19",
    "t3_total_handled_biz": "3",
    "t3_total_handled_total": "22",
    "t3_carried_out_natural": "2",
    "t3_carried_out_total": "2",
}


def _ledger(**changed: str) -> FormReading:
    return drawn.reading(T3, "0", **BALANCED | changed)


def _diagnoses(told: FormReading) -> dict[str, str]:
    form = T3 if told.table == "t3" else T4
    broken = list(disagreements(form, told, tried(form, told)))
    return {finding.rule: finding.diagnosis for finding in diagnosed(broken, told)}


def _broken(told: FormReading) -> list[Finding]:
    return list(disagreements(T3, told, tried(T3, told)))


def test_a_balanced_ledger_is_not_diagnosed() -> None:
    assert _diagnoses(_ledger()) == {}


def test_a_row_and_a_column_equally_far_apart_cross_in_the_wrong_cell() -> None:
    diagnoses = _diagnoses(_ledger(t3_granted_natural="15"))
    assert diagnoses.keys() == {"H2_natural", "H3_granted"}
    assert "t3_granted_natural also stands in H3_granted" in diagnoses["H2_natural"]
    assert "t3_granted_natural also stands in H2_natural" in diagnoses["H3_granted"]


def test_two_digits_that_changed_places_are_named() -> None:
    diagnoses = _diagnoses(_ledger(t3_granted_natural="21"))
    assert "t3_granted_natural may be 12 with two digits swapped" in diagnoses["H3_granted"]


def test_a_difference_that_no_swap_makes_names_none() -> None:
    assert "swapped" not in _diagnoses(_ledger(t3_granted_natural="15"))["H3_granted"]
    assert "swapped" not in _diagnoses(_ledger(t3_granted_natural="39"))["H3_granted"], (
        "27 is three times nine"
    )


def test_a_total_left_at_zero_is_named() -> None:
    told = drawn.reading(T4, "0", t4_review_upheld="10", t4_review_corrected="1")
    assert _diagnoses(told) == {"H4_review": "t4_review_total is 0 beside parts that are not"}


def _slid(name: str, by: int) -> dict[str, str]:
    """A row of the ledger with its figures moved; one falls off, the place it leaves is zero."""
    ids = T3.rows[name]
    texts = [BALANCED.get(i, "0") for i in ids]
    moved = ["0", *texts[:-1]] if by == 1 else [*texts[1:], "0"]
    return dict(zip(ids, moved, strict=True))


def _shifted(told: FormReading) -> list[str]:
    form = T3 if told.table == "t3" else T4
    found = list(shifted(form, told, tried(form, told)))
    assert all(one.weight is Weight.DOUBT and one.cells == tuple(form.cells) for one in found)
    return [one.message for one in found]


def test_a_table_whose_rows_all_came_round_by_one_is_found() -> None:
    texts = {i: BALANCED.get(i, "0") for i in T3.cells}
    moved = {i: texts[ids[at - 1]] for ids in T3.rows.values() for at, i in enumerate(ids)}
    [message] = _shifted(_ledger(**moved))
    assert "if the figures in each row stood one place back" in message


def test_a_table_whose_rows_all_lost_their_first_figure_is_doubted_by_its_columns() -> None:
    moved: dict[str, str] = {}
    for name in T3.rows:
        moved |= _slid(name, -1)
    assert _in_doubt(_ledger(**moved)) == [("columns-in-doubt", Weight.DOUBT)]


def test_a_single_row_that_moved_is_found() -> None:
    [message] = _shifted(_ledger(**_slid("unable_not_held", -1)))
    assert "the figures of one row stood one place forward" in message


def test_a_column_that_moved_is_found() -> None:
    ids = [row[0] for row in T3.rows.values()]
    texts = ["", *(BALANCED.get(i, "0") for i in ids[:-1])]
    [message] = _shifted(_ledger(**dict(zip(ids, texts, strict=True))))
    assert "the figures of one column stood one place back" in message


def test_a_row_of_disputes_that_moved_is_found() -> None:
    names = list(T4.cells)
    texts = ["", "5", "1", "0", "2", "8", "0", "0", "1", "0", "1", "0", "0", "0", "0"]
    [message] = _shifted(drawn.reading(T4, "0", **dict(zip(names, texts, strict=True))))
    assert "one place back" in message


def test_a_row_whose_figures_came_round_is_found() -> None:
    ids = T3.rows["new_received"]
    [message] = _shifted(_ledger(**dict(zip(ids, ["24", "21", "3", "0", "0", "0", "0"], strict=True))))
    assert "the figures of one row stood one place back" in message


def test_one_wrong_figure_is_no_shift() -> None:
    assert _shifted(_ledger(t3_granted_natural="15")) == []
    assert _shifted(_ledger()) == []


def test_where_only_blanks_disagree_nothing_is_moved() -> None:
    assert _shifted(_ledger(t3_new_received_total="")) == []


def _in_doubt(told: FormReading) -> list[tuple[str, Weight]]:
    found = list(misplaced(T3, _broken(told)))
    assert all(one.cells == tuple(T3.cells) for one in found)
    return [(one.rule, one.weight) for one in found]


def test_columns_that_fail_while_their_rows_hold_put_a_row_in_doubt() -> None:
    lost = dict.fromkeys(T3.rows["unable_not_held"], "0")
    assert _in_doubt(_ledger(**lost)) == [("rows-in-doubt", Weight.DOUBT)]


def test_two_columns_that_fail_unexplained_are_enough_and_one_sum_is_not() -> None:
    assert _in_doubt(_ledger(t3_new_received_natural="22", t3_new_received_biz="2")) == [
        ("rows-in-doubt", Weight.DOUBT)
    ]
    alone = _ledger(t3_granted_total="16", t3_partial_total="1 2")
    assert [one.rule for one in _broken(alone)] == ["H3_granted"]
    assert _in_doubt(alone) == []


def test_rows_that_fail_while_their_columns_hold_put_a_column_in_doubt() -> None:
    lost = {ids[0]: "0" for ids in T3.rows.values()}
    assert _in_doubt(_ledger(**lost)) == [("columns-in-doubt", Weight.DOUBT)]


def test_one_wrong_cell_explains_its_row_and_its_column() -> None:
    assert _in_doubt(_ledger(t3_granted_natural="15")) == []


def test_only_a_ledger_has_lines_to_misplace() -> None:
    told = drawn.reading(T4, "0", t4_review_total="1", t4_suit_after_total="2")
    assert list(misplaced(T4, list(disagreements(T4, told, tried(T4, told))))) == []


def test_a_blank_total_column_is_no_reason_to_doubt_its_rows() -> None:
    blank = {ids[-1]: "" for ids in T3.rows.values()}
    assert _in_doubt(_ledger(**blank)) == []
