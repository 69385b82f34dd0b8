"""Tables without rules are read by where labels stand; what could stand in two places is withheld."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from foi_etl.errors import NotAReport
from foi_etl.extract.again.ink import rows_of_ink
from foi_etl.extract.paper.headers import headers
from foi_etl.extract.paper.ink import Ink, Paper
from foi_etl.extract.paper.strip import Strip
from foi_etl.extract.paper.trace import Letters
from foi_etl.model import Fact, Verdict, Weight
from foi_etl.pipeline import read
from foi_etl.practice.boxes import Box
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import Leaf, Setting, Text, set_pages
from helpers import STATUTE

REPORT: PracticeReport = list(country(STATUTE, agencies=6).reports)[4]
UNRULED = Setting(rules="none")


def _leaves(setting: Setting = UNRULED) -> list[Leaf]:
    return set_pages(flow(REPORT, STATUTE), setting)


def _silent(verdict: Verdict) -> list[str]:
    """Cells that are published otherwise than printed and that no finding names."""
    told = {i for one in verdict.findings if one.weight is not Weight.NOTE for i in one.cells}
    facts = {i: fact for table in verdict.tables for i, fact in table.facts.items()}
    return [i for i in REPORT.truth if i in facts and i not in told and facts[i].value != REPORT.truth[i]]


def _line(leaves: list[Leaf], said: str) -> tuple[Leaf, int]:
    """Where a line begins with these words."""
    return next(
        (leaf, at) for leaf in leaves for at, text in enumerate(leaf.texts) if text.said.startswith(said)
    )


@pytest.mark.parametrize("start", range(0, 400, 133))
@pytest.mark.parametrize("rules", ["none", "across", "frame"])
def test_wherever_a_page_breaks_no_cell_is_lost(start: int, rules: str) -> None:
    verdict = read(pdf(_leaves(Setting(rules=rules, start=start))), "x.pdf", STATUTE)
    facts = {i: fact for table in verdict.tables for i, fact in table.facts.items()}
    assert {i: fact.value for i, fact in facts.items()} == REPORT.truth


def test_rules_of_dots_are_rules_to_both_readers() -> None:
    title, *parts = flow(REPORT, STATUTE)
    first = next(part for part in parts if not isinstance(part, str))
    body = pdf(set_pages([title, first], Setting(rules="dotted")))
    verdict = read(body, "x.pdf", STATUTE)
    [table] = verdict.tables
    assert {i: fact.value for i, fact in table.facts.items()} == {i: REPORT.truth[i] for i in table.facts}
    assert "read-without-rules" not in {one.rule for one in verdict.findings}
    assert sum(table.agreed.values()) == len(table.facts)


def test_it_says_that_there_were_no_rules() -> None:
    verdict = read(pdf(_leaves()), "x.pdf", STATUTE)
    assert {one.table for one in verdict.findings if one.rule == "read-without-rules"} == {"t2", "t3", "t4"}


def test_running_heads_and_page_numbers_are_none_of_it() -> None:
    leaves = _leaves(Setting(rules="none", note="青池县政府信息公开年度报告", start=200))
    for number, leaf in enumerate(leaves, 1):
        leaf.texts.append(Text(300, 800, 9, str(number)))
    assert _silent(read(pdf(leaves), "x.pdf", STATUTE)) == []


def test_a_figure_between_two_rows_takes_both_with_it() -> None:
    leaves = _leaves()
    leaf, at = _line(leaves, "1.属于国家秘密")
    label = leaf.texts[at]
    row = [text for text in leaf.texts if abs(text.top - label.top) < 4 and text.said.isdigit()]
    below = min(text.top for text in leaf.texts if text.top > label.top + 8)
    for text in row:
        leaf.texts[leaf.texts.index(text)] = text._replace(top=(label.top + below) / 2)
    verdict = read(pdf(leaves), "x.pdf", STATUTE)
    assert _silent(verdict) == []
    assert any(one.rule == "figures-unplaced" for one in verdict.findings)


def test_columns_that_run_together_are_not_told_apart() -> None:
    leaves = _leaves()
    leaf, at = _line(leaves, "一、本年新收")
    top = leaf.texts[at].top
    figures = [t for t in leaf.texts if abs(t.top - top) < 12 and t.said.isdigit()]
    for one, other in pairwise(sorted(figures, key=lambda text: text.x)):
        leaf.texts.append(Text(one.x, one.top, 10, "0" * int((other.x - one.x) / 5)))
    try:
        verdict = read(pdf(leaves), "x.pdf", STATUTE)
    except NotAReport:
        return
    assert _silent(verdict) == []


def test_a_row_whose_label_is_mistyped_says_so() -> None:
    leaves = _leaves()
    leaf, at = _line(leaves, "2.重复申请")
    leaf.texts[at] = leaf.texts[at]._replace(said="2.重覆申请")
    verdict = read(pdf(leaves), "x.pdf", STATUTE)
    assert _silent(verdict) == []
    assert any(one.rule == "label-mistyped" and "重覆" in one.message for one in verdict.findings)


def _inks(*lines: tuple[float, float, str]) -> list[Ink]:
    return [
        Ink(letter, x + 10 * at, top, x + 10 * at + 10, top + 10)
        for x, top, said in lines
        for at, letter in enumerate(said)
    ]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([(0, 0, "法律服务机构")], id="on one line"),
        pytest.param([(0, 0, "法律服"), (0, 14, "务机构")], id="on two"),
        pytest.param([(9, 14 * at, letter) for at, letter in enumerate("法律服务机构")], id="upright"),
        pytest.param([(20 * at, 0, letter) for at, letter in enumerate("法律服务机构")], id="spread"),
    ],
)
def test_a_label_is_found_however_it_is_set(lines: list[tuple[float, float, str]]) -> None:
    [trace] = Letters(_inks(*lines)).traces(["法律服务机构"])
    assert "".join(ink.text for ink in trace.inks) == "法律服务机构"


def test_two_labels_side_by_side_do_not_lend_each_other_lines() -> None:
    letters = Letters(_inks((0, 0, "本年新"), (0, 14, "制作数"), (44, 0, "本年新"), (44, 14, "公开数")))
    assert [trace.box.x0 for trace in letters.traces(["本年新公开数"])] == [44]


def test_a_word_inside_a_sentence_is_no_label() -> None:
    assert Letters(_inks((0, 0, "制定规章三件"))).traces(["规章"]) == []


def test_a_label_goes_on_over_the_end_of_a_page() -> None:
    papers = [
        Paper(1, 100, 800, tuple(_inks((0, 700, "（四）无"), (40, 780, "12")))),
        Paper(2, 100, 800, tuple(_inks((0, 60, "法提供"), (40, 780, "13")))),
    ]
    [trace] = Strip(papers).letters.traces(["无法提供"])
    assert len(trace.inks) == 4


def test_two_labels_a_hair_apart_are_two() -> None:
    letters = Letters(_inks((0, 0, "本年新制作数量"), (71.2, 0, "本年新公开数量"), (142.4, 0, "12")))
    assert [trace.box.x0 for trace in letters.traces(["本年新公开数量"])] == [71.2]
    assert ["".join(ink.text for ink in run) for run in letters.runs(letters.inks)] == [
        "本年新制作数量",
        "本年新公开数量",
        "12",
    ]


def test_letters_set_wide_are_one_word() -> None:
    letters = Letters(_inks(*((11.2 * at, 0, letter) for at, letter in enumerate("制定规章三件"))))
    assert letters.traces(["规章"]) == []
    assert len(list(letters.runs(letters.inks))) == 1


def _list(edition: str) -> list[list[Box]]:
    """A statistics list of before 2019: no two figures are alike, and those of the year are odd."""
    form = STATUTE.form("s", edition)
    header = [Box(text, "header") for text in ("指标名称", "单位", *(c.text for c in form.blocks[0].columns))]
    figures = iter(range(101, 999))
    rows = [
        [Box(row.text, "label"), Box("件", "label"), *(Box(str(next(figures)), "value") for _ in header[2:])]
        for row in form.blocks[0].rows
    ]
    return [header, *rows]


def _listed(sheet: list[list[Box]], year: int, setting: Setting = UNRULED) -> dict[str, Fact]:
    title = f"青池县人民政府{year}年政府信息公开工作年度报告"
    try:
        verdict = read(pdf(set_pages([title, sheet], setting)), "x.pdf", STATUTE)
    except NotAReport:
        return {}
    return {i: fact for table in verdict.tables for i, fact in table.facts.items()}


@pytest.mark.parametrize("align", ["left", "centre", "right"])
@pytest.mark.parametrize(("edition", "year"), [("e2008", 2012), ("e2014", 2016)])
def test_a_list_of_before_2019_is_read_without_rules(edition: str, year: int, align: str) -> None:
    facts = _listed(_list(edition), year, Setting(rules="none", align=align))
    assert {i: fact.value for i, fact in facts.items()} == dict(
        zip(STATUTE.form("s", edition).cells, range(101, 999), strict=False)
    )


@pytest.mark.parametrize("align", ["left", "centre", "right"])
@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(
            lambda row, at: [*row[:2], Box("" if at else "年度", row[2].kind), row[3]], id="blank year"
        ),
        pytest.param(lambda row, at: [*row[:2], row[3]], id="no year"),
        pytest.param(lambda row, at: [*row[:2], row[3], row[2]], id="cumulative first"),
        pytest.param(lambda row, at: row if at else [*row[:2], Box("", "header"), row[3]], id="year unnamed"),
        pytest.param(lambda row, at: row if at else [*row[:3], Box("", "header")], id="cumulative unnamed"),
        pytest.param(lambda row, at: row if at else [*row[:3], Box("至今", "header")], id="named otherwise"),
    ],
)
def test_what_is_cumulative_is_never_the_year_s(
    harm: Callable[[list[Box], int], list[Box]], align: str
) -> None:
    sheet = [harm(row, at) for at, row in enumerate(_list("e2008"))]
    facts = _listed(sheet, 2012, Setting(rules="none", align=align))
    values = {i: fact.value for i, fact in facts.items() if fact.value is not None}
    assert all((value % 2 == 1) == i.endswith("_year") for i, value in values.items())


def test_the_last_line_of_one_page_and_the_first_of_the_next_are_no_running_heads() -> None:
    papers = [
        Paper(1, 200, 800, tuple(_inks((0, 60, "指标名称"), (0, 780, "免予公开范围5")))),
        Paper(2, 200, 800, tuple(_inks((0, 60, "免予公开范围6"), (0, 780, "经费支出")))),
    ]
    assert len(Strip(papers).letters.traces(["免予公开范围5", "免予公开范围6"])) == 2


def test_a_word_of_the_line_above_is_no_part_of_a_header() -> None:
    block = STATUTE.form("s", "e2008").blocks[0]
    inks = _inks((0, 0, "（2012年度）"), (0, 14, "指标名称"), (100, 14, "年度"), (150, 14, "历年累计"))
    [header] = headers(block, Letters(inks))
    assert [leaf.box.x0 for leaf in header.leaves] == [100, 150]


def test_the_second_reader_cuts_a_line_where_boxes_lie_close() -> None:
    tight = _inks((0, 0, "行政许可"), (41.3, 0, "300"), (72.6, 0, "153"))
    spread = [ink for at, letter in enumerate("300") for ink in _inks((11.3 * at, 0, letter))]
    assert rows_of_ink([tight]) == (("行政许可", "300", "153"),)
    assert rows_of_ink([spread]) == (("300",),)
