"""The letters of an OFD file by their feet: each text object's own baseline, and no rule is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from posixpath import dirname, join, normpath
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from foi_etl.extract.again.ink import rows_of_ink
from foi_etl.extract.again.rows import Rows
from foi_etl.extract.parcel import Parcel

_POINTS: Final = 72 / 25.4
_WIDE: Final = "\u2e80"
"""From here on a letter is as wide as it is high."""


class _Letter(NamedTuple):
    text: str
    x0: float
    x1: float
    top: float
    bottom: float


def rows_of_leaves(body: bytes, name: str) -> Rows:
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
        return rows_of_ink([list(_letters(parcel.plain_xml(page))) for page in pages])
    except (ET.ParseError, ValueError, StopIteration):
        return ()


def _letters(page: bytes) -> Iterator[_Letter]:
    for said in ET.fromstring(page).iterfind(".//{*}TextObject"):  # noqa: S314 - no doctype
        left, top = _numbers(said, "Boundary", 2)
        scale_x, _, _, scale_y, right, down = (
            _numbers(said, "CTM", 6) if said.get("CTM") else (1, 0, 0, 1, 0, 0)
        )
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
