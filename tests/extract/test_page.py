"""A page is read as a browser shows it, however broken its markup."""

from __future__ import annotations

import time

import html5lib
import pytest

from foi_etl.extract.page import read_page
from foi_etl.model import Table

XHTML = "{http://www.w3.org/1999/xhtml}"


def _tables(html: str) -> list[list[list[str]]]:
    _, tables = read_page(html.encode())
    return [[[cell.text for cell in row] for row in table.rows] for table in tables]


def _cell(inside: str) -> str:
    [[[text]]] = _tables(f"<table><tr><td>{inside}</td></tr></table>")
    return text


def _lines(html: str) -> tuple[str, ...]:
    return read_page(html.encode())[0].lines


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        pytest.param("<p>12</p><p>34</p>", "12 34", id="two paragraphs are two numbers"),
        pytest.param("12<br>34", "12 34", id="two lines are two numbers"),
        pytest.param("<div>12</div>34", "12 34", id="a block and what follows it"),
        pytest.param("<span>1</span><span>2</span>", "12", id="two spans are one number"),
        pytest.param("<b>1</b>2", "12", id="bold type within a number"),
        pytest.param("<p>12</p><p></p>", "12", id="an empty paragraph says nothing"),
        pytest.param("<p>本年新</p><p>制作数量</p>", "本年新制作数量", id="two lines are one label"),
        pytest.param("本年新<br>制作数量", "本年新制作数量", id="a break within a label"),
        pytest.param("1<!-- 2 -->3", "13", id="a comment is not said"),
        pytest.param("1<script>var a = 2;</script>", "1", id="nor is a script"),
        pytest.param("1<style>p{width:2px}</style>", "1", id="nor a style"),
        pytest.param("&nbsp;", "", id="a hard space is a blank"),
        pytest.param("&nbsp", "", id="also where its semicolon is lost"),
        pytest.param("<p>\u3000</p>", "", id="a wide space is a blank"),
        pytest.param("1\x002", "12", id="a NUL byte is passed over"),
        pytest.param("<o:p></o:p>5", "5", id="Word's own tags"),
        pytest.param("<table><tr><td>12</td></tr></table>", "12", id="a table of one box is what it says"),
        pytest.param(
            "1<table><tr><td>2</td></tr></table>", "1 2", id="and is not run together with its neighbour"
        ),
    ],
)
def test_a_cell_says_what_a_person_sees_in_it(inside: str, text: str) -> None:
    assert _cell(inside) == text


BROKEN = {
    "cells left open": "<table><tr><td>a<td>1<tr><td>b<td>2</table>",
    "rows left open": "<table><tr><td>a</td><td>1</td><tr><td>b</td><td>2</td></table>",
    "paragraphs left open": "<table><tr><td><p>a</td><td><p>1<p>2</td></tr></table>",
    "a table left open": "<table><tr><td>a</td><td>1</td></tr>",
    "a table left open before the next": "<table><tr><td>a</td></tr><p>x<table><tr><td>b<td>1</table>",
    "cells without a row": "<table><td>a</td><td>1</td></table>",
    "rows without a table": "<div><tr><td>a</td></tr></div><table><tr><td>b</td><td>2</td></tr></table>",
    "text between rows": "<table><tr><td>a</td></tr>lost<tr><td>1</td></tr></table>",
    "a closing tag too many": "<table><tr><td>a</td></td><td>1</td></tr></tr><tr><td>b</td></tr></table>",
    "spans that overlap": "<table><tr><td rowspan=3>a<td>1<tr><td colspan=2 rowspan=2>b<tr><td>c</table>",
    "spans of zero": "<table><tr><td rowspan=0>a<td>1<tr><td>2<tr><td colspan=0>3<td>4</table>",
    "row groups": "<table><thead><tr><th>a<tbody><tr><td>1<tbody><tr><td>2<tfoot><tr><td>3</table>",
    "a caption and columns": "<table><caption>c</caption><col><tr><td>a<td>1</table>",
    "a table closed inside a cell": "<table><tr><td>a</table><table><tr><td>b</td></tr></table>",
    "a quote left open": '<table><tr><td width="10>a</td><td class="x">1</td></tr></table>',
    "a form across cells": "<table><form><tr><td>a</td></form><td>1</td></tr></table>",
}


@pytest.mark.parametrize("html", BROKEN.values(), ids=BROKEN)
def test_broken_tables_cover_the_places_the_standard_gives_them(html: str) -> None:
    _, tables = read_page(html.encode())
    assert [_covered(table) for table in tables] == _reference(html)


