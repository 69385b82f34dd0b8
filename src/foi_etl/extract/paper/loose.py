"""The nouns of a form read off paper without rules: its lines, and the strips of paper it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from foi_etl.extract.paper.ink import Box, Ink, joined, lines, said
from foi_etl.extract.paper.strip import Strip
from foi_etl.forms import Form
from foi_etl.text import squash

Piece = Sequence[Ink]
"""Letters of one line that touch each other; of several, where a note in parentheses is broken over them."""
_SPACE: Final = 0.8
"""Of a letter's height: how wide a space inside a note is at most."""
_BENEATH: Final = 1.6
"""Of a letter's height: how far beneath a line a note goes on."""


class Line(NamedTuple):
    """A row as it is printed: the page it stands on, its label, and a text for each column."""

    page: int
    texts: tuple[str, ...]
    inks: tuple[tuple[Ink, ...], ...] = ()
    """What each text was read from; nothing for the lines of a header."""


class Loose(NamedTuple):
    """A form as it was found."""

    form: Form
    lines: tuple[Line, ...]
    zones: tuple[tuple[int, Box], ...]
    """By page number: the strips of paper it takes, as wide as the page."""
    labels: int
    """How many of its labels were found: the likelihood that it is this form and no other edition."""
    left_out: tuple[str, ...]
    """What stands in it and could not be placed."""


def middle(piece: Piece) -> float:
    """Half the height of a piece."""
    return (min(ink.top for ink in piece) + max(ink.bottom for ink in piece)) / 2


def with_notes(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, those put together that one pair of parentheses is broken over."""
    left = sorted(pieces, key=lambda piece: (piece[0].middle, piece[0].x0))
    whole: list[Piece] = []
    while left:
        piece = left.pop(0)
        while _is_open(piece) and (more := _beside(piece, left) or _beneath(piece, left)) is not None:
            left = [one for one in left if one is not more]
            piece = [*piece, *more]
        whole.append(piece)
    return whole


def _is_open(piece: Piece) -> bool:
    texts = [ink.text for ink in piece]
    return sum(text in "(（" for text in texts) > sum(text in ")）" for text in texts)


def _beside(piece: Piece, others: Iterable[Piece]) -> Piece | None:
    last = piece[-1]
    tall = last.bottom - last.top
    return next(
        (
            one
            for one in others
            if abs(one[0].middle - last.middle) < tall / 2 and 0 <= one[0].x0 - last.x1 < _SPACE * tall
        ),
        None,
    )


def _beneath(piece: Piece, others: Iterable[Piece]) -> Piece | None:
    x0, x1 = min(ink.x0 for ink in piece), max(ink.x1 for ink in piece)
    bottom, tall = max(ink.bottom for ink in piece), piece[0].bottom - piece[0].top
    return next(
        (
            one
            for one in others
            if one[0].x0 < x1
            and one[-1].x1 > x0
            and bottom - tall / 2 < one[0].top < bottom + _BENEATH * tall
        ),
        None,
    )


def text_of(pieces: Iterable[Piece]) -> str:
    """What some pieces say together, line by line."""
    return squash(joined(map(said, lines(ink for piece in pieces for ink in piece))))


def zones(strip: Strip, top: float, bottom: float) -> Iterator[tuple[int, Box]]:
    """The strips of each page between two heights."""
    starts = [0.0, *strip.ends[:-1]]
    for paper, start, end, moved in zip(strip.papers, starts, strip.ends, strip.starts, strict=True):
        if top < end and bottom > start:
            yield paper.number, Box(0, max(top, start) - moved, paper.width, min(bottom, end) - moved)
