"""Text to phrases: each figure with the words around it that say what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from foi_etl.characters import simplified
from foi_etl.normalise.spoken import Figure, figures, mask
from foi_etl.prose import Cue
from foi_etl.text import fold_width

_STOP: Final = re.compile(r"[,。;!?\n]|(?<=\d)\.(?!\d)")
_ENOUGH: Final = re.compile(r"[、(:…]|以及|和|(?<!涉)及(?!时)")
"""What is behind it speaks of something else than the figure before it."""
_ASIDE: Final = re.compile(r"\([^()]*\)")
_SENTENCE: Final = re.compile(r"[。!?\n]")
_LONGEST: Final = 90
"""How many characters before a figure may speak of it."""
_HEADING: Final = 40
_OPENS: Final = re.compile(r"其中|包括|包含|含(?!税|有)|\(|分别是|:$")
_LED_BY: Final = re.compile(
    r"(?:通过|利用|依托|运用|借助|在)[^,。;]*$|(?:网站|门户|公众号|微博|平台|客户端)$"
)
_GROWN: Final = re.compile(r"^[,、]?(?:下降|减少|降低|降|减|增加|增长|增|上升|升)?(?:到|至|为)了?$")
_FROM: Final = re.compile(r"[由从较比][^#,]{0,12}$")
_EACH: Final = re.compile(r"(?:数量|案件|数|件)?(?:均|都|各|各为|均为|都为|各有)$")
_IN_TURN: Final = re.compile(r"(?:数量|案件|数|件数|金额)?分别([^,。;]{0,8})$")
"""What each of the things before it did, or came to."""
_AND: Final = re.compile(r"以及|[、和及与或]")
_CONTENT: Final = re.compile(r"[\u3400-\u9fffA-Za-z]")


class Phrase(NamedTuple):
    """A figure and the words that may say what it counts, which stand in `words` around its "#"."""

    at: int
    """Its place in the text made ready."""
    figure: Figure
    raw: str
    """As printed."""
    words: str
    before: str
    """Line and heading up to the figure."""
    sentence: str
    """The sentence, with "#" for this figure."""
    start: int
    end: int
    """Where its sentence stands in the text."""
    inside: bool
    """It is a part of what the figure before the opening of its list counts."""
    also: tuple[str, ...] = ()
    """Other things that the figure counts as well, or together with this one, each with its own "#"."""
    each: bool = False
    """The figure holds for each of them."""


class Clause(NamedTuple):
    """Words between two stops in which no figure stands."""

    at: int
    words: str
    before: str
    start: int
    end: int
    raw: str
    """The words as printed: years are not masked in them."""


class Text(NamedTuple):
    """A text made ready, spaces out and what is no figure masked, and where each character stood."""

    plain: str
    places: list[int]
    raw: str

    def printed(self, start: int, end: int) -> str:
        """What stood there before."""
        return self.raw[self.places[start] : self.places[end - 1] + 1] if end > start else ""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where it stood before."""
        return self.places[start], self.places[end - 1] + 1


def prepared(raw: str, year: int | None) -> Text:
    """The text to read figures from. Line breaks stay: a line is a paragraph."""
    kept = [
        (at, char)
        for at, char in enumerate(fold_width(simplified(raw)))
        if char == "\n" or not char.isspace()
    ]
    plain = mask("".join(char for _, char in kept), year)
    return Text(plain, [at for at, _ in kept], raw)


def phrases(text: Text, filler: Cue) -> Iterator[Phrase | Clause]:
    """Every figure in its phrase, and every clause without one, in the order of the text."""
    heading, at = "", 0
    for line in text.plain.split("\n"):
        yield from sorted(_of_line(line, at, heading, text, filler), key=lambda one: one.at)
        if len(line) < _HEADING and next(figures(line), None) is None:
            heading = line + "\n"
        at += len(line) + 1


