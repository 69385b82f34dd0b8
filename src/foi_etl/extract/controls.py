"""What the rows of a page show that is no text of theirs: fields, choices, pictures, what a script writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from foi_etl.extract.raised import ILLEGIBLE, unsure
from foi_etl.text import has_word

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SHOWING: Final = frozenset(
    {"", "text", "number", "search", "tel", "url", "email", "button", "submit", "reset"}
)
"""Types of fields whose value is seen. What a browser does not know it takes for text: those are marked."""
_SILENT: Final = frozenset({"hidden", "checkbox", "radio", "image", "file", "color", "range"})
_WRITES: Final = re.compile(r"document\s*\.\s*write|innerHTML|innerText|textContent|\.\s*(?:html|text)\s*\(")
_SPACER: Final = re.compile(r"[0-2](?:px)?")
"""The size of a picture that only keeps a box from closing."""
_DEEPEST: Final = 500


def tell_controls(tree: LexborHTMLParser) -> bool:
    """Put what is shown in rows by other means than text in its place, or a mark where that is not known.

    Whether there was any.
    """
    told = False
    for node in reversed(tree.css(_CONTROLS)):  # what stands in another before that
        shown = _TOLD[node.tag or ""](node)
        if shown is not None:
            node.replace_with(shown)
            told = True
    figures: dict[int, bool] = {}
    for picture in tree.css("tr img, tr object, tr embed"):
        if not _is_spacer(picture) and _is_in_figure(picture, figures):
            picture.replace_with(ILLEGIBLE)
            told = True
    return told


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


def _is_spacer(picture: LexborNode) -> bool:
    return any(_SPACER.fullmatch(picture.attributes.get(side) or "") for side in ("width", "height"))


def _is_in_figure(picture: LexborNode, figures: dict[int, bool]) -> bool:
    """Whether a picture stands in the box of a figure, where it shows what is not read here."""
    cell: LexborNode | None = picture.parent
    for _ in range(_DEEPEST):
        if cell is None or cell.tag in {"td", "th"}:
            break
        cell = cell.parent
    if cell is None or cell.parent is None or cell.tag not in {"td", "th"}:
        return False
    if cell.mem_id not in figures:
        is_word = cell.css_first("table") is not None or has_word(cell.text())
        figures[cell.mem_id] = not is_word and has_word(cell.parent.text())
    return figures[cell.mem_id]


_TOLD: Final[Mapping[str, Callable[[LexborNode], str | None]]] = {
    "details": _summary,
    "input": _value,
    "select": _chosen,
    "script": _written,
}
_CONTROLS: Final = ", ".join(f"tr {tag}" for tag in _TOLD)
