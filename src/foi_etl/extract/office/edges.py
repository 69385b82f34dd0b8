"""Rows whose boxes are known by their right edges: where columns are, and which boxes hang together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from foi_etl.extract.grid import Box

_SAME: Final = 30
"""Twentieths of a point: edges nearer than this are one; no column of figures is so narrow."""


class Edge(NamedTuple):
    """The right edge of a box, in twentieths of a point, and how it is merged.

    `begins` what hangs from it, `hangs` from the box above it, is `joined` to the one before it, or nothing.
    """

    at: int
    merge: str = ""


@dataclass
class Row:
    """What the boxes of a row say, and how each is set."""

    texts: list[str] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left: int | None = None
    """Where it begins; None where only its right edges are known."""


def boxes(rows: Sequence[Row]) -> list[list[Box]]:
    """Rows of boxes in the columns that all edges of the table make."""
    columns = _columns(edge.at for row in rows for edge in row.edges)
    begin = min((row.left for row in rows if row.left is not None), default=0)
    made: list[list[Box]] = []
    opened: dict[int, tuple[int, int]] = {}
    for row in rows:
        line: list[Box] = []
        made.append(line)
        column = 0
        if row.left is not None and row.left - begin > _SAME:
            column = bisect_right(columns, row.left + _SAME)
            line.append(Box("", 1, max(1, column)))
        for text, (edge, merge) in zip(row.texts, row.edges, strict=False):
            end = bisect_right(columns, edge)
            wide, start, column = max(1, end - column), column, max(end, column + 1)
            if merge == "joined" and line and not text:
                line[-1] = line[-1]._replace(colspan=line[-1].colspan + wide)
            elif merge == "hangs" and start in opened:
                at, place = opened[start]
                made[at][place] = made[at][place]._replace(rowspan=made[at][place].rowspan + 1)
            else:
                opened.pop(start, None)
                line.append(Box(text, 1, wide))
                if merge == "begins":
                    opened[start] = (len(made) - 1, len(line) - 1)
    return made


def _columns(edges: Iterable[int]) -> list[int]:
    """Where columns end: of edges that are one, the first."""
    found: list[int] = []
    for edge in sorted(set(edges)):
        if not found or edge - found[-1] > _SAME:
            found.append(edge)
    return found
