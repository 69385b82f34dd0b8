"""Any kind of document, opened: pages of the usual length right here, all else in a process with bounds.

What a zip holds, an old Word file and a scan are led back to the kinds that can be read.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from foi_etl.convert.confined import Confined
from foi_etl.convert.office import to_docx
from foi_etl.convert.scan import see
from foi_etl.errors import IsAPicture, NotAReport
from foi_etl.extract.document import LIGHT, compose, read_converted, read_document
from foi_etl.extract.kind import kind
from foi_etl.extract.locate import form_words
from foi_etl.extract.paper.ink import Paper
from foi_etl.extract.paper.reader import PICTURES, text_pages
from foi_etl.extract.paper.scans import read_scan
from foi_etl.extract.paper.tables import placed
from foi_etl.extract.pictures import WITH_PICTURES
from foi_etl.forms import Statute
from foi_etl.model import Document, Finding, Weight

LARGEST_FILE: Final = 128 * 2**20
_QUICK: Final = 2**18
"""Bytes of a page that is read right here. Tags that nest without end take the square of their number."""
_PICTURE_OF: Final[Mapping[str, bytes]] = {"docx": b"word/media/", "html": b"data:image/"}
"""What the bytes of a document hold that has pictures in it."""
_SCAN_MEMORY: Final = 3 * 2**29
"""Addresses, of which the models use half; a page at 300 dpi was seen to take 0.64 GB."""


def open_document(body: bytes, name: str, statute: Statute) -> Document:
    """The document in these bytes. NotAReport, with the remedy, where there is none to read."""
    if len(body) > LARGEST_FILE:
        raise NotAReport(f"this is more than the {LARGEST_FILE // 2**20} MB a report may have", file=name)
    what = kind(body, name)
    try:
        return _open(body, name, what, statute)
    except NotAReport as error:
        if error.where.get("file"):
            raise
        raise type(error)(error.message, file=name, **error.where) from error


def _open(body: bytes, name: str, what: str, statute: Statute) -> Document:
    """What a document says; where its text does not say it but its pictures do, as they are recognised."""
    document: Document | None = None
    refused: NotAReport | None = None
    try:
        document = _read(body, name, what, statute)
    except IsAPicture:
        return _recognised(body, name, what, statute)
    except NotAReport as error:
        refused = error
    if not _may_be_pictures(body, what, document, statute):
        if document is None:
            raise refused or NotAReport("there is nothing to read", file=name)
        return document
    try:
        seen = _recognised(body, name, what, statute)
        if placed(seen.tables, statute) > (placed(document.tables, statute) if document else 0):
            return seen
        why = "no more of the forms was found in them"
    except NotAReport as error:
        why = error.message
    if document is None:
        said, known = (refused.message, refused.where) if refused else ("", {})
        raise NotAReport(f"{said}. Its pictures: {why}", **known | {"file": name})
    return replace(document, findings=tuple(_with(document.findings, why)))


def _with(findings: Iterable[Finding], why: str) -> Iterator[Finding]:
    for one in findings:
        yield replace(one, message=f"{one.message}: {why}") if one.rule == PICTURES else one


def _read(body: bytes, name: str, what: str, statute: Statute) -> Document:
    if what in LIGHT and len(body) <= _QUICK:
        return read_document(body, name, statute)
    if what == "doc":
        return _old_word(body, name, statute)
    document: Document = _reader(statute)(body, name)
    return document


def _old_word(body: bytes, name: str, statute: Statute) -> Document:
    """An old Word file by way of LibreOffice and by its own bytes; by these alone where that way is shut."""
    document: Document
    try:
        made = to_docx(body, name)
    except NotAReport as why:
        try:
            document = _reader(statute)(body, name)
        except NotAReport as error:
            raise type(error)(f"{error.message}. Besides, {why.message}", **error.where) from error
        message = f"every figure was read once, by the bytes of the file: {why.message}"
        return replace(document, findings=(*document.findings, Finding("read-once", Weight.NOTE, message)))
    document = _reader_of_converted(statute)(made, body, name)
    return document


def _may_be_pictures(body: bytes, what: str, document: Document | None, statute: Statute) -> bool:
    """Whether the tables may stand in pictures: a PDF says so itself, in a docx and a page none is found."""
    if what not in WITH_PICTURES:
        return document is not None and any(one.rule == PICTURES for one in document.findings)
    if _PICTURE_OF[what] not in body:
        return False
    return document is None or not placed(document.tables, statute)


def open_pictures(bodies: Sequence[bytes], name: str, statute: Statute) -> Document:
    """Several pictures as the pages of one scan. NotAReport, with the remedy, where none can be read."""
    document: Document = _recogniser_of_several(statute)(bodies, name)
    return document


def _recognised(body: bytes, name: str, what: str, statute: Statute) -> Document:
    document: Document = _recogniser(statute)(body, name, what)
    return document


@cache
def _reader(statute: Statute) -> Confined:
    return Confined(read_document, statute)


@cache
def _reader_of_converted(statute: Statute) -> Confined:
    return Confined(read_converted, statute)


@cache
def _recogniser(statute: Statute) -> Confined:
    """Models take more memory, and every page has its own time."""
    return Confined(read_pictures, statute, memory=_SCAN_MEMORY)


@cache
def _recogniser_of_several(statute: Statute) -> Confined:
    return Confined(read_several, statute, memory=_SCAN_MEMORY)


def read_pictures(body: bytes, name: str, what: str, statute: Statute) -> Generator[None, None, Document]:
    """In the other process: a document whose pages are pictures, all of them or some. Page by page."""
    known = form_words(statute)
    pages: list[tuple[Paper, Paper]] = []
    pictures: list[int] = []
    if what == "pdf":
        text = text_pages(body, name, statute)
        pictures = [paper.number for paper in text.first if paper.number not in text.numbers]
        pages = [both for both in zip(text.first, text.second, strict=True) if both[0].number in text.numbers]
        yield
    for both in see(body, name, what, known, pictures):
        pages.append(both)
        yield
    pages.sort(key=lambda both: both[0].number)
    first, second = zip(*pages, strict=True)
    return compose(name, "scan", read_scan(first, second, statute), statute)


def read_several(bodies: Sequence[bytes], name: str, statute: Statute) -> Generator[None, None, Document]:
    """In the other process: pictures that are the pages of one document, but for those that are no page."""
    known = form_words(statute)
    pages: list[tuple[Paper, Paper]] = []
    refused = NotAReport("there is no picture to read", file=name)
    for number, body in enumerate(bodies, 1):
        try:
            [(first, second)] = see(body, name, "picture", known)
        except NotAReport as error:
            refused = error
        else:
            pages.append((first._replace(number=number), second._replace(number=number)))
        yield
    if not pages:
        raise refused
    firsts, seconds = zip(*pages, strict=True)
    return compose(name, "scan", read_scan(firsts, seconds, statute), statute)
