"""Pages of ink to a transcript, read twice where there are two opinions on the letters."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from foi_etl.errors import NotAReport
from foi_etl.extract.labels import has_figure
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import Ink, Paper
from foi_etl.extract.paper.lattice import ruled
from foi_etl.extract.paper.ofd import read_ofd
from foi_etl.extract.paper.pdf import read_leaves
from foi_etl.extract.paper.stitch import assemble
from foi_etl.extract.transcript import Transcript
from foi_etl.model import Finding, Table, Weight

_NAMELESS: Final = 0.05
"""Of a PDF's letters: more than this without a name, and it is a picture of text."""
_SHOWN: Final = 6


def read_pdf(body: bytes, name: str, known: Container[str]) -> Transcript:
    """The lines and tables of a PDF with text. NotAReport for one that shows only pictures of text."""
    leaves = read_leaves(body, name)
    letters = sum(len(paper.inks) for paper in leaves.papers)
    if leaves.nameless > _NAMELESS * letters:
        message = (
            f"{leaves.nameless} of {letters} letters of the PDF have no name: it has to be read as a scan"
        )
        raise NotAReport(message, file=name)
    if not letters:
        raise NotAReport(
            "the PDF has no text: its pages are pictures, and have to be read as scans", file=name
        )
    paragraphs, tables = assemble(leaves.papers, ruled, known)
    findings = [*_second_opinion(leaves.papers, leaves.second, tables, known)]
    if leaves.pictures:
        pages = ", ".join(map(str, leaves.pictures))
        message = f"these pages of the PDF are pictures, and were not read: {pages}"
        findings.append(Finding("pages-are-pictures", Weight.DOUBT, message))
    return Transcript(Lines(paragraphs, {}), tables, tuple(findings))


def read_ofd_pages(body: bytes, name: str, known: Container[str]) -> Transcript:
    """The lines and tables of an OFD file."""
    papers = read_ofd(body, name)
    if not any(paper.inks for paper in papers):
        raise NotAReport("the OFD file has no text: its pages are pictures", file=name)
    paragraphs, tables = assemble(papers, ruled, known)
    return Transcript(Lines(paragraphs, {}), tables)


def _second_opinion(
    papers: Sequence[Paper], second: Sequence[tuple[Ink, ...]], tables: Sequence[Table], known: Container[str]
) -> Iterator[Finding]:
    """What pdfium reads otherwise in the same boxes."""
    turned = [paper.number for paper, inks in zip(papers, second, strict=True) if paper.inks and not inks]
    again = [paper._replace(inks=inks or paper.inks) for paper, inks in zip(papers, second, strict=True)]
    _, others = assemble(again, ruled, known)
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
