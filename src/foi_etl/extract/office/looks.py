"""How the runs of a Word document look: what is hidden is taken out, digits nobody can count on are marked.

A digit that is struck out, as white as its paper or too small to be seen is printed for nobody to count on:
its box is withheld. One above the line beside others, or beneath it, is the number of a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from foi_etl.extract.office.elements import attribute, child, flagged, is_on, tag, value
from foi_etl.extract.office.letters import is_apart, is_legible, stands_out
from foi_etl.extract.parcel import Parcel
from foi_etl.extract.raised import raised, unsure

if TYPE_CHECKING:
    from lxml import etree

Look = Mapping[str, str]
"""The properties of a run by name, each as its value says; the colour behind it as `fill`."""

_STYLES: Final = "word/styles.xml"
_USUAL_SIZES: Final = {"sz": 21, "w": 100, "spacing": 0}
"""How large letters are, how wide and how far apart, where nothing is said of it."""
_LOWEST_ROW: Final = 60
"""Twentieths of a point: a row of this height and no more shows nothing of its letters."""
_PICTOGRAMS: Final = re.compile(r"w(?:ing|eb)dings", re.IGNORECASE)
"""Fonts that print a small picture for a digit."""
_LIGHT: Final = frozenset({"background1", "light1", "bg1", "lt1"})
_WHITE: Final = "FFFFFF"
_MOST_STYLES: Final = 20


def settle(root: etree._Element, parcel: Parcel) -> None:
    """Make the text of a document what it shows."""
    styles = _Styles(parcel)
    for paragraph in root.iter("{*}p"):
        _settle(paragraph, styles)
    for row in list(root.iter("{*}tr")):
        _settle_row(row)


def _settle_row(row: etree._Element) -> None:
    """A hidden row, or one that was deleted, is taken out; the digits of one that is too low are not told."""
    properties = child(row, "trPr")
    height = child(properties, "trHeight")
    if flagged(child(properties, "hidden")) or child(properties, "del") is not None:
        row.getparent().remove(row)
    elif attribute(height, "hRule") == "exact" and 0 < _number(value(height), 0) <= _LOWEST_ROW:
        _unsay(row.iter("{*}t"))


def _settle(paragraph: etree._Element, styles: _Styles) -> None:
    runs = list(_runs(paragraph))
    _unsay_codes(runs)
    own, level = styles.of_paragraph(paragraph), False
    off: list[etree._Element] = []
    for run in runs:
        said = [node for node in run if tag(node) == "t"]
        look = own | styles.of_run(run) if said else own
        if is_on(look.get("vanish")):
            for node in said:
                node.text = ""
        elif _is_doubtful(look, run):
            _unsay(said)
        elif _is_off_the_line(look):
            off += said
        else:
            level = level or any((node.text or "").strip() for node in said)
    for node in off if level else ():
        node.text = raised(node.text or "")


def _runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph, without those of paragraphs in it: a text box holds such."""
    stack = list(reversed(paragraph))
    while stack:
        one = stack.pop()
        if tag(one) == "p":
            continue
        if tag(one) == "r":
            yield one
        stack.extend(reversed(one))


def _unsay_codes(runs: Sequence[etree._Element]) -> None:
    """Take out what fields are made from: their result is printed, their code is not."""
    codes: list[list[etree._Element] | None] = []
    """For each open field what its code has said, or nothing once its result has begun."""
    for node in (node for run in runs for node in run if tag(node) in {"fldChar", "t"}):
        kind = attribute(node, "fldCharType")
        if kind == "begin":
            codes.append([])
        elif kind and codes:
            for said in codes.pop() or ():
                said.text = ""
            codes += [None] if kind == "separate" else []
        elif not kind and any(code is not None for code in codes):
            next(code for code in codes if code is not None).append(node)


def _unsay(nodes: Iterable[etree._Element]) -> None:
    for node in nodes:
        node.text = unsure(node.text or "")


