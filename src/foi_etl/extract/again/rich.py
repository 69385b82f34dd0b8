"""The rows of an RTF file, cut out of it: what stands before each end of a row, in pieces that end a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from foi_etl.extract.again.rows import Rows, without_empty_column
from foi_etl.text import squash

_ROW: Final = re.compile(rb"\\row(?![a-z])")
_CELL: Final = re.compile(rb"\\cell(?![a-z])")
_DEFINED: Final = re.compile(rb"\\trowd(?![a-z])")
_EDGE: Final = re.compile(rb"((?:\\cl[a-z]*-?\d* ?)*)\\cellx-?\d+")
_BRACE: Final = re.compile(rb"\\[\\{}]|[{}]")
_DUMB: Final = re.compile(
    rb"\{\s*\\(?:\*|(?:fonttbl|colortbl|stylesheet|info|pict|object|header|footer|footnote)(?![a-z]))"
)
_WORD: Final = re.compile(
    rb"\\u(-?\d+) ?|((?:\\'[0-9a-fA-F]{2})+)|\\(par|line|tab|sect|page)(?![a-z]) ?"
    rb"|\\uc(\d+) ?|\\[a-z]+-?\d* ?|\\([\\{}~])|[{}\r\n]+|\\."
)


def rows_of_rich_text(body: bytes) -> Rows:
    """The rows of every table of an RTF file. A row with a table in one of its cells is none."""
    tables: list[list[tuple[str, ...]]] = [[]]
    after = 0
    for row in _ROW.finditer(spoken := _spoken(body)):
        piece = spoken[after : row.start()]
        after = row.end()
        if _between_tables(piece):
            tables.append([])
        if b"\\nestcell" not in piece and (cells := tuple(_cells(piece))):
            tables[-1].append(cells)
    return tuple(row for rows in tables for row in without_empty_column(rows))


def _spoken(body: bytes) -> bytes:
    """The file without the groups that print nothing where they stand."""
    kept, start, deep, unsaid = bytearray(), 0, 0, 0
    for brace in _BRACE.finditer(body):
        if brace[0] == b"{":
            deep += 1
            if not unsaid and _DUMB.match(body, brace.start()):
                kept += body[start : brace.start()]
                unsaid = deep
        elif brace[0] == b"}":
            if unsaid == deep:
                start, unsaid = brace.end(), 0
            deep -= 1
    return bytes(kept) if unsaid else bytes(kept + body[start:])


def _between_tables(piece: bytes) -> bool:
    """Whether a paragraph ends before the row begins."""
    begin = _DEFINED.search(piece)
    return begin is not None and b"\\par" in piece[: begin.start()].replace(b"\\pard", b"")


def _cells(piece: bytes) -> Iterator[str]:
    """What the boxes of a row say, without those that another covers."""
    begin, first = _DEFINED.search(piece), _CELL.search(piece)
    if begin and first and begin.start() < first.start():
        piece = piece[begin.start() :]
    *boxes, _ = _CELL.split(piece)
    definition = piece[max((found.start() for found in _DEFINED.finditer(piece)), default=0) :]
    merges = [edge[1] for edge in _EDGE.finditer(definition)]
    for at, box in enumerate(boxes):
        said = squash(_said(box))
        merged = merges[at] if at < len(merges) else b""
        if said or not (b"\\clvmrg" in merged or b"\\clmrg" in merged):
            yield said


def _said(box: bytes) -> str:
    """The letters of a box; a line that ends in it leaves a space."""
    text: list[str] = []
    at, standing_in, owed = 0, 1, 0
    for found in _WORD.finditer(box):
        plain = box[at : found.start()]
        at = found.end()
        text.append(plain[owed:].decode("gb18030", errors="replace"))
        owed = max(0, owed - len(plain))
        number, coded, breaks, skip, symbol = found.groups()
        if number:
            text.append(chr(int(number) & 0xFFFF))
            owed = standing_in
        elif coded:
            said = bytes.fromhex(coded.replace(b"\\'", b"").decode())
            text.append(said[owed:].decode("gb18030", errors="replace"))
            owed = max(0, owed - len(said))
        elif breaks:
            text.append(" ")
        elif skip:
            standing_in = int(skip)
        elif symbol:
            text.append(symbol.decode().replace("~", " "))
    return "".join([*text, box[at:][owed:].decode("gb18030", errors="replace")])
