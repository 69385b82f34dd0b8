"""RTF: a stream of control words, among them those that end a box, end a row and hang a box from above."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.errors import NotAReport
from foi_etl.extract.grid import rectangle
from foi_etl.extract.office.edges import Edge, Row, boxes
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import joined
from foi_etl.extract.transcript import Transcript
from foi_etl.text import squash

_TOKEN: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SILENT: Final = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "footnote",
        "themedata",
        "datastore",
        "listtable",
        "listoverridetable",
        "generator",
        "xmlnstbl",
        "rsidtbl",
        "latentstyles",
        "nonshppict",
    ]
)
"""Groups that print nothing where they stand."""
_TABLE: Final = frozenset(
    ["trowd", "cellx", "cell", "nestcell", "row", "nestrow", "clvmgf", "clvmrg", "clmgf", "clmrg"]
)
_MERGES: Final = {"clvmgf": "begins", "clvmrg": "hangs", "clmrg": "joined"}
_SYMBOLS: Final = {b"\\": b"\\", b"{": b"{", b"}": b"}", b"~": b" "}
_MOST_DEEP: Final = 500


def read_rtf(body: bytes, name: str) -> Transcript:
    """The lines and tables of an RTF file; pictures and objects in it are passed over."""
    reader = _Reader(name)
    for token in _TOKEN.finditer(body):
        reader.take(*token.groups())
    reader.end_paragraph()
    tables = [rows for table in reader.tables if (rows := boxes(table))]
    return Transcript(
        Lines(tuple(reader.lines), {}),
        tuple(rectangle(index, rows) for index, rows in enumerate(tables, start=1)),
    )


class _Reader:
    """What has been said so far, and in which group of braces the reading stands."""

    def __init__(self, name: str) -> None:
        self.lines: list[str] = []
        self.tables: list[list[Row]] = []
        self._name = name
        self._groups = [(False, 1)]
        """For each open brace: whether its group is passed over, and how many bytes stand for a letter."""
        self._skip = 0
        self._bytes: list[bytes] = []
        self._now: list[str] = []
        self._row = Row()
        self._merge = ""
        self._in_table = False

    def take(
        self, word: bytes | None, number: bytes | None, byte: bytes | None, symbol: bytes | None,
        brace: bytes | None, text: bytes | None,
    ) -> None:  # fmt: skip
        """Take one token: a control word, a byte, a symbol, a brace or plain text."""
        silent, units = self._groups[-1]
        if brace:
            self._brace(brace)
        elif symbol == b"*" or (word and word.decode() in _SILENT):
            self._groups[-1] = (True, units)
        elif silent:
            return
        elif word:
            self._word(word.decode(), int(number) if number else None)
        else:
            self._say(bytes.fromhex(byte.decode()) if byte else text or _SYMBOLS.get(symbol or b"", b""))

    def _brace(self, brace: bytes) -> None:
        if brace == b"}":
            if len(self._groups) > 1:
                self._groups.pop()
            return
        if len(self._groups) > _MOST_DEEP:
            raise NotAReport("braces nested deeper than any report has them", file=self._name)
        self._groups.append(self._groups[-1])

    def _say(self, said: bytes) -> None:
        """Bytes of the Chinese code page, less those that only stand in for a numbered letter."""
        passed = min(self._skip, len(said))
        self._skip -= passed
        self._bytes.append(said[passed:])

    def _word(self, word: str, number: int | None) -> None:
        if word == "uc":
            self._groups[-1] = (False, 1 if number is None else number)
        elif word == "u":
            self._flush()
            self._now.append(_letter(number or 0))
            self._skip = self._groups[-1][1]
        elif word in _TABLE:
            self._table_word(word, number or 0)
        elif word in {"par", "sect", "page"} and not (self._row.texts or self._row.edges):
            self.end_paragraph()
        elif word in {"par", "sect", "page", "line"}:
            self._flush()
            self._now.append("\n")
        elif word == "tab":
            self._bytes.append(b" ")

    def _table_word(self, word: str, number: int) -> None:
        match word:
            case "trowd":
                self._row, self._merge = Row(self._row.texts), ""
            case "cellx":
                self._row.edges.append(Edge(number, _MERGES.get(self._merge, "")))
                self._merge = ""
            case "cell" | "nestcell":
                self._row.texts.append(squash(joined(self._taken().split("\n"))))
            case "row" | "nestrow":
                if not self._in_table:
                    self.tables.append([])
                self.tables[-1].append(self._row)
                self._in_table, self._row = True, Row()
            case _:
                self._merge = word

    def end_paragraph(self) -> None:
        """Keep what was said as lines of prose."""
        self.lines.extend(line for one in self._taken().split("\n") if (line := squash(one)))
        self._in_table = False

    def _flush(self) -> None:
        """Turn bytes into letters; the two bytes of one letter may come as two tokens."""
        if self._bytes:
            self._now.append(b"".join(self._bytes).decode("gb18030", errors="replace"))
            self._bytes.clear()

    def _taken(self) -> str:
        self._flush()
        text = "".join(self._now)
        self._now.clear()
        return text


def _letter(code: int) -> str:
    code &= 0xFFFF
    return "" if 0xD800 <= code < 0xE000 else chr(code)
