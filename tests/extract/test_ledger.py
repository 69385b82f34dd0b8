"""Table 3: every figure goes where its own labels say, or nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import drawn
from drawn import Rows
from foi_etl.extract.grid import Box
from foi_etl.model import Finding, Placement, Weight

FORM = drawn.T3_2021
PRINTED = drawn.printed(FORM)
HEADER, BODY = drawn.ledger_header(FORM), drawn.ledger_rows(FORM)
COLUMNS = [Box(column.text) for column in FORM.blocks[0].columns]


def _placed(*pieces: Rows) -> tuple[Placement, list[Finding]]:
    placements, findings = drawn.placed(*pieces, year=2023)
    return placements["t3"], [finding for finding in findings if finding.table == "t3"]


def _relabelled(row: int, text: str) -> Rows:
    """The table with another text in the last label cell of one of its rows."""
    rows = drawn.ledger(FORM)
    cells = rows[3 + row]
    cells[-8] = cells[-8]._replace(text=text)
    return rows


def _unspanned(rows: Rows, *, before: bool) -> Rows:
    """Rows whose merged labels are printed once, with blanks beside them and no spans."""
    drawn_rows = []
    for row in rows:
        labels = [Box(box.text) for box in row[:-7]]
        blanks = [Box("")] * (3 - len(labels))
        drawn_rows.append([*blanks, *labels, *row[-7:]] if before else [*labels, *blanks, *row[-7:]])
    return drawn_rows


def _with_blanks_for_spans() -> Rows:
    first, second, third = HEADER
    return [
        first,
        [Box("", 1, 3), *(box._replace(rowspan=1) for box in second)],
        [Box("", 1, 3), Box(""), *third, Box("")],
    ]


LAYOUTS: dict[str, Callable[[], Rows]] = {
    "as the notice prints it": lambda: drawn.ledger(FORM),
    "groups printed in every row": lambda: [*HEADER, *drawn.flat_rows(FORM)],
    "groups run together with rows": lambda: [*HEADER, *drawn.flat_rows(FORM, join=True)],
    "blanks for merged labels": lambda: [*HEADER, *_unspanned(BODY, before=True)],
    "blanks between label and figures": lambda: [*HEADER, *_unspanned(BODY, before=False)],
    "a header in one row": lambda: [[Box("项目", 1, 3), *COLUMNS], *BODY],
    "a header without spans": lambda: [*_with_blanks_for_spans(), *BODY],
    "a title row above": lambda: [[Box("收到和处理政府信息公开申请情况", 1, 10)], *HEADER, *BODY],
    "the unit above": lambda: [[Box("单位：件", 1, 10)], *HEADER, *BODY],
    "a note beneath": lambda: [*HEADER, *BODY, [Box("注：统计期限为2023年1月1日至12月31日", 1, 10)]],
    "420 empty cells after a title": lambda: [[Box("申请情况"), *[Box("")] * 420], *HEADER, *BODY],
    "an empty column at the end": lambda: [[*row, Box("")] for row in drawn.ledger(FORM)],
    "line numbers before the labels": lambda: [
        *([Box(""), *row] for row in HEADER),
        *([Box(str(at)), *row] for at, row in enumerate(BODY, start=1)),
    ],
    "the header once more in the middle": lambda: [*HEADER, *BODY[:9], *HEADER, *BODY[9:]],
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_table_is_read_exactly_however_it_is_laid_out(layout: Callable[[], Rows]) -> None:
    placement, findings = _placed(layout())
    assert drawn.texts(placement) == PRINTED
    assert {finding.weight for finding in findings} <= {Weight.NOTE}


def test_rows_in_another_order_go_by_their_labels_and_are_told() -> None:
    rows = drawn.flat_rows(FORM)
    placement, findings = _placed([*HEADER, rows[1], rows[0], *rows[2:]])
    assert drawn.texts(placement) == PRINTED
    moved = drawn.only(findings, "rows-out-of-order")
    assert (moved.weight, moved.cells) == (Weight.DOUBT, (*_row("new_received"), *_row("carried_in")))


def _row(name: str) -> tuple[str, ...]:
    return FORM.rows[name]


def test_a_missing_row_is_told_and_leaves_the_others_alone() -> None:
    placement, findings = _placed([*HEADER, *BODY[:1], *BODY[2:]])
    missing = drawn.only(findings, "row-missing")
    assert (missing.weight, missing.cells) == (Weight.BLOCK, _row("carried_in"))
    assert drawn.texts(placement) == {i: text for i, text in PRINTED.items() if i not in missing.cells}


def test_a_row_of_the_agencys_own_is_told_and_not_published() -> None:
    own = [Box("其中：公益诉讼", 1, 3), *[Box("999")] * 7]
    placement, findings = _placed([*HEADER, *BODY[:1], own, *BODY[1:]])
    unnamed = drawn.only(findings, "row-unnamed")
    assert (unnamed.weight, unnamed.at) == (Weight.BLOCK, ("t1/r5",))
    assert drawn.texts(placement) == PRINTED


def test_several_rows_without_a_name_put_the_whole_table_in_doubt() -> None:
    placement, findings = _placed(
        [*HEADER, *BODY[:2], *([[Box("咖啡", 1, 3), *[Box("9")] * 7]] * 2), *BODY[2:]]
    )
    assert drawn.only(findings, "labels-lost").cells == tuple(FORM.cells)
    assert drawn.texts(placement) == PRINTED


@pytest.mark.parametrize("cells", [6, 8], ids=["one too few", "one too many"])
def test_a_ragged_row_is_withheld_whole(cells: int) -> None:
    rows = drawn.ledger(FORM)
    rows[5] = [*rows[5][:-7], *[Box("5")] * cells]
    placement, findings = _placed(rows)
    assert drawn.only(findings, "row-ragged").cells == _row("granted")
    assert placement.withheld == dict.fromkeys(_row("granted"), "t1/r6")
    assert drawn.texts(placement) == {i: text for i, text in PRINTED.items() if i not in _row("granted")}


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        pytest.param("", True, id="a blank is blank in each"),
        pytest.param("7", False, id="a figure is in none"),
    ],
)
def test_a_cell_merged_over_several_columns(text: str, placed: bool) -> None:
    rows = drawn.ledger(FORM)
    rows[3] = [rows[3][0], *rows[3][1:-3], Box(text, 1, 3)]
    placement, _ = _placed(rows)
    assert [i in placement.cells for i in _row("new_received")] == [placed] * 7
    if placed:
        assert [placement.cells[i].text for i in _row("new_received")] == [
            "101",
            "102",
            "103",
            "104",
            "",
            "",
            "",
        ]


def test_a_mistyped_label_is_read_and_told() -> None:
    placement, findings = _placed(_relabelled(5, "2.其他法律行政止公开"))
    [typed] = findings
    assert (typed.rule, typed.weight) == ("label-mistyped", Weight.NOTE)
    assert (typed.cells, typed.at) == (_row("denied_law_forbidden"), ("t1/r9/c3",))
    assert drawn.texts(placement) == PRINTED


def test_a_label_with_other_words_behind_it_is_no_row() -> None:
    rows = drawn.ledger(drawn.T3_2019)
    other = next(row for row in rows if row[0].text == "（六）其他处理")
    other.insert(1, Box("申请人撤回"))
    placements, findings = drawn.placed([row if row is not other else other[:-1] for row in rows], year=2019)
    assert "t3_other_natural" not in placements["t3"].cells
    assert drawn.told(findings, "t3") == ["row-unnamed", "row-missing"]


def test_a_label_that_could_be_two_is_none() -> None:
    _, findings = _placed(_relabelled(2, "不予以公开"))
    assert drawn.told(findings) == ["row-unnamed", "row-missing"]


def test_columns_in_another_order_are_withheld() -> None:
    header = [HEADER[0], HEADER[1], [HEADER[2][1], HEADER[2][0], *HEADER[2][2:]]]
    placement, findings = _placed([*header, *BODY])
    assert placement.cells == {}
    assert drawn.only(findings, "columns-unplaced").cells == tuple(FORM.cells)


def test_a_second_header_that_names_other_columns_withholds_the_table() -> None:
    again = [HEADER[0], HEADER[1], [HEADER[2][1], HEADER[2][0], *HEADER[2][2:]]]
    placement, findings = _placed([*HEADER, *BODY[:9], *again, *BODY[9:]])
    assert placement.cells == {}
    assert "columns-unplaced" in drawn.told(findings)


def test_without_any_header_nothing_is_published() -> None:
    placement, findings = _placed(BODY)
    assert placement.cells == {}
    assert "the header names none" in drawn.only(findings, "columns-unplaced").message


def test_a_column_the_page_lacks_leaves_the_others_under_their_labels() -> None:
    narrow = (
        [HEADER[0][0], Box("申请人情况", 1, 6)],
        [HEADER[1][0], Box("法人或其他组织", 1, 4), HEADER[1][2]],
    )
    rows = [*map(list, narrow), [box for box in HEADER[2] if box.text != "科研机构"]]
    placement, findings = _placed([*rows, *([*row[:-5], *row[-4:]] for row in BODY)])
    lost = {ids[2] for ids in FORM.rows.values()}
    assert drawn.texts(placement) == {i: text for i, text in PRINTED.items() if i not in lost}
    doubt = drawn.only(findings, "column-missing")
    assert (doubt.weight, doubt.cells) == (Weight.DOUBT, tuple(FORM.cells))


def test_a_column_of_figures_no_header_names_withholds_its_rows() -> None:
    placement, findings = _placed(
        [*([*row, Box("8")] for row in HEADER), *([*row, Box("9")] for row in BODY)]
    )
    assert placement.cells == {}
    assert set(drawn.told(findings)) >= {"row-ragged"}


def test_a_blank_total_is_no_column_of_nothing_though_the_header_is_blank_beneath_its_name() -> None:
    first, second, third = HEADER
    header = [
        first,
        [second[0], Box("7"), second[1], second[2]._replace(rowspan=1)],
        [Box("7"), *third, Box("")],
    ]
    rows = [[*row[:-7], Box(""), Box("7"), *[Box("")] * 6] for row in BODY]
    placement, findings = _placed([*header, *rows])
    assert placement.cells == {}
    assert set(drawn.told(findings)) >= {"row-ragged"}


@pytest.mark.parametrize(
    "again", [[], HEADER], ids=["the header above the first part only", "the header again"]
)
def test_a_table_cut_in_two_is_one(again: Rows) -> None:
    placement, findings = _placed([*HEADER, *BODY[:12]], [*again, *BODY[12:]])
    assert (drawn.texts(placement), findings) == (PRINTED, [])


def test_a_header_alone_and_its_figures_in_the_next_table_are_one() -> None:
    placement, findings = _placed(HEADER, BODY)
    assert (drawn.texts(placement), findings) == (PRINTED, [])


def test_a_page_number_between_two_rows_is_told_and_does_no_harm() -> None:
    placement, findings = _placed([*HEADER, *BODY[:9], [Box("3", 1, 10)], *BODY[9:]])
    assert drawn.texts(placement) == PRINTED
    assert drawn.told(findings) == ["row-unnamed"]


def test_a_row_printed_twice_alike_is_noted() -> None:
    placement, findings = _placed([*HEADER, *BODY[:1], *BODY])
    [twice] = findings
    assert (twice.rule, twice.weight, twice.cells) == ("said-twice", Weight.NOTE, _row("new_received"))
    assert drawn.texts(placement) == PRINTED


def test_what_is_printed_twice_and_not_alike_is_withheld() -> None:
    other = [*BODY[0][:-7], *BODY[0][-7:-1], Box("999")]
    placement, findings = _placed([*HEADER, *BODY[:1], other, *BODY[1:]])
    unequal = [one for one in findings if one.weight is Weight.BLOCK]
    assert [(one.rule, one.cells, one.at) for one in unequal] == [
        ("said-twice", ("t3_new_received_total",), ("t1/r4/c10", "t1/r5/c10"))
    ]
    assert "t3_new_received_total" not in placement.cells
    assert placement.withheld["t3_new_received_total"] == "t1/r4"
