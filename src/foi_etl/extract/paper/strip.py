"""The pages of a document as one strip of paper, without what pages print in their margins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from foi_etl.extract.paper.ink import Ink, Paper, lines, said
from foi_etl.extract.paper.trace import Letters

MARGIN: Final = 0.12
"""Of a page's height: where page numbers stand."""
PAGE_NUMBER: Final = re.compile(
    r"[\s\-—–―－一·.〇○~～]*第?\s*\d{1,4}\s*页?\s*(?:[/／,，]?\s*共?\s*\d{1,4}\s*页)?[\s\-—–―－一·.〇○~～]*"
)
_SEAM: Final = 6.0
"""Points of blank paper left between two pages."""
_ALONE: Final = 1.5
"""Of a line's height: a number so far from every other line is no part of a row."""
_BARE: Final = re.compile(r"\d{1,4}")
_DIGITS: Final = re.compile(r"[\d\s]+")


class Strip:
    """Pages one beneath the other, their margins cut off: what follows a line is what is printed next."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.papers = papers
        self.starts: list[float] = []
        """For each page, what is added to a height on it."""
        self.ends: list[float] = []
        self.perhaps_numbers: set[Ink] = set()
        """The ink of bare numbers that stand where a page number would."""
        inks: list[Ink] = []
        end = 0.0
        for paper in papers:
            held, perhaps = self._printed(paper)
            top = min((ink.top for ink in held), default=0.0)
            start = end + _SEAM - top
            self.starts.append(start)
            moved = {ink: ink._replace(top=ink.top + start, bottom=ink.bottom + start) for ink in held}
            inks.extend(moved.values())
            self.perhaps_numbers.update(moved[ink] for ink in perhaps)
            end = max((ink.bottom for ink in moved.values()), default=end)
            self.ends.append(end + _SEAM / 2)
        self.letters = Letters(inks, self.ends[:-1])

    def _printed(self, paper: Paper) -> tuple[list[Ink], set[Ink]]:
        """The ink of a page without what its margins say, and that which may be a page number."""
        dropped = set(_repeated(paper, self._outer_words))
        perhaps: set[Ink] = set()
        for line, is_bare in _numbers(paper):
            (perhaps if is_bare and not _stands_apart(line, paper) else dropped).update(line)
        held = [ink for ink in paper.inks if ink.text.strip() and ink not in dropped]
        return held, perhaps

    @cached_property
    def _outer_words(self) -> Counter[tuple[str, bool]]:
        """What the outermost lines of pages say, figures aside, whether above or beneath, and how often."""
        return Counter(_words(line, paper) for paper in self.papers for line in _outer(paper))

    def page(self, middle: float) -> int:
        """At which place in the sequence of pages a height of the strip lies."""
        return min(bisect_left(self.ends, middle), len(self.ends) - 1)


def _outer(paper: Paper) -> Iterator[list[Ink]]:
    """The first and the last line of a page, where they stand in its margins."""
    printed = lines(ink for ink in paper.inks if ink.text.strip())
    for line in printed[:1] + printed[1:][-1:]:
        if not MARGIN < line[0].middle / paper.height < 1 - MARGIN:
            yield line


def _stands_apart(line: Sequence[Ink], paper: Paper) -> bool:
    """Whether no other line of the page is near."""
    top, bottom = line[0].top, line[0].bottom
    away = _ALONE * (bottom - top)
    return not any(
        ink.bottom > top - away and ink.top < bottom + away for ink in paper.inks if ink not in line
    )


def _words(line: Sequence[Ink], paper: Paper) -> tuple[str, bool]:
    return _DIGITS.sub("", said(line)), line[0].middle < paper.height / 2


def _repeated(paper: Paper, counts: Counter[tuple[str, bool]]) -> Iterator[Ink]:
    """The ink of running heads and feet: words that stand outermost on two pages and more."""
    for line in _outer(paper):
        words = _words(line, paper)
        if len(words[0]) > 1 and counts[words] > 1 and not PAGE_NUMBER.fullmatch(said(line)):
            yield from line


def _numbers(paper: Paper) -> Iterator[tuple[list[Ink], bool]]:
    """The lines that count pages, and whether each is a bare number, which a table might print too."""
    for line in _outer(paper):
        text = said(line)
        if PAGE_NUMBER.fullmatch(text):
            yield line, _BARE.fullmatch(text) is not None
