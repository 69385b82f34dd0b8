"""What a reader of one kind of document hands over: the same for every kind."""

from __future__ import annotations

from typing import NamedTuple

from foi_etl.extract.again.rows import Rows
from foi_etl.extract.page import Lines
from foi_etl.model import Finding, Table


class Transcript(NamedTuple):
    """The lines and the tables of a document, and what is odd about the way they were read."""

    said: Lines
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    charset: str = ""
    again: Rows = ()
    """The rows of its tables, taken from the bytes in a second way; empty where there is none."""
