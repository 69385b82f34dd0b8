"""What style sheets declare, rule by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

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
_MARK: Final = re.compile(r"([{};])")
_OTHER_MEDIA: Final = re.compile(r"\b(?:print|speech|not)\b|max-(?:device-)?(?:width|height)")
_GROUPED: Final = re.compile(r"[(\[]")
_WAITING: Final = re.compile(
    r":(?:hover|focus|active|visited|target|checked|placeholder|selection|marker)|^$"
)
_PART: Final = re.compile(r"::?(before|after|first-letter|first-line)\b")
_BESIDE: Final = frozenset({"before", "after"})
_NAMED: Final = re.compile(r"[.#][-\w]+|\[[^\]]*\]|:[-\w]+")
_TAG: Final = re.compile(r"[a-z][-\w]*")
_ONE_NAME: Final = {
    "background-color": "background",
    "text-decoration-line": "text-decoration",
    "-webkit-text-fill-color": "color",
    "font": "font-size",
}


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
    pieces = _MARK.split(said)
    for text, mark in zip(pieces[::2], pieces[1::2], strict=False):
        if mark == "{":
            around.append(text.strip().lower())
            block.clear()
        elif mark == ";":
            block.append(text)
        elif around:
            selectors = around.pop()
            if not selectors.startswith("@") and all(map(_holds, around)):
                plain, insists = declared(";".join([*block, text]))
                for one in [selectors] if _GROUPED.search(selectors) else selectors.split(","):
                    yield from _ruled(one.strip(), plain, insists)
            block.clear()


def _ruled(selector: str, plain: Style, insists: Style) -> Iterator[Rule]:
    """A rule, unless it waits for the mouse; what is said of the first letters is taken as said of all."""
    if _WAITING.search(selector):
        return
    if part := _PART.search(selector):
        selector = selector[: part.start()] or "*"
        if part[1] in _BESIDE:
            said = {**plain, **insists}
            plain, insists = {"content": said["content"]} if "content" in said else NOTHING, NOTHING
    if plain or insists:
        yield Rule(selector, _weight(selector), plain, insists)


def _weight(selector: str) -> tuple[int, int, int]:
    named = _NAMED.sub(" ", selector)
    return selector.count("#"), len(_NAMED.findall(selector)) - selector.count("#"), len(_TAG.findall(named))


def _holds(at: str) -> bool:
    return at.startswith(("@media", "@supports", "@layer")) and not _OTHER_MEDIA.search(at)
