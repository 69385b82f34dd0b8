"""Table 2: small blocks, each under a header of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import drawn
from drawn import Rows
from foi_etl.extract.grid import Box
from foi_etl.forms import Form
from foi_etl.model import Finding, Placement, Weight

FORMS = (drawn.T2_2019, drawn.T2_2021)


def _placed(*pieces: Rows) -> tuple[Placement, list[Finding]]:
    placements, findings = drawn.placed(*pieces)
    return placements["t2"], [finding for finding in findings if finding.table == "t2"]


def _captioned(form: Form) -> list[Rows]:
    return [[[Box("主动公开政府信息情况", 1, 5)], *drawn.stacked(drawn.blocks(form))]]


def _with_blanks(form: Form) -> list[Rows]:
    return [[[*row, Box("")] for row in drawn.stacked(drawn.blocks(form))]]


def _with_extra_row(form: Form) -> list[Rows]:
    return [[*drawn.stacked(drawn.blocks(form)), [Box("其他主动公开文件"), Box("3", 1, 3)]]]


def _headed_by_rows(form: Form) -> list[Rows]:
    return [
        [[box._replace(text=box.text.replace("信息内容", "")) for box in row] for row in rows]
        for rows in drawn.blocks(form)
    ]


LAYOUTS: dict[str, Callable[[Form], list[Rows]]] = {
    "in one table": lambda form: [drawn.stacked(drawn.blocks(form))],
    "a table for each block": drawn.blocks,
    "blocks in another order": lambda form: [drawn.stacked(reversed(drawn.blocks(form)))],
    "a caption above": _captioned,
    "an empty column": _with_blanks,
    "a row of the agency's own": _with_extra_row,
    "blank corners": _headed_by_rows,
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.edition)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_table_is_read_exactly_however_it_is_laid_out(
    layout: Callable[[Form], list[Rows]], form: Form
) -> None:
    placement, _ = _placed(*layout(form))
    assert (placement.edition, drawn.texts(placement)) == (form.edition, drawn.printed(form))


def test_a_row_of_the_agencys_own_is_told_and_not_published() -> None:
    placement, findings = _placed(*_with_extra_row(drawn.T2_2021))
    unnamed = drawn.only(findings, "row-unnamed")
    assert (unnamed.weight, "其他主动公开文件 / 3" in unnamed.message) == (Weight.BLOCK, True)
    assert len(placement.cells) == 10


def test_rows_that_changed_places_under_one_header_are_told() -> None:
    first, *rest = drawn.blocks(drawn.T2_2021)
    placement, findings = _placed([first[0], first[1], first[3], first[2]], *rest)
    assert drawn.texts(placement) == drawn.printed(drawn.T2_2021)
    assert len(drawn.only(findings, "rows-out-of-order").cells) == 6


def test_a_row_under_the_header_of_another_edition_is_not_published() -> None:
    rows = drawn.blocks(drawn.T2_2019)
    rows[0][1] = drawn.blocks(drawn.T2_2021)[0][1]
    placement, findings = _placed(*rows)
    withheld = [one for one in findings if one.rule == "header-unread"]
    assert {i for one in withheld for i in one.cells} == {
        i for i in placement.withheld if "rule" in i or "normdoc" in i
    }
    assert (len(placement.withheld), len(placement.cells)) == (6, 16)
    assert "stands under 本年制发件数" in withheld[0].message


def test_a_row_without_any_header_is_not_published() -> None:
    first, *rest = drawn.blocks(drawn.T2_2021)
    placement, findings = _placed([*first[2:], *drawn.stacked(rest)])
    assert [one.message for one in findings if "stands under nothing" in one.message]
    assert len(placement.cells) == 4


def test_a_row_that_holds_figures_is_no_header() -> None:
    first, *rest = drawn.blocks(drawn.T2_2021)
    first.insert(2, [Box("信息内容"), Box("1"), Box("2"), Box("3")])
    placement, findings = _placed(first, *rest)
    assert drawn.texts(placement) == drawn.printed(drawn.T2_2021)
    assert drawn.told(findings) == ["row-unnamed"]


@pytest.mark.parametrize("figures", [["1", "2"], ["1", "2", "3", "4"]], ids=["one too few", "one too many"])
def test_a_ragged_row_is_withheld_whole(figures: list[str]) -> None:
    first, *rest = drawn.blocks(drawn.T2_2021)
    first[2] = [Box("规章"), *map(Box, figures)]
    placement, findings = _placed(first, *rest)
    assert drawn.only(findings, "row-ragged").cells == drawn.T2_2021.rows["rule"]
    assert len(placement.cells) == 7


def test_a_blank_under_a_blank_label_is_no_figure_but_a_figure_there_is_one_too_many() -> None:
    first, *rest = drawn.blocks(drawn.T2_2021)
    first[1].insert(2, Box(""))
    first[2].insert(2, Box(""))
    first[3].insert(2, Box("9"))
    placement, findings = _placed(first, *rest)
    assert [placement.cells[i].text for i in drawn.T2_2021.rows["rule"]] == ["101", "102", "103"]
    assert drawn.only(findings, "row-ragged").cells == drawn.T2_2021.rows["normdoc"]


def test_mistyped_labels_are_read_and_told_for_the_cells_they_name() -> None:
    rows = drawn.blocks(drawn.T2_2021)
    rows[0][1][3] = Box("现行有效件")
    rows[2][1][1] = Box("本年处理绝对数量")
    rows[2][3][0] = Box("行政强治")
    placement, findings = _placed(*rows)
    assert drawn.texts(placement) == drawn.printed(drawn.T2_2021)
    typed = [(one.rule, one.cells) for one in findings]
    assert ("label-mistyped", ("t2_coercion_decisions",)) in typed
    assert ("label-mistyped", ("t2_penalty_decisions",)) in typed
    assert {rule for rule, _ in typed} == {"label-mistyped"}


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        pytest.param("本年收费金额（单位：万元）", "万元", id="as in the notice"),
        pytest.param("本年收费金额(元)", "元", id="another unit"),
        pytest.param("本年收费金额（单位：亿元，保留2位小数）", "亿元", id="with an instruction left in"),
        pytest.param("本年收费金额", None, id="none"),
        pytest.param("本年收费金额（件）", None, id="no unit of money"),
    ],
)
def test_the_unit_a_header_prints_is_that_of_the_cells_beneath(label: str, unit: str | None) -> None:
    rows = drawn.blocks(drawn.T2_2021)
    rows[3][1][1] = Box(label)
    assert _placed(*rows)[0].units.get("t2_fee_amount") == unit
