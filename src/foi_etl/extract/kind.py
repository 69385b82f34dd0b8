"""What a thing is, by its first bytes and not by its name."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.errors import NotAReport
from foi_etl.extract.parcel import member_kind

LARGEST_PAGE: Final = 16 * 2**20
"""Bytes. The largest real page seen has 0.4 MB; Word paste with pictures inlined reaches a few."""
MOST_CELLS: Final = 200_000
"""Table cells in one page. A report has some 450."""

_SIGNATURES: Final = (
    (b"GIF8", "a GIF picture", "ask the portal for the page itself, or for a PNG"),
    (b"Rar!", "a RAR archive", "unpack it and read what is inside"),
    (b"\x1f\x8b", "a gzip file", "unpack it and read what is inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and read what is inside"),
)
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
_WORKBOOKS: Final = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
"""The stream that every old Excel file has, and no old Word file."""
_MARKUP: Final = re.compile(rb"<(?:html|!doctype|table|body|div|p|meta|td|span|head)", re.IGNORECASE)
_CELL: Final = re.compile(rb"<t[dh]", re.IGNORECASE)


def kind(body: bytes, name: str) -> str:
    """The kind: html, text, pdf, ofd, docx, doc, xlsx, xls, rtf, zip or picture.

    NotAReport, naming what it is instead, for everything else.
    """
    stripped = body[:4096].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if not stripped and not body.strip(b"\x00 \t\r\n"):
        nothing = "empty" if not body else f"{len(body)} bytes of nothing"
        raise NotAReport(f"the file is {nothing}: fetch it again", file=name, bytes=len(body))
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return member_kind(body, name)
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls" if any(mark in body for mark in _WORKBOOKS) else "doc"
    if is_picture(body):
        return "picture"
    if stripped.startswith(b"{\\rtf"):
        return "rtf"
    for signature, what, remedy in _SIGNATURES:
        if stripped.startswith(signature):
            raise NotAReport(
                f"this is {what}, whatever its name says: {remedy}", file=name, first_bytes=body[:8].hex()
            )
    if len(body) > LARGEST_PAGE:
        raise NotAReport(
            f"{len(body) / 2**20:.1f} MB is more than the {LARGEST_PAGE // 2**20} MB a report page may have: "
            "look whether the portal answered with something else",
            file=name,
        )
    return _told_by_markup(body, name)


def is_picture(body: bytes) -> bool:
    """Whether these are the bytes of a picture that may be read."""
    return body.startswith(_PICTURES)


def _told_by_markup(body: bytes, name: str) -> str:
    utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    said = body[:65536].replace(b"\x00", b"") if utf16 else body
    # A cell takes three bytes at least: a page of the usual size has no room for too many.
    if len(said) > 3 * MOST_CELLS and (cells := len(_CELL.findall(said))) > MOST_CELLS:
        raise NotAReport(
            f"{cells} table cells are more than the {MOST_CELLS} a report page may have: "
            "look whether the portal answered with something else",
            file=name,
            first_cell_at=f"byte {said.lower().find(b'<td')}",
        )
    if _MARKUP.search(said):
        return "html"
    if sum(byte < 9 or 13 < byte < 32 for byte in body[:4096]) > len(body[:4096]) // 10 and not utf16:
        raise NotAReport("neither text nor a page: look at the bytes", file=name, first_bytes=body[:8].hex())
    return "text"
