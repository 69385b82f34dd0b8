"""What `piece.json` says: which years and agencies stand where in a piece, and what proves its files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

CARD: Final = "piece.json"
Group = tuple[int, int, str, str]
"""Of a stream of rows: the year, the rows, the first and the last agency."""


@dataclass(frozen=True, slots=True)
class Card:
    """What `piece.json` says."""

    version: str
    """Of the readers and the schemas it was made by."""
    captures: int
    groups: Mapping[str, tuple[Group, ...]]
    starts: Mapping[str, Sequence[int]]
    """Where in its file each group begins."""
    files: Mapping[str, str]
    """SHA-256 of each file."""
    tally: Mapping[str, int]
    """What was read, counted."""

    def written(self) -> bytes:
        """The card as JSON."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False, default=dict).encode()

    @classmethod
    def read(cls, text: bytes) -> Card:
        """The card from JSON; ValueError, KeyError or TypeError where it is none."""
        fields: dict[str, Any] = json.loads(text)
        groups = {
            name: tuple((int(y), int(n), str(first), str(last)) for y, n, first, last in told)
            for name, told in fields.pop("groups").items()
        }
        return cls(groups=groups, **fields)
