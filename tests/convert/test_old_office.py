"""Old Word and Excel files that LibreOffice makes say what the report says, in every cell, to two readers."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import cache

import pytest

from foi_etl.convert.office import converted, to_docx
from foi_etl.documents import open_document
from foi_etl.errors import NotAReport
from foi_etl.extract.again.book import rows_of_old_workbook
from foi_etl.extract.document import compose, read_converted, read_document
from foi_etl.extract.kind import kind
from foi_etl.extract.office.workbook import read_workbook
from foi_etl.model import Document, Finding, State, Verdict
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from helpers import STATUTE

for library in ("olefile", "xlrd"):
    pytest.importorskip(library, reason=f"{library} is not installed: python3 bootstrap.py setup")

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") or shutil.which("libreoffice")), reason="LibreOffice is not installed"
)
_MAKERS = {"rtf": office.rtf, "docx": office.docx, "xlsx": office.xlsx}


@cache
def _report() -> PracticeReport:
    return next(iter(country(STATUTE, agencies=6).reports))


@cache
def _as(to: str, suffix: str) -> bytes:
    made = converted({"one": _MAKERS[suffix](flow(_report(), STATUTE))}, to, suffix).get("one")
    if made is None:
        pytest.skip(f"LibreOffice is installed without what writes {to}")
    return made


def _doc(suffix: str = "rtf") -> bytes:
    return _as("doc:MS Word 97", suffix)


def _xls() -> bytes:
    return _as("xls:MS Excel 97", "xlsx")


def _verdict(document: Document) -> Verdict:
    return judge(document, STATUTE)


def _misread(verdict: Verdict) -> list[str]:
    facts = {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}
    return [cell_id for cell_id, value in _report().truth.items() if facts[cell_id].value != value]


def _is_read_twice(verdict: Verdict) -> bool:
    return all(
        table.agreed.keys() == table.facts.keys() and all(table.agreed.values()) for table in verdict.tables
    )


@pytest.mark.parametrize("suffix", ["rtf", "docx"])
def test_an_old_word_file_says_the_same_in_every_cell_to_both_readers(suffix: str) -> None:
    old = _doc(suffix)
    assert kind(old, "x") == "doc"
    verdict = _verdict(open_document(old, "x", STATUTE))
    assert _misread(verdict) == []
    assert _is_read_twice(verdict)
    assert verdict.document.kind == "doc"


@pytest.mark.parametrize("suffix", ["rtf", "docx"])
def test_without_libreoffice_an_old_word_file_is_read_once_and_says_so(
    suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _doc(suffix)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    verdict = _verdict(open_document(old, "x", STATUTE))
    assert _misread(verdict) == []
    assert not any(table.agreed for table in verdict.tables)
    assert [one.rule for one in verdict.findings].count("read-once") == 1


def test_an_old_workbook_says_the_same_in_every_cell_to_both_readers() -> None:
    assert kind(_xls(), "x") == "xls"
    verdict = _verdict(read_document(_xls(), "x", STATUTE))
    assert _misread(verdict) == []
    assert _is_read_twice(verdict)


def _with_another_figure(body: bytes, was: str, now: str) -> bytes:
    old, new = was.encode("cp1252"), now.encode("cp1252")
    wide_old, wide_new = was.encode("utf-16-le"), now.encode("utf-16-le")
    found = old if old in body else wide_old
    at = body.index(found)
    return body[:at] + (new if found == old else wide_new) + body[at + len(found) :]


def _told(verdict: Verdict) -> list[Finding]:
    return [one for one in verdict.findings if one.rule == "readers-differ"]


def _longest_figure() -> str:
    return max((text for text in _report().printed.values() if text.isdecimal()), key=len)


def test_a_figure_that_one_of_two_readings_of_word_lost_is_withheld_and_told() -> None:
    figure = _longest_figure()
    other = "9" * len(figure)
    spoiled = _with_another_figure(_doc(), f"\x07{figure}\x07", f"\x07{other}\x07")
    verdict = _verdict(read_converted(to_docx(_doc(), "x"), spoiled, "x", STATUTE))
    [told] = _told(verdict)
    assert figure in told.message
    assert other in told.message
    facts = {i: fact for table in verdict.tables for i, fact in table.facts.items()}
    assert {facts[i].state for i in told.cells} == {State.UNREADABLE}
    assert set(_misread(verdict)) == set(told.cells)


def test_a_figure_that_one_of_two_readings_of_excel_lost_is_withheld_and_told() -> None:
    figure = int(_longest_figure())
    as_rk = (figure << 2 | 2).to_bytes(4, "little")  # how Excel writes a whole number
    spoiled = _xls().replace(as_rk, (90909 << 2 | 2).to_bytes(4, "little"))
    read = read_workbook(_xls(), "x")._replace(again=rows_of_old_workbook(spoiled))
    verdict = _verdict(compose("x", "xls", read, STATUTE))
    [told] = _told(verdict)
    assert "90909" in told.message
    assert set(_misread(verdict)) == set(told.cells)


def test_a_locked_word_file_says_that_it_is_locked() -> None:
    body = bytearray(_doc())
    head = body.index(b"\xec\xa5")
    body[head + 0x0B] |= 0x01
    with pytest.raises(NotAReport, match="locked with a password"):
        open_document(bytes(body), "x", STATUTE)


def test_a_word_file_cut_off_anywhere_is_read_or_refused() -> None:
    body, read = _doc(), 0
    for cut in range(600, len(body), len(body) // 23):
        with suppress(NotAReport):
            read_document(body[:cut], "x", STATUTE)
            read += 1
    assert read < 20
