"""JSON as portals send it: wrapped in a call, with raw control characters, with nulls that are words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from foi_etl.text import squash

if TYPE_CHECKING:
    from collections.abc import Sequence

_CALLBACK = re.compile(r"^\s*[\w.$]+\s*\((.*)\)\s*;?\s*$", re.DOTALL)
_NOTHING = {"null", "undefined", "None"}


def loads(text: str) -> object:
    """What an answer holds; None where it is no JSON."""
    wrapped = _CALLBACK.match(text)
    try:
        return json.loads(wrapped[1] if wrapped else text.removeprefix("\ufeff"), strict=False)
    except json.JSONDecodeError:
        return None


def dig(value: object, *path: str) -> object:
    """What lies at the end of a path of names; JSON that was sent as text is opened on the way."""
    for name in path:
        if isinstance(value, str) and value[:1] in {"{", "["}:
            value = loads(value)
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def items(value: object) -> Sequence[dict[str, object]]:
    """The records of a list, be it a list or the text of one; whatever is no record is left out."""
    opened = loads(value) if isinstance(value, str) else value
    return [item for item in opened if isinstance(item, dict)] if isinstance(opened, list) else []


def words(value: object) -> str:
    """A value as words: markup and entities resolved, and no word where it says null."""
    text = "" if value is None else str(value)
    if "<" in text or "&" in text:
        text = BeautifulSoup(text, "lxml").get_text()
    said = squash(text)
    return "" if said in _NOTHING else said


def first(record: dict[str, object], *names: str) -> str:
    """The first of these fields that says something."""
    return next(filter(None, (words(record.get(name)) for name in names)), "")


def count(value: object) -> int:
    """A number, however it was sent; 0 where it is none."""
    text = words(value)
    return int(text) if text.isdecimal() else 0
