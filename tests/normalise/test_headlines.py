"""An old report without a table gives its few headline facts, marked as of low confidence, or is refused."""

from __future__ import annotations

import pytest

from foi_etl.errors import NotAReport
from foi_etl.pipeline import read
from helpers import STATUTE

TITLE = "某市民政局{}年政府信息公开工作年度报告"
TOLD = (
    "一、概述\n{0}年，我局主动公开政府信息425条，其中网站公开418条。\n"
    "二、依申请公开情况 {0}年共收到政府信息公开申请12件，答复12件，其中同意公开10件，不予公开2件。\n"
    "三、{0}年我局未收到有关政府信息公开行政复议、提起行政诉讼的申请。\n"
)


def _report(year: int, said: str = TOLD) -> bytes:
    return f"{TITLE.format(year)}\n{said.format(year)}".encode()


def test_the_headlines_of_an_old_report_are_of_low_confidence() -> None:
    verdict = read(_report(2010), "x.txt", STATUTE)
    told = {one.fact: int(one.value) for one in verdict.statements}
    assert told == {
        "f_disclosed_items": 425,
        "f_received": 12,
        "f_replied": 12,
        "f_granted": 10,
        "f_denied": 2,
        "f_review": 0,
        "f_suit": 0,
    }
    assert {one.confidence for one in verdict.statements} == {"low"}
    assert verdict.tables == ()
    assert [one.rule for one in verdict.findings] == ["free-form"]


def test_a_headline_stands_in_the_text_that_is_published_with_it() -> None:
    verdict = read(_report(2010), "x.txt", STATUTE)
    for one in verdict.statements:
        assert one.raw in verdict.document.sections[one.section][one.start : one.end]


def test_of_several_figures_the_first_is_taken_and_the_finding_names_the_others() -> None:
    said = "{0}年主动公开政府信息425条。\n各乡镇主动公开政府信息122条。\n{0}年共收到政府信息公开申请3件。"
    verdict = read(_report(2011, said), "x.txt", STATUTE)
    assert {one.fact: int(one.value) for one in verdict.statements} == {
        "f_disclosed_items": 425,
        "f_received": 3,
    }
    assert "f_disclosed_items is stated as 425, 122; the first is taken" in verdict.findings[0].message


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_report(2021), id="of today"),
        pytest.param(_report(2010, "{0}年的报告见附件，共收到意见3条。"), id="a notice"),
        pytest.param(TOLD.format(2010).encode(), id="without a title"),
    ],
)
def test_what_is_no_old_report_is_refused_as_before(body: bytes) -> None:
    with pytest.raises(NotAReport):
        read(body, "x.txt", STATUTE)
