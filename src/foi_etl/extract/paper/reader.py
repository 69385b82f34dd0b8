"""Pages of ink to a transcript, read twice where there are two opinions on the letters."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from foi_etl.errors import IsAPicture
from foi_etl.extract.again.ink import rows_of_ink
from foi_etl.extract.again.ruled import rows_of_leaves
from foi_etl.extract.again.sequence import fuller
from foi_etl.extract.labels import has_figure, key
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import Paper
from foi_etl.extract.paper.lattice import ruled
from foi_etl.extract.paper.ofd import read_ofd
from foi_etl.extract.paper.pdf import Leaves, read_leaves
from foi_etl.extract.paper.stitch import assemble
from foi_etl.extract.paper.tables import tables_of
from foi_etl.extract.transcript import Transcript
from foi_etl.forms import Statute
from foi_etl.model import Cell, Finding, Table, Weight

_NAMELESS: Final = 0.05
"""Of a PDF's letters: more than this without a name, and it is a picture of text."""
_SHOWN: Final = 6
_SURE: Final = 0.85
"""How sure a recognised figure has to be to stand without a word."""


def read_pdf(body: bytes, name: str, statute: Statute) -> Transcript:
    """The lines and tables of a PDF with text. IsAPicture for one that shows only pictures of text."""
    leaves = read_leaves(body, name)
    letters = sum(len(paper.inks) for paper in leaves.papers)
    if leaves.nameless > _NAMELESS * letters:
        message = (
            f"{leaves.nameless} of {letters} letters of the PDF have no name: it has to be read as a scan"
        )
        raise IsAPicture(message, file=name)
    if not letters:
        raise IsAPicture(
            "the PDF has no text: its pages are pictures, and have to be read as scans", file=name
        )
    first = tables_of(leaves.papers, statute)
    papers = [
        paper._replace(inks=inks or paper.inks)
        for paper, inks in zip(leaves.papers, leaves.second, strict=True)
    ]
    second = tables_of(papers, statute)
    findings = [*first.findings, *_second_opinion(leaves, first.tables, second.tables)]
    findings.extend(_cut(leaves, first.tables))
    if leaves.pictures:
        pages = ", ".join(map(str, leaves.pictures))
        message = f"these pages of the PDF are pictures, and were not read: {pages}"
        findings.append(Finding("pages-are-pictures", Weight.DOUBT, message))
    again = fuller((rows_of_leaves(leaves.ruled), rows_of_ink(leaves.second)), statute)
    return Transcript(Lines(first.paragraphs, {}), first.tables, tuple(findings), again=again)


def _cut(leaves: Leaves, tables: Sequence[Table]) -> Iterator[Finding]:
    """Every box of a page that is larger than its sheet: what it says may go on where nobody sees it."""
    if not leaves.cut:
        return
    cells = (cell for table in tables for row in table.rows for cell in row)
    at = tuple(cell.at for cell in cells if cell.page in leaves.cut)
    pages = ", ".join(map(str, leaves.cut))
    message = f"letters stand beyond the edge of these pages, so what they show may not be all: {pages}"
    yield Finding("page-cut", Weight.DOUBT, message, at=at)


def _rows(tables: Sequence[Table]) -> tuple[tuple[str, ...], ...]:
    """The rows of all tables, as texts."""
    return tuple(tuple(cell.text for cell in row) for table in tables for row in table.rows)


def read_ofd_pages(body: bytes, name: str, known: Container[str]) -> Transcript:
    """The lines and tables of an OFD file."""
    papers = read_ofd(body, name)
    if not any(paper.inks for paper in papers):
        raise IsAPicture("the OFD file has no text: its pages are pictures", file=name)
    paragraphs, tables = assemble(papers, ruled, known)
    return Transcript(Lines(paragraphs, {}), tables)


def read_scan(first: Sequence[Paper], second: Sequence[Paper], known: Container[str]) -> Transcript:
    """The lines and tables of recognised pages, seen twice.

    A box on which the two looks differ, or of which one of them is not sure, is told.
    """
    paragraphs, tables = assemble(first, ruled, known)
    _, others = assemble(second, ruled, known)
    again = {cell.at.rpartition("/x")[0]: cell for table in others for row in table.rows for cell in row}
    unlike: list[tuple[str, str, str]] = []
    unsure: list[str] = []
    for table in tables:
        for row in table.rows:
            for cell in row:
                other = again.get(cell.at.rpartition("/x")[0])
                said = other.text if other else ""
                if _bare(said) != _bare(cell.text) and has_figure((cell, cell._replace(text=said))):
                    unlike.append((cell.at, cell.text, said))
                elif min(_sure(cell), _sure(other) if other else 0.0) < _SURE and not _is_words(cell):
                    unsure.append(cell.at)
    findings = [Finding("recognised", Weight.NOTE, "the document is a scan: every cell was recognised")]
    if unlike:
        shown = "; ".join(f"{at}: {one!r}, {other!r}" for at, one, other in unlike[:_SHOWN])
        message = f"two looks at the scan differ on {len(unlike)} boxes; the first is published: {shown}"
        findings.append(Finding("readers-differ", Weight.DOUBT, message, at=tuple(at for at, _, _ in unlike)))
    if unsure:
        message = f"{len(unsure)} boxes of the scan were recognised with little confidence"
        findings.append(Finding("recognised-unsure", Weight.DOUBT, message, at=tuple(unsure)))
    return Transcript(Lines(paragraphs, {}), tables, tuple(findings), again=_rows(others))


def _sure(cell: Cell) -> float:
    return int(cell.scan.rpartition("ocr")[2] or 100) / 100


def _is_words(cell: Cell) -> bool:
    return bool(key(cell.text)) and not has_figure((cell,))


def _second_opinion(leaves: Leaves, tables: Sequence[Table], others: Sequence[Table]) -> Iterator[Finding]:
    """What pdfium reads otherwise in the same boxes."""
    turned = [
        paper.number
        for paper, inks in zip(leaves.papers, leaves.second, strict=True)
        if paper.inks and not inks
    ]
    said = {cell.at: _bare(cell.text) for table in others for row in table.rows for cell in row}
    cells = [cell for table in tables for row in table.rows for cell in row]
    differing = [
        (cell.at, cell.text, other)
        for cell in cells
        if (other := said.get(cell.at, "")) != _bare(cell.text)
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


def _bare(text: str) -> str:
    return "".join(text.split())
