"""A report says who it is from, for which year, and in which section it says what."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from rapidfuzz.distance import LCSseq

from foi_etl.extract.about import About, read_about
from foi_etl.extract.page import Lines
from foi_etl.extract.titles import agency_in
from foi_etl.text import year_in
from helpers import SHARED, STATUTE, needs_shared

TITLE = "甲县司法局2022年政府信息公开工作年度报告"


def _about(*lines: str, window: str = "", **meta: str) -> About:
    return read_about(Lines(lines, meta, window), STATUTE.sections)


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        pytest.param("甲市乙区统计局2023年度政府信息公开工作年度报告", "甲市乙区统计局", id="agency, year"),
        pytest.param("2021年丙街道政府信息公开年度报告", "丙街道", id="year, agency"),
        pytest.param("2021年度丙街道办事处政府信息公开工作年度报告", "丙街道办事处", id="a year in 度"),
        pytest.param("甲县2022年信息公开工作年度报告", "甲县", id="信息公开 alone"),
        pytest.param("甲县教育局2023年度政府信息公开工作报告", "甲县教育局", id="工作报告"),
        pytest.param("甲县2019年政务信息公开年度报告", "甲县", id="政务信息公开"),
        pytest.param("甲县2019年政府信息公开重点工作年度报告", "甲县", id="重点工作"),
        pytest.param("甲县2019年政府信息公开工作年度报告（图片版）", "甲县", id="a version in brackets"),
        pytest.param("甲市 2025 年政府信息公开工作年度报告", "甲市", id="spaces"),
        pytest.param("甲省人民政府信息公开2012年度报告", "甲省人民政府", id="the year inside the genre"),
        pytest.param("2018年政务公开工作年度报告", "", id="nobody"),
        pytest.param("将乐县2018年政府信息公开年报", "将乐县", id="a name with the word of a sentence"),
        pytest.param(
            "二〇二三年甲县水利局政府信息公开工作年度报告", "甲县水利局", id="a year in Chinese digits"
        ),
        pytest.param("关于《甲县水利局2023年政府信息公开工作年度报告》", "甲县水利局", id="in book marks"),
        pytest.param(
            "甲市人民政府办公室2019年度政府信息公开工作年度报告", "甲市人民政府办公室", id="an office"
        ),
    ],
)
def test_a_title_names_its_agency_in_every_pattern_seen(title: str, agency: str) -> None:
    assert agency_in(title) == agency


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("甲县司法局2022年度", "政府信息公开工作年度报告"), id="broken behind the year"),
        pytest.param(("甲县司法局", "2022年政府信息公开工作年度报告"), id="broken behind the agency"),
        pytest.param(("2022年度甲县司法局政府信息公开", "工作年度报告"), id="broken inside the genre"),
        pytest.param(("甲县司法局", "2022", "年政府信息公开年度报告"), id="broken twice"),
    ],
)
def test_a_title_broken_over_two_lines_is_one(lines: tuple[str, ...]) -> None:
    about = _about("首页 > 年报", *lines, "一、总体情况")
    assert (about.title, about.agency_name, about.year) == ("".join(lines), "甲县司法局", 2022)


@pytest.mark.parametrize("agency", ["甲县机构编制委员会办公室", "将乐县人民政府", "甲县政务公开办公室"])
def test_a_name_with_the_words_of_an_announcement_is_a_name(agency: str) -> None:
    assert _about(f"{agency}2022年政府信息公开工作年度报告").agency_name == agency


def test_a_sentence_about_the_report_is_not_its_title() -> None:
    sentence = "根据要求，编制甲县司法局2022年政府信息公开工作年度报告。"
    window = "政府公开网 - 甲县司法局2021年政府信息公开工作年度报告_甲县人民政府"
    assert _about(sentence, window=window).title == "甲县司法局2021年政府信息公开工作年度报告"


def test_a_title_that_only_a_sentence_gives_is_taken_from_it() -> None:
    announced = {
        "根据要求，编制甲县司法局2022年政府信息公开工作年度报告。": TITLE,
        "按照甲县人民政府《关于做好2021年度政府信息公开年度报告编制公布工作的通知》，现将"
        "甲县司法局2022年政府信息公开工作年度报告公布如下：": TITLE,
        "现公布《甲县司法局2022年政府信息公开工作年度报告》": TITLE,
        "编制本单位2022年度政府信息公开工作年度报告。": "",
        "依据《甲县司法局2022年政府信息公开工作年度报告有关事项的规定》": "",
    }
    assert {one: _about(one).title for one in announced} == announced
    assert _about("编制甲县司法局2022年政府信息公开工作年度报告。", window="甲县司法局_甲县").title == TITLE


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("首页 > 政务公开 > 政府信息公开年报 > 2021 > 县政府", "TITLE"), id="a trail"),
        pytest.param(("首页/ 政府信息公开年报 / 镇街 / 2021年 / 正文", "TITLE"), id="another trail"),
        pytest.param(("当前位置：政府信息公开年报", "TITLE"), id="where the reader stands"),
        pytest.param(("名 称： TITLE",), id="behind its label"),
        pytest.param(("名称 TITLE",), id="behind its label, a space between"),
        pytest.param(("（图解）TITLE",), id="behind a mark"),
        pytest.param(
            ("2022年政府信息公开工作年度报告", "甲县司法局", "TITLE"), id="said twice, better later"
        ),
        pytest.param(
            ("TITLE 2022年，县司法局坚持公开透明，" + "认真落实各项要求，" * 12,), id="in one line with all"
        ),
    ],
)
def test_a_title_is_found_among_what_stands_around_it(lines: tuple[str, ...]) -> None:
    about = _about(*(line.replace("TITLE", TITLE) for line in lines))
    assert (about.title.removeprefix("（图解）"), about.agency_name, about.year) == (
        TITLE,
        "甲县司法局",
        2022,
    )


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        pytest.param("发布机构：甲县司法局", "甲县司法局", id="the issuer"),
        pytest.param("来源：甲县司法局 浏览次数：3", "甲县司法局", id="the source"),
        pytest.param("来源：本站", "", id="a source that is no body"),
        pytest.param("如有疑问，请与甲县司法局办公室联系", "甲县司法局", id="whom to ask"),
        pytest.param("2022年甲县司法局未收到申请。", "甲县司法局", id="who speaks"),
        pytest.param("2022年度我局未收到申请。", "", id="who speaks without a name"),
        pytest.param("本报告由甲县司法局结合统计数据编制。", "甲县司法局", id="who wrote it"),
        pytest.param("本报告由甲县政务公开领导小组办公室编制。", "", id="who only put it together"),
        pytest.param("由甲县人民政府办公室综合各部门年度报告编制。", "", id="who added up those of others"),
    ],
)
def test_an_agency_no_title_names_is_who_the_page_says_issued_it(line: str, agency: str) -> None:
    assert _about("2022年政府信息公开工作年度报告", line).agency_name == agency


@pytest.mark.parametrize(
    "line",
    [
        "统计期限自20221月1日起至202212月31日止",
        "数据统计期限从202211日到1231日止",
        "期限自202211日起至20221230日止",
        "所列数据截止日期为2022年12月31日。",
    ],
)
def test_a_period_is_told_though_a_converter_lost_its_words(line: str) -> None:
    assert _about(line).period_year == 2022


def test_a_sentence_above_a_title_is_no_part_of_it() -> None:
    assert _about("来源：司法局", "2022年政府信息公开工作年度报告").title == "2022年政府信息公开工作年度报告"


def test_a_long_line_with_the_words_of_a_section_opens_none() -> None:
    sentence = "现将总体情况和存在的主要问题及改进情况、其他需要报告的事项一并向社会公布，请各界监督指正"
    words = "我局二〇二三年度依法做好的各项工作总体情况如下表所列"
    assert _about("一、总体情况", sentence, "（略）").sections == {"overview": f"{sentence}\n（略）"}
    assert _about(words).sections == {}


def test_a_title_without_an_agency_gives_way_to_what_the_page_says_of_itself() -> None:
    stated = "甲县司法局2022年政府信息公开工作年度报告"
    assert _about("政府信息公开年报", "一、总体情况", articletitle=stated).title == stated


def test_an_agency_no_title_names_is_the_source_of_the_page() -> None:
    assert _about("2022年政府信息公开工作年度报告", contentsource="甲县司法局").agency_name == "甲县司法局"


PERIOD = "统计期限为2023年1月1日至12月31日。"
BODY = ("一、总体情况", "2021年，2021年和2020年")
DATED = "发布日期：2020-01-20"


@pytest.mark.parametrize(
    ("lines", "year", "why"),
    [
        pytest.param((TITLE, DATED, PERIOD, *BODY), 2023, "period", id="the stated period before all"),
        pytest.param((TITLE, DATED, *BODY), 2022, "title", id="then the title"),
        pytest.param((DATED, *BODY), 2021, "body", id="then what section one speaks of"),
        pytest.param((DATED,), 2019, "published", id="then the year before it was published"),
        pytest.param(("2022年，", "2021年和2022年"), 2022, "text", id="then what all of it speaks of"),
        pytest.param(("年报",), None, "", id="then nothing"),
    ],
)
def test_the_year_is_taken_from_the_best_evidence(lines: tuple[str, ...], year: int | None, why: str) -> None:
    about = _about(*lines)
    assert (about.year, about.year_from) == (year, why)


def test_a_period_over_two_years_is_that_of_its_first_day() -> None:
    assert _about("统计时间：2019 年 1 月 1 日起至 2019 年 12 月 31 日止").period_year == 2019
    assert _about("自2022年1月1日施行。2021年12月31日").period_year is None


@pytest.mark.parametrize(
    ("lines", "meta", "day"),
    [
        pytest.param(
            ("发布日期：2024-1-8",), {"pubdate": "2024-01-09 08:00"}, "2024-01-09", id="a meta tag first"
        ),
        pytest.param(("索引号 x 发文日期：2024年1月8日 来源",), {}, "2024-01-08", id="then a labelled line"),
        pytest.param(("正文", "甲县司法局", "2024年1月8日"), {}, "2024-01-08", id="then the signature"),
        pytest.param(("发布日期：2023-12-31",), {}, "2023-12-31", id="the last day of a year"),
        pytest.param(("2024年1月8日，我局开会",), {}, "", id="a date in prose is none"),
        pytest.param(("发布日期：2024-13-08",), {}, "", id="a month there is not"),
    ],
)
def test_a_report_is_dated_by_what_is_said_of_its_publication(
    lines: tuple[str, ...], meta: dict[str, str], day: str
) -> None:
    assert _about(*lines, **meta).published == day


def test_sections_are_told_by_their_titles_and_not_by_numerals() -> None:
    sections = _about(
        "本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、其他需要报告的事项等六部分。",
        "1、总体情况：",
        "（二）主动公开情况",
        "一、本年新收政府信息公开申请数量",
        "1、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、结转下年度继续办理",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "五、存在问题及改进情况",
        "无。",
        "六、其他需要报告的事项",
        "无",
    ).sections
    assert sections == {
        "overview": "（二）主动公开情况\n一、本年新收政府信息公开申请数量",
        "proactive": "",
        "requests": "四、结转下年度继续办理",
        "disputes": "",
        "problems": "无。",
        "other": "无",
    }


@pytest.mark.parametrize(
    ("below", "text"),
    [
        (("甲县司法局", "2023年1月18日"), "无。"),
        (("2023年1月18日",), "无。"),
        (("甲县司法局",), "无。\n甲县司法局"),
        (("已报甲县人民政府。", "2023年1月18日"), "无。\n已报甲县人民政府。"),
    ],
)
def test_who_signs_below_and_when_is_no_part_of_the_last_section(below: tuple[str, ...], text: str) -> None:
    about = _about(TITLE, "六、其他需要报告的事项", "无。", *below)
    assert about.sections["other"] == text


def test_a_section_title_that_comes_again_opens_nothing() -> None:
    assert _about("一、总体情况", "甲", "五、总体情况", "乙").sections == {"overview": "甲\n五、总体情况\n乙"}


@needs_shared
def test_of_real_titles_nearly_all_give_their_agency_and_year() -> None:
    told = [page for page in map(json.loads, _pages()) if _is_told(page)]
    right = [page for page in told if _agrees(page)]
    assert len(told) >= 70
    assert len(right) / len(told) >= 0.98


def _pages() -> list[str]:
    return (SHARED / "corpus" / "pages.jsonl").read_text(encoding="utf-8").splitlines()


def _is_told(page: dict[str, Any]) -> bool:
    """Whether the corpus knows the title of a report on a government's host, and the title names somebody."""
    nobody = re.match(r"\(题名不在正文\)|\d{4}年政府信息公开", page["title"])
    return page["kind"] == "report" and page["host"].endswith("gov.cn") and not nobody


def _agrees(page: dict[str, Any]) -> bool:
    """The same year, and the agency's characters: titles shorten names, the corpus spells them out."""
    printed, stated = (name.removesuffix("人民政府") for name in (agency_in(page["title"]), page["agency"]))
    shared = LCSseq.similarity(printed, stated) / max(1, min(len(printed), len(stated)))
    residue = re.search(r"[\d《》]|年度|报告|信息公开", printed)
    return year_in(page["title"]) == page["year"] and shared >= 0.8 and not residue
