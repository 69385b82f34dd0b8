"""How letters look by the styles around them, as far as that decides whether they are read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.extract.colours import WHITE, Colour, alike, is_light, shade
from foi_etl.extract.styles import LINE, Style, declared

_LENGTH: Final = re.compile(
    r"(?<![-\w.#])([-+]?(?:\d+(?:\.\d*)?|\.\d+))(px|pt|pc|em|rem|ex|ch|in|cm|mm|vw|vh|%)?(?![\w.])"
)
_PIXELS: Final = {
    "": 1,
    "px": 1,
    "pt": 1.33,
    "pc": 16,
    "in": 96,
    "cm": 37.8,
    "mm": 3.78,
    "vw": 12.8,
    "vh": 7.2,
}
_LETTER: Final = 16
"""Pixels: a letter of which nothing is said."""
_TINY: Final = 4
_SMALL: Final = 8
_FAR: Final = -300
"""Pixels to the left of a page or above it, where nobody sees it."""
_PLACED: Final = ("left", "top", "text-indent", "margin-left", "margin-top")
_SHUT: Final = ("width", "height", "max-width", "max-height")
_CUT: Final = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]|inset\((?:50|100)%|circle\(0|polygon\(0(?:px)?(?: 0(?:px)?,?)+\)"
)
_TOLD: Final = re.compile(r"[\d+＋－−.,，一二三四五六七八九十百千万亿-]|counter|attr\(|url\(|^[\"'][^\"']*$")
_LOOKS: Final = ("", "raised", "doubtful", "hidden")


class Letters(NamedTuple):
    """How the letters of an element look."""

    size: float = _LETTER
    visible: bool = True
    colour: str = "black"
    ground: Colour = WHITE
    look: str = ""
    """What is said of the whole of an element and can not be taken back within it."""

    def shown(self) -> str:
        """Whether they are hidden, doubtful, raised or, as usual, nothing of that."""
        if self.size == 0 or not self.visible:
            return "hidden"
        faint = self.size < _TINY or alike(shade(self.colour, self.ground), self.ground)
        return max(self.look, "doubtful" if faint else "", key=_LOOKS.index)


PLAIN: Final = Letters()


def within(outer: Letters, style: Style) -> Letters:
    """How letters look in an element of which this is said, within another."""
    if not style:
        return outer
    visibility, colour = style.get("visibility", "inherit"), style.get("color", "inherit")
    return Letters(
        size=_size(style.get("font-size", ""), outer.size),
        visible=outer.visible if visibility == "inherit" else visibility not in {"hidden", "collapse"},
        colour=outer.colour if colour == "inherit" else colour,
        ground=shade(style["background"], outer.ground) if "background" in style else outer.ground,
        look=max(outer.look, _own_look(style), key=_LOOKS.index),
    )


@lru_cache(maxsize=4096)
def is_odd(css: str, *, block: bool) -> bool:
    """Whether declarations for a block, or for a part of a line, may make letters look otherwise."""
    return any(
        may_matter({name: said for name, said in one.items() if name not in LINE} if block else one)
        for one in declared(css)
    )


def may_matter(style: Style) -> bool:
    """Whether letters look otherwise by a style, or may do so together with others."""
    letters = within(PLAIN, style)
    return bool(letters.shown()) or letters.size < _SMALL or not is_light(letters.ground)


def adds(style: Style) -> bool:
    """Whether a style puts figures, or what may be some, beside the letters themselves."""
    return bool(_TOLD.search(style.get("content", "")))


def _own_look(style: Style) -> str:
    if _is_out_of_sight(style):
        return "hidden"
    return "doubtful" if _is_doubtful(style) else "raised" if _is_raised(style) else ""


def _size(said: str, outer: float) -> float:
    if (found := _length(said)) is None:
        return outer
    number, unit = found
    if unit in {"em", "%", "ex", "ch"}:
        return outer * number / {"em": 1, "%": 100}.get(unit, 2)
    return number * _PIXELS.get(unit, _LETTER)


def _length(said: str) -> tuple[float, str] | None:
    found = _LENGTH.search(said)
    return (float(found[1]), found[2] or "") if found else None


def _pixels(said: str, otherwise: float = 0) -> float:
    if (found := _length(said)) is None:
        return otherwise
    return found[0] * _PIXELS.get(found[1], _LETTER)


def _is_out_of_sight(style: Style) -> bool:
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return True
    if _number(style.get("opacity", ""), 1) == 0 or _CUT.search(
        style.get("clip", style.get("clip-path", ""))
    ):
        return True
    if any(_pixels(style.get(name, "")) < _FAR for name in _PLACED):
        return True
    shut = any(_pixels(style.get(name, ""), _LETTER) <= 1 for name in _SHUT)
    return shut and ("hidden" in style.get("overflow", "") or "clip" in style.get("overflow", ""))


def _is_doubtful(style: Style) -> bool:
    return (
        "line-through" in style.get("text-decoration", "")
        or style.get("vertical-align") == "sub"
        or "override" in style.get("unicode-bidi", "")
        or style.get("transform", style.get("scale", style.get("rotate", "none"))) != "none"
        or _number(style.get("opacity", ""), 1) < 0.3
        or _number(style.get("zoom", ""), 1) < 0.3
        or adds(style)
        or _pixels(style.get("letter-spacing", "")) < -_TINY
        or style.get("-webkit-text-security", "none") != "none"
        or "opacity(0" in style.get("filter", "")
    )


def _number(said: str, otherwise: float) -> float:
    found = _length(said)
    return otherwise if found is None else found[0] / (100 if found[1] == "%" else 1)


def _is_raised(style: Style) -> bool:
    at = style.get("vertical-align", "")
    if at in {"super", "top", "text-top"}:
        return True
    moved = _pixels(style.get("top", "")) < 0 and style.get("position") == "relative"
    return moved or _pixels(at) > 0
