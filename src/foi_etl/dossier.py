"""The documents of one report: its page, each file beside it, and all pictures together as one scan.

A report published as pictures is one document, whose pages are the pictures in the order of the page. Its
cells name the picture they stand in, their box in it, and how sure the reader is: no text is mixed with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from foi_etl.documents import open_document, open_pictures
from foi_etl.errors import ArchiveDamaged, IsAPicture, NotAReport
from foi_etl.extract.kind import is_picture
from foi_etl.forms import Statute
from foi_etl.model import Capture, Document
from foi_etl.text import year_in

_OK: Final = 200
_PAGE: Final = re.compile(r"p(\d+)/")
Part = tuple[Capture, ...]
"""One capture, or the pictures that are one document."""
Body = Callable[[Capture], bytes]


def parts_of(page: Capture, beside: Sequence[Capture], body: Body) -> list[Part]:
    """The page, then every file beside it, then its pictures in the order in which the page shows them."""
    pictures = [one for one in beside if _is_picture(one, body)]
    parts: list[Part] = [(page,), *((one,) for one in beside if one not in pictures)]
    if len(pictures) > 1:
        shown = body(page)
        pictures.sort(key=lambda one: (_place(one, shown), one.url))
    return [*parts, tuple(pictures)] if pictures else parts


def _is_picture(one: Capture, body: Body) -> bool:
    try:
        return is_picture(body(one))
    except ArchiveDamaged:
        return False  # told where it is read


def _place(one: Capture, shown: bytes) -> int:
    """Where a page names a picture; behind everything where it does not by these words."""
    at = shown.find(PurePosixPath(urlsplit(one.url).path).name.encode())
    return at if at >= 0 else len(shown)


def file_of(at: str) -> str:
    """Which file beside the page an address points into; empty for the page itself."""
    return at.partition("!")[0] if "!" in at else ""


def open_part(
    part: Part, page: Capture, body: Body, statute: Statute, known: Mapping[str, object]
) -> Document:
    """A document of a report; `known` is what its page says of itself, which pictures of tables do not."""
    if any(one.status != _OK for one in part):
        raise NotAReport(f"the portal answered {part[0].status}: fetch it again", url=part[0].url)
    if part == (page,):
        return _dated(open_document(body(page), page.id, statute), page)
    if not is_picture(body(part[0])):
        [one] = part
        return _in_files(_dated(open_document(body(one), one.id, statute), page), lambda _: one.id)
    try:
        document = open_pictures([body(one) for one in part], page.id, statute)
    except NotAReport as error:
        raise IsAPicture(error.message, **error.where) from error
    title, year = str(known.get("title", "")), known.get("year")
    if document.year is None and isinstance(year, int):
        document = replace(document, year=year, year_from="page")
    files = {str(number): one.id for number, one in enumerate(part, 1)}
    return _in_files(
        _dated(replace(document, title=document.title or title), page),
        lambda at: files[found[1]] if (found := _PAGE.match(at)) else part[0].id,
    )


def _dated(document: Document, page: Capture) -> Document:
    """The document with its year, or that of the link to the page. NotAReport where nothing says one."""
    if document.year_from in {"", "text"} and (linked := year_in(page.link_text)):
        return replace(document, year=linked, year_from="link")
    if document.year is None:
        raise NotAReport("neither the document nor its link says for which year it is", file=document.name)
    return document


def _in_files(document: Document, file: Callable[[str], str]) -> Document:
    """The document, every cell and finding of which says in which file beside the page it stands."""
    tables = (
        replace(
            table, rows=tuple(tuple(cell._replace(file=file(cell.at)) for cell in row) for row in table.rows)
        )
        for table in document.tables
    )
    told = (replace(each, at=tuple(f"{file(at)}!{at}" for at in each.at)) for each in document.findings)
    return replace(document, tables=tuple(tables), findings=tuple(told))
