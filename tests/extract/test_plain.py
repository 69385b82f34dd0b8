"""Flattened Word text: a TAB opens a cell, an empty line ends a row."""

from __future__ import annotations

from foi_etl.extract.plain import has_row_lines, read_row_lines, read_text


def _tables(text: str) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows] for table in read_text(text)[1]]


def test_each_line_that_opens_with_a_tab_is_a_cell() -> None:
    assert _tables("\t规章\n\t1\n\t2\n\n\t规范性文件\n\t3\n\t4\n") == [
        [["规章", "1", "2"], ["规范性文件", "3", "4"]]
    ]


def test_a_line_without_a_tab_goes_on_with_the_cell_above() -> None:
    assert _tables("\t本年新\n制作数量\n\t1\n") == [[["本年新制作数量", "1"]]]


def test_two_lines_of_digits_in_a_cell_are_not_one_number() -> None:
    assert _tables("\t12\n34\n") == [[["12 34"]]]


def test_a_tab_with_nothing_behind_it_is_a_blank_cell() -> None:
    assert _tables("\t规章\n\t\n\t \u3000\n\t5\n") == [[["规章", "", "", "5"]]]


def test_prose_between_rows_ends_a_table() -> None:
    said, tables = read_text("一、总体情况\n无\n\n\ta\n\t1\n\n三、申请\n\tb\n\t2\n")
    assert said.lines == ("一、总体情况", "无", "三、申请")
    assert [[cell.at for cell in table.rows[0]] for table in tables] == [
        ["t1/r1/c1", "t1/r1/c2"],
        ["t2/r1/c1", "t2/r1/c2"],
    ]


def test_two_empty_lines_between_rows_end_nothing() -> None:
    assert _tables("\ta\n\t1\n\n\n\n\tb\n\t2\n") == [[["a", "1"], ["b", "2"]]]


def test_a_row_may_follow_prose_without_an_empty_line() -> None:
    assert _tables("表格如下：\n\ta\n\t1\n") == [[["a", "1"]]]


def test_rows_that_are_lines_have_tabs_between_their_cells() -> None:
    text = "一、总体情况\n信息内容\t本年新制作数量\t本年新公开数量\n规章\t1\t\n\n三、申请\n\t2\t3\n"
    assert has_row_lines(text)
    said, tables = read_row_lines(text)
    assert said.lines == ("一、总体情况", "三、申请")
    assert [[[cell.text for cell in row] for row in table.rows] for table in tables] == [
        [["信息内容", "本年新制作数量", "本年新公开数量"], ["规章", "1", ""]],
        [["", "2", "3"]],
    ]


def test_text_as_word_flattens_it_has_no_row_lines() -> None:
    assert not has_row_lines("平湖市\n\t规章\n\t1\n\t\n\t5\t（其中修订1件）\n")