Places = dict[tuple[int, int], str]


def _covered(table: Table) -> Places:
    return {(cell.row, cell.column): "".join(cell.text.split()) for row in table.rows for cell in row}


def _reference(html: str) -> list[Places]:
    """The first slot of each cell, by html5lib's tree and the standard's algorithm as it stands there."""
    tree = html5lib.parse(html)
    grids = []
    for table in tree.iter(f"{XHTML}table"):
        rows = list(table.iter(f"{XHTML}tr"))
        taken: set[tuple[int, int]] = set()
        places: Places = {}
        for y, row in enumerate(rows, start=1):
            x = 1
            for cell in row:
                while (y, x) in taken:
                    x += 1
                wide = int(cell.get("colspan") or 1) or 1
                high = int(cell.get("rowspan") or 1) or len(rows)
                taken |= {(y + down, x + over) for down in range(high) for over in range(wide)}
                places[y, x] = "".join("".join(cell.itertext()).split())
                x += wide
        grids.append(places)
    return [grid for grid in grids if grid]


def test_a_report_inside_a_layout_table_is_a_table_of_its_own() -> None:
    inner = "<table><tr><td>规章</td><td>1</td></tr></table>"
    html = f"<table><tr><td>导航</td><td>一、总体情况{inner}</td></tr></table>"
    assert _tables(html) == [[["导航", "一、总体情况"]], [["规章", "1"]]]


def test_the_prose_of_a_layout_table_is_that_of_the_page() -> None:
    inner = "<table><tr><td>规章</td><td>1</td></tr></table>"
    html = f"<table><tr><td>导航<br>年报</td><td>注<div>一、总体情况<p>无</p>{inner}</div></td></tr></table>"
    assert _lines(html) == ("导航", "年报", "注", "一、总体情况", "无")


def test_a_page_pasted_into_one_table_has_its_prose_and_its_table() -> None:
    rows = [["甲县教育局2023年报"], ["一、总体情况"], ["主动公开信息145条。"], ["规章", "1"]]
    wide = [row + [""] * (9 - len(row)) for row in rows]
    html = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in wide)
    assert _lines(f"<table>{html}</table>") == ("甲县教育局2023年报", "一、总体情况", "主动公开信息145条。")
    assert _tables(f"<table>{html}</table>") == [wide]


def test_a_caption_in_a_table_is_no_prose() -> None:
    assert _lines("<table><tr><td>第二十条第（一）项</td></tr><tr><td>规章<td>1</tr></table>") == ()


def test_a_table_with_no_cells_of_its_own_is_none() -> None:
    assert _tables("<table></table><table><tr></tr></table><table><tr><td>1</td></tr></table>") == [[["1"]]]


def test_tables_are_counted_in_the_order_of_the_page() -> None:
    _, tables = read_page(b"<table><tr><td>1<td>2</table><table><tr><td>3</table>")
    assert [(table.index, table.width) for table in tables] == [(1, 2), (2, 1)]


@pytest.mark.parametrize(
    "inside", ["x", "<table><tr><td>1</td><td>2</td></tr></table>"], ids=["words", "a table"]
)
def test_a_thousand_tables_inside_each_other_are_read_in_a_moment(inside: str) -> None:
    began = time.perf_counter()
    _, tables = read_page(("<table><tr><td>" * 1000 + inside + "</td></tr></table>" * 1000).encode())
    assert time.perf_counter() - began < 3
    assert tables[-1].rows[-1][-1].text == inside[-1:] or tables[-1].width == 2


def test_lines_are_the_blocks_of_a_page_without_its_tables() -> None:
    prose = "<h1>标题</h1><p>一、<b>总体</b>情况</p>甲<br>乙"
    html = f"{prose}<table><tr><td>1</td></tr></table><div>丙<p>丁</p></div>"
    assert _lines(html) == ("标题", "一、总体情况", "甲", "乙", "丙", "丁")


def test_a_page_tells_its_meta_tags_and_its_window_title() -> None:
    said, _ = read_page(b'<title> a  b </title><meta name="PubDate" content=" 2024-01-08 ">')
    assert (said.window_title, said.meta) == ("a b", {"pubdate": "2024-01-08"})


def test_what_is_not_shown_is_no_line() -> None:
    assert _lines(
        "<body><noscript><p>请开启</p></noscript><template><p>x</p></template><script>y</script><p>z</p>"
    ) == ("z",)
