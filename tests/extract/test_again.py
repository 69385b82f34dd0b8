"""The second reader: rows by another parser, tables by the lengths of their rows alone."""

from __future__ import annotations

import pytest

from foi_etl.extract.again.ink import rows_of_ink
from foi_etl.extract.again.rows import rows_of_page, rows_of_running, rows_of_text
from foi_etl.extract.again.ruled import Leaf, Stroke, rows_of_leaves
from foi_etl.extract.again.sequence import place_again, texts_of
from foi_etl.extract.paper.ink import Ink
from foi_etl.model import Cell, Placement
from helpers import STATUTE

T4 = STATUTE.form("t4", "e2021")
T3 = STATUTE.form("t3", "e2021")


def page(*rows: list[str]) -> bytes:
    inside = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><table>{inside}</table></body></html>".encode()


def ledger(rows: int) -> list[list[str]]:
    return [["项目", *(str(10 * row + at) for at in range(7))] for row in range(rows)]


@pytest.mark.parametrize(
    ("markup", "rows"),
    [
        pytest.param("<tr><td>甲<td>1<td>2", (("甲", "1", "2"),), id="tags left open"),
        pytest.param("<tr><td>甲</td><td><p>1</p><p>2</p></td></tr>", (("甲", "1 2"),), id="two paragraphs"),
        pytest.param(
            "<tr><td>甲</td><td><span>1</span><span>2</span></td></tr>", (("甲", "12"),), id="two spans"
        ),
        pytest.param("<tr><td>甲</td><td>1</td><td></td></tr>" * 2, (("甲", "1"),) * 2, id="an empty column"),
        pytest.param(
            "<tr><td><table><tr><td>甲</td><td>1</td></tr></table></td></tr>", (("甲", "1"),), id="a layout"
        ),
    ],
)
def test_rows_are_what_the_page_shows(markup: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert rows_of_page(f"<html><body><table>{markup}</table></body></html>".encode()) == rows


def test_flattened_rows_are_cut_where_a_tab_opens_a_line() -> None:
    assert rows_of_text("甲\n\n\t规章\n\t1\n\t\n\n\t丙\n\t2\n") == (("规章", "1", ""), ("丙", "2"))


def test_figures_of_running_text_stand_behind_their_units() -> None:
    line = "指标名称 计量单位 2011年度 历年累计 公开数 条 425 1516 其中：1.网站 条 418 2.公报 条 7 1,509"
    assert rows_of_running([line]) == (("指标", "425", "1516"), ("指标", "418"), ("指标", "7", "1,509"))


def test_a_table_is_told_by_the_lengths_of_its_rows_and_no_label() -> None:
    read = place_again(rows_of_page(page(*ledger(25))), STATUTE)
    assert list(read) == [("t3", "e2021")]
    assert list(read["t3", "e2021"].values()) == [
        str(n) for row in range(25) for n in range(10 * row, 10 * row + 7)
    ]
    assert list(read["t3", "e2021"]) == list(T3.cells)


@pytest.mark.parametrize("rows", [22, 24, 26])
def test_a_row_more_or_less_is_no_table(rows: int) -> None:
    assert place_again(rows_of_page(page(*ledger(rows))), STATUTE) == {}


@pytest.mark.parametrize(
    ("header", "others", "read"),
    [
        pytest.param([["", "自然人"]], True, True, id="the header is blank beside it"),
        pytest.param([], True, False, id="another column may be the one"),
        pytest.param([], False, True, id="no other column is blank"),
    ],
)
def test_a_column_of_nothing_is_none_of_the_form(header: list[list[str]], others: bool, read: bool) -> None:
    rows = ledger(25)
    for row in rows:
        row[4] = "" if others else row[4]
        row[7] = "" if header else row[7]  # a total nobody filled in is no column at the side
        row.insert(1, "")
    found = place_again(rows_of_page(page(*header, *rows)), STATUTE)
    assert (("t3", "e2021") in found) is read
    if read:
        assert list(found["t3", "e2021"].values()) == [text for row in rows for text in row[2:]]


def test_of_a_table_that_lost_a_row_the_rows_that_both_have_are_confirmed() -> None:
    rows = ledger(25)
    del rows[7]
    cells = {
        cell_id: Cell(text, 1, number, column)
        for number, (ids, (_, *row)) in enumerate(zip(list(T3.rows.values())[:24], rows, strict=True), 1)
        for column, (cell_id, text) in enumerate(zip(ids, row, strict=True), 2)
    }
    read_otherwise = next(iter(T3.rows.values()))
    cells[read_otherwise[0]] = cells[read_otherwise[0]]._replace(text="4711")
    said = texts_of({}, rows_of_page(page(*rows)), Placement("t3", "e2021", cells, {}, {}), T3)
    assert said == {i: cell.text for i, cell in cells.items() if i not in read_otherwise}


def test_of_two_sequences_the_one_whose_sums_hold_is_taken() -> None:
    holds = ["1", "2", "3", "4", "10"] * 3
    fails = ["1", "2", "3", "4", "11"] * 3
    read = place_again((tuple(fails), tuple(holds)), STATUTE)
    assert list(read["t4", "e2021"].values()) == holds


def test_of_two_sequences_that_both_hold_none_is_taken() -> None:
    assert place_again((("1", "0", "0", "0", "1") * 3, ("2", "0", "0", "0", "2") * 3), STATUTE) == {}


def _line(said: str, x: float, bottom: float, size: float) -> list[Ink]:
    places = [(one, x + size * at) for at, one in enumerate(said)]
    return [Ink(one, x0, bottom - size, x0 + size, bottom) for one, x0 in places]


def test_large_figures_beside_small_words_are_one_row() -> None:
    page = [*_line("规章", 70, 100, 8), *_line("1", 250, 104, 14), *_line("0", 340, 104, 14)]
    assert rows_of_ink([page]) == (("规章", "1", "0"),)


def test_figures_beneath_words_are_a_row_of_their_own() -> None:
    page = [*_line("规章", 70, 100, 8), *_line("1", 250, 110, 8), *_line("0", 340, 110, 8)]
    assert rows_of_ink([page]) == (("规章",), ("1", "0"))


def _leaf(rows: list[list[str]], widths: list[int]) -> Leaf:
    """A ruled page: each row's boxes from the left, and no box where a row ends early."""
    edges = [sum(widths[:at], 50) for at in range(len(widths) + 1)]
    inks, across, down = list[Ink](), list[Stroke](), list[Stroke]()
    for at, row in enumerate(rows):
        top = 100 + 20 * at
        across += [Stroke(y, 50, edges[len(row)]) for y in (top, top + 20)]
        down += [Stroke(x, top, top + 20) for x in edges[: len(row) + 1]]
        inks += [
            Ink(said, x + 5, top + 5, x + 15, top + 15) for said, x in zip(row, edges, strict=False) if said
        ]
    return Leaf(inks, across, down)


def test_a_row_that_ends_before_its_table_is_blank_to_its_end() -> None:
    head, row = ["类", "甲", "乙", "丙"], ["规章", "3", "4"]
    first, second = _leaf([head, row], [60, 40, 40, 40]), _leaf([row, row], [60, 40, 40, 40])
    assert rows_of_leaves([first, second]) == (tuple(head), *[("规章", "3", "4", "")] * 3)


def test_a_narrower_table_beneath_is_no_row_that_ends_early() -> None:
    wide, other = _leaf([["类", "甲", "乙", "丙"]], [60, 40, 40, 40]), _leaf([["规章", "3"]], [90, 30])
    assert rows_of_leaves([wide, other])[1] == ("规章", "3")
