"""Any kind of document, opened: web pages and text right here, everything else in a process with bounds.

What a zip holds, an old Word file and a scan are led back to the kinds that can be read.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from foi_etl.convert.confined import Confined
from foi_etl.convert.office import to_docx
from foi_etl.convert.scan import see
from foi_etl.errors import IsAPicture, NotAReport
from foi_etl.extract.document import LIGHT, compose, read_document
from foi_etl.extract.kind import kind
from foi_etl.extract.locate import form_words
from foi_etl.extract.paper.reader import read_scan
from foi_etl.forms import Statute
from foi_etl.model import Document

LARGEST_FILE: Final = 128 * 2**20
_SCAN_MEMORY: Final = 4 * 2**30
_SCAN_SECONDS: Final = 600.0


def open_document(body: bytes, name: str, statute: Statute) -> Document:
    """The document in these bytes. NotAReport, with the remedy, where there is none to read."""
    if len(body) > LARGEST_FILE:
        message = f"{len(body) / 2**20:.0f} MB is more than the {LARGEST_FILE // 2**20} MB a report may have"
        raise NotAReport(message, file=name)
    what = kind(body, name)
    if what in LIGHT:
        return read_document(body, name, statute)
    try:
        return _open_heavy(body, name, what, statute)
    except NotAReport as error:
        if error.where.get("file"):
            raise
        raise type(error)(error.message, file=name, **error.where) from error


def _open_heavy(body: bytes, name: str, what: str, statute: Statute) -> Document:
    reader = _reader(statute)
    try:
        document: Document = reader(to_docx(body, name) if what == "doc" else body, name)
    except IsAPicture:
        document = _recogniser(statute)(body, name, what)
    return document


@cache
def _reader(statute: Statute) -> Confined:
    return Confined(read_document, statute)


@cache
def _recogniser(statute: Statute) -> Confined:
    """Models take more memory and more time: pages are counted and measured before any is looked at."""
    return Confined(_read_scan, statute, seconds=_SCAN_SECONDS, memory=_SCAN_MEMORY)


def _read_scan(body: bytes, name: str, what: str, statute: Statute) -> Document:
    first, second = see(body, name, what)
    return compose(name, "scan", read_scan(first, second, form_words(statute)), statute)
