from __future__ import annotations

import pytest

from foi_etl.model import Agency, Ask, Decoy, Found, Page
from foi_etl.sources.links import NoReport, ReportTitle, judge_link, links_in, told

BUREAU = Agency("bureau", "某局", "trs", "https://a.gov.cn/nb/")


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("海港区交通局2023年政府信息公开工作年度报告", 2023),
        ("2019年海港区人民政府办公室政府信息公开工作年度报告", 2019),
        ("2021年度海港街道办事处政府信息公开\n工作年度报告", 2021),
        ("海港区教育局\n2022年政府信息公开工作年度报告", 2022),
        ("海港区2024年信息公开工作年度报告", 2024),
        ("海港镇2022年度政府信息公开工作报告", 2022),
        ("海港区2020年政务信息公开年度报告", 2020),
        ("海港区2020年政府信息公开重点工作年度报告（图片版）", 2020),
        ("海港市 2025 年政府信息公开工作 年度报告", 2025),
        ("海港区政府信息公开2018年度报告", 2018),
        ("2013年政务公开工作年度报告", 2013),
        ("海港县2011年政府信息公开年报", 2011),
        ("海港区２０２３年政府信息公开年报", 2023),
        ("海港区二〇二一年政府信息公开工作年度报告", 2021),
        ("海港区委机构编制委员会办公室2023年政府信息公开工作年度报告", 2023),
        ("海港区人民政府办公室2023年政府信息公开工作年...", 2023),
    ],
)
def test_the_titles_reports_have_are_known(title: str, year: int) -> None:
    assert judge_link(title) == ReportTitle(year)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("文字解读：海港区2023年政府信息公开工作年度报告", "an interpretation"),
        ("一图读懂2023年政府信息公开年报", "an interpretation"),
        ("海港区2023年政府信息公开工作年度报告问答", "an interpretation"),
        ("海港区政府信息公开指南（2023年版）", "a guide"),
        ("2023年度政府网站工作年度报表", "a statement about a website or an annex"),
        ("关于做好2023年政府信息公开工作年度报告编制发布工作的通知", "a notice about reports"),
        ("海港区2023年政府信息公开工作自查报告", "a self-examination"),
        ("海港区政府信息公开目录", "a rule or a catalogue"),
        ("海港区政府信息公开工作制度", "a rule or a catalogue"),
        ("海港区2023年第三季度政府信息公开工作报告", "not of a whole year"),
    ],
)
def test_what_only_names_a_report_is_told_with_its_reason(title: str, reason: str) -> None:
    assert judge_link(title) == NoReport(reason)


@pytest.mark.parametrize(
    "title",
    [
        "首页",
        "2023年法治政府建设年度报告",
        "政府信息公开年报",
        "关于放假的通知",
        "2023年政府信息公开工作要点",
        "2023年",
    ],
)
def test_other_links_are_passed_over_in_silence(title: str) -> None:
    assert judge_link(title) is None


def test_a_title_without_a_year_counts_only_in_a_dated_row() -> None:
    assert judge_link("政府信息公开工作年度报告", dated=True) == ReportTitle(None)
    assert judge_link("政府信息公开工作年度报告") is None


def test_a_cut_text_is_completed_from_the_title() -> None:
    markup = '<a href="1.html" title="某局2023年政府信息公开工作年度报告解读">某局2023年政府信息公开工...</a>'
    [link] = links_in(markup, "https://a.gov.cn/nb/")

    assert (link.url, link.text) == ("https://a.gov.cn/nb/1.html", "某局2023年政府信息公开工作年度报告解读")


def test_a_title_that_is_about_something_else_is_not_believed() -> None:
    [link] = links_in('<a href="1.html" title="点击查看">某局2023年年报</a>', "https://a.gov.cn/")

    assert link.text == "某局2023年年报"


def test_a_date_inside_the_link_is_not_part_of_its_words() -> None:
    [link] = links_in(
        "<li><a href='1.html'>某局年报\n<span>[2024-\n01-\n23]</span></a></li>", "https://a.gov.cn/"
    )

    assert (link.text, link.dated) == ("某局年报", True)


def test_a_layout_row_that_holds_the_whole_page_dates_nothing() -> None:
    markup = f"<table><tr><td><a href='1.html'>年报</a>{'栏目' * 200} 2024-01-23</td></tr></table>"

    assert not next(links_in(markup, "https://a.gov.cn/")).dated


def test_scripts_and_anchors_lead_nowhere() -> None:
    assert (
        list(
            links_in('<a href="javascript:;">a</a><a href="#top">b</a><a>c</a><a href=" ">d</a>', "http://a/")
        )
        == []
    )


def test_a_report_on_a_foreign_host_is_a_decoy() -> None:
    page = Page(Ask(BUREAU.portal), BUREAU.portal, "")
    words = "某局2023年政府信息公开工作年度报告"
    links = list(
        links_in(f'<a href="//b.gov.cn/1">{words}</a><a href="http://spam.com/2">{words}</a>', BUREAU.portal)
    )

    assert list(told(BUREAU, page, links)) == [
        Found(Ask("https://b.gov.cn/1", referer=BUREAU.portal), words, BUREAU.portal, 2023),
        Decoy("http://spam.com/2", words, "on a foreign host"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            '<ul><li>1</li><li><a href="a">名</a></li><li>2024-01-05</li></ul>', id="a list of parts"
        ),
        pytest.param('<dl><dt>2024-01-05</dt><dd><a href="a">名</a></dd></dl>', id="a term and its meaning"),
        pytest.param('<dd><a href="a">名</a> <span>2024-01-05</span></dd><dd><a href="b">', id="a meaning"),
    ],
)
def test_the_date_of_a_row_may_stand_beside_the_part_that_links(row: str) -> None:
    first, *_ = links_in(f"<div>{row}</div><p>2026-11-23", "https://a.gov.cn/")

    assert first.listed == "2024-01-05"


def test_the_date_of_a_neighbour_is_not_taken() -> None:
    rows = '<ul><li><a href="a">甲</a></li><li><a href="b">乙</a> 2024-01-05</li></ul>'

    assert [link.listed for link in links_in(rows, "https://a.gov.cn/")] == ["", "2024-01-05"]
