"""Bytes become a document, or a refusal that says what to do."""

from __future__ import annotations

import time

import pytest

import drawn
from foi_etl.errors import NotAReport
from foi_etl.extract.document import read_document
from foi_etl.model import Document
from helpers import STATUTE

TABLE = drawn.markup(drawn.disputes())
TITLE = "<h1>甲县司法局2023年政府信息公开工作年度报告</h1>"


def _read(html: str | bytes) -> Document:
    return read_document(html.encode() if isinstance(html, str) else html, "甲.html", STATUTE)


def _odd(html: str | bytes) -> list[str]:
    return [finding.rule for finding in _read(html).findings]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        pytest.param('<form><input type="password">', "login", id="a password is asked for"),
        pytest.param("<p>请登录后查看</p>", "login", id="a login is asked for"),
        pytest.param("<p>请输入验证码</p>", "verification", id="a puzzle is asked for"),
        pytest.param(
            "<p>一、总体情况</p><p>略</p>", "it has the sections overview", id="a report without tables"
        ),
        pytest.param("<p>公告</p>", "it has no section of a report", id="something else"),
        pytest.param(
            "<div></div><script>load()</script>", "a script may have to fill it", id="a page to be filled"
        ),
    ],
)
def test_a_page_without_a_table_is_refused_with_what_it_is(html: str, why: str) -> None:
    with pytest.raises(NotAReport, match=why) as refusal:
        _read(html)
    assert refusal.value.where["file"] == "甲.html"


def test_fifty_megabytes_of_cells_are_refused_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(NotAReport, match="more than the 16 MB"):
        _read(b"<table><tr>" + b"<td>" * (50 * 2**18))
    assert time.perf_counter() - began < 2


def test_a_document_says_what_it_was_read_from() -> None:
    document = _read(f"<html>{TITLE}{TABLE}</html>".encode("gbk"))
    assert (document.name, document.kind, document.charset) == ("甲.html", "html", "gb18030")
    assert (document.title, document.agency_name) == (TITLE[4:-5], "甲县司法局")
    assert (document.year, document.year_from) == (2023, "title")
    assert len(document.tables) == 1


def test_flattened_text_is_a_document_too() -> None:
    document = _read("甲县司法局2023年政府信息公开工作年度报告\n\t规章\n\t1\n")
    assert (document.kind, document.tables[0].rows[0][1].text) == ("text", "1")


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<html>{TITLE}{TABLE}</html>", id="a whole page"),
        pytest.param(f"<html>{TITLE}{TABLE}", id="a last tag left out"),
        pytest.param(f"{TITLE}{TABLE}<p>6 &lt; 7</p>", id="a fragment"),
    ],
)
def test_a_whole_page_is_not_called_odd(html: str) -> None:
    assert _odd(html) == []


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<html>{TITLE}{TABLE[:-60]}", id="inside a cell"),
        pytest.param(f"<html>{TITLE}{TABLE.removesuffix('</tr></table>')}", id="inside a table"),
        pytest.param(f"<html>{TITLE}{TABLE}<p>五、存在的主要", id="inside a sentence"),
        pytest.param(f"{TITLE}{TABLE}<p cla", id="inside a tag"),
    ],
)
def test_a_page_that_ends_in_the_middle_is_told(html: str) -> None:
    assert _odd(html) == ["page-truncated"]


def test_nul_bytes_are_passed_over_and_told() -> None:
    document = _read(f"<html>{TITLE}{TABLE}</html>".replace("<td", "\x00<td").encode())
    assert [finding.rule for finding in document.findings] == ["nul-bytes"]
    assert document.tables == _read(f"<html>{TITLE}{TABLE}</html>").tables


def test_nul_bytes_of_utf_16_are_no_oddity() -> None:
    assert _odd(f"<html>{TITLE}{TABLE}</html>".encode("utf-16")) == []


def test_a_character_nobody_can_read_is_told_with_its_place() -> None:
    [finding] = _read(
        f"<html>{TITLE}<p>总体情况".encode() + b"\xff\xff" + f"</p>{TABLE}</html>".encode()
    ).findings
    assert (finding.rule, "总体情况" in finding.message) == ("charset-broken", True)


def test_a_period_that_disputes_the_title_is_believed_and_told() -> None:
    document = _read(f"<html>{TITLE}<p>统计期限为2022年1月1日至2022年12月31日。</p>{TABLE}</html>")
    assert (document.year, document.year_from) == (2022, "period")
    assert [finding.rule for finding in document.findings] == ["year-disputed"]
