"""RTF: a stream of control words, among them those that end a box, end a row and hang a box from above."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final, NamedTuple

from foi_etl.errors import NotAReport
from foi_etl.extract.grid import rectangle
from foi_etl.extract.office.edges import Edge, Row, boxes
from foi_etl.extract.office.rtf_looks import ENDS, WORDS, Look, Printing, is_off_the_line
from foi_etl.extract.page import Lines
from foi_etl.extract.paper.ink import joined
from foi_etl.extract.raised import ILLEGIBLE, is_label, raised, unsure
from foi_etl.extract.transcript import Transcript
from foi_etl.text import squash

_TOKEN: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SILENT: Final = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "footnote", "themedata", "datastore", "listtable",
    "listoverridetable", "generator", "xmlnstbl", "rsidtbl", "latentstyles", "nonshppict", "shprslt", "upr",
    "fldinst", "xe", "tc", "tcn", "rxe", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc",
})  # fmt: skip
"""Groups that print nothing where they stand, or what cannot be read."""
_UNREAD: Final = frozenset(["pict", "object", "shptxt", "mmath", "moMath"])
"""What prints something that is no text of the box it stands in."""
_COUNTS: Final = frozenset(["chpgn", "sectnum", "chdate", "chtime"])
"""Numbers that are known when the page is printed."""
_LISTED: Final = frozenset(["listtext", "pntext"])
"""Groups with the number of a paragraph in a list."""
_PRINTS: Final = {"tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ", "emdash": "—", "endash": "–"}
_LOWEST_ROW: Final = 60
"""Twentieths of a point: a row of this height and no more shows nothing of its letters."""
_TABLE: Final = frozenset(
    [
        "trowd",
        "cellx",
        "cell",
        "nestcell",
        "row",
        "nestrow",
        "clvmgf",
        "clvmrg",
        "clmgf",
        "clmrg",
        "clcbpat",
        "trrh",
    ]
)
_MERGES: Final = {"clvmgf": "begins", "clvmrg": "hangs", "clmrg": "joined"}
_SYMBOLS: Final = {b"\\": b"\\", b"{": b"{", b"}": b"}", b"~": b" ", b"_": b"-"}
_MOST_DEEP: Final = 500


def read_rtf(body: bytes, name: str) -> Transcript:
    """The lines and tables of an RTF file; a box with a picture in it is marked."""
    reader = _Reader(name, Printing(body))
    for token in _TOKEN.finditer(body):
        reader.take(*token.groups())
    reader.end_paragraph()
    tables = [rows for table in reader.tables if (rows := boxes(table))]
    return Transcript(
        Lines(tuple(reader.lines), {}),
        tuple(rectangle(index, rows) for index, rows in enumerate(tables, start=1)),
    )


class _Group(NamedTuple):
    """What holds between two braces."""

    silent: bool = False
    """Whether the group is passed over."""
    units: int = 1
    """How many bytes stand in for a letter that has a number."""
    look: Look = MappingProxyType({})
    """How its letters look."""
    listed: bool = False
    """Whether it says the number of a paragraph in a list."""


class _Reader:
    """What has been said so far, and in which group of braces the reading stands."""

    def __init__(self, name: str, printing: Printing) -> None:
        self.lines: list[str] = []
        self.tables: list[list[Row]] = []
        self._name = name
        self._printing = printing
        self._groups = [_Group()]
        self._skip = 0
        self._bytes: list[bytes] = []
        self._now: list[tuple[str, bool]] = []
        """What the box or the paragraph says, and whether it stands above the line or beneath it."""
        self._unread = False
        self._row = Row()
        self._shades: list[int] = []
        self._shade, self._merge = 0, ""
        self._is_low = self._in_table = False

    def take(
        self, word: bytes | None, number: bytes | None, byte: bytes | None, symbol: bytes | None,
        brace: bytes | None, text: bytes | None,
    ) -> None:  # fmt: skip
        """Take one token: a control word, a byte, a symbol, a brace or plain text."""
        said = word.decode() if word else ""
        self._unread = self._unread or said in _UNREAD
        if brace:
            self._brace(brace)
        elif symbol == b"*" or said in _SILENT:
            self._groups[-1] = self._groups[-1]._replace(silent=True)
        elif self._groups[-1].silent:
            self._unread = self._unread or (text or b"").split()[:1] == [b"EQ"]
        elif said:
            self._word(said, int(number) if number else None)
        else:
            self._say(bytes.fromhex(byte.decode()) if byte else text or _SYMBOLS.get(symbol or b"", b""))

    def _brace(self, brace: bytes) -> None:
        if brace == b"}":
            if len(self._groups) > 1:
                self._flush()
                group = self._groups.pop()
                if group.listed and not self._groups[-1].listed:
                    self._now.append((" ", False))
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
        group = self._groups[-1]
        if word in WORDS:
            self._flush()
            look = {**group.look, word: WORDS[word] if number is None else number}
            self._groups[-1] = group._replace(look=look)
        elif word in ENDS:
            self._flush()
            look = {one: said for one, said in group.look.items() if one not in ENDS[word]}
            self._groups[-1] = group._replace(look=look)
        elif word == "uc":
            self._groups[-1] = group._replace(units=1 if number is None else number)
        elif word == "u":
            self._flush()
            self._print(_letter(number or 0))
            self._skip = group.units
        elif word in _TABLE:
            self._table_word(word, number or 0)
        elif word in {"par", "sect", "page"} and not (self._row.texts or self._row.edges):
            self.end_paragraph()
        elif word in {"par", "sect", "page", "line"}:
            self._flush()
            self._now.append(("\n", False))
        elif word in _LISTED:
            self._groups[-1] = group._replace(listed=True)
        elif word in _PRINTS or word in _COUNTS:
            self._flush()
            self._print(_PRINTS.get(word, ILLEGIBLE))

    def _table_word(self, word: str, number: int) -> None:
        match word:
            case "trowd":
                self._row, self._merge, self._is_low = Row(self._row.texts), "", False
                self._shade, self._shades = 0, []
            case "trrh":
                self._is_low = -_LOWEST_ROW <= number < 0  # below 0 it is the height, above the least height
            case "clcbpat":
                self._shade = number
            case "cellx":
                self._row.edges.append(Edge(number, _MERGES.get(self._merge, "")))
                self._shades.append(self._shade)
                self._merge, self._shade = "", 0
            case "cell" | "nestcell":
                self._row.texts.append(self._boxed())
            case "row" | "nestrow":
                if not self._in_table:
                    self.tables.append([])
                self.tables[-1].append(self._row)
                self._in_table, self._row = True, Row()
            case _:
                self._merge = word

    def _boxed(self) -> str:
        """What the box says that ends here; where a picture stands in it that is no label's, that too."""
        unread, text = self._unread, squash(joined(self._taken().split("\n")))
        text = unsure(text) if self._is_low else text
        return text + ILLEGIBLE if unread and not is_label(text) else text

    def end_paragraph(self) -> None:
        """Keep what was said as lines of prose."""
        self.lines.extend(line for one in self._taken().split("\n") if (line := squash(one)))
        self._in_table = False

    def _flush(self) -> None:
        """Turn bytes into letters; the two bytes of one letter may come as two tokens."""
        if self._bytes:
            self._print(b"".join(self._bytes).decode("gb18030", errors="replace"))
            self._bytes.clear()

    def _print(self, text: str) -> None:
        at, look = len(self._row.texts), self._groups[-1].look
        shade = self._shades[at] if at < len(self._shades) else 0
        self._now.append((self._printing.said(text, look, shade), is_off_the_line(look)))

    def _taken(self) -> str:
        """All that was said; beside others, digits off the line are marks of notes."""
        self._flush()
        beside = any(text.strip() and not off for text, off in self._now)
        text = "".join(raised(text) if off and beside else text for text, off in self._now)
        self._now.clear()
        self._unread = False
        return text


def _letter(code: int) -> str:
    code &= 0xFFFF
    return "" if 0xD800 <= code < 0xE000 else chr(code)
