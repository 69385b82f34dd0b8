"""Whether the counts of a report are of the size of those that speak for as many as it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import numpy as np

from foi_etl.owed import AGGREGATES
from foi_etl.rules import LooseRule
from foi_etl.validate.grid import Floats, Grid, Ints

_NOISE: Final = 0.05
"""Where all are alike, a deviation is measured by this."""


def away(rule: LooseRule, grid: Grid, peers: Mapping[str, str]) -> tuple[Floats, Floats]:
    """How many deviations a count is from those of its scope, and from those of the other; nan if untestable.

    Held against each other are reports of one level, kind and year that speak for all below, and those that
    speak for one organ: where there are enough of both, and they are of clearly different size.
    """
    values = grid.column(rule.cell)
    logs = np.log1p(np.maximum(np.nan_to_num(values), 0))
    own, other = np.full((2, grid.height), np.nan)
    for rows in _groups(grid, np.flatnonzero(~np.isnan(values)), peers):
        whole = np.array([grid.scopes[row] in AGGREGATES for row in rows], dtype=bool)
        sides = rows[whole], rows[~whole]
        if min(len(side) for side in sides) < rule.bound("least"):
            continue
        middles = [float(np.median(logs[side])) for side in sides]
        if middles[0] - middles[1] < np.log(rule.bound("apart")):
            continue
        for mine, theirs in ((0, 1), (1, 0)):
            own[sides[mine]] = deviations(logs, sides[mine], sides[mine])
            other[sides[mine]] = deviations(logs, sides[mine], sides[theirs])
    return own, other


def _groups(grid: Grid, rows: Ints, peers: Mapping[str, str]) -> list[Ints]:
    """Rows by level, kind and year; a government and its office are of one kind."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in rows.tolist():
        if grid.scopes[row] and (standing := peers.get(grid.agencies[row])):
            kind = "/".join(standing.split("/")[:2]).removesuffix("_office")
            groups[kind, int(grid.years[row])].append(row)
    return [np.array(listed) for listed in groups.values()]


def deviations(logs: Floats, rows: Ints, among: Ints) -> Floats:
    """How many robust deviations (Iglewicz and Hoaglin) these are from the middle of those."""
    middle = np.median(logs[among])
    spread = max(float(np.median(np.abs(logs[among] - middle))), _NOISE)
    made: Floats = 0.6745 * (logs[rows] - middle) / spread
    return made
