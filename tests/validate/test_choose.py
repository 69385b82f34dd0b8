"""Of a page and the files beside it the one that reads best is published, the others held against it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foi_etl.errors import NotAReport
from foi_etl.model import Capture, Judged, Verdict
from foi_etl.pipeline import judge_capture
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.pages import render_text
from helpers import STATUTE

REPORT = next(iter(country(STATUTE, agencies=2).reports))
CELL = next(cell for cell, value in REPORT.truth.items() if cell.startswith("t3") and value)
BARE = f"<html><p>{REPORT.title}</p><p>报告全文见附件。</p></html>".encode()


def _capture(name: str) -> Capture:
    return Capture(
        name, f"http://a/{name}", "2026-01-01T00:00:00Z", 200, "", name, 1, "report", link_text=REPORT.title
    )


def _judged(**bodies: bytes) -> Judged:
    page, *files = (_capture(name) for name in bodies)
    return judge_capture(page, lambda one: bodies[one.id], STATUTE, beside=files)


def _text(report: PracticeReport) -> bytes:
    return render_text(report, STATUTE).encode()


def _docx(report: PracticeReport) -> bytes:
    return office.docx(flow(report, STATUTE))


def _wrong(verdict: Verdict) -> list[str]:
    facts = {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}
    return [cell for cell, value in REPORT.truth.items() if facts[cell].value != value]


def _changed() -> PracticeReport:
    value = str(int(REPORT.printed[CELL]) + 1)
    return replace(REPORT, printed={**REPORT.printed, CELL: value})


def test_a_page_without_tables_is_read_from_its_file() -> None:
    judged = _judged(page=BARE, file=_docx(REPORT))
    assert judged.capture.id == "page"
    assert _wrong(judged.verdict) == []
    addresses = {fact.at for table in judged.verdict.tables for fact in table.facts.values()}
    assert {at.partition("!")[0] for at in addresses} == {"file"}


def test_a_file_that_says_the_same_adds_nothing() -> None:
    alone, both = _judged(page=_text(REPORT)), _judged(page=_text(REPORT), file=_docx(REPORT))
    assert both.verdict == alone.verdict


def test_a_file_that_says_otherwise_is_a_finding_that_names_the_cell() -> None:
    judged = _judged(page=_text(REPORT), file=_docx(_changed()))
    [finding] = [one for one in judged.verdict.findings if one.rule == "documents-differ"]
    assert finding.cells == (CELL,)
    assert _wrong(judged.verdict) == []


def test_a_file_of_another_year_or_of_nothing_is_no_document_of_the_report() -> None:
    other = replace(_changed(), year=REPORT.year + 2, title=REPORT.title.replace(str(REPORT.year), "2031"))
    judged = _judged(page=_text(REPORT), other=_docx(other), nothing=b"%PDF-1.4")
    assert judged.verdict == _judged(page=_text(REPORT)).verdict


def test_where_nothing_reads_the_page_says_why() -> None:
    with pytest.raises(NotAReport, match="no table"):
        _judged(page=BARE, file=b"%PDF-1.4")


def test_the_one_report_in_a_zip_is_read() -> None:
    packed = parcel({"a/report.docx": _docx(REPORT), "a/readme.bin": b"\x01\x02" * 50})
    assert _wrong(_judged(page=BARE, file=packed).verdict) == []
