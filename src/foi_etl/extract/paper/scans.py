"""Recognised pages to a transcript: two looks, and what they do not agree on is not published."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Final

from foi_etl.extract.labels import has_figure, key
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import Paper
from foi_etl.extract.paper.tables import tables_of
from foi_etl.extract.raised import ILLEGIBLE
from foi_etl.extract.transcript import Transcript
from foi_etl.forms import Statute
from foi_etl.model import Cell, Finding, Table, Weight

_SHOWN: Final = 6
_SURE: Final = 0.85
"""How sure a recognised figure has to be to stand without a word."""


def read_scan(first: Sequence[Paper], second: Sequence[Paper], statute: Statute) -> Transcript:
    """The lines and tables of recognised pages, seen twice; pages with text may stand among them.

    A figure on which the two looks differ is not published; one of which a look is not sure is told.
    """
    paragraphs, tables, told = tables_of(first, statute)
    others = tables_of(second, statute).tables
    again = {cell._replace(scan="").at: cell for table in others for row in table.rows for cell in row}
    unlike: list[tuple[str, str, str]] = []
    unsure: list[str] = []
    for table in tables:
        for row in table.rows:
            for cell in row:
                other = again.get(cell._replace(scan="").at)
                said = other.text if other else ""
                if bare(said) != bare(cell.text) and has_figure((cell, cell._replace(text=said))):
                    unlike.append((cell.at, cell.text, said))
                elif min(_sure(cell), _sure(other) if other else 0.0) < _SURE and not _is_words(cell):
                    unsure.append(cell.at)
    scanned = [paper.number for paper in first if paper.scanned]
    which = "every cell" if len(scanned) == len(first) else f"what stands on pages {_told(scanned)}"
    message = f"the document is a scan: {which} was recognised"
    findings = [Finding("recognised", Weight.NOTE, message), *told]
    if unlike:
        shown = "; ".join(f"{at}: {one!r}, {other!r}" for at, one, other in unlike[:_SHOWN])
        message = f"two looks at the scan differ on {len(unlike)} boxes, which are not published: {shown}"
        findings.append(Finding("looks-differ", Weight.BLOCK, message, at=tuple(at for at, _, _ in unlike)))
    if unsure:
        message = f"{len(unsure)} boxes of the scan were recognised with little confidence"
        findings.append(Finding("recognised-unsure", Weight.DOUBT, message, at=tuple(unsure)))
    tables = _without(tables, {at for at, _, _ in unlike})
    return Transcript(Lines(paragraphs, {}), tables, tuple(findings), again=_rows(others))


def _without(tables: Sequence[Table], places: Container[str]) -> tuple[Table, ...]:
    """The tables, with a mark for what is not legible where two looks differ."""
    return tuple(
        replace(
            table,
            rows=tuple(
                tuple(cell._replace(text=ILLEGIBLE) if cell.at in places else cell for cell in row)
                for row in table.rows
            ),
        )
        for table in tables
    )


def _sure(cell: Cell) -> float:
    return int(cell.scan.rpartition("ocr")[2] or 100) / 100


def _is_words(cell: Cell) -> bool:
    return bool(key(cell.text)) and not has_figure((cell,))


def _rows(tables: Sequence[Table]) -> tuple[tuple[str, ...], ...]:
    """The rows of all tables, as texts."""
    return tuple(tuple(cell.text for cell in row) for table in tables for row in table.rows)


def _told(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def bare(text: str) -> str:
    """A text without its spaces."""
    return "".join(text.split())
