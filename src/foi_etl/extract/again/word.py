"""The rows of a Word document as a stream of events tells them: no tree is built, no grid is kept."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from foi_etl.extract.again.rows import Rows, without_empty_column
from foi_etl.extract.parcel import Parcel
from foi_etl.extract.raised import raised
from foi_etl.text import squash

_UNSAID: Final = frozenset({"del", "moveFrom", "Fallback", "pPr", "rt"})
_BREAKS: Final = frozenset({"p", "br", "cr", "tab", "ptab"})
_OFF: Final = frozenset({"0", "false", "off"})
_HIGH: Final = re.compile(r"-?(?:[4-9]|[1-9]\d+)")
"""Half points above or beneath the line that the eye sees."""
_MAIN: Final = "word/document.xml"


def rows_of_word(body: bytes, name: str) -> Rows:
    """The rows of every table of a docx; nothing where its XML cannot be followed."""
    heard = _Heard()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = heard.start
    parser.EndElementHandler = heard.end
    parser.CharacterDataHandler = heard.text
    try:
        parser.Parse(Parcel(body, name).plain_xml(_MAIN), True)
    except expat.ExpatError:
        return ()
    return tuple(row for rows in heard.tables for row in without_empty_column(rows))


class _Table:
    """A table that is not ended yet: its rows so far, and what its open cell has said."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, ...]] = []
        self.cells: list[str] = []
        self.said: list[tuple[str, bool]] = []
        """The letters of a run, and whether they stand above the line or beneath it."""
        self.hangs = False
        self.holds_table = False
        self.unseen = False


class _Heard:
    """What the events have told so far."""

    def __init__(self) -> None:
        self.tables: list[list[tuple[str, ...]]] = []
        self._open: list[_Table] = []
        self._path: list[str] = []
        self._unsaid = 0
        self._hidden = self._apart = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(" ")[2]
        self._path.append(name)
        self._unsaid += name in _UNSAID
        match name:
            case "tbl":
                self._open.append(_Table())
            case "r":
                self._hidden = self._apart = False
            case "vanish" if self._path[-3:-1] == ["r", "rPr"]:
                self._hidden = _value(attributes) not in _OFF
            case "vertAlign" if self._path[-3:-1] == ["r", "rPr"]:
                self._apart = _value(attributes) in {"superscript", "subscript"}
            case "position" if self._path[-3:-1] == ["r", "rPr"]:
                self._apart = self._apart or _HIGH.fullmatch(_value(attributes)) is not None
            case "hidden" | "del" if self._open and self._path[-2] == "trPr":
                self._open[-1].unseen = _value(attributes) not in _OFF
            case "vMerge" if self._open and self._path[-2] == "tcPr":
                self._open[-1].hangs = _value(attributes) != "restart"
            case _ if name in _BREAKS and self._open and not self._unsaid:
                self._open[-1].said.append((" ", False))
            case "noBreakHyphen":
                self.say("-")
            case _:
                pass

    def text(self, said: str) -> None:
        """Characters inside an element."""
        if self._path and self._path[-1] == "t" and not self._hidden:
            self.say(said, apart=self._apart)

    def say(self, said: str, *, apart: bool = False) -> None:
        """Add to what the innermost open cell says."""
        if self._open and not self._unsaid:
            self._open[-1].said.append((said, apart))

    def end(self, _tag: str) -> None:
        """An element ends."""
        name = self._path.pop()
        self._unsaid -= name in _UNSAID
        if name == "tbl" and self._open:
            self._end_table(self._open.pop())
        elif name == "tc" and self._open:
            table = self._open[-1]
            if (said := _in_one(table.said)) or not table.hangs:
                table.cells.append(said)
            table.said, table.hangs = [], False
        elif name == "tr" and self._open:
            table = self._open[-1]
            if table.cells and not table.holds_table and not table.unseen:
                table.rows.append(tuple(table.cells))
            table.cells, table.holds_table, table.unseen = [], False, False

    def _end_table(self, table: _Table) -> None:
        """A table of one box in another's cell is what that cell says; any other stands for itself."""
        if self._open and [len(row) for row in table.rows] == [1]:
            self.say(table.rows[0][0])
            return
        if self._open:
            self._open[-1].holds_table = True
        self.tables.append(table.rows)


def _in_one(said: list[tuple[str, bool]]) -> str:
    """What a cell says; beside others, digits off the line are marks of notes."""
    beside = any(text.strip() and not apart for text, apart in said)
    return squash("".join(raised(text) if apart and beside else text for text, apart in said))


def _value(attributes: dict[str, str]) -> str:
    return next((said for key, said in attributes.items() if key.rpartition(" ")[2] == "val"), "")
