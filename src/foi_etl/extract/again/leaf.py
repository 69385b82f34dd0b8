"""An OFD file by another parser: letters by the feet of their text objects, rules by the ends of strokes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from posixpath import dirname, join, normpath
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from foi_etl.extract.again.rows import Rows
from foi_etl.extract.again.ruled import Leaf, Stroke, rows_of_leaves
from foi_etl.extract.parcel import Parcel

_POINTS: Final = 72 / 25.4
_STEP: Final = re.compile(r"([MSLC])([^A-Z]*)")
_HAIR: Final = 0.6
"""Points: two prints of one letter are one, if nearer than this; and no letter, if twice as far apart."""
_STILL: Final = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
_WIDE: Final = "\u2e80"
"""From here on a letter is as wide as it is high."""


class _Letter(NamedTuple):
    text: str
    x0: float
    x1: float
    top: float
    bottom: float


def rows_of_ofd(body: bytes, name: str) -> Rows:
    """The lines of an OFD file's pages, each as its pieces; nothing where its XML cannot be followed."""
    parcel = Parcel(body, name)
    try:
        root = next(ET.fromstring(parcel.plain_xml("OFD.xml")).iterfind(".//{*}DocRoot"))  # noqa: S314 - no doctype
        document = (root.text or "").strip().lstrip("/")
        pages = [
            normpath(join(dirname(document), place)) if not place.startswith("/") else place.lstrip("/")
            for page in ET.fromstring(parcel.plain_xml(document)).iterfind(".//{*}Page")  # noqa: S314 - no doctype
            if (place := page.get("BaseLoc"))
        ]
        return rows_of_leaves([_leaf(ET.fromstring(parcel.plain_xml(page))) for page in pages])  # noqa: S314 - as above
    except (ET.ParseError, ValueError, StopIteration):
        return ()


def _leaf(page: ET.Element) -> Leaf:
    across, down = list[Stroke](), list[Stroke]()
    for x0, y0, x1, y1 in _lines(page):
        if abs(y0 - y1) < 1 <= abs(x0 - x1):
            across.append(Stroke(y0, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) < 1 <= abs(y0 - y1):
            down.append(Stroke(x0, min(y0, y1), max(y0, y1)))
    return Leaf(tuple(_once(_letters(page))), across, down)


def _lines(page: ET.Element) -> Iterator[tuple[float, float, float, float]]:
    """The strokes of all paths, from point to point, in points."""
    for path in page.iterfind(".//{*}PathObject"):
        left, top = _numbers(path, "Boundary", 2)
        a, b, c, d, right, down = _numbers(path, "CTM", 6) if path.get("CTM") else _STILL
        begun = last = (0.0, 0.0)
        for step, said in _STEP.findall(path.findtext("{*}AbbreviatedData") or ""):
            x, y = ([float(one) for one in said.split()] + [0.0, 0.0])[:2]
            now = (left + a * x + c * y + right) * _POINTS, (top + b * x + d * y + down) * _POINTS
            if step in "MS":
                begun = now
            else:
                now = begun if step == "C" else now
                yield (*last, *now)
            last = now


def _once(letters: Iterable[_Letter]) -> Iterator[_Letter]:
    """The letters without those that are printed again a hair beside themselves, to be bold."""
    held = set[tuple[str, int, int]]()
    for one in letters:
        column, row = int(one.x0 / _HAIR), int(one.bottom / _HAIR)
        if held.isdisjoint((one.text, column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            yield one
            held.add((one.text, column, row))


def _leaves_no_mark(said: ET.Element) -> bool:
    colour = said.find("{*}FillColor")
    clear = said.get("Alpha") == "0" or (colour is not None and colour.get("Alpha") == "0")
    unfilled = said.get("Fill") == "false" and said.get("Stroke") != "true"
    return clear or unfilled or said.get("Visible") == "false"


def _letters(page: ET.Element) -> Iterator[_Letter]:
    for said in page.iterfind(".//{*}TextObject"):
        if _leaves_no_mark(said):
            continue
        left, top = _numbers(said, "Boundary", 2)
        scale_x, _, _, scale_y, right, down = _numbers(said, "CTM", 6) if said.get("CTM") else _STILL
        tall = abs(float(said.get("Size", "3.5")) * scale_y)
        for code in said.iterfind(".//{*}TextCode"):
            letters = code.text or ""
            [x], [y] = _numbers(code, "X", 1), _numbers(code, "Y", 1)
            foot = top + scale_y * y + down
            for letter, at in zip(letters, accumulate(_steps(code, len(letters)), initial=x), strict=False):
                x0 = left + scale_x * at + right
                x1 = x0 + (tall if letter >= _WIDE else tall / 2)
                yield _Letter(letter, *(one * _POINTS for one in (x0, x1, foot - tall, foot)))


def _numbers(node: ET.Element, attribute: str, due: int) -> list[float]:
    return ([float(one) for one in node.get(attribute, "").split()] + [0.0] * due)[:due]


def _steps(code: ET.Element, letters: int) -> list[float]:
    """How far each letter stands from the one before; `g 3 4.2` says one step three times."""
    words, steps = (code.get("DeltaX") or "").split(), list[float]()
    while words:
        if words[0] == "g" and len(words) > 2:
            steps += [float(words[2])] * min(int(words[1]), letters)
            del words[:3]
        else:
            steps.append(float(words.pop(0)))
    return (steps + [0.0] * letters)[:letters]
