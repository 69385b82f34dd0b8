"""The rows of an old Word file by its own bytes: the first reader has what another program made of it."""

from __future__ import annotations

from foi_etl.errors import NotAReport
from foi_etl.extract.again.rows import Rows, without_empty_column
from foi_etl.extract.office.doc import Old, walk


def rows_of_old_word(body: bytes, name: str) -> Rows:
    """The rows of every table; nothing where the bytes cannot be followed."""
    try:
        _, tables = walk(body, name)
    except NotAReport:
        return ()
    return tuple(
        row
        for table in tables
        for row in without_empty_column([_texts(row) for row in table if row.texts and not row.holds_table])
    )


def _texts(row: Old) -> tuple[str, ...]:
    """What the boxes of a row say, without those that another covers."""
    covered = {at for at, edge in enumerate(row.edges) if edge.merge in {"hangs", "joined"}}
    return tuple(text for at, text in enumerate(row.texts) if text or at not in covered)
