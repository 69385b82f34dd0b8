"""The XML of Office by the names of its elements alone: two namespaces are in use for the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml import etree

_OFF: Final = frozenset({"", "0", "false", "off", "none"})


def tag(node: etree._Element) -> str:
    """The name of an element without its namespace; comments have none."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def child(node: etree._Element | None, *names: str) -> etree._Element | None:
    """The first element of this name in it, and in that the first of the next name."""
    for name in names:
        node = None if node is None else next((one for one in node if tag(one) == name), None)
    return node


def attribute(node: etree._Element | None, name: str) -> str:
    """What an attribute says, whatever its namespace; nothing where it is not there."""
    items = () if node is None else node.items()
    return next((said for key, said in items if key.rpartition("}")[2] == name), "")


def value(node: etree._Element | None) -> str:
    """What `w:val` says."""
    return attribute(node, "val")


def is_on(said: str | None) -> bool:
    """Whether a property with this value holds."""
    return (said or "").lower() not in _OFF


def flagged(node: etree._Element | None) -> bool:
    """Whether a property stands there that holds unless it says otherwise."""
    return node is not None and is_on(value(node) or "on")
