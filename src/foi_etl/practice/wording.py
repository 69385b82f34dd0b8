"""How an agency prints the labels of the forms: their known names, numberings, spaces and breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from foi_etl.practice.styles import Style

_NUMBERED = re.compile(r"^(（[一二三四五六七八九十]）|[一二三四五六七八九十]、|\d+\.)?(.*)$", re.DOTALL)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_LEADING = re.compile(r"^([+-]?)(\d{4,})")


class Wording:
    """One report's way with words; a label it has said once it says the same way again."""

    def __init__(self, style: Style, rng: Random) -> None:
        self._style = style
        self._rng = rng
        self._said: dict[str, str] = {}

    def label(self, text: str, variants: Sequence[str] = ()) -> str:
        """A label as printed; a line break is a newline."""
        if text not in self._said:
            self._said[text] = self._dress(text, variants)
        return self._said[text]

    def header(self, text: str, variants: Sequence[str] = ()) -> str:
        """A label of a header, which may be broken into lines."""
        said = self.label(text, variants)
        middle = (len(said) + 1) // 2
        broken = self._style.breaks and 4 <= len(said) <= 8
        return f"{said[:middle]}\n{said[middle:]}" if broken else said

    def value(self, printed: str) -> str:
        """What a cell shows: the same number, dressed."""
        if self._style.thousands:
            printed = _LEADING.sub(lambda found: f"{found[1]}{int(found[2]):,}", printed)
        return printed.translate(_WIDE) if self._style.wide_digits else printed

    def _dress(self, text: str, variants: Sequence[str]) -> str:
        found = _NUMBERED.match(text)
        number, words = (found[1] or "", found[2]) if found else ("", text)
        if variants and self._rng.random() < self._style.variants:
            words = self._rng.choice(list(variants))
        if self._style.spaced and words:
            words = self._spaced(words)
        dressed = self._number(number) + words
        return dressed.translate(str.maketrans("（）", "()")) if self._style.narrow_parentheses else dressed

    def _number(self, number: str) -> str:
        if not number.endswith("."):
            return number
        digits = number[:-1].translate(_WIDE) if self._style.numbering == "．" else number[:-1]
        return digits + self._style.numbering

    def _spaced(self, words: str) -> str:
        at = len(words) // 2 if len(words) == 2 else self._rng.randrange(len(words))
        often = len(words) == 2 or self._rng.random() < 0.3
        return words[:at] + self._rng.choice((" ", "\u3000")) + words[at:] if often and at else words
