"""Labels of a form found on paper without rules: their letters followed from one to the next.

A letter is followed to its right on its line, and from the end of a line to the beginning of one beneath.
So a label is found however it is broken over lines, spread over its box, set from top to bottom, or cut
by the end of a page.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.extract.paper.ink import Box, Ink, around
from foi_etl.text import label_key

_APART: Final = 0.33
"""Of a letter's height: from here on two letters of a line belong to two boxes, or to a label spread out."""
_SEAM: Final = 0.07
"""Of a letter's height: two boxes may lie so near to each other where the letters inside stand closer."""
_SPREAD: Final = 2.6
"""Of a letter's height: how far apart the letters of one label may be spread over their box."""
_BENEATH: Final = 2.6
"""Of a letter's height: how far beneath a line the next of its label may begin."""
_OVER: Final = 8.0
"""As `_BENEATH`, over the end of a page."""
_INDENT: Final = 1.5
"""Of a letter's height: how far left of a label's first line another may begin."""
_SAME_LINE: Final = 0.5
_MOST: Final = 40
"""Ways to follow one label from one place. Repeating letters make few; a crafted page makes any number."""
_LETTER: Final = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")


class Trace(NamedTuple):
    """A label where it stands."""

    inks: tuple[Ink, ...]
    box: Box

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.box.top + self.box.bottom) / 2

    @property
    def centre(self) -> float:
        """Half its width."""
        return (self.box.x0 + self.box.x1) / 2


