"""Rules that a report breaks beside others of its year, told by plain sums over what they print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log1p
from statistics import median
from typing import Final, NamedTuple

from foi_etl.practice.doubts import DoubtfulReport
from foi_etl.practice.fates import AGGREGATES, Key

_ENOUGH: Final = 30
"""Reports that speak for one organ, and as many that speak for all below: fewer are not compared."""
_FAR: Final = 3
_NEAR: Final = 1
"""Deviations from reports of the same scope, and from those of the other."""


class Beside:
    """All reports so far."""

    def __init__(self) -> None:
        self._same: dict[tuple[str, int, int], list[Key]] = defaultdict(list)
        self._sizes: dict[tuple[str, str, int], tuple[list[_Size], list[_Size]]] = defaultdict(
            lambda: ([], [])
        )

    def take(self, one: DoubtfulReport) -> None:
        """One more report."""
        key = one.agency_id, one.year
        counts = tuple((cell, value) for cell, value in sorted(one.figures.items()) if value)
        if len(counts) >= 8 and "s" not in one.editions:
            self._same["S2_sibling", one.year, hash(counts)].append(key)
        self._same["S4_text_sibling", one.year, hash(one.text[-600:])].append(key)
        if (received := one.figures.get("t3_new_received_total")) is not None:
            sides = self._sizes[one.level, one.kind.removesuffix("_office"), one.year]
            size = _Size(key, log1p(float(received)), bool(one.injected))
            sides[one.paper.scope in AGGREGATES].append(size)

    def found(self) -> Iterator[tuple[str, Key]]:
        """The rules that they break, each with who breaks it."""
        for (rule, _, _), keys in self._same.items():
            yield from ((rule, key) for key in keys if len(keys) > 1)
        for sides in self._sizes.values():
            for own, other in (sides, sides[::-1]) if min(map(len, sides)) >= _ENOUGH else ():
                yield from (("O2_new_received", key) for key in _of_other_size(own, other))


class _Size(NamedTuple):
    key: Key
    log: float
    injected: bool


def _of_other_size(own: Sequence[_Size], other: Sequence[_Size]) -> Iterator[Key]:
    """Reports into which something was injected, and now are of the size of those of the other scope."""
    for one in own:
        if one.injected and _away(one, own) > _FAR and _away(one, other) <= _NEAR:
            yield one.key


def _away(one: _Size, side: Sequence[_Size]) -> float:
    """How many robust deviations a report is from the middle of these."""
    middle = median(each.log for each in side)
    return abs(one.log - middle) / (median(abs(each.log - middle) for each in side) / 0.6745)
