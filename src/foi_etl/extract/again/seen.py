"""A page's tables without what nobody sees, and with what their fields show, for the second reader.

It knows the everyday ways only, and selectors of one name. Where the first reader knows more, the two differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from foi_etl.extract.raised import raised

_GONE: Final = re.compile(r"(?:^|;)(?:display:none|content-visibility:hidden)")
_EMPTY: Final = re.compile(
    r"(?:^|;)(?:visibility:hidden|opacity:0(?:\.0*)?(?:;|!|$)|font-size:0(?:[a-z%;!]|$))"
)
_OTHERWISE: Final = re.compile(r"font|visib", re.IGNORECASE)
_ABOVE: Final = re.compile(r"(?:^|;)vertical-align:super")
_RULE: Final = re.compile(r"([^{}]*)\{([^{}]*)\}")
_AT: Final = re.compile(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
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
    nodes = [(node, look) for node, look in _looks(root) if _is_inner(node)]
    for node, look in nodes:
        _DO[look](node)
    for node in _partly(node for node, look in nodes if look == "gone"):
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
    for sheet in sheets:
        for selectors, block in _RULE.findall(_AT.sub("", sheet).lower()):
            if look := _look_of(block):
                yield from (
                    (found[1], look) for one in selectors.split(",") if (found := _NAME.match(one.strip()))
                )


@lru_cache(maxsize=4096)
def _look_of(style: str) -> str:
    bare = re.sub(r"\s+", "", style.lower())
    if _GONE.search(bare):
        return "gone"
    if _EMPTY.search(bare):
        return "empty"
    return "above" if _ABOVE.search(bare) else ""


def _is_inner(node: Any) -> bool:
    """Whether a node stands in a table that holds no other."""
    table = next(node.iterancestors("table"), None)
    return table is not None and next(table.iterdescendants("table"), None) is None


def _partly(gone: Iterable[Any]) -> Iterator[Any]:
    """What is gone of tables of which something is left: those that are hidden as a whole are read."""
    unseen = set(gone)
    for node in unseen:
        rows = next(node.iterancestors("table")).iter("tr")
        if any(row not in unseen and unseen.isdisjoint(row.iterancestors()) for row in rows):
            yield node


def _raise(node: Any) -> None:
    """The digits of a node, above the line, where anything else is said in its box."""
    box = next(node.iterancestors("td", "th"), None)
    if box is None or "".join(box.itertext()).strip() == "".join(node.itertext()).strip():
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
    node.text = ""
    for child in node:
        child.tail = ""
        if not _OTHERWISE.search(child.get("style", "")):
            _empty(child)


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
