"""A Word file of before 2007 as its own bytes tell it: its paragraphs, and which of them end a cell or a row.

[MS-DOC] names what is read here: the FIB at the head, and the Clx with the pieces of the text.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from foi_etl.errors import NotAReport
from foi_etl.extract.office.edges import Edge
from foi_etl.extract.office.word97_settings import DEFINED, Properties, Settings
from foi_etl.extract.raised import raised

LOCKED: Final = "the file is locked with a password: ask the agency for an open file"
_WORD_97: Final = 0xC1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_FLAGS, _LETTERS, _RUNS, _PARAGRAPHS, _CLX = 0x0A, 0x4C, 0xFA, 0x102, 0x1A2
"""Where the FIB has its flags, the length of the text, and where each of three tables begins."""
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_DELETED, _HIDDEN, _POSITION = 0x0800, 0x083C, 0x2A48
_BREAKS: Final = "\x0b\x0e"
_ENDS: Final = "\r\x07\x0c"
_MOST: Final = 5_000_000
"""Letters; a report has some ten thousand."""
_MOST_DEEP: Final = 40


class Paragraph(NamedTuple):
    """What stands between two marks of the text."""

    text: str
    deep: int
    """In how many tables it stands, one in the other."""
    end: str = ""
    """What its mark ends besides itself: `cell`, `row` or nothing."""
    left: int = 0
    """Where a row that ends here begins, in twentieths of a point."""
    edges: tuple[Edge, ...] = ()
    """Of the boxes of such a row."""


def paragraphs(body: bytes, name: str) -> Iterator[Paragraph]:
    """The paragraphs of the main text, as printed. NotAReport for what is no Word file, or a locked one."""
    try:
        yield from _paragraphs(_File(body, name))
    except (struct.error, IndexError, OSError, ValueError, AttributeError) as error:
        message = f"the old office file is broken, it may be cut off: fetch it again ({type(error).__name__})"
        raise NotAReport(message, file=name, bytes=len(body)) from error


class _File:
    """The streams of the file that matter, and where things are in them."""

    def __init__(self, body: bytes, name: str) -> None:
        import olefile  # noqa: PLC0415 - rarely needed

        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            if ole.exists("EncryptedPackage"):
                raise NotAReport(LOCKED, file=name)
            if not ole.exists("WordDocument"):
                streams = ", ".join("/".join(one) for one in ole.listdir()[:5])
                raise NotAReport(
                    f"this is no Word file but one of {streams or 'nothing'}: look at it by hand", file=name
                )
            self.text: bytes = ole.openstream("WordDocument").read()
            version, flags = self.number("<H", 2), self.number("<H", _FLAGS)
            if version < _WORD_97:
                raise NotAReport("this Word file is older than Word 97: ask for a docx or a PDF", file=name)
            if flags & _ENCRYPTED:
                raise NotAReport(LOCKED, file=name)
            self.table: bytes = ole.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
            self.data: bytes = ole.openstream("Data").read() if ole.exists("Data") else b""
        self.letters = self.number("<i", _LETTERS)
        if not 0 <= self.letters <= _MOST:
            raise NotAReport(f"a Word file of {self.letters} letters is no report", file=name)

    def number(self, how: str, at: int) -> int:
        """A number of the head."""
        return int(struct.unpack_from(how, self.text, at)[0])

    def part(self, at: int) -> bytes:
        """The part of the table stream that the head points to."""
        start, length = struct.unpack_from("<II", self.text, at)
        return self.table[start : start + length]


class _Piece(NamedTuple):
    said: str
    start: int
    """Where its bytes begin."""
    wide: int
    """Bytes for a letter."""


def _pieces(file: _File) -> Iterator[_Piece]:
    clx, at = file.part(_CLX), 0
    while clx[at] == 1:
        at += 3 + int(struct.unpack_from("<H", clx, at + 1)[0])
    if clx[at] != 2:
        raise ValueError
    size = int(struct.unpack_from("<I", clx, at + 1)[0])
    plc = clx[at + 5 : at + 5 + size]
    count = (size - 4) // 12
    firsts = struct.unpack_from(f"<{count + 1}I", plc)
    if sorted(firsts) != list(firsts):
        raise ValueError
    for number, (first, beyond) in enumerate(pairwise(firsts)):
        place = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        # What is told in one byte a letter has twice its place noted, and a bit that says so.
        wide, start = (1, (place & 0x3FFFFFFF) // 2) if place & 0x40000000 else (2, place)
        if (length := min(beyond, file.letters) - first) > 0:
            raw = file.text[start : start + wide * length]
            said = raw.decode("cp1252" if wide == 1 else "utf-16-le", errors="replace")
            yield _Piece(said, start, wide)


def _paragraphs(file: _File) -> Iterator[Paragraph]:
    layout = Settings(file.part(_PARAGRAPHS), file.text, file.data, of_paragraphs=True)
    runs = Settings(file.part(_RUNS), file.text, file.data, of_paragraphs=False)
    said: list[str] = []
    code = [0]
    for piece in _pieces(file):
        for at, letter in enumerate(piece.said):
            place = piece.start + at * piece.wide
            if letter in _ENDS:
                yield _ended("".join(said), letter, layout.at(place))
                said.clear()
            elif (shown := _shown(letter, code)) and not _is_unseen(runs.at(place)):
                is_raised = runs.at(place).get(_POSITION) == b"\x01"
                said.append(raised(shown) if said and is_raised else shown)
    if said:
        yield Paragraph("".join(said), 0)


def _shown(letter: str, code: list[int]) -> str:
    """A letter as printed. What a field is worked out from is not; `code` holds the fields that are open."""
    if letter == "\x13":
        code.append(1)
    elif letter == "\x14" and len(code) > 1:
        code[-1] = 0
    elif letter == "\x15" and len(code) > 1:
        code.pop()
    elif not any(code):
        if letter in _BREAKS:
            return "\n"
        if letter == "\x1e":
            return "-"
        return letter if letter >= " " or letter == "\t" else ""
    return ""


def _is_unseen(properties: Properties) -> bool:
    return any(properties.get(one, b"\0")[:1] == b"\x01" for one in (_DELETED, _HIDDEN))


def _ended(text: str, mark: str, properties: Properties) -> Paragraph:
    def is_set(one: int) -> bool:
        return properties.get(one, b"\0")[:1] == b"\x01"

    deep = int(struct.unpack("<i", properties[_DEPTH])[0]) if _DEPTH in properties else int(is_set(_IN_TABLE))
    if not 0 <= deep <= _MOST_DEEP:
        raise ValueError
    if is_set(_ROW_END) or is_set(_INNER_ROW):
        return Paragraph(text, deep, "row", *_boxes(properties.get(DEFINED, b"")))
    return Paragraph(text, deep, "cell" if mark == "\x07" or is_set(_INNER_CELL) else "")


def _boxes(defined: bytes) -> tuple[int, tuple[Edge, ...]]:
    """Where a row begins, and its boxes, as its definition has them."""
    count = defined[0] if defined else 0
    left, *rights = struct.unpack_from(f"<{count + 1}h", defined, 1) if count else (0,)
    about = [defined[1 + 2 * (count + 1) + 20 * number :][:1] or b"\0" for number in range(count)]
    return left, tuple(Edge(right, _merge(flags[0])) for right, flags in zip(rights, about, strict=True))


def _merge(flags: int) -> str:
    if flags & 0x60:
        return "begins" if flags & 0x40 else "hangs"
    return "joined" if flags & 0x03 else ""
