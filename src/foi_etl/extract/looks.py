"""How letters in the tables of a page look: what nobody sees is taken out, what is in doubt is marked.

Only what stands in a row is looked at, and holds no table itself: whole tables may be hidden until a tab is
clicked, and the report with them. Style sheets are followed as far as a page holds them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from foi_etl.errors import NotAReport
from foi_etl.extract.controls import tell_controls
from foi_etl.extract.letters import PLAIN, Letters, adds, is_odd, may_matter, within
from foi_etl.extract.raised import ILLEGIBLE, raised, unsure
from foi_etl.extract.styles import LINE, Rule, Style, declared, rules

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
_DEEPEST: Final = 500
_BESIDE: Final = re.compile(r":nth-|~")
_COUNTING: Final = 20
"""How many nodes beside one are looked at in the time in which another is held against a selector."""
_TELLING: Final = 50
"""How much longer it takes to keep what is said of a node than to hold it against a selector."""
_EFFORT: Final = 100_000_000
"""Nodes that are held against selectors, at most: what takes a few seconds."""


def settle(tree: LexborHTMLParser) -> None:
    """Make what the rows of a page say what they show."""
    sheet = _Sheet(tree)
    tables = _innermost(tree)
    odd = sheet.odd(tables)
    if gone := {i: node for i, node in odd.items() if sheet.of(node).get("display") == "none"}:
        for node in list(_to_go(gone)):
            node.decompose()
    if tell_controls(tree) or gone:
        odd = sheet.odd(tables)
    for node in odd.values():
        if node.first_child is not None and odd.keys().isdisjoint(one.mem_id for one in _around(node)):
            _retell(node, sheet)
    for node in odd.values():
        if adds(sheet.of(node)) and not _DIGIT.search(node.text()):
            node.insert_child(ILLEGIBLE)


def _innermost(tree: LexborHTMLParser) -> frozenset[int]:
    """The tables that hold no other."""
    tables = tree.css("table")
    return frozenset(one.mem_id for one in tables) - {_table(one) for one in tables}


class _Sheet:
    """What is said of the looks of the nodes of a page."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._told: dict[int, list[Rule]] = {}
        self._of: dict[int, Style] = {}
        self._letters: dict[int, Letters] = {}
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
        nodes = self._tree.css("*")
        widest = _widest(nodes)
        effort = sum(_effort(rule.selector, len(nodes), widest) for rule in said)
        for rule in sorted(said, key=lambda one: one.weight):
            if effort > _EFFORT:
                message = "the page has more rules of style than can be followed: print it, and read that"
                raise NotAReport(message)
            chosen = self._chosen(rule.selector)
            effort += _TELLING * len(chosen)
            for node in chosen:
                self._told.setdefault(node.mem_id, []).append(rule)

    def _chosen(self, selector: str) -> list[LexborNode]:
        try:
            return self._tree.css(selector)
        except (SelectolaxError, ValueError):
            return []

    def odd(self, tables: Set[int]) -> dict[int, LexborNode]:
        """The nodes of these tables whose letters may look otherwise than others."""
        styled = (
            node
            for node in self._tree.css("[style]")
            if is_odd(node.attrs["style"] or "", block=node.tag in _BLOCKS)
        )
        chosen = (node for selector in self._odd for node in self._chosen(selector))
        found = chain(styled, self._tree.css(_MAY_BE_ODD), chosen)
        return {node.mem_id: node for node in found if _table(node) in tables}

    def of(self, node: LexborNode) -> Style:
        """What is said of one node; of a block, without what raises letters of a line."""
        if node.mem_id not in self._of:
            attributes = node.attributes
            told = self._told.get(node.mem_id, ())
            plain, insists = declared(attributes.get("style") or "")
            style = {**_TAGS.get(node.tag or "", {}), **_of_attributes(attributes)}
            for one in (*(rule.plain for rule in told), plain, *(rule.insists for rule in told), insists):
                style.update(one)
            left_out = LINE if node.tag in _BLOCKS else frozenset()
            self._of[node.mem_id] = {name: said for name, said in style.items() if name not in left_out}
        return self._of[node.mem_id]

    def letters(self, piece: LexborNode) -> Letters:
        """How a text looks: by all that is said within its table, and by the colours around that."""
        known, path, inside = PLAIN, list[tuple[LexborNode, Style]](), True
        for one in _around(piece):
            if one.mem_id in self._letters:
                known = self._letters[one.mem_id]
                break
            inside = inside and one.tag != "table"
            # What is still there of what is not displayed is a table that is hidden as a whole.
            style = self.of(one)
            inherited = (style.keys() - {"display"}) if inside else (style.keys() & _COLOURS)
            path.append((one, {name: style[name] for name in inherited}))
        for one, style in reversed(path):
            self._letters[one.mem_id] = known = within(known, style)
        return known


def _widest(nodes: Sequence[LexborNode]) -> int:
    """How many nodes stand beside each other, at most."""
    return max(Counter(node.parent.mem_id for node in nodes if node.parent is not None).values(), default=0)


def _effort(selector: str, nodes: int, widest: int) -> int:
    """How many nodes are held against a selector; those beside each, too, where it looks there."""
    each = 1 + selector.count(":") + len(_BESIDE.findall(selector)) * widest // _COUNTING
    held: int = nodes * each ** max(1, selector.count(":has("))
    return min(held, _EFFORT + 1)


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
    for _ in range(_DEEPEST):
        if around is None:
            return
        yield around
        around = around.parent
    raise NotAReport(f"the page nests more than {_DEEPEST} elements, which no browser follows")


def _table(node: LexborNode) -> int:
    """The table around a node; 0 for none."""
    return next((one.mem_id for one in _around(node) if one.tag == "table"), 0)


def _to_go(gone: Mapping[int, LexborNode]) -> Iterator[LexborNode]:
    """The outermost of what is not shown; rows only where others are: else the table is hidden as a whole."""
    shows: dict[int, bool] = {}
    for node in gone.values():
        around = list(_around(node))
        if not gone.keys().isdisjoint(one.mem_id for one in around):
            continue
        table = next(one for one in around if one.tag == "table")
        if node.tag in _ROWS and table.mem_id not in shows:
            shows[table.mem_id] = any(
                gone.keys().isdisjoint({row.mem_id, *(one.mem_id for one in _around(row))})
                for row in table.css("tr")
            )
        if node.tag not in _ROWS or shows[table.mem_id]:
            yield node


def _retell(node: LexborNode, sheet: _Sheet) -> None:
    for piece in list(node.traverse(include_text=True)):
        if piece.tag != "-text" or not (text := piece.text_content or "").strip():
            continue
        looks = sheet.letters(piece).shown()
        if looks == "hidden":
            piece.decompose()
        elif looks == "doubtful":
            piece.replace_with(unsure(text))
        elif looks == "raised" and _is_beside(piece):
            piece.replace_with(raised(text))


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
