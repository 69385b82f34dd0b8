"""Colours as styles name them, as far as it matters whether letters can be told from what they stand on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

Colour = tuple[float, float, float] | str
"""Red, green and blue up to 255; or the name of a colour that is neither white nor black."""

WHITE: Final[Colour] = (255.0, 255.0, 255.0)
BLACK: Final[Colour] = (0.0, 0.0, 0.0)
_HEX: Final = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-f])")
_PART: Final = r"(\d{1,6}(?:\.\d*)?%?)"
_CLEAR: Final = r"(?:\s*[,/]\s*(\d{0,6}\.?\d+%?))?\s*\)"
_RGB: Final = re.compile(rf"rgba?\(\s*{_PART}[\s,]+{_PART}[\s,]+{_PART}{_CLEAR}")
_HSL: Final = re.compile(rf"hsla?\([^()%]*%[\s,]+{_PART}{_CLEAR}")
_NAME: Final = re.compile(r"(?<![-\w#(])[a-z]+(?![-\w(])")
_URL: Final = re.compile(r"url\([^()]*\)?")
_WHITES: Final = frozenset(
    {"white", "snow", "ivory", "ghostwhite", "whitesmoke", "floralwhite", "mintcream", "azure", "aliceblue"}
    | {"seashell", "window", "canvas"}
)
_BLACKS: Final = frozenset({"black", "windowtext", "canvastext"})
_NONE: Final = frozenset(
    {"transparent", "none", "no", "repeat", "fixed", "scroll", "center", "top", "left", "right", "bottom"}
    | {"x", "y", "inherit", "initial", "unset", "revert", "auto"}
)
"""Words that stand where a colour may, and are none."""
_APART: Final = 40
"""The least difference of red, green or blue by which letters are seen on a ground."""
_LIGHT: Final = 200


@lru_cache(maxsize=4096)
def shade(said: str, beneath: Colour) -> Colour:
    """The colour that is seen where a value is said; what is beneath, where that is none."""
    if found := _HEX.search(said):
        digits = found[1] if len(found[1]) > 4 else "".join(one * 2 for one in found[1])
        red, green, blue, clear = (int(f"{digits}ff"[at : at + 2], 16) for at in (0, 2, 4, 6))
        return _over((red, green, blue), clear / 255, beneath)
    if found := _RGB.search(said):
        return _over((_part(found[1]), _part(found[2]), _part(found[3])), _clear(found[4]), beneath)
    if found := _HSL.search(said):
        return _over((_part(found[1]),) * 3, _clear(found[2]), beneath)
    name = next((one for one in _NAME.findall(_URL.sub("", said)) if one not in _NONE), "")
    return WHITE if name in _WHITES else BLACK if name in _BLACKS else name or beneath


def alike(letters: Colour, ground: Colour) -> bool:
    """Whether letters of one colour are not seen on the other."""
    if isinstance(letters, str) or isinstance(ground, str):
        return letters == ground
    return all(abs(one - other) < _APART for one, other in zip(letters, ground, strict=True))


def is_light(colour: Colour) -> bool:
    """Whether a ground is like paper: whatever can be read on that can be read on it."""
    return not isinstance(colour, str) and min(colour) >= _LIGHT


def _over(colour: tuple[float, float, float], clear: float, beneath: Colour) -> Colour:
    if clear > 0.9 or isinstance(beneath, str):
        return colour if clear > 0.2 else beneath
    red, green, blue = (clear * one + (1 - clear) * other for one, other in zip(colour, beneath, strict=True))
    return red, green, blue


def _part(said: str) -> float:
    return float(said[:-1]) * 2.55 if said.endswith("%") else float(said)


def _clear(said: str | None) -> float:
    if not said:
        return 1
    return float(said[:-1]) / 100 if said.endswith("%") else float(said)
