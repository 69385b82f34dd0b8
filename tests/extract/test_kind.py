"""What a thing is comes from its first bytes, and what is no report is named with its remedy."""

from __future__ import annotations

import time

import pytest

from foi_etl.errors import NotAReport
from foi_etl.extract.kind import LARGEST_PAGE, MOST_CELLS, kind
from foi_etl.practice.kinds.parcel import parcel


@pytest.mark.parametrize(
    ("body", "what"),
    [
        pytest.param(b"<!DOCTYPE html><p>x", "html", id="a page"),
        pytest.param(b"\xef\xbb\xbf\r\n <TABLE><TR><TD>", "html", id="a page behind a mark and spaces"),
        pytest.param("\ufeff<table><td>规章".encode("utf-16-le"), "html", id="a page in utf-16"),
        pytest.param("平湖市2019年度\n\t规章\n".encode(), "text", id="flattened text"),
        pytest.param("规章\n".encode("utf-16"), "text", id="text in utf-16, half of it NUL bytes"),
        pytest.param(b"%PDF-1.7\n", "pdf", id="a PDF"),
        pytest.param(b"\r\n%PDF-1.4", "pdf", id="a PDF behind a line end"),
        pytest.param(parcel({"word/document.xml": "x"}), "docx", id="a docx"),
        pytest.param(parcel({"xl/workbook.xml": "x"}), "xlsx", id="an xlsx"),
        pytest.param(parcel({"OFD.xml": "x"}), "ofd", id="an OFD"),
        pytest.param(parcel({"a.docx": "x"}), "zip", id="a zip of something"),
        pytest.param(b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "doc", id="a doc"),
        pytest.param(b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "xls", id="an xls"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "picture", id="a PNG"),
        pytest.param(b"\xff\xd8\xff\xe0", "picture", id="a JPEG"),
        pytest.param(b"{\\rtf1", "rtf", id="an RTF"),
        pytest.param(b"\x00\x00<div>x</div>", "html", id="NUL bytes before a page"),
    ],
)
def test_a_thing_is_what_its_bytes_say(body: bytes, what: str) -> None:
    assert kind(body, "report.bin") == what


@pytest.mark.parametrize(
    ("body", "what", "remedy"),
    [
        pytest.param(b"", "empty", "fetch it again", id="an empty file"),
        pytest.param(b" \x00\r\n\t" * 9, "45 bytes of nothing", "fetch it again", id="blanks"),
        pytest.param(b"GIF89a", "a GIF picture", "ask the portal", id="a GIF"),
        pytest.param(b"PK\x03\x04\x14", "cannot be opened", "fetch it again", id="half a zip"),
        pytest.param(b"Rar!\x1a", "a RAR archive", "unpack it", id="a RAR"),
        pytest.param(b"\x1f\x8b\x08\x00", "a gzip file", "unpack it", id="a gzip"),
        pytest.param(bytes(range(1, 9)) * 40, "neither text nor a page", "look at the bytes", id="noise"),
        pytest.param(
            b"<p>" + b" " * LARGEST_PAGE, "MB is more than", "look whether the portal", id="too large"
        ),
    ],
)
def test_what_is_no_report_is_refused_with_its_name_and_a_remedy(body: bytes, what: str, remedy: str) -> None:
    with pytest.raises(NotAReport) as refusal:
        kind(body, "report.html")
    assert what in str(refusal.value)
    assert remedy in str(refusal.value)
    assert "file=report.html" in str(refusal.value)


def test_a_page_of_the_largest_size_is_still_a_page() -> None:
    assert kind(b"<p>" + b" " * (LARGEST_PAGE - 3), "x") == "html"


@pytest.mark.parametrize("cells", [(50 * 2**20) // 4, MOST_CELLS + 1], ids=["50 MB", "a cell too many"])
def test_a_page_of_nothing_but_cells_is_refused_in_a_moment(cells: int) -> None:
    body = b"<table><tr>" + b"<td>" * cells
    began = time.perf_counter()
    with pytest.raises(NotAReport, match="more than the"):
        kind(body, "x")
    assert time.perf_counter() - began < 1
