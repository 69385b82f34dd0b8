"""Flattened text to lines and tables.

As Word leaves it, each cell is a line that opens with a TAB; an empty line ends a row; a line without a TAB
inside a row continues the cell above it. Cells merged across print once, cells merged downwards as empties.
As it is copied out of a browser or a sheet, each row is a line, and TABs stand between its cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from foi_etl.extract.grid import Box, rectangle
from foi_etl.extract.page import Lines
from foi_etl.model import Table
from foi_etl.text import squash

_TAB: Final = "\t"


def read_text(text: str) -> tuple[Lines, tuple[Table, ...]]:
    """The lines and the tables of a flattened text: rows that follow each other make one table."""
    lines: list[str] = []
    tables: list[list[list[Box]]] = []
    in_table = False
    for paragraph in _paragraphs(text):
        if paragraph[0].startswith(_TAB):
            if not in_table:
                tables.append([])
            tables[-1].append([Box(squash(cell)) for cell in _cells(paragraph)])
            in_table = True
        else:
            lines.extend(filter(None, map(squash, paragraph)))
            in_table = False
    return Lines(tuple(lines), {}), tuple(
        rectangle(index, rows) for index, rows in enumerate(tables, start=1)
    )


def has_row_lines(text: str) -> bool:
    """Whether the rows of a text are lines, as they are copied out of a browser or a sheet."""
    tabbed = [line for line in text.splitlines() if _TAB in line]
    return 2 * sum(_TAB in line[1:] for line in tabbed) > len(tabbed)


def read_row_lines(text: str) -> tuple[Lines, tuple[Table, ...]]:
    """The lines and the tables of a text whose rows are lines: rows that follow each other make one table."""
    lines: list[str] = []
    tables: list[list[list[Box]]] = []
    for has_cells, run in groupby(text.splitlines(), key=lambda line: _TAB in line):
        if has_cells:
            tables.append([[Box(squash(cell)) for cell in line.split(_TAB)] for line in run])
        else:
            lines.extend(filter(None, map(squash, run)))
    return Lines(tuple(lines), {}), tuple(
        rectangle(index, rows) for index, rows in enumerate(tables, start=1)
    )


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Runs of lines between empty lines; a run of prose ends where a line opens with a TAB."""
    run: list[str] = []
    for line in text.splitlines():
        opens_table = line.startswith(_TAB) and run and not run[0].startswith(_TAB)
        if (not line or opens_table) and run:
            yield run
            run = []
        if line:
            run.append(line)
    if run:
        yield run


def _cells(row: list[str]) -> Iterator[str]:
    cell: list[str] = []
    for line in row:
        if line.startswith(_TAB) and cell:
            yield _join(cell)
            cell = []
        cell.append(line.removeprefix(_TAB))
    yield _join(cell)


def _join(lines: list[str]) -> str:
    """A label broken over two lines is one label; two lines of digits are not one number."""
    text = lines[0]
    for line in lines[1:]:
        text += (" " if text[-1:].isdigit() and line[:1].isdigit() else "") + line
    return text
