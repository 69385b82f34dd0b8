"""How the styles of a workbook set its boxes: by which format, in which colours, and whether struck out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.extract.office.elements import attribute, child, flagged, tag
from foi_etl.extract.office.formats import BUILT_IN
from foi_etl.extract.office.letters import is_seen
from foi_etl.extract.parcel import Parcel

if TYPE_CHECKING:
    from lxml import etree

_STYLES: Final = "xl/styles.xml"
_SMALLEST: Final = 2
"""Points: a letter of this size is a stroke."""
_WHITE: Final = {("theme", "0"), ("indexed", "1"), ("indexed", "9"), ("indexed", "65")}
_BLACK: Final = {("theme", "1"), ("indexed", "0"), ("indexed", "8"), ("indexed", "64")}
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


class Font(NamedTuple):
    """How letters are set."""

    colour: str = ""
    is_lost: bool = False
    """Whether they are struck out, or too small to be seen."""
    is_off_the_line: bool = False

    def is_doubtful(self, ground: str) -> bool:
        """Whether nobody can count on digits set so on this ground."""
        return self.is_lost or (bool(self.colour) and not _differ(self.colour, ground))


class Style(NamedTuple):
    """How a box is set."""

    format: str = ""
    font: Font = Font()
    ground: str = ""
    is_repeated: bool = False
    """Whether what it says is said again until the box is full."""


def styles_of(parcel: Parcel) -> list[Style]:
    """The styles of the boxes by their numbers."""
    if _STYLES not in parcel.members:
        return []
    root = parcel.xml(_STYLES)
    own = {one.get("numFmtId"): one.get("formatCode") or "" for one in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [font(one) for one in root.iterfind("{*}fonts/{*}font")]
    grounds = [_ground(one) for one in root.iterfind("{*}fills/{*}fill")]
    made = []
    for one in root.iterfind("{*}cellXfs/{*}xf"):
        code, letters, fill = (number(one.get(name)) for name in ("numFmtId", "fontId", "fillId"))
        made.append(
            Style(
                own.get(str(code), BUILT_IN.get(code, "")),
                fonts[letters] if letters < len(fonts) else Font(),
                grounds[fill] if fill < len(grounds) else "",
                attribute(child(one, "alignment"), "horizontal") == "fill",
            )
        )
    return made


def font(node: etree._Element | None) -> Font:
    """A font as the styles or a run of a text say it."""
    size = attribute(child(node, "sz"), "val")
    tiny = bool(re.fullmatch(r"\d{1,3}(\.\d+)?", size)) and float(size) <= _SMALLEST
    apart = attribute(child(node, "vertAlign"), "val") in {"superscript", "subscript"}
    return Font(_colour(child(node, "color")), tiny or flagged(child(node, "strike")), apart)


def number(text: str | None) -> int:
    """A number of an attribute; 0 where it says none."""
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else 0


def _ground(fill: etree._Element) -> str:
    pattern = child(fill, "patternFill")
    return _colour(child(pattern, "fgColor")) if attribute(pattern, "patternType") == "solid" else ""


def _colour(node: etree._Element | None) -> str:
    """A colour as `RRGGBB`, or by its place in the theme or the palette; nothing for the usual one."""
    if node is None:
        return ""
    said = {tag(node): "", **{str(key): str(value) for key, value in node.items()}}
    if found := _HEX.fullmatch(said.get("rgb", "")):
        return found[1]
    place = next(((key, said[key]) for key in ("theme", "indexed") if key in said), ("", ""))
    tint = said.get("tint", "0").rstrip("0.") or "0"
    if tint == "0" and place in _WHITE | _BLACK:
        return "FFFFFF" if place in _WHITE else "000000"
    return ":".join((*place, tint)) if place[0] else ""


def _differ(letter: str, ground: str) -> bool:
    """Whether two colours are two to the eye; those of a theme are, but for the same."""
    if ":" in letter or ":" in ground:
        return letter != ground
    return is_seen(letter, ground)