def _is_doubtful(look: Look, run: etree._Element) -> bool:
    struck = is_on(look.get("strike")) or is_on(look.get("dstrike"))
    legible = is_legible(*(_number(look.get(name), usual) for name, usual in _USUAL_SIZES.items()))
    pictogram = bool(_PICTOGRAMS.search(look.get("rFonts", "")))
    return struck or not legible or pictogram or not _stands_out(look, run)


def _stands_out(look: Look, run: etree._Element) -> bool:
    """Whether the letters are seen on what is behind them: a marker, a shade of the run or its box."""
    colour = look.get("color", "").replace("auto", "")
    marker = look.get("highlight", "").replace("none", "")
    fill = look.get("fill", "auto").replace("auto", "")
    return stands_out(colour, marker, fill or (_shade(run) if colour else ""))


def _shade(run: etree._Element) -> str:
    """The colour behind the paragraph or the box that a run stands in."""
    for one in run.iterancestors("{*}p", "{*}tc", "{*}tbl"):
        if fill := _fill(child(one, f"{tag(one)}Pr", "shd")):
            return fill
    return ""


def _fill(shade: etree._Element | None) -> str:
    said = attribute(shade, "color" if value(shade) == "solid" else "fill")
    return "" if said == "auto" else said


def _is_off_the_line(look: Look) -> bool:
    off = look.get("vertAlign") in {"superscript", "subscript"}
    return off or is_apart(_number(look.get("position"), 0))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else otherwise


class _Styles:
    """The look that the styles of a document give to its runs."""

    def __init__(self, parcel: Parcel) -> None:
        root = parcel.xml(_STYLES) if _STYLES in parcel.members else None
        named = {} if root is None else {attribute(one, "styleId"): one for one in root.iter("{*}style")}
        self._usual = _look(child(child(root, "docDefaults"), "rPrDefault", "rPr"))
        self._looks = {name: _with_bases(one, named) for name, one in named.items()}
        for name, one in named.items():
            if attribute(one, "type") == "paragraph" and is_on(attribute(one, "default")):
                self._looks[""] = self._looks[name]

    def of_paragraph(self, paragraph: etree._Element) -> dict[str, str]:
        """How the runs of a paragraph look that say nothing of their own."""
        # Its properties come first: a paragraph of many runs is not searched for them.
        first = paragraph[0] if len(paragraph) else None
        name = value(child(first, "pStyle")) if first is not None and tag(first) == "pPr" else ""
        return self._usual | self._looks.get(name, {})

    def of_run(self, run: etree._Element) -> dict[str, str]:
        """What a run says of its own look, its style included."""
        direct = _look(child(run, "rPr"))
        return self._looks.get(direct.get("rStyle") or "-", {}) | direct


def _with_bases(style: etree._Element, styles: Mapping[str, etree._Element]) -> dict[str, str]:
    look: dict[str, str] = {}
    one: etree._Element | None = style
    for _ in range(_MOST_STYLES):
        if one is None:
            break
        look = _look(child(one, "rPr")) | look
        one = styles.get(value(child(one, "basedOn")))
    return look


def _look(properties: etree._Element | None) -> dict[str, str]:
    look: dict[str, str] = {}
    for one in properties if properties is not None else ():
        look[tag(one)] = value(one) or "on"
        if tag(one) == "shd":
            look["fill"] = _fill(one) or "auto"
        elif tag(one) == "rFonts":
            look["rFonts"] = attribute(one, "ascii") + attribute(one, "hAnsi")
        elif (
            tag(one) == "color"
            and attribute(one, "themeColor") in _LIGHT
            and not attribute(one, "themeShade")
        ):
            look["color"] = _WHITE
        elif tag(one) == "textFill":
            look |= _filled(one)
    return look


def _filled(fill: etree._Element) -> dict[str, str]:
    """The colour that a newer Word fills letters with, which the older property does not say."""
    if child(fill, "noFill") is not None:
        return {"vanish": "on"}
    plain = child(fill, "solidFill", "srgbClr")
    scheme = child(fill, "solidFill", "schemeClr")
    if plain is not None:
        return {"color": value(plain)}
    return {"color": _WHITE} if value(scheme) in _LIGHT and not len(scheme or ()) else {}
