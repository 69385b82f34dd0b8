"""Pages look different and state the same."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

import pytest
from bs4 import BeautifulSoup, Tag

from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.pages import render, render_text
from foi_etl.practice.styles import BY_NAME, PRESETS, Style, style_of
from foi_etl.text import fold_width, label_key
from helpers import STATUTE

LAND = country(STATUTE, agencies=24)
CASES = [
    LAND.report("practice-pinghu", 2019),
    LAND.report("practice-shanghai-bgt", 2019),
    LAND.report("practice-huaian-hongze", 2023),
    LAND.report("practice-suqian", 2024),
    *(report for report in LAND.reports if report.agency_id == "practice-0012" and report.year == 2023),
]


def _page(report: PracticeReport, style: Style, seed: int = 1) -> bytes:
    return render(report, STATUTE, style, rng=Random(seed))


def _soup(report: PracticeReport, style: Style) -> BeautifulSoup:
    charset = "gb18030" if style.charset == "gbk" else "utf-8-sig"
    return BeautifulSoup(_page(report, style).decode(charset), "html5lib")


def _grids(soup: BeautifulSoup) -> list[list[list[str]]]:
    tables = [table for table in soup.find_all("table") if not table.find("table")]
    return [_grid(table) for table in tables]


def _grid(table: Tag) -> list[list[str]]:
    """The rectangle, with the text of a merged box in every place it covers."""
    rows = table.find_all("tr")
    grid: list[dict[int, str]] = [{} for _ in rows]
    for at, row in enumerate(rows):
        column = 0
        for box in row.find_all("td"):
            while column in grid[at]:
                column += 1
            text = re.sub(r"\s", "", box.get_text())
            down, across = (int(str(box.get(name, "1"))) for name in ("rowspan", "colspan"))
            assert at + down <= len(rows), "no span reaches below its table"
            for place in range(at, at + down):
                grid[place] |= dict.fromkeys(range(column, column + across), text)
    assert len({len(row) for row in grid}) == 1, "every row is as wide as its table"
    return [[row[column] for column in sorted(row)] for row in grid]


def _value(text: str) -> Decimal | None:
    found = re.match(r"[+-]?[\d,]+(\.\d+)?", fold_width(text))
    return Decimal(found[0].replace(",", "")) if found else None


def test_a_clean_page_states_every_cell_where_its_labels_cross() -> None:
    for report in CASES:
        table2, table3, table4 = _grids(_soup(report, BY_NAME["clean"]))
        assert table4[-1] == [report.printed[cell] for cell in report.forms(STATUTE)[2].cells]
        for spec in report.forms(STATUTE)[1].cells.values():
            (row,) = [row for row in table3 if label_key(spec.row.text) == label_key(row[2])]
            column = [label_key(text) for text in table3[2]].index(label_key(spec.column.text))
            assert row[column] == report.printed[spec.id]
            path = [label_key(text) for text in spec.row.path]
            assert [label_key(text) for text in row[: len(path)]] == path
        assert dict(_table2(report, table2)) == _printed(report, "t2")


def _table2(report: PracticeReport, grid: list[list[str]]) -> list[tuple[str, str]]:
    stated = []
    for spec in report.forms(STATUTE)[0].cells.values():
        at = next(i for i, row in enumerate(grid) if row[0] == spec.row.text)
        header = next(grid[i] for i in range(at, -1, -1) if grid[i][0] == "信息内容")
        stated.append((spec.id, grid[at][header.index(spec.column.text)]))
    return stated


def _printed(report: PracticeReport, table: str) -> dict[str, str]:
    return {cell: re.sub(r"\s", "", text) for cell, text in report.printed.items() if cell.startswith(table)}


@pytest.mark.parametrize("style", PRESETS, ids=lambda style: style.name)
def test_every_style_states_the_numbers_of_every_table_in_order(style: Style) -> None:
    for report in CASES:
        stated = [_value(box) for box in _value_boxes(_soup(report, style))]
        wanted = [report.truth[spec] for form in report.forms(STATUTE) for spec in form.cells]
        assert [value for value in stated if value is not None] == [v for v in wanted if v is not None]
        assert len(stated) >= len(wanted)


def _value_boxes(soup: BeautifulSoup) -> list[str]:
    tables = (table for table in soup.find_all("table") if not table.find("table"))
    texts = (re.sub(r"\s", "", box.get_text()) for table in tables for box in table.find_all("td"))
    number = re.compile(r"([+-]?[\d,.]+(元|万元)?(\((其中修订|含修订)\d+件\))?|/|)")
    return [text for text in texts if number.fullmatch(fold_width(text))]


@pytest.mark.parametrize("style", PRESETS, ids=lambda style: style.name)
def test_every_style_prints_every_label_of_the_forms_under_one_of_its_names(style: Style) -> None:
    report = CASES[-1]
    said = {label_key(text) for grid in _grids(_soup(report, style)) for row in grid for text in row}
    for form in report.forms(STATUTE):
        for block in form.blocks:
            for label in (*block.rows, *block.columns):
                assert not label.text or said & set(label.keys), (style.name, label.text)


def test_the_same_seed_gives_the_same_bytes() -> None:
    for style in PRESETS:
        assert _page(CASES[0], style, seed=3) == _page(CASES[0], style, seed=3)
    assert _page(CASES[0], BY_NAME["trs"], seed=3) != _page(CASES[0], BY_NAME["trs"], seed=4)


@pytest.mark.parametrize("style", [one for one in PRESETS if one.skin == "mso"], ids=lambda one: one.name)
def test_a_page_pasted_from_word_has_the_size_of_real_ones(style: Style) -> None:
    for report in CASES:
        assert 138_000 <= len(_page(report, style)) <= 225_000


@pytest.mark.parametrize("style", [one for one in PRESETS if one.charset == "gbk"], ids=lambda one: one.name)
def test_a_gbk_page_is_no_utf_8_whatever_its_meta_tag_says(style: Style) -> None:
    body = _page(CASES[0], style)
    assert f"charset={style.declared}".encode() in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert CASES[0].agency_name in body.decode("gb18030")


def test_a_byte_order_mark_comes_first_where_a_style_has_one() -> None:
    assert _page(CASES[0], BY_NAME["ck-bom"]).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("name", "tables"),
    [("clean", 3), ("clean-apart", 6), ("clean-layout", 4), ("mso-cut", 4), ("mso-layout", 3)],
)
def test_a_style_parts_tables_as_it_says(name: str, tables: int) -> None:
    assert len(_grids(_soup(CASES[-1], BY_NAME[name]))) == tables


def test_a_second_half_has_its_header_only_where_the_style_repeats_it() -> None:
    with_header, without = (_grids(_soup(CASES[-1], BY_NAME[name]))[2] for name in ("trs-gb2312", "mso-cut"))
    assert "自然人" in with_header[1]
    assert not any("自然人" in row for row in without)


def test_a_row_the_form_does_not_have_is_printed_only_on_request() -> None:
    plain, extra = (_grids(_soup(CASES[-1], Style("x", extra_row=more)))[0] for more in (False, True))
    assert len(extra) == len(plain) + 1


def test_the_page_says_whose_report_it_is_and_which_period_it_counts() -> None:
    for report in CASES:
        text = _soup(report, BY_NAME["mso-gbk"]).get_text()
        assert report.title in text
        assert f"{report.year}年1月1日至{report.year}年12月31日" in text
        assert all(f"{section.numeral}、{section.title}" in text for section in STATUTE.sections)


def test_an_agency_keeps_to_its_style_in_most_years() -> None:
    styles = {style_of(agency.id, year).name for agency in LAND.agencies for year in LAND.years}
    assert len(styles) >= 10
    assert all(len({style_of(agency.id, year).name for year in LAND.years}) <= 2 for agency in LAND.agencies)


def test_flattened_text_has_one_line_for_each_cell_and_a_blank_one_behind_each_row() -> None:
    report = LAND.report("practice-pinghu", 2019)
    text = render_text(report, STATUTE)
    rows = [row.split("\t")[1:] for row in text.split("\n\n") if "\t" in row]
    (granted,) = [row for row in rows if any("予以公开" in cell for cell in row)]
    said = [cell.strip("\n") for cell in granted]
    assert said == ["三、本年度办理结果", "（一）予以公开", "12", *[""] * 5, "12"]
    (secret,) = [row for row in rows if any("第三方" in cell for cell in row)]
    assert secret[:2] == ["\n", "\n"], "cells merged downwards are empty"
    assert len(secret) == 10
    assert [len(row) for row in rows[-4:]] == [2, 7, 15, 15]
    assert "\t本年新制\n作数量\n" in text
