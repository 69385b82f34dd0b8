"""The same report in every kind of document says the same, in every cell; what cannot be read is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from foi_etl.errors import NotAReport
from foi_etl.extract.document import read_document
from foi_etl.model import Table, Verdict
from foi_etl.pipeline import read
from foi_etl.practice.boxes import Box
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.flat import row_lines
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.ofd import ofd
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import Setting, set_pages
from foi_etl.practice.layout import Sheet
from foi_etl.practice.pages import flow_text
from helpers import STATUTE

Flow = Iterable[str | Sheet]


def _pdf(setting: Setting) -> Callable[[Flow], bytes]:
    return lambda parts: pdf(set_pages(parts, setting))


KINDS: dict[str, Callable[[Flow], bytes]] = {
    "pdf": _pdf(Setting()),
    "pdf, other breaks": _pdf(Setting(start=200)),
    "pdf, header again on every page": _pdf(Setting(start=333, repeat_header=3)),
    "pdf without rules": _pdf(Setting(rules="none", start=120)),
    "pdf without rules, small and tight": _pdf(Setting(rules="none", size=8, line=1.1, pad=2, align="right")),
    "pdf without rules, headers upright": _pdf(Setting(rules="none", upright=True, align="left", start=260)),
    "pdf with rules between rows only": _pdf(Setting(rules="across", start=77, top=True)),
    "pdf with a frame only": _pdf(Setting(rules="frame", start=300, line=1.8)),
    "text, copied out of a browser": lambda parts: flow_text(parts, row_lines).encode(),
    "ofd": lambda parts: ofd(set_pages(parts)),
    "docx": office.docx,
    "xlsx": office.xlsx,
    "rtf": office.rtf,
}


@cache
def _reports() -> tuple[PracticeReport, ...]:
    """One report of each edition, the second with figures of five digits."""
    reports = list(country(STATUTE, agencies=6).reports)
    return reports[0], reports[4]


def _misread(report: PracticeReport, verdict: Verdict) -> list[str]:
    facts = {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}
    wrong = [
        i for i in report.truth if facts[i].value != report.truth[i] or facts[i].raw != report.printed[i]
    ]
    return wrong + sorted(facts.keys() - report.truth.keys())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_the_same_in_every_cell(kind: str) -> None:
    for report in _reports():
        verdict = read(KINDS[kind](flow(report, STATUTE)), kind, STATUTE)
        assert _misread(report, verdict) == []
        assert (verdict.document.title, verdict.document.year) == (report.title, report.year)
        assert len(verdict.document.sections) == 6
        assert {one.rule for one in verdict.findings if one.rule.startswith("H")} <= {
            one.identity for one in report.injected
        }


@pytest.mark.parametrize("start", range(0, 400, 57))
def test_wherever_a_page_breaks_no_cell_is_lost(start: int) -> None:
    report = _reports()[1]
    assert _misread(report, read(_pdf(Setting(start=start))(flow(report, STATUTE)), "x.pdf", STATUTE)) == []


def _tables(body: bytes) -> tuple[Table, ...]:
    return read_document(body, "x", STATUTE).tables


def _texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_a_label_cut_by_a_page_break_is_one_label_again() -> None:
    rows = [[Box(f"第{n}行", "label"), Box(str(n), "value")] for n in range(33)]
    group = Box("（四）无法提供", "label", 3)
    sheet = [[Box("组", "label", 33), *rows[0]], *rows[1:]]
    sheet += [[group, *rows[1]], rows[2], rows[3]]
    cut = pdf(set_pages(["标题", sheet], Setting(start=2)))
    said = [text for row in _texts(_tables(cut)[0]) for text in row]
    assert "（四）无法提供" in said
    assert not {"（四）无", "法提供"} & set(said)


def test_page_numbers_are_no_prose() -> None:
    body = pdf(
        set_pages(["标题", *["一段很长的话。" * 40] * 12, [[Box("规章", "label"), Box("1", "value")]]])
    )
    assert "- 2 -" not in "".join(read_document(body, "x", STATUTE).sections.values())


def test_merged_boxes_of_word_keep_their_places() -> None:
    cells = [[Box("甲", "label", 2), Box("乙", "label", 1, 2)], [Box("1", "value"), Box("2", "value")]]
    [table] = _tables(office.docx(["标题", cells]))
    assert [[(cell.text, cell.column, cell.rowspan, cell.colspan) for cell in row] for row in table.rows] == [
        [("甲", 1, 2, 1), ("乙", 2, 1, 2)],
        [("1", 2, 1, 1), ("2", 3, 1, 1)],
    ]


def test_what_was_deleted_or_hidden_in_word_is_not_said() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    runs = (
        "<w:r><w:t>1</w:t></w:r><w:del><w:r><w:delText>9</w:delText><w:t>8</w:t></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r><w:ins><w:r><w:t>2</w:t></w:r></w:ins>"
    )
    table = f"<w:tbl><w:tr><w:tc><w:p>{runs}</w:p></w:tc></w:tr></w:tbl>"
    document = f'<w:document xmlns:w="{space}"><w:body>{table}</w:body></w:document>'
    assert _texts(_tables(office.word(document))[0]) == [["12"]]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"%PDF-1.4\n" + b"\x00" * 200, "cut off", id="a PDF of nothing"),
        pytest.param(b"PK\x03\x04" + b"\x00" * 99, "zip", id="a zip of nothing"),
        pytest.param(parcel({"word/document.xml": "<w"}), "broken XML", id="broken XML"),
        pytest.param(parcel({"word/document.xml": "<x/>"}), "says nothing", id="a document of nothing"),
        pytest.param(parcel({"xl/workbook.xml": "<x/>"}), "cannot be opened", id="a workbook of nothing"),
        pytest.param(
            parcel({"word/document.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}),
            "declares a document type",
            id="external entities",
        ),
        pytest.param(parcel({"word/document.xml": b"<" + b" " * (65 * 2**20)}), "64 MB", id="a zip bomb"),
        pytest.param(b"{\\rtf1" + b"{" * 600, "braces", id="braces without end"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(NotAReport, match=said):
        read(body, "x", STATUTE)
