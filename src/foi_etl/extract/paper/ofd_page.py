"""A page of an OFD file as its objects paint it, one upon the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.extract.paper.ink import Box, Ink, Paper, Printed, Rule
from foi_etl.extract.paper.shade import Ground, Shade
from foi_etl.extract.raised import unsure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml import etree

POINTS: Final = 72 / 25.4
_OBJECTS: Final = ("{*}TextObject", "{*}PathObject", "{*}ImageObject")
_STROKE: Final = re.compile(r"([MLC])([^A-Z]*)")
_CURVES: Final = re.compile(r"[BQA]")
_ASCENT: Final = 0.88
_OPAQUE: Final = 255.0
_FAINT: Final = 32
"""Of 255 shades: what differs less from its ground is not seen."""
_SOME: Final = 128
"""How light a picture is, and what is filled with a pattern: lighter than black, darker than white."""
_BEYOND: Final = 0.25
"""Of a letter's height: how far its middle may lie outside the boundary of its object."""
_REST: Final = 0.3
"""Of a letter's height: a rule so near its upper or its lower edge strikes nothing out."""
_THIN: Final = 3.0
"""Points: a shape no thicker than this is a rule, and covers nothing."""
_MOST_KINDS: Final = 8
"""Of drawing, each of which says only how it differs from the next."""
Matrix = tuple[float, float, float, float, float, float]
_STILL: Final[Matrix] = (1, 0, 0, 1, 0, 0)


class _Letter(NamedTuple):
    ink: Ink
    turn: int
    """How often the page had been painted when it was printed."""
    shown: bool
    """Whether it stood out from the page then, and within its object."""


class _Paint(NamedTuple):
    light: float
    """How light it is: 0 is black, 255 white."""
    opacity: float
    """How much of what is beneath it covers, of 255."""


