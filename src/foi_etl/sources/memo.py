"""What a family wants to know again: small words that travel with an ask and come back with its answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foi_etl.model import Ask

DEPTH = "depth"


def remember(**words: str | int) -> str:
    """The words as the memo of an ask."""
    return json.dumps({name: word for name, word in words.items() if word}, ensure_ascii=False)


def number(ask: Ask, name: str) -> int:
    """A number the ask took with it; 0 where it took none."""
    found = _words(ask).get(name)
    return found if isinstance(found, int) else 0


def word(ask: Ask, name: str) -> str:
    """A word the ask took with it; empty where it took none."""
    found = _words(ask).get(name)
    return found if isinstance(found, str) else ""


def _words(ask: Ask) -> dict[str, object]:
    words = json.loads(ask.memo) if ask.memo.startswith("{") else {}
    return words if isinstance(words, dict) else {}
