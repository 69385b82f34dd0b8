"""What styles say of letters: the declarations and rules of style sheets, and what comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.extract.colours import BLACK, WHITE, alike, is_light, shade

Style = Mapping[str, str]
"""Property to value, in lower case."""
NOTHING: Final[Style] = {}
LINE: Final = frozenset({"vertical-align", "position"})
"""What moves letters within a line, and does not where it is said of a block."""


class Rule(NamedTuple):
    """One selector of a sheet, what it weighs against others, what it declares and what it insists on."""

    selector: str
    weight: tuple[int, int, int]
    plain: Style
    insists: Style


_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^\n]))")
_STRING: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_APART: Final = str.maketrans("{};", "   ")
_TOKEN: Final = re.compile(r"([^{};]*)([{};])")
_OTHER_MEDIA: Final = re.compile(r"\b(?:print|speech|not)\b|max-(?:device-)?(?:width|height)")
_COMMA: Final = re.compile(r",(?![^(\[]*[)\]])")
_WAITING: Final = re.compile(
    r":(?:hover|focus|active|visited|target|checked|placeholder|selection|marker)|^$"
)
_PART: Final = re.compile(r"::?(before|after|first-letter|first-line)\b")
_FIRST: Final = frozenset({"first-letter", "first-line"})
_NAMED: Final = re.compile(r"[.#][-\w]+|\[[^\]]*\]|:[-\w]+")
_TAG: Final = re.compile(r"[a-z][-\w]*")
_ONE_NAME: Final = {
    "background-color": "background",
    "text-decoration-line": "text-decoration",
    "-webkit-text-fill-color": "color",
    "font": "font-size",
}
_LENGTH: Final = re.compile(
    r"(?<![-\w.#])([-+]?(?:\d+\.?\d*|\.\d+))(px|pt|pc|em|rem|ex|ch|in|cm|mm|vw|vh|%)?(?![\w.])"
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


@lru_cache(maxsize=4096)
def declared(css: str) -> tuple[Style, Style]:
    """What a block of declarations says plainly, and what it insists on."""
    plain: dict[str, str] = {}
    insists: dict[str, str] = {}
    for one in _ESCAPE.sub(_unescaped, _COMMENT.sub("", css)).lower().split(";"):
        name, _, value = one.partition(":")
        value, *important = (part.strip() for part in value.split("!"))
        (insists if important else plain)[_ONE_NAME.get(name.strip(), name.strip())] = value
    return plain, insists


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else 0
    return chr(code) if 0 < code < 0x110000 else found[2] or ""


def rules(css: str) -> Iterator[Rule]:
    """The rules that hold on the screen of a desk, in their order."""
    said = _STRING.sub(lambda one: one[0].translate(_APART), _COMMENT.sub("", css))
    around: list[str] = []
    block: list[str] = []
    for text, mark in _TOKEN.findall(said):
        if mark == "{":
            around.append(text.strip().lower())
            block.clear()
        elif mark == ";":
            block.append(text)
        elif around:
            selectors = around.pop()
            if not selectors.startswith("@") and all(map(_holds, around)):
                plain, insists = declared(";".join([*block, text]))
                for one in _COMMA.split(selectors):
                    yield from _ruled(one.strip(), plain, insists)
            block.clear()


def _ruled(selector: str, plain: Style, insists: Style) -> Iterator[Rule]:
    """A rule, unless it waits for the mouse; what is said of the first letters leaves all in doubt."""
    if _WAITING.search(selector):
        return
    if part := _PART.search(selector):
        selector = selector[: part.start()] or "*"
        both = {**plain, **insists}
        if part[1] in _FIRST:
            plain = {"transform": "of a part"} if look([both]) not in {"", "raised"} else NOTHING
        else:
            plain = {"content": both["content"]} if "content" in both else NOTHING
        insists = NOTHING
    if plain or insists:
        yield Rule(selector, _weight(selector), plain, insists)


def _weight(selector: str) -> tuple[int, int, int]:
    named = _NAMED.sub(" ", selector)
    return selector.count("#"), len(_NAMED.findall(selector)) - selector.count("#"), len(_TAG.findall(named))


def _holds(at: str) -> bool:
    return at.startswith(("@media", "@supports", "@layer")) and not _OTHER_MEDIA.search(at)


def look(styles: Sequence[Style]) -> str:
    """How letters look by the styles around them, innermost first: hidden, doubtful, raised, or ""."""
    size = _size(styles)
    if (
        size == 0
        or _nearest(styles, "visibility") in {"hidden", "collapse"}
        or any(map(_is_out_of_sight, styles))
    ):
        return "hidden"
    if size < _TINY or any(map(_is_doubtful, styles)) or _is_faint(styles):
        return "doubtful"
    return "raised" if any(map(_is_raised, styles)) else ""


@lru_cache(maxsize=4096)
def is_odd(css: str, *, block: bool) -> bool:
    """Whether declarations for a block, or for a part of a line, may make letters look otherwise."""
    return any(
        may_matter({name: said for name, said in one.items() if name not in LINE} if block else one)
        for one in declared(css)
    )


def may_matter(style: Style) -> bool:
    """Whether letters look otherwise by a style, or may do so together with others."""
    if not style:
        return False
    ground = shade(style.get("background", ""), WHITE)
    return bool(look([style])) or not is_light(ground) or _size([style]) < _SMALL or adds(style)


def adds(style: Style) -> bool:
    """Whether a style puts figures, or what may be some, beside the letters themselves."""
    return bool(_TOLD.search(style.get("content", "")))


def _nearest(styles: Sequence[Style], name: str) -> str:
    return next((style[name] for style in styles if style.get(name, "inherit") != "inherit"), "")


def _length(said: str) -> tuple[float, str] | None:
    found = _LENGTH.search(said)
    return (float(found[1]), found[2] or "") if found else None


def _pixels(said: str) -> float | None:
    if (found := _length(said)) is None:
        return None
    return found[0] * _PIXELS.get(found[1], _LETTER)


def _size(styles: Sequence[Style]) -> float:
    part = 1.0
    for style in styles:
        if (found := _length(style.get("font-size", ""))) is None:
            continue
        number, unit = found
        if unit in {"em", "%", "ex", "ch"}:
            part *= number / {"em": 1, "%": 100}.get(unit, 2)
        else:
            return part * number * _PIXELS.get(unit, _LETTER)
    return part * _LETTER


def _is_out_of_sight(style: Style) -> bool:
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return True
    if _number(style.get("opacity", ""), 1) == 0 or _CUT.search(
        style.get("clip", style.get("clip-path", ""))
    ):
        return True
    if any((_pixels(style.get(name, "")) or 0) < _FAR for name in _PLACED):
        return True
    shut = any(
        (_pixels(style[name]) or 9) <= 1 or _pixels(style[name]) == 0 for name in _SHUT if name in style
    )
    return shut and ("hidden" in style.get("overflow", "") or "clip" in style.get("overflow", ""))


def _is_doubtful(style: Style) -> bool:
    return (
        "line-through" in style.get("text-decoration", "")
        or style.get("vertical-align") == "sub"
        or "override" in style.get("unicode-bidi", "")
        or style.get("transform", style.get("scale", style.get("rotate", "none"))) != "none"
        or _number(style.get("opacity", ""), 1) < 0.3
        or _number(style.get("zoom", ""), 1) < 0.3
        or (_pixels(style.get("letter-spacing", "")) or 0) < -_TINY
        or style.get("-webkit-text-security", "none") != "none"
        or "opacity(0" in style.get("filter", "")
    )


def _number(said: str, otherwise: float) -> float:
    found = _length(said)
    return otherwise if found is None else found[0] / (100 if found[1] == "%" else 1)


def _is_faint(styles: Sequence[Style]) -> bool:
    """Whether letters are of the colour of what they stand on."""
    ground = WHITE
    for style in reversed(styles):
        ground = shade(style["background"], ground) if "background" in style else ground
    colour = _nearest(styles, "color")
    return alike(shade(colour, ground) if colour else BLACK, ground)


def _is_raised(style: Style) -> bool:
    at = style.get("vertical-align", "")
    if at in {"super", "top", "text-top"}:
        return True
    moved = (_pixels(style.get("top", "")) or 0) < 0 and style.get("position") == "relative"
    return moved or (_pixels(at) or 0) > 0
