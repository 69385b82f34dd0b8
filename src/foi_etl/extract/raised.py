"""Digits as they look: above the line beside a figure they are the number of a note, and no part of it."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.text import has_word

ILLEGIBLE: Final = "〓"
"""What printers set for a letter they do not have, and we for one that cannot be read."""
_DIGITS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNSURE: Final = str.maketrans(dict.fromkeys("0123456789０１２３４５６７８９", ILLEGIBLE))
_FIGURE: Final = re.compile(r"\d")


def raised(text: str) -> str:
    """The text with the digits that are printed above the line."""
    return text.translate(_DIGITS)


def unsure(text: str) -> str:
    """The text with a mark for every digit: it is printed so that nobody can count on it."""
    return text.translate(_UNSURE)


def is_label(text: str) -> bool:
    """Whether a text names something and states no figure."""
    return has_word(text) and not _FIGURE.search(text)
