"""Digits as they look: above the line beside a figure they are the number of a note, and no part of it."""

from __future__ import annotations

import re
from typing import Final

ILLEGIBLE: Final = "〓"
"""What printers set for a letter they do not have, and we for one that cannot be read."""
_DIGITS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNSURE: Final = str.maketrans(dict.fromkeys("0123456789０１２３４５６７８９", ILLEGIBLE))
_SET_ABOVE: Final = re.compile(
    rb"<(sup)\b[^>]*>.{0,120}?</sup\s*>|<(span|font|a|em)\b[^<>]*vertical-align:\s*super[^<>]*>.{0,120}?</\2\s*>",
    re.IGNORECASE | re.DOTALL,
)
_DIGIT_OR_TAG: Final = re.compile(rb"<[^>]*>|[0-9]")
_BESIDE: Final = re.compile(rb"[0-9]\s*(?:<(?!/?(?:t[dhr]|p|div|br|li)\b)[^>]*>\s*)*$", re.IGNORECASE)
_WORD: Final = re.compile(r"[\u3400-\u9fff]")
_FIGURE: Final = re.compile(r"\d")
_NEAR: Final = 400
"""Bytes before a mark in which the figure it belongs to is looked for."""


def raised(text: str) -> str:
    """The text with the digits that are printed above the line."""
    return text.translate(_DIGITS)


def unsure(text: str) -> str:
    """The text with a mark for every digit: it is printed so that nobody can count on it."""
    return text.translate(_UNSURE)


def is_label(text: str) -> bool:
    """Whether a text names something and states no figure."""
    return bool(_WORD.search(text)) and not _FIGURE.search(text)


def with_marks(html: bytes) -> bytes:
    """A page in UTF-8, in which the digits above a line beside a figure are such digits themselves."""

    def mark(found: re.Match[bytes]) -> bytes:
        if not _BESIDE.search(html, max(0, found.start() - _NEAR), found.start()):
            return found[0]
        return _DIGIT_OR_TAG.sub(
            lambda one: one[0] if len(one[0]) > 1 else raised(one[0].decode()).encode(), found[0]
        )

    low = html.lower()
    return _SET_ABOVE.sub(mark, html) if b"<sup" in low or b"super" in low else html
