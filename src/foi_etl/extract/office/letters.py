"""Letters as an eye sees them, by their size and by what they are printed on."""

from __future__ import annotations

import re
from typing import Final

_HEX: Final = re.compile(r"[0-9A-Fa-f]{6}")
_NAMED: Final = {
    "black": "000000", "white": "FFFFFF", "red": "FF0000", "green": "00FF00", "blue": "0000FF",
    "yellow": "FFFF00", "cyan": "00FFFF", "magenta": "FF00FF", "darkBlue": "000080", "darkCyan": "008080",
    "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000",
    "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
"""The colours of a text marker, by their names."""
_PAPER: Final = "FFFFFF"
_INK: Final = "000000"
_ALIKE: Final = 24
"""Of 255, in red, green and blue: up to here two colours are one to the eye."""
_SMALLEST: Final = 4
"""Half points: a letter of two points is a stroke."""
_NARROWEST: Final = 20
"""Percent of a letter's own width."""
_CLOSEST: Final = -80
"""Twentieths of a point: letters set closer stand one over the other."""
_APART: Final = 4
"""Half points above or beneath the line, from which on a letter is seen not to stand on it."""


def is_legible(size: int, width: int, spacing: int) -> bool:
    """Whether letters can be read that are so many half points high, percent wide and twentieths apart."""
    return size > _SMALLEST and width > _NARROWEST and spacing > _CLOSEST


def is_apart(raised: int) -> bool:
    """Whether letters so many half points above or beneath the line are seen not to stand on it."""
    return abs(raised) >= _APART


def stands_out(letter: str, marker: str, ground: str) -> bool:
    """Whether letters of a colour are seen: on a marker, or else on their ground.

    What says no colour is printed white where that is dark, but is black under a marker.
    """
    return is_seen(letter, marker) if marker else not letter or is_seen(letter, ground)


def is_seen(letter: str, ground: str = "") -> bool:
    """Whether a letter of this colour is seen on this ground, both as `RRGGBB` or as a marker's name.

    What says no colour is ink, or paper.

    >>> is_seen("FFFFFF"), is_seen("FFFFFF", "1F4E79"), is_seen("A6A6A6"), is_seen("", "black")
    (False, True, True, False)
    """
    return any(
        abs(one - other) > _ALIKE
        for one, other in zip(_parts(letter, _INK), _parts(ground, _PAPER), strict=True)
    )


def _parts(colour: str, otherwise: str) -> bytes:
    said = _NAMED.get(colour, colour)
    return bytes.fromhex(said if _HEX.fullmatch(said) else otherwise)
