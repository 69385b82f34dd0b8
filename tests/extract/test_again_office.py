"""The second reader of office files: other parsers, the same figures in the same cells, and its own mind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from foi_etl.errors import NotAReport
from foi_etl.extract.again.book import rows_of_workbook
from foi_etl.extract.again.leaf import rows_of_ofd
from foi_etl.extract.again.rich import rows_of_rich_text
from foi_etl.extract.again.rows import Rows, rows_of_lines, rows_of_text
from foi_etl.extract.again.word import rows_of_word
from foi_etl.pipeline import read
from foi_etl.practice.boxes import Box
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.flat import row_lines
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.ofd import ofd
from foi_etl.practice.kinds.sheet import set_pages
from foi_etl.practice.layout import Sheet
from foi_etl.practice.pages import flow_text
from helpers import STATUTE

Parts = Iterable[str | Sheet]
KINDS: dict[str, tuple[Callable[[Parts], bytes], Callable[[bytes], Rows]]] = {
    "docx": (office.docx, lambda body: rows_of_word(body, "x")),
    "xlsx": (office.xlsx, rows_of_workbook),
    "rtf": (office.rtf, rows_of_rich_text),
    "copied": (lambda parts: flow_text(parts, row_lines).encode(), lambda body: rows_of_lines(body.decode())),
    "text": (lambda parts: flow_text(parts).encode(), lambda body: rows_of_text(body.decode())),
    "ofd": (lambda parts: ofd(set_pages(parts)), lambda body: rows_of_ofd(body, "x")),
}


@cache
def _reports() -> tuple[PracticeReport, ...]:
    return tuple(country(STATUTE, agencies=6).reports)


@pytest.mark.parametrize("kind", KINDS)
def test_two_readers_agree_on_every_cell_of_every_kind(kind: str) -> None:
    for report in (_reports()[0], _reports()[4]):
        verdict = read(KINDS[kind][0](flow(report, STATUTE)), kind, STATUTE)
        for table in verdict.tables:
            assert table.agreed.keys() == table.facts.keys(), table.table
            assert all(table.agreed.values())


SHEET: Sheet = [
    [Box("项目", "header", 2), Box("数", "header", 1, 2), Box("额", "header")],
    [Box("甲", "header"), Box("乙", "header"), Box("丙", "header")],
    [Box("许可", "label", 2), Box("1", "value"), Box("", "value"), Box("3.5", "value")],
    [Box("4", "value"), Box("5", "value"), Box("6", "value")],
]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "rtf"])
def test_a_merged_box_stands_once_and_a_blank_one_stands(kind: str) -> None:
    write, rows = KINDS[kind]
    assert rows(write(["标题", SHEET]))[-2:] == (("许可", "1", "", "3.5"), ("4", "5", "6"))


def test_of_a_page_of_ink_a_band_between_rules_is_a_row() -> None:
    write, rows = KINDS["ofd"]
    *found, number = rows(write(["标题", SHEET]))
    assert number == ("-1-",)
    assert tuple(found[-2:]) == (("许可", "1", "", "3.5"), ("4", "5", "6"))


def test_of_a_page_of_ink_a_line_is_a_row() -> None:
    write, rows = KINDS["ofd"]
    assert ("规章", "1", "23") in rows(
        write(["标题", [[Box("规章", "label"), Box("1", "value"), Box("23", "value")]]])
    )


def _word(inside: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return office.word(f"<w:document {space}><w:body><w:tbl>{inside}</w:tbl></w:body></w:document>")


def _cell(inside: str) -> str:
    return f"<w:tc><w:p>{inside}</w:p></w:tc>"


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        pytest.param("<w:r><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>", "12", id="two runs"),
        pytest.param("<w:r><w:t>1</w:t><w:br/><w:t>2</w:t></w:r>", "1 2", id="two lines"),
        pytest.param(
            "<w:r><w:t>1</w:t></w:r><w:del><w:r><w:t>9</w:t></w:r></w:del>", "1", id="what was deleted"
        ),
        pytest.param(
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>1</w:t></w:r>", "1", id="hidden text"
        ),
    ],
)
def test_a_cell_of_word_says_what_is_printed(runs: str, said: str) -> None:
    row = f"<w:tr>{_cell('<w:r><w:t>甲</w:t></w:r>')}{_cell(runs)}</w:tr>"
    assert rows_of_word(_word(row), "x") == (("甲", said),)


def test_a_row_of_word_that_holds_a_table_is_no_row() -> None:
    inner = (
        f"<w:tbl><w:tr>{_cell('<w:r><w:t>乙</w:t></w:r>')}{_cell('<w:r><w:t>2</w:t></w:r>')}</w:tr></w:tbl>"
    )
    assert rows_of_word(_word(f"<w:tr><w:tc>{inner}</w:tc></w:tr>"), "x") == (("乙", "2"),)


def test_entities_are_refused_by_the_second_reader_too() -> None:
    with pytest.raises(NotAReport, match="document type"):
        rows_of_word(office.word('<!DOCTYPE x [<!ENTITY e "1">]><w:document>&e;</w:document>'), "x")


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        pytest.param(r"\'d0\'ed\'bf\'c9", "许可", id="bytes of the Chinese code page"),
        pytest.param(r"\u-30312?2", "覘2", id="a letter by its number, and what stands in for it"),
        pytest.param(r"\uc2\u35768 ab\u21487 cd", "许可", id="two bytes that stand in"),
        pytest.param(r"1{\*\bkmkstart x}2", "12", id="a bookmark"),
        pytest.param(r"1\par 2", "1 2", id="two lines"),
    ],
)
def test_a_cell_of_rich_text_says_what_is_printed(said: str, cell: str) -> None:
    body = rf"{{\rtf1\ansi\trowd\cellx500\cellx900\pard\intbl {said}\cell 7\cell\row\pard\par}}"
    assert rows_of_rich_text(body.encode()) == ((cell, "7"),)


def test_prose_between_two_tables_of_rich_text_parts_them_and_is_no_cell() -> None:
    row = r"\trowd\cellx500\cellx900\intbl 甲\cell {}\cell\row".replace("甲", r"\u30002?")
    body = rf"{{\rtf1 {row.format(1)}\pard between\par {row.format(2)}}}"
    assert rows_of_rich_text(body.encode()) == (("甲", "1"), ("甲", "2"))
