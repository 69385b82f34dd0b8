"""Old Word and Excel files say what the report says, in every cell, where LibreOffice can make them."""

from __future__ import annotations

import shutil
from functools import cache

import pytest

from foi_etl.convert.office import converted, to_docx
from foi_etl.extract.document import read_document
from foi_etl.extract.kind import kind
from foi_etl.model import Verdict
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from helpers import STATUTE

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") or shutil.which("libreoffice")), reason="LibreOffice is not installed"
)


@cache
def _report() -> PracticeReport:
    return next(iter(country(STATUTE, agencies=6).reports))


def _as(body: bytes, to: str, suffix: str) -> bytes:
    made = converted({"one": body}, to, suffix).get("one")
    if made is None:
        pytest.skip(f"LibreOffice is installed without what writes {to}")
    return made


def _read(body: bytes, name: str) -> Verdict:
    return judge(read_document(body, name, STATUTE), STATUTE)


def _misread(verdict: Verdict) -> list[str]:
    facts = {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}
    return [cell_id for cell_id, value in _report().truth.items() if facts[cell_id].value != value]


def test_an_old_word_file_says_the_same_in_every_cell() -> None:
    old = _as(office.rtf(flow(_report(), STATUTE)), "doc:MS Word 97", "rtf")
    assert kind(old, "x") == "doc"
    verdict = _read(to_docx(old, "x"), "x")
    assert _misread(verdict) == []
    assert all(table.agreed.keys() == table.facts.keys() for table in verdict.tables)


def test_an_old_workbook_says_the_same_in_every_cell() -> None:
    old = _as(office.xlsx(flow(_report(), STATUTE)), "xls:MS Excel 97", "xlsx")
    assert kind(old, "x") == "xls"
    assert _misread(_read(old, "x")) == []
