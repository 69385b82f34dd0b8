"""OFD: a zip of XML whose pages say where every text and every stroke stands, in millimetres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final

from foi_etl.errors import NotAReport
from foi_etl.extract.paper.ink import Ink, Paper, Rule
from foi_etl.extract.paper.pdf import MOST_PAGES
from foi_etl.extract.parcel import Parcel

if TYPE_CHECKING:
    from lxml import etree

_POINTS: Final = 72 / 25.4
_STROKE: Final = re.compile(r"([MLC])([^A-Z]*)")
_ASCENT: Final = 0.88
Matrix = tuple[float, float, float, float, float, float]
_STILL: Final[Matrix] = (1, 0, 0, 1, 0, 0)


def read_ofd(body: bytes, name: str) -> tuple[Paper, ...]:
    """The pages of an OFD file, templates included."""
    parcel = Parcel(body, name)
    root = _text_of(parcel.xml("OFD.xml"), "DocRoot").lstrip("/")
    if not root:
        raise NotAReport("the OFD file names no document in it", file=name)
    document, folder = parcel.xml(root), dirname(root)
    size = _numbers(_text_of(document, "PhysicalBox")) or [0, 0, 210, 297]
    pages = [one for one in document.iter("{*}Page") if one.get("BaseLoc")]
    templates = {one.get("ID"): one.get("BaseLoc", "") for one in document.iter("{*}TemplatePage")}
    if not 0 < len(pages) <= MOST_PAGES:
        raise NotAReport(f"{len(pages)} pages are not what a report has (at most {MOST_PAGES})", file=name)
    papers = []
    for number, one in enumerate(pages, 1):
        page = parcel.xml(_beside(folder, one.get("BaseLoc", "")))
        own = _numbers(_text_of(page, "PhysicalBox")) or size
        layers = [page]
        layers += [
            parcel.xml(_beside(folder, templates[used.get("TemplateID")]))
            for used in page.iter("{*}Template")
            if used.get("TemplateID") in templates
        ]
        papers.append(_paper(number, layers, own))
    return tuple(papers)


def _beside(folder: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else normpath(join(folder, place))


def _text_of(node: etree._Element, tag: str) -> str:
    found = next(node.iter(f"{{*}}{tag}"), None)
    return (found.text or "").strip() if found is not None else ""


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(one) for one in (text or "").split()]
    except ValueError:
        return []


def _paper(number: int, layers: list[etree._Element], size: list[float]) -> Paper:
    inks: list[Ink] = []
    across: list[Rule] = []
    down: list[Rule] = []
    for layer in layers:
        for text in layer.iter("{*}TextObject"):
            inks.extend(_inks(text))
        for path in layer.iter("{*}PathObject"):
            for x0, y0, x1, y1 in _strokes(path):
                if abs(x1 - x0) >= abs(y1 - y0):
                    across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                else:
                    down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return Paper(number, size[2] * _POINTS, size[3] * _POINTS, tuple(inks), tuple(across), tuple(down))


def _placing(node: etree._Element) -> tuple[float, float, Matrix]:
    box = _numbers(node.get("Boundary")) or [0, 0, 0, 0]
    a, b, c, d, e, f = (_numbers(node.get("CTM")) + [0] * 6)[:6] if node.get("CTM") else _STILL
    return box[0], box[1], (a, b, c, d, e, f)


def _put(x: float, y: float, left: float, top: float, by: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = by
    return (left + a * x + c * y + e) * _POINTS, (top + b * x + d * y + f) * _POINTS


def _inks(text: etree._Element) -> Iterator[Ink]:
    """The letters of a text object, each moved on by its own step."""
    left, top, by = _placing(text)
    size = (_numbers(text.get("Size")) or [3.5])[0]
    for code in text.iter("{*}TextCode"):
        x, y = (_numbers(code.get("X")) or [0])[0], (_numbers(code.get("Y")) or [size])[0]
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


def _strokes(path: etree._Element) -> Iterator[tuple[float, float, float, float]]:
    """The straight strokes of a path that run across or down."""
    if path.get("Stroke") == "false" and path.get("Fill") != "true":
        return
    left, top, by = _placing(path)
    last: tuple[float, float] | None = None
    start: tuple[float, float] | None = None
    for move, said in _STROKE.findall(_text_of(path, "AbbreviatedData").replace("S", "M")):
        place = _numbers(said)
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
