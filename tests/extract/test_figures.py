"""Table 4: one row of figures, told by the order of the header alone."""

from __future__ import annotations

import pytest

import drawn
from drawn import Rows
from foi_etl.extract.grid import Box
from foi_etl.model import Finding, Placement, Weight

PRINTED = drawn.printed(drawn.T4)
TOP, MIDDLE, LOW, FIGURES = drawn.disputes()
LEAVES = [*(Box(box.text) for box in MIDDLE[:5]), *LOW]


def _placed(*pieces: Rows) -> tuple[Placement, list[Finding]]:
    placements, findings = drawn.placed(*pieces)
    return placements["t4"], [finding for finding in findings if finding.table == "t4"]


SUITS = MIDDLE[5:]
LAYOUTS: dict[str, Rows] = {
    "as the notice prints it": drawn.disputes(),
    "a label before the figures": [TOP, MIDDLE, LOW, [Box("件数"), *FIGURES]],
    "a corner and a label": [[Box("项目", 3), *TOP], MIDDLE, LOW, [Box("数量"), *FIGURES]],
    "a blank corner and a blank": [[Box("", 3), *TOP], MIDDLE, LOW, [Box(""), *FIGURES]],
    "all fifteen leaves in the third row": [[Box("行政复议", 2, 5), TOP[1]], SUITS, LEAVES, FIGURES],
    "blanks for spans": [TOP, [*[Box("")] * 5, *SUITS], LEAVES, FIGURES],
    "a header in two rows": [[Box("行政复议", 1, 5), *SUITS], LEAVES, FIGURES],
    "one group printed for each half": [
        [Box("行政复议", 1, 5), *[Box("行政诉讼", 1, 5)] * 2],
        SUITS,
        LEAVES,
        FIGURES,
    ],
    "a title row": [[Box("政府信息公开行政复议、行政诉讼情况", 1, 15)], *drawn.disputes()],
    "the unit above": [[Box("单位：件", 1, 15)], *drawn.disputes()],
    "a note beneath": [*drawn.disputes(), [Box("注：2件为上年结转", 1, 15)]],
    "an empty row beneath": [*drawn.disputes(), [Box("")] * 15],
    "an empty column": [[*row, Box("")] for row in drawn.disputes()],
    "the header twice": [TOP, MIDDLE, LOW, TOP, MIDDLE, LOW, FIGURES],
}


@pytest.mark.parametrize("rows", LAYOUTS.values(), ids=LAYOUTS)
def test_a_table_is_read_exactly_however_it_is_laid_out(rows: Rows) -> None:
    assert drawn.texts(_placed(rows)[0]) == PRINTED


def test_a_row_of_blanks_is_the_row_of_figures_where_there_is_no_other() -> None:
    placement, _ = _placed([TOP, MIDDLE, LOW, [Box("")] * 15, [Box("")] * 15])
    assert {cell.at.split("/")[1] for cell in placement.cells.values()} == {"r4"}
    assert len(placement.cells) == 15


def _swapped(row: list[Box], a: int, b: int) -> list[Box]:
    boxes = list(row)
    boxes[a], boxes[b] = boxes[b], boxes[a]
    return boxes


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([TOP, MIDDLE, _swapped(LOW, 0, 1), FIGURES], id="two results changed places"),
        pytest.param([TOP, _swapped(MIDDLE, 5, 6), LOW, FIGURES], id="the two suits changed places"),
        pytest.param([TOP, MIDDLE, LOW[1:], FIGURES], id="a result is missing"),
        pytest.param([TOP, MIDDLE[:6], LOW, FIGURES], id="a group is missing"),
    ],
)
def test_under_a_header_out_of_order_nothing_is_published(rows: Rows) -> None:
    placement, findings = _placed(rows)
    withheld = drawn.only(findings, "columns-unplaced")
    assert (placement.cells, withheld.cells, withheld.weight) == ({}, tuple(PRINTED), Weight.BLOCK)


def test_a_blank_figure_keeps_its_place_beside_an_empty_column() -> None:
    figures = [Box("") if at == 2 else box for at, box in enumerate(FIGURES)]
    placement, _ = _placed([[*row, Box("")] for row in (TOP, MIDDLE, LOW, figures)])
    assert drawn.texts(placement) == PRINTED | {"t4_review_otherres": ""}


@pytest.mark.parametrize("figures", [FIGURES[1:], [*FIGURES, Box("9")]], ids=["one too few", "one too many"])
def test_a_ragged_row_is_withheld_whole(figures: list[Box]) -> None:
    placement, findings = _placed([TOP, MIDDLE, LOW, figures])
    assert drawn.only(findings, "row-ragged").cells == tuple(PRINTED)
    assert (placement.cells, set(placement.withheld)) == ({}, set(PRINTED))


def test_of_two_rows_of_figures_in_one_table_none_is_chosen() -> None:
    placement, findings = _placed([TOP, MIDDLE, LOW, FIGURES, [*FIGURES[:-1], Box("7")]])
    withheld = drawn.only(findings, "rows-ambiguous")
    assert (placement.cells, withheld.cells, withheld.weight) == ({}, tuple(PRINTED), Weight.BLOCK)


def test_a_page_number_beneath_is_told_and_does_no_harm() -> None:
    placement, findings = _placed([*drawn.disputes(), [Box("3", 1, 15)]])
    assert drawn.texts(placement) == PRINTED
    assert drawn.told(findings) == ["row-unnamed"]


def test_the_same_row_of_figures_twice_is_noted() -> None:
    placement, findings = _placed([TOP, MIDDLE, LOW, FIGURES, FIGURES])
    assert drawn.texts(placement) == PRINTED
    assert [(one.rule, one.weight) for one in findings] == [("said-twice", Weight.NOTE)]


def test_a_mistyped_header_is_read_and_told() -> None:
    placement, findings = _placed([TOP, MIDDLE, [Box("结里维持"), *LOW[1:]], FIGURES])
    assert drawn.texts(placement) == PRINTED
    assert [(one.rule, one.weight) for one in findings] == [("label-mistyped", Weight.NOTE)]


def test_a_blank_figure_is_no_column_of_nothing_though_a_row_of_the_header_ends_before_it() -> None:
    top = [*TOP, Box("")]
    middle = [*(box._replace(rowspan=2) for box in MIDDLE[:5]), MIDDLE[5], Box("7", 2), *MIDDLE[6:]]
    placement, findings = _placed([top, middle, LOW, [*[Box("")] * 10, Box("7"), *[Box("")] * 5]])
    assert placement.cells == {}
    assert "row-ragged" in drawn.told(findings)
