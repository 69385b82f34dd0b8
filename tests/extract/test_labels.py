"""A printed label is one of the form's: the same words, or nearly."""

from __future__ import annotations

import pytest

import drawn
from foi_etl.extract.labels import has_figure, is_typed, key
from foi_etl.extract.ledger import axes
from foi_etl.model import Cell

ROWS, COLUMNS = axes(drawn.T3_2021).rows, axes(drawn.T3_2021).columns


def _cell(text: str) -> Cell:
    return Cell(text, 1, 1, 1)


@pytest.mark.parametrize(
    ("printed", "row"),
    [
        pytest.param("（一）予以公开", "granted", id="as in the notice"),
        pytest.param("1．属于国家秘密", "denied_state_secret", id="numbered otherwise"),
        pytest.param("（三）不予公开1.属于国家秘密", "denied_state_secret", id="run together with its group"),
        pytest.param(
            "2.其他法律行政止公开", "denied_law_forbidden", id="three characters lost, as once printed"
        ),
        pytest.param("3.危及“三安全一稳定", "denied_security_stability", id="a quote lost"),
        pytest.param("结转下年度继续办", "carried_out", id="the last character lost"),
        pytest.param("予以公升", "granted", id="one of four characters wrong"),
        pytest.param("2.重复甲请", "noproc_duplicate", id="nearer to its own words than to any other"),
    ],
)
def test_a_row_is_known_by_its_words_or_nearly(printed: str, row: str) -> None:
    found = ROWS.find(_cell(printed))
    assert found is not None
    assert found.id == row


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("（三）不予公开", id="a group is no row"),
        pytest.param("公开", id="half of two labels"),
        pytest.param("不予以公开", id="as near to a group as to a row"),
        pytest.param("螃蟹咖啡", id="other words"),
        pytest.param("12", id="a figure"),
        pytest.param("22（其中修订 16 件）", id="a figure with a note"),
        pytest.param("无", id="a mark for nothing"),
        pytest.param("", id="nothing"),
        pytest.param("（一）予以公开" * 12, id="prose"),
    ],
)
def test_what_is_no_row_is_taken_for_none(printed: str) -> None:
    assert ROWS.find(_cell(printed)) is None


@pytest.mark.parametrize(("wrong", "found"), [(4, True), (5, False)])
def test_of_the_longest_label_four_characters_may_be_wrong(wrong: int, found: bool) -> None:
    label = "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    assert (ROWS.near("蟹" * wrong + label[wrong:]) is not None) is found


@pytest.mark.parametrize(("printed", "found"), [("自燃人", True), ("白燃人", False)])
def test_of_a_short_label_one_character_may_be_wrong(printed: str, found: bool) -> None:
    assert (COLUMNS.near(printed) is not None) is found


def test_where_bare_words_tie_the_printed_number_decides() -> None:
    near = ROWS.near("3.甲他")
    assert near is not None
    assert near.id == "other_misc"


def test_a_group_of_columns_is_found_and_is_no_column() -> None:
    group, column = COLUMNS.find(_cell("法人或其他组织")), COLUMNS.find(_cell("法律服务 机构"))
    assert group is not None
    assert column is not None
    assert (group.id, column.id) == ("", "legal")


@pytest.mark.parametrize(
    ("printed", "is_figure"),
    [
        pytest.param("12", True, id="a number"),
        pytest.param("+3", True, id="a change"),
        pytest.param("增10", True, id="a change in words"),
        pytest.param("1,234.5万元", True, id="an amount"),
        pytest.param("22（其中修订 16 件）", True, id="a number with a note"),
        pytest.param("1.属于国家秘密", False, id="a numbered label"),
        pytest.param("2、重复申请", False, id="numbered otherwise"),
        pytest.param("2023年", False, id="a year"),
        pytest.param("第二十条", False, id="an article"),
        pytest.param("", False, id="a blank"),
    ],
)
def test_a_figure_is_told_from_a_numbered_label(printed: str, is_figure: bool) -> None:
    assert has_figure([_cell(printed)]) is is_figure
    assert not (is_figure and key(printed))


def test_a_known_variant_is_no_typing_error_and_another_spelling_is() -> None:
    label = ROWS.find(_cell("1.属于国家秘密"))
    assert label is not None
    assert [is_typed(_cell(text), label) for text in ("（1）属于国家秘密", "1.属于国家秘密事项")] == [
        False,
        True,
    ]
