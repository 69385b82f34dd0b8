"""A document that says nothing is told in the words of its kind, with what to do next."""

from __future__ import annotations

import pytest

from foi_etl.errors import NotAReport
from foi_etl.extract.document import compose, read_document
from foi_etl.extract.page import Lines
from foi_etl.extract.transcript import Transcript
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.ofd import ofd
from foi_etl.practice.kinds.sheet import Setting, set_pages
from helpers import STATUTE

BLANK = set_pages([""], Setting(numbered=False))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"<html><body></body></html>", "a script may have to fill it", id="a page"),
        pytest.param(office.docx([]), "the document says nothing: open it", id="Word"),
        pytest.param(office.rtf([]), "the document says nothing: open it", id="RTF"),
        pytest.param(ofd(BLANK), "has no text.*ask for a PDF", id="OFD"),
        pytest.param(office.xlsx([]), "on the sheets that can be seen", id="a workbook"),
        pytest.param(office.xlsx(["一句话"]), "the document holds no table", id="a workbook of one line"),
        pytest.param(office.docx(["一句话"]), "the document holds no table", id="Word without a table"),
        pytest.param(b"7z\xbc\xaf\x27\x1c" + bytes(99), "7z archive.*unpack it", id="another archive"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(999), "may be cut off: fetch it again", id="a cut old file"),
    ],
)
def test_a_blank_document_of_every_kind_says_what_to_do(body: bytes, said: str) -> None:
    pytest.importorskip("olefile", reason="olefile is not installed: python3 bootstrap.py setup")
    with pytest.raises(NotAReport, match=said):
        read_document(body, "x", STATUTE)


def test_pictures_in_which_nothing_is_recognised_are_no_page_for_a_script() -> None:
    with pytest.raises(NotAReport, match="nothing could be recognised in the pictures"):
        compose("x", "scan", Transcript(Lines((), {}), ()), STATUTE)
