"""How letters in the tables of a page look: what nobody sees is taken out, what is in doubt is marked.

Only what stands in a row is looked at, and holds no table itself: whole tables may be hidden until a tab is
clicked, and the report with them. Style sheets are followed as far as a page holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from foi_etl.errors import NotAReport
from foi_etl.extract.controls import tell_controls
from foi_etl.extract.raised import ILLEGIBLE, raised, unsure
from foi_etl.extract.styles import LINE, Rule, Style, adds, declared, is_odd, look, may_matter, rules

_STRUCK: Final = {"text-decoration": "line-through"}
_DRAWN: Final = {"transform": "drawn"}
_UNSEEN: Final = {"display": "none"}
_TAGS: Final[Mapping[str, Style]] = {
    **dict.fromkeys(("del", "s", "strike"), _STRUCK),
    **dict.fromkeys(("svg", "mfrac", "msup", "msub", "msubsup", "mroot", "msqrt", "ol"), _DRAWN),
    **dict.fromkeys(
        ("rt", "rp", "canvas", "iframe", "video", "audio", "meter", "progress", "datalist"), _UNSEEN
    ),
    "sup": {"vertical-align": "super"},
    "sub": {"vertical-align": "sub"},
    "bdo": {"unicode-bidi": "override"},
}
"""How letters look by their tags alone."""
_LIBRARY: Final = frozenset(
    {"hide", "hidden", "d-none", "layui-hide", "sr-only", "visually-hidden", "screen-reader-text"}
)
"""Names that libraries of styles have for what is not shown; few pages hold those libraries."""
_ROWS: Final = frozenset({"tr", "tbody", "thead", "tfoot"})
_BLOCKS: Final = _ROWS | {"td", "th", "table", "p", "div", "li"}
_ENDS: Final = _BLOCKS | {"br"}
_COLOURS: Final = frozenset({"color", "background"})
_DIGIT: Final = re.compile(r"\d")
_MAY_BE_ODD: Final = ", ".join(
    ["[hidden]", "[bgcolor]", "font[color]", *_TAGS, *(f".{name}" for name in sorted(_LIBRARY))]
)
_EFFORT: Final = 100_000_000
"""Nodes that are held against selectors, at most: what takes a few seconds."""


def settle(tree: LexborHTMLParser) -> None:
    """Make what the rows of a page say what they show."""
    sheet = _Sheet(tree)
    odd = sheet.odd()
    gone = {node.mem_id: node for node in odd if sheet.of(node).get("display") == "none" and _is_part(node)}
    for node in [one for one in gone.values() if _may_go(one, gone)]:
        node.decompose()
    if tell_controls(tree) or gone:
        odd = sheet.odd()
    for node in odd:
        if _is_part(node):
            _retell(node, sheet)


class _Sheet:
    """What is said of the looks of the nodes of a page."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._told: dict[int, list[Rule]] = {}
        said = [
            rule
            for node in tree.css("style")
            if "print" not in (node.attributes.get("media") or "")
            for rule in rules(node.text())
        ]
        self._odd = list(
            dict.fromkeys(one.selector for one in said if may_matter(one.plain) or may_matter(one.insists))
        )
        if self._odd:
            self._apply(said)

    def _apply(self, said: Sequence[Rule]) -> None:
        nodes = len(self._tree.css("*"))
        if nodes * len(said) > _EFFORT:
            raise NotAReport("the page has more rules of style than can be followed: print it, and read that")
        for rule in sorted(said, key=lambda one: one.weight):
            for node in self._chosen(rule.selector):
                self._told.setdefault(node.mem_id, []).append(rule)

    def _chosen(self, selector: str) -> list[LexborNode]:
        try:
            return self._tree.css(selector)
        except (SelectolaxError, ValueError):
            return []

    def odd(self) -> list[LexborNode]:
        """The nodes whose letters may look otherwise than others."""
        return [
            *(
                node
                for node in self._tree.css("[style]")
                if is_odd(node.attrs["style"] or "", block=node.tag in _BLOCKS)
            ),
            *self._tree.css(_MAY_BE_ODD),
            *(node for selector in self._odd for node in self._chosen(selector)),
        ]

    def of(self, node: LexborNode) -> Style:
        """What is said of one node; of a block, without what raises letters of a line."""
        attributes = node.attributes
        told = self._told.get(node.mem_id, ())
        plain, insists = declared(attributes.get("style") or "")
        style = {**_TAGS.get(node.tag or "", {}), **_of_attributes(attributes)}
        for one in (*(rule.plain for rule in told), plain, *(rule.insists for rule in told), insists):
            style.update(one)
        return (
            {name: value for name, value in style.items() if name not in LINE}
            if node.tag in _BLOCKS
            else style
        )


def _of_attributes(attributes: Mapping[str, str | None]) -> Style:
    style = {}
    if "hidden" in attributes or not _LIBRARY.isdisjoint((attributes.get("class") or "").split()):
        style["display"] = "none"
    for name, meant in (("bgcolor", "background"), ("color", "color")):
        if said := attributes.get(name):
            style[meant] = said.lower()
    return style


def _around(node: LexborNode) -> Iterator[LexborNode]:
    around = node.parent
    while around is not None:
        yield around
        around = around.parent


def _is_part(node: LexborNode) -> bool:
    """Whether a node is a part of an innermost table: its rows, or what stands in them."""
    table = next((one for one in _around(node) if one.tag == "table"), None)
    return table is not None and len(table.css("table")) == 1


def _may_go(node: LexborNode, gone: Mapping[int, LexborNode]) -> bool:
    """Whether a node is the outermost of what is not shown, in a table of which something is."""
    around = list(_around(node))
    if any(one.mem_id in gone for one in around):
        return False
    table = next(one for one in around if one.tag == "table")
    return node.tag not in _ROWS or any(
        row.mem_id not in gone and gone.keys().isdisjoint(one.mem_id for one in _around(row))
        for row in table.css("tr")
    )


def _retell(node: LexborNode, sheet: _Sheet) -> None:
    adding = adds(sheet.of(node))
    for piece in list(node.traverse(include_text=True)):
        if piece.tag != "-text" or not (text := (piece.text_content or "").strip()):
            continue
        looks = "doubtful" if adding else _look_of(piece, sheet)
        if looks == "hidden":
            piece.decompose()
        elif looks == "doubtful":
            piece.replace_with(unsure(text))
        elif looks == "raised" and _is_beside(piece):
            piece.replace_with(raised(text))
    if adding and not _DIGIT.search(node.text()):
        node.insert_child(ILLEGIBLE)


def _look_of(piece: LexborNode, sheet: _Sheet) -> str:
    """How a text looks: by all that is said in its row, and by the colours around that."""
    styles: list[Style] = []
    within = True
    for one in _around(piece):
        within = within and one.tag != "table"
        said = sheet.of(one)
        # What is still there of what is not displayed is a table that is hidden as a whole.
        styles.append(
            {name: said[name] for name in said if (name != "display" if within else name in _COLOURS)}
        )
    return look(styles)


def _is_beside(piece: LexborNode) -> bool:
    """Whether something else is said on the line of a text."""
    return any(_says(piece, way) for way in ("prev", "next"))


def _says(node: LexborNode | None, way: str) -> bool:
    while node is not None and node.tag not in _BLOCKS:
        beside = getattr(node, way)
        while beside is not None and beside.tag not in _ENDS:
            if (beside.text_content if beside.tag == "-text" else beside.text() or "").strip():
                return True
            beside = getattr(beside, way)
        if beside is not None:
            return False
        node = node.parent
    return False