def paper(
    number: int, layers: Iterable[etree._Element], size: list[float], kinds: Mapping[str, etree._Element]
) -> Paper:
    """The page that some layers make, the lowest first, in millimetres; `kinds` of drawing have numbers."""
    width, height = size[2] * POINTS, size[3] * POINTS
    ground, printed = Ground(width, height), Printed()
    letters, across, down = list[_Letter](), list[Rule](), list[Rule]()
    for node in (one for layer in layers for one in layer.iter(*_OBJECTS)):
        if node.tag.endswith("TextObject"):
            letters += (one for one in _letters(node, kinds, ground) if not printed.already(one.ink))
            continue
        _cover(node, kinds, ground)
        for x0, y0, x1, y1 in _strokes(node):
            if abs(x1 - x0) >= abs(y1 - y0):
                across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            else:
                down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    struck = Shade((Box(rule.start, rule.at, rule.end, rule.at) for rule in across), width, height)
    inks = tuple(
        one.ink
        if one.shown and not ground.painted_since(one.ink, one.turn) and not struck.crosses(one.ink, _REST)
        else one.ink._replace(text=unsure(one.ink.text))
        for one in letters
    )
    return Paper(number, width, height, inks, tuple(across), tuple(down))


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute; nothing where they are none."""
    try:
        return [float(one) for one in (text or "").split()]
    except ValueError:
        return []


def text_of(node: etree._Element, tag: str) -> str:
    """What the first node of this name says."""
    found = next(node.iter(f"{{*}}{tag}"), None)
    return (found.text or "").strip() if found is not None else ""


def _paint(node: etree._Element, kinds: Mapping[str, etree._Element], is_filled: bool) -> _Paint:
    """How an object is painted: as it says itself, or as the kind of drawing that it names."""
    colour = _said(node, kinds, "FillColor" if is_filled else "StrokeColor")
    opacity = _alpha(node) * (1.0 if colour is None else _alpha(colour) / _OPAQUE)
    return _Paint(
        0.0 if colour is None else _light(colour), 0.0 if node.get("Visible") == "false" else opacity
    )


def _said(
    node: etree._Element | None, kinds: Mapping[str, etree._Element], tag: str
) -> etree._Element | None:
    link = "DrawParam"
    for _ in range(_MOST_KINDS):
        if node is None:
            break
        found = node.find(f"{{*}}{tag}")
        if found is not None:
            return found
        node, link = kinds.get(node.get(link, "")), "Relative"
    return None


def _alpha(node: etree._Element) -> float:
    return (numbers(node.get("Alpha")) or [_OPAQUE])[0]


def _light(colour: etree._Element) -> float:
    """How light a colour is: grey, red with green and blue, or the four of a printer: nought is white."""
    parts = numbers(colour.get("Value"))
    if len(parts) == 4:
        return max(0.0, _OPAQUE - parts[3] - sum(parts[:3]) / 3)
    return sum(parts) / len(parts) if parts else float(_SOME)


def _placing(node: etree._Element) -> tuple[float, float, Matrix]:
    box = numbers(node.get("Boundary")) or [0, 0, 0, 0]
    a, b, c, d, e, f = (numbers(node.get("CTM")) + [0] * 6)[:6] if node.get("CTM") else _STILL
    return box[0], box[1], (a, b, c, d, e, f)


def _put(x: float, y: float, left: float, top: float, by: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = by
    return (left + a * x + c * y + e) * POINTS, (top + b * x + d * y + f) * POINTS


def _boundary(node: etree._Element) -> Box | None:
    sides = numbers(node.get("Boundary"))
    if len(sides) != 4:
        return None
    x, y, width, height = (side * POINTS for side in sides)
    return Box(x, y, x + width, y + height)


def _letters(text: etree._Element, kinds: Mapping[str, etree._Element], ground: Ground) -> Iterator[_Letter]:
    """The letters of a text that leaves a mark, and whether that is seen."""
    is_filled = text.get("Fill") != "false"
    paint, boundary = _paint(text, kinds, is_filled), _boundary(text)
    if paint.opacity <= 0 or not (is_filled or text.get("Stroke") == "true"):
        return
    for ink in _inks(text):
        strength = abs(paint.light - ground.light(ink)) * paint.opacity / _OPAQUE
        inside = boundary is None or _is_within(boundary, ink)
        yield _Letter(ink, ground.turn, inside and strength >= _FAINT)


def _is_within(boundary: Box, ink: Ink) -> bool:
    beyond = _BEYOND * (ink.bottom - ink.top)
    return (
        boundary.x0 - beyond <= ink.centre <= boundary.x1 + beyond
        and boundary.top - beyond <= ink.middle <= boundary.bottom + beyond
    )


def _inks(text: etree._Element) -> Iterator[Ink]:
    """The letters of a text object, each moved on by its own step."""
    left, top, by = _placing(text)
    size = (numbers(text.get("Size")) or [3.5])[0]
    for code in text.iter("{*}TextCode"):
        x, y = (numbers(code.get("X")) or [0])[0], (numbers(code.get("Y")) or [size])[0]
        letters = code.text or ""
        over, beneath = _steps(code.get("DeltaX"), len(letters)), _steps(code.get("DeltaY"), len(letters))
        for at, letter in enumerate(letters):
            wide = size if ord(letter) > 0x2FF else size / 2
            x0, y0 = _put(x, y - _ASCENT * size, left, top, by)
            x1, y1 = _put(x + wide, y + (1 - _ASCENT) * size, left, top, by)
            if letter.strip():
                yield Ink(letter, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            x, y = x + over[at], y + beneath[at]


def _steps(said: str | None, letters: int) -> list[float]:
    """Steps between letters: numbers, or `g 3 4.2` for three of the same. What is missing repeats nothing."""
    steps: list[float] = []
    words = iter((said or "").split())
    try:
        for word in words:
            if word == "g":
                count, step = int(next(words)), float(next(words))
                steps.extend([step] * min(count, letters))
            else:
                steps.append(float(word))
    except (ValueError, StopIteration):
        pass
    return (steps + [0.0] * letters)[:letters]


def _cover(node: etree._Element, kinds: Mapping[str, etree._Element], ground: Ground) -> None:
    """Paint what a picture or a filled rectangle covers; other shapes may be open in the middle."""
    is_picture = node.tag.endswith("ImageObject")
    box = _boundary(node) if is_picture else _filled(node)
    paint = _paint(node, kinds, True)
    if box is None or paint.opacity < _OPAQUE or min(box.x1 - box.x0, box.bottom - box.top) < _THIN:
        return
    ground.paint(box, _SOME if is_picture else int(paint.light))


def _filled(path: etree._Element) -> Box | None:
    """The rectangle that a path fills, if it is one."""
    said = text_of(path, "AbbreviatedData")
    if path.get("Fill") != "true" or _CURVES.search(said) or said.count("M") + said.count("S") > 1:
        return None
    left, top, by = _placing(path)
    points = [
        _put(place[0], place[1], left, top, by)
        for _, text in _STROKE.findall(said.replace("S", "M"))
        if len(place := numbers(text)) == 2
    ]
    xs, ys = sorted({round(x, 1) for x, _ in points}), sorted({round(y, 1) for _, y in points})
    return Box(xs[0], ys[0], xs[1], ys[1]) if len(xs) == len(ys) == 2 else None


def _strokes(path: etree._Element) -> Iterator[tuple[float, float, float, float]]:
    """The straight strokes of a path that run across or down."""
    if path.get("Stroke") == "false" and path.get("Fill") != "true":
        return
    left, top, by = _placing(path)
    last: tuple[float, float] | None = None
    start: tuple[float, float] | None = None
    for move, said in _STROKE.findall(text_of(path, "AbbreviatedData").replace("S", "M")):
        place = numbers(said)
        if move == "C":
            now = start
        elif len(place) >= 2:
            now = _put(place[0], place[1], left, top, by)
        else:
            continue
        if move == "M":
            start = now
        elif last and now and (abs(last[0] - now[0]) < 1 or abs(last[1] - now[1]) < 1):
            yield (*last, *now)
        last = now
