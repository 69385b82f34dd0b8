"""What the rows of a page show that is no text of theirs: fields, choices, pictures, what a script writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from foi_etl.extract.raised import ILLEGIBLE, unsure

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SHOWING: Final = frozenset(
    {"", "text", "number", "search", "tel", "url", "email", "button", "submit", "reset"}
)
"""Types of fields whose value is seen. What a browser does not know it takes for text: those are marked."""
_SILENT: Final = frozenset({"hidden", "checkbox", "radio", "image", "file", "color", "range"})
_WRITES: Final = re.compile(r"document\s*\.\s*write|innerHTML|innerText|textContent|\.\s*(?:html|text)\s*\(")
_SPACER: Final = 2
"""Pixels: a picture no larger keeps a box from closing."""
_WORD: Final = re.compile(r"[\u3400-\u9fff]")


def tell_controls(tree: LexborHTMLParser) -> bool:
    """Put what is shown in rows by other means than text in its place, or a mark; whether there was any."""
    controls = tree.css(_CONTROLS)
    for node in controls:
        shown = _TOLD[node.tag or ""](node)
        if shown is not None:
            node.replace_with(shown)
    return bool(controls)


def _value(field: LexborNode) -> str:
    kind = (field.attributes.get("type") or "").lower().strip()
    value = field.attributes.get("value") or ""
    if kind in _SILENT:
        return ""
    if kind not in _SHOWING:
        return ILLEGIBLE
    return value or unsure(field.attributes.get("placeholder") or "")


def _chosen(choice: LexborNode) -> str:
    options = choice.css("option")
    if "multiple" in choice.attributes or "size" in choice.attributes:
        return ILLEGIBLE
    chosen = [one for one in options if "selected" in one.attributes][-1:] or options[:1]
    return (chosen[0].attributes.get("label") or chosen[0].text()) if chosen else ""


def _summary(fold: LexborNode) -> str | None:
    """Of what is folded away only the summary is seen; a table in it is read as one under a tab is."""
    if "open" in fold.attributes or fold.css_first("table") is not None:
        return None
    summary = next((child for child in fold.iter() if child.tag == "summary"), None)
    return summary.text() if summary is not None else ""


def _written(script: LexborNode) -> str | None:
    return ILLEGIBLE if _WRITES.search(script.text()) else None


def _pictured(picture: LexborNode) -> str | None:
    """A picture in the box of a figure shows what is not read here."""
    sizes = [(picture.attributes.get(side) or "").removesuffix("px") for side in ("width", "height")]
    if any(size.isdecimal() and int(size) <= _SPACER for size in sizes):
        return None
    cell: LexborNode | None = picture.parent
    while cell is not None and cell.tag not in {"td", "th"}:
        cell = cell.parent
    if cell is None or cell.css_first("table") is not None or _WORD.search(cell.text()):
        return None
    return ILLEGIBLE if cell.parent is not None and _WORD.search(cell.parent.text()) else None


_TOLD: Final[Mapping[str, Callable[[LexborNode], str | None]]] = {
    "details": _summary,
    "input": _value,
    "select": _chosen,
    "script": _written,
    "img": _pictured,
    "object": _pictured,
    "embed": _pictured,
}
_CONTROLS: Final = ", ".join(f"tr {tag}" for tag in _TOLD)
