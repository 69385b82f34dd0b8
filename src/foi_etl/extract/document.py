"""Bytes to a document: what was published, made readable, with nothing judged yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final, NoReturn

from foi_etl.errors import NotAReport
from foi_etl.extract.about import About, is_titled, read_about
from foi_etl.extract.again.rows import Rows, rows_of_lines, rows_of_page, rows_of_running, rows_of_text
from foi_etl.extract.bundle import read_bundle
from foi_etl.extract.kind import kind
from foi_etl.extract.locate import OF_TODAY
from foi_etl.extract.page import Lines, read_page
from foi_etl.extract.plain import has_row_lines, read_row_lines, read_text
from foi_etl.extract.running import found_running
from foi_etl.extract.transcribe import transcribe, transcribe_converted
from foi_etl.extract.transcript import Transcript
from foi_etl.forms import Statute
from foi_etl.model import Document, Finding, Table, Weight
from foi_etl.text import decode

LIGHT: Final = frozenset({"html", "text"})
"""Kinds that are read at once; all others need libraries that are slow to import, and bounds."""
_BLANK: Final = "the document says nothing: open it, and look whether it is the report"
_SAYS_NOTHING: Final = {
    "html": "the page says nothing: a script may have to fill it; look at it in a browser",
    "scan": "nothing could be recognised in the pictures: look at them, and ask for a PDF with text",
    "xls": "the workbook says nothing on the sheets that can be seen: open it, and look at the others",
    "xlsx": "the workbook says nothing on the sheets that can be seen: open it, and look at the others",
}
"""What is told of a document without a word, by its kind."""
_LOGIN: Final = re.compile(
    r"""type\s*=\s*["']?password|请登录|用户登录|验证码|访问验证|安全验证""", re.IGNORECASE
)


def read_document(body: bytes, name: str, statute: Statute) -> Document:
    """The document in these bytes. NotAReport, with the remedy, where there is none to read."""
    what = kind(body, name)
    if what == "zip":
        return read_bundle(body, name, partial(read_document, statute=statute))
    if what not in LIGHT:
        return compose(name, what, transcribe(body, name, what, statute), statute)
    text, charset = decode(body)
    said, tables, again = _markup(body, text, charset) if what == "html" else _flattened(text)
    if not tables and _LOGIN.search(text):
        raise NotAReport(
            "this is a login or verification page, whatever its status was: fetch the report again", file=name
        )
    odd = tuple(_oddities(body, text, charset, what))
    return compose(name, what, Transcript(said, tables, odd, charset, again), statute)


def read_converted(made: bytes, body: bytes, name: str, statute: Statute) -> Document:
    """The document in the bytes of an old Word file, of which another program has made a docx."""
    return compose(name, "doc", transcribe_converted(made, body, name), statute)


def compose(name: str, what: str, read: Transcript, statute: Statute) -> Document:
    """The document that a transcript is; NotAReport for one without tables."""
    if not read.tables and not read.said.lines:
        raise NotAReport(_SAYS_NOTHING.get(what, _BLANK), file=name)
    about = read_about(read.said, statute.sections)
    tables, uncertain = found_running(read.said.lines, read.tables)
    again = read.again if tables is read.tables else (*read.again, *rows_of_running(read.said.lines))
    is_old = about.year is not None and about.year < OF_TODAY and is_titled(about)
    document = Document(
        name=name,
        kind=what,
        charset=read.charset,
        title=about.title,
        agency_name=about.agency_name,
        year=about.year,
        year_from=about.year_from,
        published=about.published,
        sections=about.sections,
        tables=tables,
        findings=(*read.findings, *uncertain, *_disputed(about)),
        again=again,
        whole="\n".join(read.said.lines) if is_old else "",
    )
    if not tables and not is_old:
        _refuse_without_tables(document)
    return document


def _markup(body: bytes, text: str, charset: str) -> tuple[Lines, tuple[Table, ...], Rows]:
    html = _utf8(body, text, charset)
    return *read_page(html), rows_of_page(html)


def _flattened(text: str) -> tuple[Lines, tuple[Table, ...], Rows]:
    bare = text.replace("\x00", "")
    if has_row_lines(bare):
        return *read_row_lines(bare), rows_of_lines(bare)
    return *read_text(bare), rows_of_text(bare)


def _utf8(body: bytes, text: str, charset: str) -> bytes:
    return body if charset == "utf-8" else text.encode("utf-8", errors="replace")


def _refuse_without_tables(document: Document) -> NoReturn:
    what = "page" if document.kind == "html" else "document"
    found = (
        f"it has the sections {', '.join(document.sections)}"
        if document.sections
        else "it has no section of a report"
    )
    raise NotAReport(
        f"the {what} holds no table; {found}. If it shows tables, they are pictures or an attachment",
        file=document.name,
        **document.says,
    )


def _oddities(body: bytes, text: str, charset: str, what: str) -> Iterator[Finding]:
    """What is odd about the bytes themselves."""
    if charset.endswith("-replace"):
        at = text.find("\ufffd")
        before = text[max(0, at - 12) : at]
        message = f"{text.count(chr(0xFFFD))} characters could not be decoded, the first after {before!r}"
        yield Finding("charset-broken", Weight.DOUBT, message)
    if b"\x00" in body and not charset.startswith("utf-16"):
        message = f"{body.count(0)} NUL bytes, the first at byte {body.find(0)}; passed over, as browsers do"
        yield Finding("nul-bytes", Weight.NOTE, message)
    if what == "html" and _is_cut(text):
        message = f"the page ends in the middle, after {text.rstrip()[-40:]!r}: fetch it again"
        yield Finding("page-truncated", Weight.DOUBT, message)


def _disputed(about: About) -> Iterator[Finding]:
    if about.period_year and about.title_year and about.period_year != about.title_year:
        years = f"the stated period is {about.period_year}, the title says {about.title_year}"
        yield Finding("year-disputed", Weight.DOUBT, f"{years}; the period was believed")


def _is_cut(text: str) -> bool:
    """Whether a page ends inside a tag, a sentence or a table; a last closing tag left out is no cut."""
    tail = text[-4096:].lower().rstrip()
    if tail.rfind("<") > tail.rfind(">"):
        return True
    closed = "</html" in tail or "</body" in tail or "<html" not in text[:4096].lower()
    return not closed and (not tail.endswith(">") or text.rfind("<table") > text.rfind("</table"))
