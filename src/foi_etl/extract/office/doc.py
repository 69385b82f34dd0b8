"""Old Word and WPS files: the rows of cells that their paragraphs end."""

from __future__ import annotations

from dataclasses import dataclass, field

from foi_etl.extract.grid import rectangle
from foi_etl.extract.office.edges import Row, boxes
from foi_etl.extract.office.word97 import Paragraph, paragraphs
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import joined
from foi_etl.extract.transcript import Transcript
from foi_etl.text import squash


def read_doc(body: bytes, name: str) -> Transcript:
    """The lines and tables of an old Word file. Deleted and hidden text is not what it says."""
    lines, tables = walk(body, name)
    made = [rows for table in tables if any(rows := boxes([row for row in table if row.texts]))]
    return Transcript(
        Lines(tuple(lines), {}),
        tuple(rectangle(index, rows) for index, rows in enumerate(made, start=1)),
    )


@dataclass
class Old(Row):
    """A row of an old Word file."""

    holds_table: bool = False
    """Whether a table of several boxes stands in one of its own."""


@dataclass
class _Table:
    rows: list[Old] = field(default_factory=list)
    row: Old = field(default_factory=Old)
    said: list[str] = field(default_factory=list)


def walk(body: bytes, name: str) -> tuple[list[str], list[list[Old]]]:
    """What stands outside of tables, line by line, and the rows of every table, those in a cell first."""
    lines: list[str] = []
    done: list[list[Old]] = []
    open_: list[_Table] = []
    for one in paragraphs(body, name):
        while len(open_) > one.deep:
            _close(open_, done)
        if not one.deep:
            lines.extend(line for part in one.text.split("\n") if (line := squash(part)))
            continue
        while len(open_) < one.deep:
            open_.append(_Table())
        _take(open_[-1], one)
    while open_:
        _close(open_, done)
    return lines, done


def _take(table: _Table, one: Paragraph) -> None:
    if one.end == "row":
        table.row.edges, table.row.left = list(one.edges), one.left
        table.rows.append(table.row)
        table.row, table.said = Old(), []
        return
    table.said.extend(one.text.split("\n"))
    if one.end == "cell":
        table.row.texts.append(squash(joined(table.said)))
        table.said = []


def _close(open_: list[_Table], done: list[list[Old]]) -> None:
    """End the innermost table: one of a single box is what the cell around it says."""
    table = open_.pop()
    texts = [text for row in table.rows for text in row.texts]
    if open_ and len(texts) == 1:
        open_[-1].said.append(texts[0])
    elif texts:
        done.append(table.rows)
        if open_:
            open_[-1].row.holds_table = True