class Letters:
    """The letters of a strip of paper, and who stands beside whom."""

    def __init__(self, inks: Iterable[Ink], breaks: Sequence[float] = ()) -> None:
        self.inks = sorted((ink for ink in inks if ink.text.strip()), key=lambda ink: ink.middle)
        self._middles = [ink.middle for ink in self.inks]
        self._breaks = breaks
        self._by_text: dict[str, list[Ink]] = defaultdict(list)
        for ink in self.inks:
            self._by_text[_plain(ink.text)].append(ink)
        self._right: dict[Ink, Ink | None] = {}
        self._left: dict[Ink, Ink | None] = {}

    def right(self, ink: Ink) -> Ink | None:
        """What stands next to the right on its line."""
        if ink not in self._right:
            beside = (one for one in self._line(ink) if one.x0 > ink.x0 + 0.01)
            self._right[ink] = min(beside, key=lambda one: one.x0, default=None)
        return self._right[ink]

    def left(self, ink: Ink) -> Ink | None:
        """What stands next to the left on its line."""
        if ink not in self._left:
            beside = (one for one in self._line(ink) if one.x0 < ink.x0 - 0.01)
            self._left[ink] = max(beside, key=lambda one: one.x0, default=None)
        return self._left[ink]

    def parted(self, one: Ink, other: Ink) -> bool:
        """Whether two letters of a line belong to two boxes, or to a label that is spread out."""
        gap = _gap(one, other)
        if not _SEAM < gap < _APART or min(one.sure, other.sure) < 1:
            return gap >= _APART
        before, after = self.left(one), self.right(other)
        beside = [_gap(before, one)] if before else []
        beside += [_gap(other, after)] if after else []
        return gap > _SEAM + min((abs(near) for near in beside if near < _APART), default=0.0)

    def runs(self, line: Sequence[Ink]) -> Iterator[list[Ink]]:
        """The pieces of a line, each of one box at most."""
        run: list[Ink] = []
        for ink in line:
            if run and self.parted(run[-1], ink):
                yield run
                run = []
            run.append(ink)
        if run:
            yield run

    def between(self, top: float, bottom: float) -> list[Ink]:
        """The letters whose middle lies between two heights."""
        return self.inks[bisect_left(self._middles, top) : bisect_right(self._middles, bottom)]

    def _line(self, ink: Ink) -> Iterator[Ink]:
        tall = _tall(ink)
        for one in self.between(ink.middle - _SAME_LINE * tall, ink.middle + _SAME_LINE * tall):
            if one is not ink:
                yield one

    def traces(self, names: Iterable[str]) -> list[Trace]:
        """Where a label stands under any of its names; of several that begin at one letter the longest."""
        found: dict[Ink, Trace] = {}
        for word in _words(tuple(names)):
            for start in self._by_text.get(word[0], ()):
                if start in found or self._touched_from_left(start):
                    continue
                for count, path in enumerate(self._paths(word, [start])):
                    if count >= _MOST:
                        break
                    if not self._goes_on(path[-1]):
                        found[start] = Trace(tuple(path), around(path))
                        break
        return list(found.values())

    def _paths(self, word: str, path: list[Ink]) -> Iterator[list[Ink]]:
        """The ways from letter to letter, the nearest first."""
        if len(path) == len(word):
            yield list(path)
            return
        wanted, last = word[len(path)], path[-1]
        beside = self._next_letter(last)
        if beside is not None and _plain(beside.text) == wanted and _gap(last, beside) <= _SPREAD:
            yield from self._paths(word, [*path, beside])
        if self._goes_on(last):
            return
        for beneath in self._beneath(path, wanted):
            yield from self._paths(word, [*path, beneath])

    def _next_letter(self, ink: Ink) -> Ink | None:
        """The next letter of the line, punctuation passed over."""
        one = self.right(ink)
        while one is not None and not _LETTER.match(_plain(one.text)):
            one = self.right(one)
        return one

    def _beneath(self, path: Sequence[Ink], wanted: str) -> list[Ink]:
        """Where the next line of a label may begin, the nearest first."""
        last, tall = path[-1], _tall(path[0])
        start = self._with_numbering(path[0]).x0
        left = min(start, *(ink.x0 for ink in path)) - _INDENT * tall
        right = max(ink.x1 for ink in path)
        bottom = max(ink.bottom for ink in path)

        def may(one: Ink) -> bool:
            over = any(bottom <= edge <= one.top for edge in self._breaks)
            return (
                left <= one.x0 < right
                and one.middle > last.middle + _SAME_LINE * tall
                and one.top - bottom <= (_OVER if over else _BENEATH) * tall
                and not self._touched_from_left(one)
            )

        def far(one: Ink) -> float:
            aside = min(abs(one.x0 - start), abs(one.x0 - path[0].x0))
            return aside + 2 * (one.top - bottom)

        return sorted(filter(may, self._by_text.get(wanted, ())), key=far)

    def _with_numbering(self, ink: Ink) -> Ink:
        """The first of what touches a letter from the left."""
        while (beside := self.left(ink)) is not None and not self.parted(beside, ink):
            ink = beside
        return ink

    def _touched_from_left(self, ink: Ink) -> bool:
        """Whether another letter stands right before it, so that it begins nothing; a number may."""
        beside = self.left(ink)
        while beside is not None and not self.parted(beside, ink):
            if not _is_numbering(beside.text):
                return bool(_LETTER.match(_plain(beside.text)))
            ink, beside = beside, self.left(beside)
        return False

    def _goes_on(self, ink: Ink) -> bool:
        """Whether another letter stands right behind it, so that it ends nothing."""
        beside = self.right(ink)
        while beside is not None and not self.parted(ink, beside):
            if _LETTER.match(_plain(beside.text)):
                return True
            ink, beside = beside, self.right(beside)
        return False


def _gap(left: Ink, right: Ink) -> float:
    return (right.x0 - left.x1) / _tall(left)


def _tall(ink: Ink) -> float:
    return max(1.0, ink.bottom - ink.top)


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _is_numbering(text: str) -> bool:
    return text in "一二三四五六七八九十0123456789.、．，,()（）" or text.isdigit()


@lru_cache(maxsize=1024)
def _words(names: tuple[str, ...]) -> list[str]:
    """The letters of a label's names, with its notes and without, the longest first."""
    words: dict[str, None] = {}
    for name in names:
        core = label_key(name)
        whole = "".join(filter(_LETTER.match, unicodedata.normalize("NFKC", name)))
        words[whole[max(0, whole.find(core)) :]] = None
        if core:
            words[core] = None
    return sorted(words, key=len, reverse=True)
