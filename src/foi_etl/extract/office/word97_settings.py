"""How the paragraphs and runs of a Word file of before 2007 are set: the pages that [MS-DOC] calls FKP."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

DEFINED: Final = 0xD608
"""The property that holds the boxes of a row."""
_ELSEWHERE: Final = frozenset({0x6645, 0x6646})
"""Properties that say where in another stream the properties are."""
_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes behind a property, by the three upper bits of its number; 6 says its own length."""
_PAGE: Final = 512

Properties = Mapping[int, bytes]


class Settings:
    """How the letters from one place of the file to another are set."""

    def __init__(self, plc: bytes, text: bytes, data: bytes, *, of_paragraphs: bool) -> None:
        """`plc` says which pages of the stream of the text hold the settings; long ones stand in `data`."""
        self._text, self._data, self._of_paragraphs = text, data, of_paragraphs
        self._found = dict[bytes, Properties]()
        self._stretches = sorted(self._all(plc))
        self._starts = [start for start, _, _ in self._stretches]

    def at(self, place: int) -> Properties:
        """The properties that hold at a place of the stream of the text."""
        number = bisect_right(self._starts, place) - 1
        if number < 0 or place >= self._stretches[number][1]:
            return {}
        raw = self._stretches[number][2]
        if raw not in self._found:
            self._found[raw] = dict(_properties(raw, self._data))
        return self._found[raw]

    def _all(self, plc: bytes) -> Iterator[tuple[int, int, bytes]]:
        count = (len(plc) - 4) // 8
        entry = 13 if self._of_paragraphs else 1
        for page in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count > 0 else ():
            at = (page & 0x3FFFFF) * _PAGE
            leaf = self._text[at : at + _PAGE]
            held = leaf[_PAGE - 1]
            for number, (start, end) in enumerate(pairwise(struct.unpack_from(f"<{held + 1}I", leaf))):
                where = 2 * leaf[4 * (held + 1) + entry * number]
                yield start, end, self._told(leaf, where) if where else b""

    def _told(self, leaf: bytes, at: int) -> bytes:
        """The properties that a page tells at a place of it; those of paragraphs begin with a style."""
        size = leaf[at]
        if not self._of_paragraphs:
            return leaf[at + 1 : at + 1 + size]
        start, size = (at + 1, 2 * size - 1) if size else (at + 2, 2 * leaf[at + 1])
        return leaf[start + 2 : start + size]


def _properties(raw: bytes, data: bytes, deep: int = 0) -> Iterator[tuple[int, bytes]]:
    """Numbers of properties and what each is set to; a long list of them stands in another stream."""
    at = 0
    while at + 2 < len(raw):
        number = int(struct.unpack_from("<H", raw, at)[0])
        at += 2
        if number == DEFINED:
            size = int(struct.unpack_from("<H", raw, at)[0]) - 1
            at += 2
        elif (kind := number >> 13) == 6:
            size = raw[at]
            at += 1
        else:
            size = _SIZES[kind]
        value = raw[at : at + size]
        at += size
        if number in _ELSEWHERE and not deep:
            place = int(struct.unpack("<I", value)[0])
            length = int(struct.unpack_from("<H", data, place)[0])
            yield from _properties(data[place + 2 : place + 2 + length], data, deep + 1)
        else:
            yield number, value
