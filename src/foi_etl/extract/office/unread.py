"""What stands in a Word document for figures and is no text: pictures, formulas, the numbers of lists.

A reader of letters passes it over, and would take what is left for the whole: such a box is marked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from foi_etl.extract.office.elements import attribute, child, tag, value
from foi_etl.extract.parcel import Parcel
from foi_etl.extract.raised import ILLEGIBLE, is_label

if TYPE_CHECKING:
    from lxml import etree

_NUMBERING: Final = "word/numbering.xml"
_DIGITS_OF_SYMBOLS: Final = re.compile(r"(?:F0|00)?(?:3[0-9]|8[0-9A-Fa-f]|9[0-5])", re.IGNORECASE)
_SET_OTHERWISE: Final = frozenset({"f", "sSup", "sSub", "sSubSup", "sPre", "rad", "limLow", "limUpp", "nary"})
"""Parts of a formula that make another number of its digits."""


def mark_unread(root: etree._Element, parcel: Parcel) -> None:
    """Put `〓` beside what cannot be read, in boxes of figures and blank ones; a label may have a picture."""
    counted = _counted(parcel)
    labels: dict[etree._Element, bool] = {}
    tags = ("drawing", "pict", "object", "oMath", "sym", "instrText", "altChunk", "bdo", "numPr")
    for one in list(root.iter(*(f"{{*}}{name}" for name in tags))):
        cell = next(one.iterancestors("{*}tc"), None)
        if cell is None or not _is_unread(one, counted):
            continue
        if cell not in labels:
            labels[cell] = is_label("".join(node.text or "" for node in cell.iter("{*}t")))
        if not labels[cell]:
            _mark(one)


def _is_unread(one: etree._Element, counted: frozenset[str]) -> bool:
    match tag(one):
        case "sym":
            return bool(_DIGITS_OF_SYMBOLS.fullmatch(attribute(one, "char")))
        case "oMath":
            return any(tag(part) in _SET_OTHERWISE for part in one.iter())
        case "instrText":
            return (one.text or "").split()[:1] in (["EQ"], ["eq"])
        case "bdo":
            return value(one) == "rtl"
        case "numPr":
            return value(child(one, "numId")) in counted
        case "altChunk":
            return True
        case _:
            return any(tag(part) in {"pic", "imagedata"} for part in one.iter())


def _mark(one: etree._Element) -> None:
    """Let a run beside it, or the formula itself, say that something stands here."""
    paragraph = next(one.iterancestors("{*}p", "{*}tc"))
    namespace = paragraph.tag.rpartition("}")[0]
    said = one.makeelement(f"{namespace}}}t")
    said.text = ILLEGIBLE
    if tag(one) == "oMath":
        for node in list(one):
            one.remove(node)
        one.append(said)
        return
    if tag(paragraph) == "tc":
        paragraph = one.makeelement(f"{namespace}}}p")
        one.addnext(paragraph)
    run = one.makeelement(f"{namespace}}}r")
    run.append(said)
    paragraph.append(run)


def _counted(parcel: Parcel) -> frozenset[str]:
    """The lists whose paragraphs are numbered; dots are no numbers."""
    if _NUMBERING not in parcel.members:
        return frozenset()
    root = parcel.xml(_NUMBERING)
    kinds = {
        attribute(one, "abstractNumId"): any(map(_shows, one.iter("{*}lvl")))
        for one in root.iter("{*}abstractNum")
    }
    return frozenset(
        attribute(one, "numId")
        for one in root.iter("{*}num")
        if kinds.get(value(child(one, "abstractNumId"))) or any(map(_shows, one.iter("{*}lvl")))
    )


def _shows(level: etree._Element) -> bool:
    numbered = value(child(level, "numFmt")) not in {"bullet", "none"}
    return numbered and "%" in value(child(level, "lvlText"))
