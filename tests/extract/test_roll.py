"""The statistics tables before 2019: a figure stands under the column its header names, or nowhere."""

from __future__ import annotations

import pytest

from foi_etl.extract.running import running_table
from foi_etl.model import Fact, Verdict, Weight
from foi_etl.pipeline import read
from helpers import STATUTE

FORM = STATUTE.form("s", "e2014")
HEADER = ["指标名称", "计量单位", "2012年度", "历年累计"]
LIST = [
    ["主动公开信息数", "条", "425", "1516"],
    ["其中：1.网站公开", "条", "418", "1509"],
    ["2.政府公报公开", "条", "7", "7"],
    ["受理依申请公开信息总数", "条", "3", "9"],
    ["行政复议数", "件", "0", "2"],
]


def page(rows: list[list[str]]) -> str:
    inside = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><p>某区2012年政府信息公开年度报告</p><table>{inside}</table></body></html>"


def verdict_of(rows: list[list[str]]) -> Verdict:
    return read(page(rows).encode(), "page", STATUTE)


def facts_of(rows: list[list[str]]) -> dict[str, Fact]:
    [reading] = verdict_of(rows).tables
    return reading.facts


def national() -> list[list[str]]:
    """The form of 2014, printed: headings without figures between the rows."""
    printed: list[list[str]] = [["统计指标", "单位", "统计数"]]
    said: set[str] = set()
    for number, row in enumerate(FORM.blocks[0].rows, start=1):
        rows = {one.text for one in FORM.blocks[0].rows}
        printed += [[name, "——", ""] for name in row.path if name not in said | rows]
        said.update(row.path)
        printed.append([row.text, row.unit or "件", str(number)])
    return printed


def test_the_year_and_all_years_are_two_figures() -> None:
    facts = facts_of([HEADER, *LIST])
    assert (facts["s_disclosed_year"].raw, facts["s_disclosed_cumulative"].raw) == ("425", "1516")
    assert facts["s_review_year"].unit == "件"


def test_a_header_that_names_them_the_other_way_round_is_followed() -> None:
    swapped = [[*row[:2], row[3], row[2]] for row in [HEADER, *LIST]]
    assert facts_of(swapped)["s_received_year"].raw == "3"


def test_without_a_header_neither_figure_is_published() -> None:
    verdict = verdict_of(LIST)
    assert {fact.value for table in verdict.tables for fact in table.facts.values()} == {None}
    assert {one.weight for one in verdict.findings} == {Weight.BLOCK}


def test_two_columns_of_the_same_name_are_none() -> None:
    doubled = [["指标名称", "计量单位", "2011年度", "2012年度"], *LIST]
    assert facts_of(doubled)["s_disclosed_year"].value is None


def test_a_province_owes_no_row_of_another_province() -> None:
    rules = {one.rule for one in verdict_of([HEADER, *LIST]).findings}
    assert "row-missing" not in rules


def test_a_row_nobody_knows_is_told() -> None:
    findings = verdict_of([HEADER, *LIST, ["公开栏更换次数", "次", "4", "8"]]).findings
    assert "公开栏更换次数" in next(one.message for one in findings if one.rule == "row-unnamed")


def test_more_in_a_year_than_in_all_years_is_told() -> None:
    wrong = [HEADER, *LIST[:-1], ["行政复议数", "件", "5", "2"]]
    assert "order" in {one.rule for one in verdict_of(wrong).findings}


def test_every_row_of_the_national_form_finds_its_cell_and_twins_are_told_apart() -> None:
    facts = facts_of(national())
    assert {cell_id: fact.raw for cell_id, fact in facts.items()} == {
        cell_id: str(number) for number, cell_id in enumerate(FORM.cells, start=1)
    }


def test_a_twin_whose_heading_is_gone_is_not_guessed() -> None:
    printed = [row for row in national() if "行政复议" not in row[0] and "行政诉讼" not in row[0]]
    printed = [row for row in printed if "维持" not in row[0]]
    facts = facts_of(printed)
    assert [facts[f"s{n}"].value for n in ("42_review_corrected", "46_suit_corrected")] == [None, None]


@pytest.mark.parametrize(
    ("figures", "cut"),
    [
        pytest.param("3 12", ["3", "12"], id="a space tells"),
        pytest.param("00", ["0", "0"], id="two noughts"),
        pytest.param("012", ["0", "12"], id="no figure begins with a nought"),
        pytest.param("1012", ["10", "12"], id="the one the prose states"),
        pytest.param("2345", ["2345"], id="several would fit"),
    ],
)
def test_figures_without_a_space_are_cut_only_where_one_way_fits(figures: str, cut: list[str]) -> None:
    text = f"今年公开10条。指标名称计量单位2012年度历年累计甲数条{figures}乙数条 1 1丙数条 1 1丁数条 1 1"
    found = running_table(text)
    assert found is not None
    assert [box.text for box in found.rows[1][2:]] == cut
