"""Pages of ink to a transcript, read twice where there are two opinions on the letters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from typing import Final, NamedTuple

from foi_etl.errors import IsAPicture, NotAReport
from foi_etl.extract.again.ink import rows_of_ink
from foi_etl.extract.again.ruled import rows_of_leaves
from foi_etl.extract.again.sequence import fuller
from foi_etl.extract.labels import has_figure
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import Ink, Paper
from foi_etl.extract.paper.lattice import ruled
from foi_etl.extract.paper.ofd import read_ofd
from foi_etl.extract.paper.pdf import Leaves, read_leaves
from foi_etl.extract.paper.scans import bare
from foi_etl.extract.paper.stitch import assemble
from foi_etl.extract.paper.tables import lacking, tables_of
from foi_etl.extract.transcript import Transcript
from foi_etl.forms import Statute
from foi_etl.model import Finding, Table, Weight

_NAMELESS: Final = 0.05
"""Of a PDF's letters: more than this without a name, and it is a picture of text."""
_CHINESE: Final = "\u2e80"
_TALLEST: Final = 40.0
"""Points: no letter of a report is taller."""
_SHOWN: Final = 6
PICTURES: Final = "pages-are-pictures"
"""The finding that says that a scan has to be read beside the text."""


def read_pdf(body: bytes, name: str, statute: Statute) -> Transcript:
    """The lines and tables of a PDF with text. IsAPicture for one that shows only pictures of text."""
    leaves = read_leaves(body, name)
    _refuse_pictures(leaves, name)
    first = tables_of(leaves.papers, statute)
    second = tables_of(_seen_again(leaves), statute)
    findings = [*first.findings, *_second_opinion(leaves, first.tables, second.tables)]
    findings.extend(_cut(leaves, first.tables))
    pictures = picture_pages(leaves, first.tables, statute)
    if pictures and not first.tables:
        raise IsAPicture(f"{_pages(pictures)} of the PDF are pictures, to be read as scans", file=name)
    if pictures:
        message = f"{_pages(pictures)} of the PDF are pictures, and were not read"
        findings.append(Finding(PICTURES, Weight.DOUBT, message))
    if leaves.unseen:
        message = f"{leaves.unseen} letters of the PDF cannot be seen, and were passed over"
        findings.append(Finding("text-unseen", Weight.NOTE, message))
    again = fuller((rows_of_leaves(leaves.ruled), rows_of_ink(leaves.second)), statute)
    return Transcript(Lines(first.paragraphs, {}), first.tables, tuple(findings), again=again)


def _refuse_pictures(leaves: Leaves, name: str) -> None:
    letters = sum(len(paper.inks) for paper in leaves.papers)
    if leaves.nameless > _NAMELESS * letters:
        message = (
            f"{leaves.nameless} of {letters} letters of the PDF have no name: it has to be read as a scan"
        )
        raise IsAPicture(message, file=name)
    if not letters:
        hidden = f" ({leaves.unseen} letters lie unseen over or under them)" if leaves.unseen else ""
        message = f"the PDF has no text to see{hidden}: its pages are pictures, and have to be read as scans"
        raise IsAPicture(message, file=name)


class TextPages(NamedTuple):
    """The pages of a PDF by its two readers, and the numbers of those whose text can be believed."""

    first: tuple[Paper, ...]
    second: tuple[Paper, ...]
    numbers: frozenset[int]


def text_pages(body: bytes, name: str, statute: Statute) -> TextPages:
    """What can be read of a PDF without looking at its pictures; the rest has to be looked at."""
    leaves = read_leaves(body, name)
    every = frozenset(paper.number for paper in leaves.papers)
    try:
        _refuse_pictures(leaves, name)
    except IsAPicture:
        return TextPages(leaves.papers, leaves.papers, frozenset())
    pictures = picture_pages(leaves, tables_of(leaves.papers, statute).tables, statute)
    return TextPages(leaves.papers, _seen_again(leaves), every - set(pictures))


def _seen_again(leaves: Leaves) -> tuple[Paper, ...]:
    """The pages with the ink of the second reader, where it has any.

    Of a font that is not in the file pdfium leaves out words of one letter: those are taken from the first.
    """
    return tuple(
        paper._replace(inks=(*inks, *_alone(paper.inks, inks)) if inks else paper.inks)
        for paper, inks in zip(leaves.papers, leaves.second, strict=True)
    )


def _alone(first: Sequence[Ink], second: Sequence[Ink]) -> Iterator[Ink]:
    """Chinese letters where the second reader has nothing."""
    tops = sorted(second, key=lambda ink: ink.top)
    for ink in first:
        if ink.text < _CHINESE:
            continue
        start = bisect_left(tops, ink.middle - _TALLEST, key=lambda one: one.top)
        end = bisect_left(tops, ink.middle, key=lambda one: one.top)
        if not any(one.x0 <= ink.centre <= one.x1 and ink.middle <= one.bottom for one in tops[start:end]):
            yield ink


def picture_pages(leaves: Leaves, tables: Sequence[Table], statute: Statute) -> tuple[int, ...]:
    """The pages that show what no text says; those with a large picture too, where a form is missing."""
    if leaves.illustrated and set(lacking(tables, statute)):
        return tuple(sorted({*leaves.pictures, *leaves.illustrated}))
    return leaves.pictures


def _pages(numbers: Sequence[int]) -> str:
    return "pages " + ", ".join(map(str, numbers))


def _cut(leaves: Leaves, tables: Sequence[Table]) -> Iterator[Finding]:
    """Every box of a page that is larger than its sheet: what it says may go on where nobody sees it."""
    if not leaves.cut:
        return
    cells = (cell for table in tables for row in table.rows for cell in row)
    at = tuple(cell.at for cell in cells if cell.page in leaves.cut)
    pages = ", ".join(map(str, leaves.cut))
    message = f"letters stand beyond the edge of these pages, so what they show may not be all: {pages}"
    yield Finding("page-cut", Weight.DOUBT, message, at=at)


def read_ofd_pages(body: bytes, name: str, known: Container[str]) -> Transcript:
    """The lines and tables of an OFD file."""
    papers = read_ofd(body, name)
    if not any(paper.inks for paper in papers):
        raise NotAReport("the OFD file has no text, its pages are pictures: ask for a PDF", file=name)
    paragraphs, tables = assemble(papers, ruled, known)
    return Transcript(Lines(paragraphs, {}), tables)


def _second_opinion(leaves: Leaves, tables: Sequence[Table], others: Sequence[Table]) -> Iterator[Finding]:
    """What pdfium reads otherwise in the same boxes."""
    turned = [
        paper.number
        for paper, inks in zip(leaves.papers, leaves.second, strict=True)
        if paper.inks and not inks
    ]
    said = {cell.at: bare(cell.text) for table in others for row in table.rows for cell in row}
    cells = [cell for table in tables for row in table.rows for cell in row]
    differing = [
        (cell.at, cell.text, other)
        for cell in cells
        if (other := said.get(cell.at, "")) != bare(cell.text)
        # The ink of a label may hang over the side of its box; that of a figure does not.
        and has_figure((cell, cell._replace(text=other)))
    ]
    if differing:
        shown = "; ".join(f"{at}: {one!r}, {other!r}" for at, one, other in differing[:_SHOWN])
        message = f"two readers of the PDF differ on {len(differing)} boxes; the first is published: {shown}"
        yield Finding("readers-differ", Weight.DOUBT, message, at=tuple(at for at, _, _ in differing))
    if turned:
        pages = ", ".join(map(str, turned))
        yield Finding("read-once", Weight.NOTE, f"one reader only saw these pages of the PDF: {pages}")
