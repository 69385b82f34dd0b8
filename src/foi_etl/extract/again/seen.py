"""A page's tables without what nobody sees, and with what their fields show, for the second reader.

It knows the everyday ways only, and selectors of one name. Where the first reader knows more, the two differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from lxml import etree

from foi_etl.extract.raised import raised

_GONE: Final = re.compile(r"(?:^|;)(?:display:none|content-visibility:hidden)")
_EMPTY: Final = re.compile(
    r"(?:^|;)(?:visibility:hidden|opacity:0(?:\.0*)?(?:;|!|$)|font-size:0(?:[a-z%;!]|$))"
)
_OTHERWISE: Final = re.compile(r"font|visib", re.IGNORECASE)
_ABOVE: Final = re.compile(r"(?:^|;)vertical-align:super")
_NOTE: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAME: Final = re.compile(r"^(?:[a-z]+ +)?[a-z]*([.#][-\w]+)$")
_FIELDS: Final = frozenset({"", "text", "number"})
_TAGS: Final = {
    "rt": "gone",
    "rp": "gone",
    "sup": "above",
    "input": "told",
    "select": "told",
    "details": "told",
}
_STYLES: Final = etree.XPath("//@style", smart_strings=False)
_STYLED: Final = etree.XPath("//*[@style]")
_NAMED: Final = etree.XPath("//*[@class or @id]")
_HIDDEN: Final = etree.XPath("//*[@hidden]")


def only_seen(root: Any) -> None:
    """Take out of the innermost tables of a page what is not shown, and raise what is set above the line."""
    looks = list(_looks(root))
    if not looks:
        return
    tables = list(root.iter("table"))
    inner = {*tables} - {next(one.iterancestors("table"), None) for one in tables}
    nodes = [(node, look) for node, look in looks if next(node.iterancestors("table"), None) in inner]
    for node, look in nodes:
        _DO[look](node)
    for node in _partly({node for node, look in nodes if look == "gone"}):
        _drop(node)


def _looks(root: Any) -> Iterator[tuple[Any, str]]:
    yield from ((node, _TAGS[node.tag]) for node in root.iter(*_TAGS))
    yield from ((node, "gone") for node in _HIDDEN(root))
    if any(map(_look_of, set(_STYLES(root)))):
        yield from ((node, look) for node in _STYLED(root) if (look := _look_of(node.get("style"))))
    if told := dict(_of_sheets(node.text or "" for node in root.iter("style"))):
        for node in _NAMED(root):
            names = {f"#{node.get('id', '')}", *(f".{one}" for one in node.get("class", "").split())}
            yield from ((node, told[name.lower()]) for name in names if name.lower() in told)


def _of_sheets(sheets: Iterable[str]) -> Iterator[tuple[str, str]]:
    """How the names look that rules are about, but for rules that begin what holds elsewhere."""
    for rule in "".join(sheets).lower().split("}"):
        selectors, _, block = _NOTE.sub("", rule).rpartition("{")
        if "@" not in selectors and (look := _look_of(block)):
            names = (_NAME.match(one.strip()) for one in selectors.split(","))
            yield from ((name[1], look) for name in names if name)


@lru_cache(maxsize=4096)
def _look_of(style: str) -> str:
    bare = re.sub(r"\s+", "", style.lower())
    if _GONE.search(bare):
        return "gone"
    if _EMPTY.search(bare):
        return "empty"
    return "above" if _ABOVE.search(bare) else ""


def _partly(gone: Set[Any]) -> Iterator[Any]:
    """What is gone of tables of which something is left: those that are hidden as a whole are read."""
    left = dict[Any, bool]()
    for node in gone:
        table = next(node.iterancestors("table"))
        if table not in left:
            left[table] = any(gone.isdisjoint([row, *row.iterancestors()]) for row in table.iter("tr"))
        if left[table]:
            yield node


def _raise(node: Any) -> None:
    """The digits of a node, above the line, where anything else is said in its box."""
    box = next(node.iterancestors("td", "th"), None)
    own = sum(len(text.strip()) for text in node.itertext())
    if box is None or all(said <= own for said in accumulate(len(text.strip()) for text in box.itertext())):
        return
    for one in node.iter():
        one.text = raised(one.text or "")
        if one is not node:
            one.tail = raised(one.tail or "")


def _show(field: Any) -> None:
    """The value of a field, the option that is chosen, the summary of what is folded away."""
    if field.get("open") is not None:
        return
    if field.tag == "input":
        shown = field.get("value", "") if field.get("type", "").lower() in _FIELDS else ""
    elif field.tag == "select":
        options = list(field.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        shown = "".join(chosen[-1].itertext()) if chosen else ""
    else:
        shown = "".join(text for one in field.iterchildren("summary") for text in one.itertext())
    _clear(field)
    field.text = shown


def _empty(node: Any) -> None:
    """Take the words out of a node, but not out of what is set otherwise in it."""
    emptied = [node]
    while emptied:
        node = emptied.pop()
        node.text = ""
        for child in node:
            child.tail = ""
            if not _OTHERWISE.search(child.get("style", "")):
                emptied.append(child)


def _clear(node: Any) -> None:
    for child in list(node):
        node.remove(child)
    node.text = ""


def _drop(node: Any) -> None:
    """Take a node out, but not the text behind it."""
    outer, before = node.getparent(), node.getprevious()
    if outer is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (node.tail or "")
    else:
        outer.text = (outer.text or "") + (node.tail or "")
    outer.remove(node)


_DO: Final[Mapping[str, Callable[[Any], None]]] = {
    "gone": lambda _: None,
    "empty": _empty,
    "above": _raise,
    "told": _show,
}
