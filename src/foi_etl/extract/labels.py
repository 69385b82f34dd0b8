"""Which label of a form a printed label is: the same words, or the same words mistyped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from foi_etl.forms import Label
from foi_etl.model import Cell
from foi_etl.text import label_key

_LONGEST_LABEL: Final = 80
"""Characters. What is longer is prose."""
_STOPS: Final = str.maketrans({"、": ".", "．": ".", "。": ".", "，": ",", "；": ";"})


_FIGURE: Final = re.compile(r"[+＋\-－−增减]?\s*\d[\d,，]*(?:[.．]\d+)?(?![\d.．、)）]|\s*年)")
_NUMBER: Final = re.compile(r"[(\d]|[一二三四五六七]\.")
_NO_LABELS: Final = frozenset({"无", "零", "不适用", "暂无", "不变", "持平", "一", "—", "——", "○"})


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """What a cell's words come down to; empty for a cell that holds figures, marks or prose."""
    if text.isascii() or len(text) > _LONGEST_LABEL or text in _NO_LABELS or _FIGURE.match(text):
        return ""
    return label_key(text)


def has_figure(row: Iterable[Cell]) -> bool:
    """Whether a cell of the row holds a figure rather than words, whatever unit or note stands behind it."""
    return any(_is_figure(cell.text) for cell in row)


@lru_cache(maxsize=65536)
def _is_figure(text: str) -> bool:
    return _FIGURE.match(text) is not None


@lru_cache(maxsize=16384)
def _numbered(text: str) -> str:
    """A label with its numbering kept, spelled in one way."""
    return unicodedata.normalize("NFKC", "".join(text.split())).translate(_STOPS)


def _allowed(length: int) -> int:
    """How many characters of a label may be mistyped: one in four, at least one, never more than four."""
    return min(4, max(1, length // 4))


class Names:
    """The labels of one axis of a form, and the words that stand near them and are none of them.

    An exact match is by `label_key`. A mistyped label is taken only when it is nearer to one label than
    to any other word of the form; with the numbering printed before it where the bare words tie.
    """

    def __init__(self, labels: Iterable[Label], others: Iterable[str] = ()) -> None:
        self._exact: dict[str, Label] = {}
        self._spelled: list[tuple[str, str, Label | None]] = []
        for label in labels:
            for name in (label.text, *label.variants):
                self._exact[label_key(name)] = label
                self._spelled.append((label_key(name), _numbered(name), label))
            if label.path:
                self._exact.setdefault(label_key(label.path[-1] + label.text), label)
        self._spelled.extend((label_key(other), _numbered(other), None) for other in others)
        self._near: dict[str, Label | None] = {}

    def exact(self, words: str) -> Label | None:
        """The label these words (a `label_key`) are."""
        return self._exact.get(words)

    def near(self, text: str) -> Label | None:
        """The one label this text is a mistyping of, if there is exactly one."""
        if text not in self._near:
            self._near[text] = self._nearest(text)
        return self._near[text]

    def find(self, cell: Cell) -> Label | None:
        """The label a cell prints, exactly or mistyped."""
        words = key(cell.text)
        return (self._exact.get(words) or self.near(cell.text)) if words else None

    def _nearest(self, text: str) -> Label | None:
        words, numbered = label_key(text), _numbered(text)
        scored = []
        for spelled, spelled_numbered, label in self._spelled:
            allowed = _allowed(len(spelled))
            distance = Levenshtein.distance(words, spelled, score_cutoff=allowed)
            if distance <= allowed and distance < len(spelled):
                tie = Levenshtein.distance(numbered, spelled_numbered) if _NUMBER.match(numbered) else 0
                scored.append((distance, tie, label))
        if not scored:
            return None
        best = min(score[:2] for score in scored)
        nearest = {id(label): label for *score, label in scored if tuple(score) == best}
        return next(iter(nearest.values())) if len(nearest) == 1 else None


def is_typed(cell: Cell, label: Label) -> bool:
    """Whether a cell prints a label otherwise than any known spelling of it."""
    words = key(cell.text)
    return words not in label.keys and not (label.path and words == label_key(label.path[-1] + label.text))
