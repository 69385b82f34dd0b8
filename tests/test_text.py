"""Bytes become text without loss, and text loses only what no reader sees."""

from __future__ import annotations

import pytest

from foi_etl.text import decode, fold_width, label_key, squash, year_in

REPORT = "规章制发件数"
META = '<meta charset="{}">'


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        pytest.param(REPORT.encode(), "utf-8", id="utf-8 needs no declaration"),
        pytest.param(b"\xef\xbb\xbf" + REPORT.encode(), "utf-8-sig", id="a byte order mark is no text"),
        pytest.param(REPORT.encode("utf-16"), "utf-16", id="utf-16 by its mark"),
        pytest.param(b"\xfe\xff" + REPORT.encode("utf-16-be"), "utf-16", id="utf-16 the other way round"),
        pytest.param(REPORT.encode("gbk"), "gb18030", id="gbk that says nothing of itself"),
    ],
)
def test_bytes_are_read_in_the_charset_they_are_written_in(body: bytes, charset: str) -> None:
    assert decode(body) == (REPORT, charset)


@pytest.mark.parametrize(
    ("claimed", "written", "text"),
    [
        pytest.param("utf-8", "gbk", "规章", id="gbk bytes under a utf-8 tag"),
        pytest.param("gb2312", "gbk", "朱镕基，囍", id="gb2312 is claimed, gbk-only characters are sent"),
        pytest.param("gb2312", "gb18030", "㐀㙍", id="gb2312 is claimed, four-byte characters are sent"),
        pytest.param("gb2312", "utf-8", "规章", id="utf-8 bytes under a gb2312 tag"),
        pytest.param("big5", "big5", "規範性文件", id="a big5 page is not read as gbk"),
        pytest.param("big5", "gbk", "规章囍", id="gbk bytes that big5 cannot read"),
    ],
)
def test_what_a_page_says_of_its_charset_is_not_believed_against_its_bytes(
    claimed: str, written: str, text: str
) -> None:
    page = META.format(claimed) + text
    assert decode(page.encode(written))[0] == page


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_half_a_character_at_the_end_costs_that_character_only(charset: str) -> None:
    whole = REPORT * 20
    text, told = decode(whole.encode(charset)[:-1])
    assert (text.rstrip("\ufffd"), told) == (whole[:-1], f"{charset}-replace")


def test_only_width_is_folded_so_a_footnote_mark_stays_one() -> None:
    assert fold_width("１２．５％（３）\u3000－４") == "12.5%(3) -4"
    assert fold_width("12²①㈠") == "12²①㈠", "NFKC would make these digits"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        pytest.param(" \u00a0１２\u3000", "１２", id="spaces of all kinds around it"),
        pytest.param("规 \r\n\t章", "规 章", id="a run of spaces is one"),
        pytest.param("1\u200b2\ufeff", "12", id="what has no width does not part a number"),
        pytest.param("商业\u00ad企业", "商业企业", id="a soft hyphen is not seen"),
        pytest.param("1\u00a02", "1 2", id="a space inside a number is seen"),
    ],
)
def test_a_cell_reads_as_a_person_sees_it(printed: str, read: str) -> None:
    assert squash(printed) == read


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        pytest.param(
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开", id="numbering and notes"
        ),
        pytest.param("3．危及“三安全一稳定”", "危及三安全一稳定", id="curly quotes, full-width point"),
        pytest.param('3、危及"三安全一稳定"', "危及三安全一稳定", id="straight quotes, enumeration comma"),
        pytest.param("一、本年新收政府\n信息公开申请数量", "本年新收政府信息公开申请数量", id="a line break"),
        pytest.param("本年增\\减", "本年增减", id="a backslash for a slash"),
        pytest.param("第二十条第(一)项", "第二十条第项", id="half-width parentheses"),
        pytest.param("(六)其他处理3.其他", "其他处理3其他", id="numbering inside stays"),
        pytest.param("商业\u200b企业", "商业企业", id="what has no width"),
        pytest.param("（其他）", "其他", id="a label that is all parenthesis"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_label_comes_down_to_its_words(printed: str, key: str) -> None:
    assert label_key(printed) == key


@pytest.mark.parametrize(
    ("title", "year"),
    [
        pytest.param("平湖市2019年度政府信息公开工作年度报告", 2019, id="digits"),
        pytest.param("二〇二三年度报告", 2023, id="Chinese digits"),
        pytest.param("二○一九年度报告", 2019, id="a circle for zero"),
        pytest.param("２０２４年年度报告", 2024, id="full-width digits"),
        pytest.param("2022 年工作报告（2023年1月）", 2022, id="the first of two"),
        pytest.param("政府信息公开工作年度报告", None, id="none"),
        pytest.param("国办公开办函〔2021〕30号", None, id="the number of a notice is no year"),
    ],
)
def test_a_title_names_its_year(title: str, year: int | None) -> None:
    assert year_in(title) == year
