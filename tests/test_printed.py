"""Documents that other programs make of practice reports: the small scale of `benchmarks/printed.py`."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from foi_etl.model import State
from foi_etl.pipeline import read
from foi_etl.practice.kinds import office
from helpers import STATUTE
from printed import compared, makers, parts, reports


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("number", [0, -1], ids=["of 2016", "of today"])
def test_every_cell_of_a_pdf_that_libreoffice_makes_is_read(number: int) -> None:
    report = list(reports(3))[number]
    body = makers()["PDF of docx"](report)
    if body is None:
        pytest.skip("LibreOffice is installed without what writes PDFs")
    counted, told = compared(report, body)
    assert counted["right"] == counted["cells"], told


def _edited(edit: Callable[[Any], None]) -> bytes:
    """The workbook of a report as openpyxl saves it after an edit of every figure."""
    book = openpyxl.load_workbook(io.BytesIO(office.xlsx(parts(list(reports(3))[-1]))))
    for row in book.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, int):
                edit(cell)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _as_text(cell: Any) -> None:
    cell.value, cell.number_format = str(cell.value), "@"


def _as_decimal(cell: Any) -> None:
    cell.value, cell.number_format = float(cell.value), "0.00"


def _as_formula(cell: Any) -> None:
    cell.value = f"={cell.value}+0"


@pytest.mark.parametrize("edit", [_as_text, _as_decimal])
def test_however_a_workbook_keeps_its_figures_they_are_read(edit: Callable[[Any], None]) -> None:
    counted, told = compared(list(reports(3))[-1], _edited(edit))
    assert counted["right"] == counted["agreed"] == counted["cells"], told


def test_a_formula_without_its_result_is_no_blank() -> None:
    verdict = read(_edited(_as_formula), "x", STATUTE)
    states = [fact.state for table in verdict.tables for fact in table.facts.values()]
    assert State.UNREADABLE in states
    assert not {State.NUMBER, State.ZERO} & set(states)
    assert "formulas-unworked" in {one.rule for one in verdict.findings}