def _of_line(line: str, offset: int, heading: str, text: Text, filler: Cue) -> Iterator[Phrase | Clause]:
    found = list(figures(line))
    stops = [0, *(one.end() for one in _STOP.finditer(line) if not _inside(one.start(), found)), len(line)]
    turn: list[str] = []
    last_words = ""
    clauses = list(pairwise(stops))
    for number, figure in enumerate(found):
        previous = found[number - 1] if number else None
        clause = next(at for at, (start, end) in enumerate(clauses) if start <= figure.start < end)
        left, carried = _left(line, figure, previous, clauses[clause][0], clauses, clause, filler)
        if carried and last_words and (_bridges(left, figure, previous, filler)):
            left = _FROM.sub("", last_words)
        following = found[number + 1].start if number + 1 < len(found) else len(line)
        right = _ENOUGH.split(line[figure.end : min(following, clauses[clause][1])], maxsplit=1)[0].rstrip(
            ",。;"
        )
        if turn and not _CONTENT.search(left.strip("和及与")):
            left, right = turn.pop(0), ""
        elif (in_turn := _IN_TURN.search(left)) and (many := _in_a_row(line, found[number:])) > 1:
            turn = [noun + in_turn[1] for noun in _AND.split(left[: in_turn.start()])[-many:]]
            left, right = turn.pop(0), ""
        else:
            turn = []
        nouns = _AND.split(_EACH.sub("", left))
        each = bool(_EACH.search(left)) and len(nouns) > 1
        span = _sentence(line, figure.start)
        last_words = left
        start, end = text.span(offset + span[0], offset + span[1])
        yield Phrase(
            at=offset + figure.start,
            figure=figure,
            raw=text.printed(offset + figure.start, offset + figure.end),
            words=f"{nouns[-1] if each else left}#{right}",
            before=heading + line[: figure.start],
            sentence=f"{line[span[0] : figure.start]}#{line[figure.end : span[1]]}",
            start=start,
            end=end,
            inside=_is_inside(line, span[0], figure.start, found),
            also=tuple(f"{noun}#" for noun in nouns[:-1]),
            each=each,
        )
    for start, end in clauses:
        if start < end and not any(start <= figure.start < end for figure in found):
            span = _sentence(line, start)
            where = text.span(offset + span[0], offset + span[1])
            words = line[start:end].rstrip(",。;")
            raw = text.printed(offset + start, offset + start + len(words))
            yield Clause(offset + start, words, heading + line[:start], *where, raw)


def _inside(at: int, found: list[Figure]) -> bool:
    return any(figure.start <= at < figure.end for figure in found)


def _left(
    line: str,
    figure: Figure,
    previous: Figure | None,
    opened: int,
    clauses: list[tuple[int, int]],
    clause: int,
    filler: Cue,
) -> tuple[str, bool]:
    """The words before a figure, and whether they begin right behind another figure of the same clause.

    A clause that says nothing of its own goes on with the one before; so does one that a means was named for.
    """
    after = previous.end if previous else 0
    begin = max(opened, after)
    words = line[begin : figure.start]
    while begin == opened and clause and clauses[clause - 1][0] >= after and line[opened - 1] in ",:":
        before = line[slice(*clauses[clause - 1])]
        if not (_is_empty(words, filler) or _LED_BY.search(before.rstrip(","))):
            break
        clause -= 1
        begin = opened = clauses[clause][0]
        words = line[begin : figure.start]
    carried = previous is not None and (begin == after or _is_empty(words, filler))
    return _ASIDE.sub("", words)[-_LONGEST:].lstrip(",、;"), carried


def _in_a_row(line: str, found: list[Figure]) -> int:
    """How many figures follow one another with no words between them."""
    between = (_ASIDE.sub("", line[one.end : other.start]).strip("和及与") for one, other in pairwise(found))
    return 1 + sum(1 for _ in takewhile(lambda words: not _CONTENT.search(words), between))


def _is_empty(words: str, filler: Cue) -> bool:
    return not _CONTENT.search(filler.sub("", words))


def _bridges(left: str, figure: Figure, previous: Figure | None, filler: Cue) -> bool:
    """Whether a figure speaks of what the one before it did: another unit of it, or what it came to."""
    if previous is None:
        return False
    return (_is_empty(left, filler) and figure.unit != previous.unit) or bool(_GROWN.search(left))


def _sentence(line: str, at: int) -> tuple[int, int]:
    start = max((one.end() for one in _SENTENCE.finditer(line, 0, at)), default=0)
    stop = _SENTENCE.search(line, at)
    return start, stop.end() if stop else len(line)


def _is_inside(line: str, start: int, at: int, found: list[Figure]) -> bool:
    """Whether a list was opened in this sentence behind a figure, and is open yet."""
    behind = next((one.end for one in found if start <= one.start < at), None)
    if behind is None:
        return _opens_the_sentence(line, start, at)
    words = line[behind:at]
    closed = words.rfind(")")
    if closed > words.rfind("(") >= 0:
        words = words[: words.rfind("(")] + words[closed + 1 :]
    listed = any(line[one.end : one.end + 1] == ":" for one in found if start <= one.start < at)
    return listed or bool(_OPENS.search(words))


def _opens_the_sentence(line: str, start: int, at: int) -> bool:
    return line[start:at].startswith(("其中", "包括"))
