"""Each statutory table is found exactly once, in its own edition, or it is said how near the page came."""

from __future__ import annotations

import pytest

import drawn
from drawn import Rows
from foi_etl.errors import NotAReport
from foi_etl.extract.grid import Box
from foi_etl.model import Weight

OLD = [drawn.stacked(drawn.blocks(drawn.T2_2019)), drawn.ledger(drawn.T3_2019), drawn.disputes()]
NEW = [drawn.stacked(drawn.blocks(drawn.T2_2021)), drawn.ledger(drawn.T3_2021), drawn.disputes()]


@pytest.mark.parametrize(
    ("pieces", "year", "editions"),
    [
        pytest.param(OLD, 2019, ["e2019"] * 3, id="the old forms"),
        pytest.param(NEW, 2021, ["e2021"] * 3, id="the new forms"),
        pytest.param(OLD, 2023, ["e2019"] * 3, id="the old forms years later"),
        pytest.param(
            [NEW[0], OLD[1], NEW[2]], 2023, ["e2021", "e2019", "e2021"], id="mixed, as in Hongze 2023"
        ),
        pytest.param(
            NEW[:1] + NEW[2:], 2019, ["e2021", "e2021"], id="table 4 follows the others, not the year"
        ),
        pytest.param(OLD[2:], 2020, ["e2019"], id="table 4 alone follows the year"),
        pytest.param(OLD[2:], 2025, ["e2021"], id="and the edition in force"),
        pytest.param(OLD[2:], None, ["e2021"], id="and failing a year the newest"),
        pytest.param(list(reversed(NEW)), 2023, ["e2021"] * 3, id="tables in another order"),
    ],
)
def test_an_edition_belongs_to_a_table(pieces: list[Rows], year: int | None, editions: list[str]) -> None:
    placements, _ = drawn.placed(*pieces, year=year)
    assert [placements[table].edition for table in sorted(placements)] == editions


def test_a_row_of_another_edition_weighs_more_than_a_table_without_gaps() -> None:
    rows = drawn.ledger(drawn.T3_2021)
    lost = next(row for row in rows if row[0].text == "（六）其他处理")
    del lost[1]
    blank = [
        row if "逾期未按" not in row[0].text and row[0].text != "3.其他" else _blank(row) for row in rows
    ]
    placements, _ = drawn.placed(blank, year=2019)
    assert placements["t3"].edition == "e2021"


def test_where_no_row_can_be_placed_its_own_rows_still_tell_the_edition() -> None:
    narrow = [row if at < 3 else row[:-1] for at, row in enumerate(drawn.ledger(drawn.T3_2021))]
    placements, _ = drawn.placed(narrow, year=2019)
    assert (placements["t3"].edition, placements["t3"].cells) == ("e2021", {})


def _blank(row: list[Box]) -> list[Box]:
    return [row[0], *[Box("")] * 7]


def test_three_statutory_tables_may_stand_in_one_printed_table() -> None:
    placements, findings = drawn.placed(drawn.stacked(NEW), year=2023)
    assert [len(placements[table].cells) for table in ("t2", "t3", "t4")] == [10, 175, 15]
    assert findings == ()


def test_other_tables_on_the_page_are_passed_over() -> None:
    other = drawn.bars("姓名 | 职务", "甲 | 局长", "3 | 4")
    placements, findings = drawn.placed(other, *NEW, other, year=2023)
    assert [drawn.texts(placements[form.table]) for form in (drawn.T2_2021, drawn.T3_2021, drawn.T4)] == [
        drawn.printed(form) for form in (drawn.T2_2021, drawn.T3_2021, drawn.T4)
    ]
    assert findings == ()


def test_a_table_the_page_lacks_is_told_with_how_near_it_came() -> None:
    decoy = drawn.bars("结果维持 | 结果纠正", "1 | 2")
    _, findings = drawn.placed(NEW[0], NEW[1], decoy, year=2023)
    missing = drawn.only(findings, "table-missing")
    assert (missing.table, missing.weight, missing.at) == ("t4", Weight.BLOCK, ("t3",))
    assert missing.cells == tuple(drawn.T4.cells)
    assert "2 of 6 landmarks" in missing.message
    assert "table 3 of 3" in missing.message


def test_a_page_of_other_tables_holds_none_of_the_form() -> None:
    placements, findings = drawn.placed(drawn.bars("a | b"), year=2023)
    assert (placements, drawn.told(findings)) == ({}, ["table-missing"] * 3)
    assert "0 of" in findings[0].message
    assert "among 1" in findings[0].message
    assert {finding.at for finding in findings} == {()}


def test_two_reports_on_one_page_are_refused() -> None:
    other = [[box._replace(text="7") if box.text.isdigit() else box for box in row] for row in NEW[1]]
    with pytest.raises(NotAReport, match="two reports") as refusal:
        drawn.placed(*NEW, other, year=2023)
    assert refusal.value.where["at"] == "t2, t4"


def test_the_same_report_twice_is_noted_and_read_once() -> None:
    placements, findings = drawn.placed(*NEW, *NEW, year=2023)
    assert len(placements["t3"].cells) == 175
    assert {(one.rule, one.weight) for one in findings} == {("said-twice", Weight.NOTE)}


def test_a_tail_of_figures_without_a_header_follows_the_table_it_was_cut_from() -> None:
    header, figures = NEW[2][:3], NEW[2][3:]
    placements, findings = drawn.placed(*NEW[:2], header, figures, year=2023)
    assert drawn.texts(placements["t4"]) == drawn.printed(drawn.T4)
    assert findings == ()


def test_figures_after_a_whole_table_do_not_join_it() -> None:
    other = [[Box(str(at)) for at in range(15)]]
    placements, findings = drawn.placed(*NEW, other, year=2023)
    assert drawn.texts(placements["t4"]) == drawn.printed(drawn.T4)
    assert findings == ()
