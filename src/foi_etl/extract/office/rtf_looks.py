"""How the letters of an RTF file look: a word that says so holds to the end of its group, or till another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from foi_etl.extract.office.letters import is_apart, is_legible, stands_out
from foi_etl.extract.raised import unsure

Look = Mapping[str, int]
"""The words that hold, with their numbers."""

WORDS: Final = {
    "v": 1, "deleted": 1, "strike": 1, "striked": 1, "super": 1, "sub": 1, "up": 6, "dn": 6, "fs": 24, "f": 0,
    "charscalex": 100, "expndtw": 0, "cf": 0, "cb": 0, "chcbpat": 0, "highlight": 0, "cbpat": 0,
}  # fmt: skip
"""What is said by a word without a number."""
ENDS: Final = {
    "plain": WORDS.keys() - {"cbpat"},
    "nosupersub": frozenset({"super", "sub"}),
    "pard": frozenset({"cbpat"}),
}
"""Words that end others."""
_GROUNDS: Final = ("chcbpat", "cb", "cbpat")
"""What says the colour behind letters, from the nearest on."""
_COLOURS: Final = re.compile(rb"\\colortbl([^{}]*)")
_CHANNEL: Final = re.compile(rb"\\(red|green|blue)(\d{1,3})")
_PICTOGRAMS: Final = re.compile(rb"\\f(\d{1,5})[^;]{0,300}?\b(?:wing|web)dings", re.IGNORECASE)
_HEAD: Final = 100_000
"""Bytes in which the fonts are named."""


class Printing:
    """What a file prints with: its colours, and the fonts in which a digit is a small picture."""

    def __init__(self, body: bytes) -> None:
        found = _COLOURS.search(body)
        self._colours = [_hex(one) for one in found[1].split(b";")] if found else []
        self._pictograms = {int(one) for one in _PICTOGRAMS.findall(body[:_HEAD])}

    def said(self, text: str, look: Look, shade: int) -> str:
        """The text as it is printed with this look in a box of this shade: hidden letters say nothing."""
        if not look:
            return text
        if look.get("v") or look.get("deleted"):
            return ""
        return unsure(text) if self._is_doubtful(look, shade) else text

    def _is_doubtful(self, look: Look, shade: int) -> bool:
        struck = look.get("strike") or look.get("striked")
        legible = is_legible(*(look.get(word, WORDS[word]) for word in ("fs", "charscalex", "expndtw")))
        pictogram = look.get("f") in self._pictograms
        return bool(struck) or not legible or pictogram or not self._stands_out(look, shade)

    def _stands_out(self, look: Look, shade: int) -> bool:
        marker = self._colour(look.get("highlight", 0))
        ground = next((colour for word in _GROUNDS if (colour := self._colour(look.get(word, 0)))), "")
        return stands_out(self._colour(look.get("cf", 0)), marker, ground or self._colour(shade))

    def _colour(self, number: int) -> str:
        return self._colours[number] if 0 <= number < len(self._colours) else ""


def is_off_the_line(look: Look) -> bool:
    """Whether a letter stands above the line or beneath it."""
    return bool(look.get("super") or look.get("sub") or is_apart(look.get("up", 0) - look.get("dn", 0)))


def _hex(colour: bytes) -> str:
    """A colour as `RRGGBB`; nothing for the one that is left to the printer."""
    parts = {name: min(int(number), 255) for name, number in _CHANNEL.findall(colour)}
    return "".join(f"{parts.get(name, 0):02X}" for name in (b"red", b"green", b"blue")) if parts else ""
