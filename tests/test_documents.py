"""Any kind of document is opened or refused, and none takes the house down."""

from __future__ import annotations

import shutil
from functools import cache

import pytest

from foi_etl import documents
from foi_etl.convert import office
from foi_etl.documents import open_document
from foi_etl.errors import NotAReport
from foi_etl.practice.kinds.hostile import hostile
from foi_etl.practice.kinds.hostile_claims import CLAIMS
from foi_etl.practice.kinds.hostile_pages import HOSTILE_PAGES
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import set_pages
from helpers import STATUTE

_REASONS = {
    "zip-bomb": "more than",
    "workbook-bomb": "cannot be opened|more",
    "ofd-bomb": "more than",
    "external-entities": "document type",
    "billion-laughs": "document type",
    "ten-thousand-pages": "10000 pages",
    "page-tree-loop": "pages|cannot be opened|broken|nothing",
    "encrypted": "password",
    "truncated-pdf": "cut off|cannot be opened",
    "truncated-docx": "cut off|broken",
    "huge-picture": "larger than any page|foi-etl\\[ocr\\]",
    "ten-thousand-pictures": "10000 pages",
    "huge-scan": "nothing could be recognised|foi-etl\\[ocr\\]",
    "deep-nesting": "broken",
    "nested-zip": "a zip is not read inside a zip",
    "old-word-of-nothing": "LibreOffice",
}
_SLOW = {"scan-of-nothing", "scan-of-dust"}
"""Those that take more time than a test has: `benchmarks/hostile_files.py` reads them."""


@cache
def _hostile() -> dict[str, bytes]:
    return dict(hostile())


@pytest.mark.parametrize("name", _REASONS)
def test_a_hostile_document_is_a_refusal_with_its_reason(name: str) -> None:
    with pytest.raises(NotAReport, match=_REASONS[name]):
        open_document(_hostile()[name], name, STATUTE)


def test_every_hostile_document_is_expected() -> None:
    assert set(_hostile()) == set(_REASONS) | _SLOW


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("workbook-to-the-last-cell", "broke down|larger than a report"),
        ("overlapping-members", "broken"),
        ("ofd-of-zips", "broken"),
        ("rtf-of-braces", "nested deeper"),
        ("page-of-three-million-cells", "table cells are more"),
        ("page-of-one-wide-row", "more memory"),
    ],
)
def test_what_claims_more_than_it_holds_is_refused(name: str, reason: str) -> None:
    with pytest.raises(NotAReport, match=reason):
        open_document({**CLAIMS, **HOSTILE_PAGES}[name](), name, STATUTE)


def test_a_long_page_is_read_with_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    def bounded(body: bytes, _name: str) -> None:
        raise NotAReport(f"{len(body)} bytes elsewhere")

    monkeypatch.setattr(documents, "_QUICK", 100)
    monkeypatch.setattr(documents, "_reader", lambda _statute: bounded)
    with pytest.raises(NotAReport, match="150 bytes elsewhere"):
        open_document(b"<p>" * 50, "x", STATUTE)


def test_a_file_larger_than_any_report_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_FILE", 100)
    with pytest.raises(NotAReport, match="more than"):
        open_document(pdf(set_pages(["x"])), "x.pdf", STATUTE)


def test_without_libreoffice_an_old_word_file_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(NotAReport, match="libreoffice-writer-nogui"):
        open_document(_hostile()["old-word-of-nothing"], "x.doc", STATUTE)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_rtf_named_doc_goes_through_libreoffice_unharmed() -> None:
    said = office.to_docx(b"{\\rtf1\\ansi x}", "x.doc")
    assert said.startswith(b"PK")
