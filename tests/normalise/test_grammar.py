"""A cell is a number as printed, or the reason why it is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from foi_etl.model import State
from foi_etl.normalise.grammar import UNITS, Reading, read_number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("12", 12, id="digits"),
        pytest.param(" \u00a0１２\u3000", 12, id="full-width digits between spaces"),
        pytest.param("1,234,567", 1234567, id="thousands"),
        pytest.param("１，２３４", 1234, id="full-width thousands"),
        pytest.param("007", 7, id="leading zeros"),
        pytest.param("12.50", Decimal("12.50"), id="decimals, even where a count is due"),
        pytest.param("1,234.5", Decimal("1234.5"), id="thousands and decimals"),
        pytest.param("-3", -3, id="less than nothing, even where a count is due"),
        pytest.param("\u22123", -3, id="a mathematician's minus"),
        pytest.param("\uff0d3", -3, id="a full-width minus"),
        pytest.param("+3", 3, id="a plus"),
        pytest.param("1\u200b2", 12, id="what has no width"),
    ],
)
def test_a_number_is_read_as_printed(raw: str, value: Decimal) -> None:
    assert read_number(raw) == Reading(State.NUMBER, Decimal(value))


@pytest.mark.parametrize("raw", ["0", "０", "0.00", "零", "〇", "○", "零件", "-0", "000"])
def test_a_zero_that_is_printed_is_a_zero(raw: str) -> None:
    assert read_number(raw)[:2] == (State.ZERO, Decimal(0))


@pytest.mark.parametrize("raw", ["", " ", "\u00a0", "\u3000\u3000", "\u200b", "\t\n"])
def test_what_shows_nothing_is_a_blank(raw: str) -> None:
    assert read_number(raw) == Reading(State.BLANK)


@pytest.mark.parametrize(
    "raw",
    ["/", "\\", "-", "--", "—", "——", "–", "_", "一", "无", "不适用", "暂无", "N/A", " / ", "／", "－", "＿"],
)
def test_a_mark_for_nothing_is_no_number(raw: str) -> None:
    assert read_number(raw) == Reading(State.NA_MARK)


@pytest.mark.parametrize("raw", [".", "*", "XX", "详见附件", "+", "、", "件"])
def test_words_are_text(raw: str) -> None:
    assert read_number(raw, "signed_int") == Reading(State.TEXT)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("12²", id="a footnote mark must not become a digit"),
        pytest.param("①", id="a circled digit is no count"),
        pytest.param("²", id="nor is a mark alone"),
        pytest.param("1 2", id="two numbers are not one"),
        pytest.param("12,34", id="a comma that parts no thousands"),
        pytest.param("1,2345", id="nor four digits"),
        pytest.param(",123", id="nor nothing from three"),
        pytest.param("1.2.3", id="two points"),
        pytest.param("12.", id="a point with nothing behind it"),
        pytest.param("(3)", id="a number in brackets may be a note or a loss"),
        pytest.param("12（", id="a bracket left open"),
        pytest.param("5%", id="a share is no count"),
        pytest.param("约100", id="about a hundred is not a hundred"),
        pytest.param("100余件", id="nor is over a hundred"),
        pytest.param("3+2", id="a sum"),
        pytest.param("0/0", id="two numbers where one is due"),
        pytest.param("12 元 3", id="something behind the unit"),
        pytest.param("—5", id="a dash is no minus"),
        pytest.param("增10", id="a change where a count is due"),
        pytest.param("+-3", id="two signs"),
    ],
)
def test_what_is_not_plainly_a_number_is_refused(raw: str) -> None:
    assert read_number(raw) == Reading(State.UNREADABLE)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_in_the_cell_is_kept_and_nothing_is_converted(unit: str) -> None:
    assert read_number(f"251000{unit}") == Reading(State.NUMBER, Decimal(251000), unit)
    assert read_number(f"0 {unit}") == Reading(State.ZERO, Decimal(0), unit)


@pytest.mark.parametrize(
    ("raw", "reading"),
    [
        pytest.param("22（其中修订 16 件）", ("22", "", "(其中修订 16 件)"), id="a note"),
        pytest.param("160.5964万元（不含税）", ("160.5964", "万元", "(不含税)"), id="a unit and a note"),
        pytest.param("12 [1]", ("12", "", "[1]"), id="a footnote in square brackets"),
        pytest.param("5〔见注〕", ("5", "", "〔见注〕"), id="a note in shell brackets"),
        pytest.param("3【含上年】", ("3", "", "【含上年】"), id="a note in black brackets"),
    ],
)
def test_a_note_in_the_cell_is_kept_beside_its_number(raw: str, reading: tuple[str, str, str]) -> None:
    value, unit, note = reading
    assert read_number(raw) == Reading(State.NUMBER, Decimal(value), unit, note)


@pytest.mark.parametrize(
    ("raw", "change", "parts"),
    [
        pytest.param("+1036", 1036, "", id="more"),
        pytest.param("-2", -2, "", id="less"),
        pytest.param("4", 4, "", id="bare is more"),
        pytest.param("增10", 10, "", id="more, in a word"),
        pytest.param("增加 10 项", 10, "", id="more, with a unit"),
        pytest.param("减4", -4, "", id="less, in a word"),
        pytest.param("减少1,423", -1423, "", id="less, with thousands"),
        pytest.param("下降3", -3, "", id="less, in another word"),
        pytest.param("+3/-2", 1, "+3/-2", id="both, and what they were is kept"),
        pytest.param("增2减1", 1, "增2减1", id="both, in words"),
        pytest.param("增加5项，减少7项", -2, "增加5项,减少7项", id="both, in a sentence"),
        pytest.param("增10减10", 0, "增10减10", id="both, and nothing is left"),
    ],
)
def test_a_change_is_read_where_a_change_is_due(raw: str, change: int, parts: str) -> None:
    state = State.NUMBER if change else State.ZERO
    assert read_number(raw, "signed_int") == Reading(state, Decimal(change), "", parts)


@pytest.mark.parametrize("raw", ["不变", "持平", "无变化", "0/0"])
def test_no_change_is_a_zero_where_a_change_is_due(raw: str) -> None:
    assert read_number(raw, "signed_int") == Reading(State.ZERO, Decimal(0))
    assert read_number(raw, "int").value is None
