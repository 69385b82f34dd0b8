"""Figures and texts that are another report's: last year's, or another agency's."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foi_etl.model import Finding, Tally
from foi_etl.rules import LooseRule, Rules
from foi_etl.validate.cross import Crossed
from foi_etl.validate.grid import Grid

Sketch = npt.NDArray[np.uint64]
Key = tuple[str, int]
"""Agency and year."""
_LENGTH: Final = 5
_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 1], np.uint64
)
_BANDS: Final = 12
"""How many of the smallest hashes of a text may bring it together with another."""
_CROWD: Final = 50
"""More texts than this under one hash share a phrase, not a text."""


class Likeness(NamedTuple):
    """How like two texts are: 1 for the same sets of five characters in a row, figures left out."""

    of: Key
    to: Key
    similarity: float


def sketch(text: str) -> Sketch:
    """The hashes of all five characters in a row, figures and spaces left out, sorted and each once."""
    letters = "".join(char for char in text if not char.isspace() and not char.isdigit())
    if len(letters) < _LENGTH:
        return np.array([], np.uint64)
    codes = np.frombuffer(letters.encode("utf-32-le"), np.uint32).astype(np.uint64)
    size = codes.size - _LENGTH + 1
    hashes = np.zeros(size, np.uint64)
    with np.errstate(over="ignore"):
        for place, factor in enumerate(_FACTORS):
            hashes += codes[place : place + size] * factor
        hashes ^= hashes >> np.uint64(29)
        hashes *= np.uint64(0xBF58476D1CE4E5B9)
        hashes ^= hashes >> np.uint64(32)
    return np.unique(hashes)


def similarity(one: Sketch, other: Sketch) -> float:
    """The share of what either has that both have; 0 where one has nothing."""
    if not one.size or not other.size:
        return 0.0
    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both)


def likenesses(texts: Mapping[Key, str], rules: Rules) -> tuple[list[Likeness], list[Likeness]]:
    """Every text against last year's, and against its nearest neighbour of its own year where one is near."""
    least = {rule.id: rule.bound("least") for rule in rules.of("copies")}
    long = min(least.get("S3_text_last_year", 0), least.get("S4_text_sibling", 0))
    sketches = {key: sketch(text) for key, text in sorted(texts.items()) if len(text) >= long}
    before = [
        Likeness((agency, year), (agency, year - 1), similarity(mine, sketches[agency, year - 1]))
        for (agency, year), mine in sketches.items()
        if (agency, year - 1) in sketches
    ]
    return before, list(_nearest(sketches))


def _nearest(sketches: Mapping[Key, Sketch]) -> Iterator[Likeness]:
    crowds: dict[tuple[int, int], list[Key]] = defaultdict(list)
    for key, mine in sketches.items():
        for small in mine[:_BANDS].tolist():
            crowds[key[1], small].append(key)
    pairs = {pair for crowd in crowds.values() if 1 < len(crowd) <= _CROWD for pair in combinations(crowd, 2)}
    best: dict[Key, Likeness] = {}
    for one, other in sorted(pairs):
        alike = similarity(sketches[one], sketches[other])
        for of, to in ((one, other), (other, one)):
            if of not in best or alike > best[of].similarity:
                best[of] = Likeness(of, to, alike)
    yield from (best[key] for key in sorted(best))


def copied(grid: Grid, texts: Mapping[Key, str], rules: Rules) -> Iterator[Crossed]:
    """The rules about copies."""
    by_id = {rule.id: rule for rule in rules.of("copies")}
    before, siblings = likenesses(texts, rules)
    if rule := by_id.get("S1_last_year"):
        yield _same_as_before(rule, grid)
    if rule := by_id.get("S2_sibling"):
        yield _same_as_another(rule, grid)
    if rule := by_id.get("S3_text_last_year"):
        yield _alike(rule, before, len(before), len(texts))
    if rule := by_id.get("S4_text_sibling"):
        long = sum(len(text) >= rule.bound("least") for text in texts.values())
        yield _alike(rule, siblings, long, len(texts))


def _alike(rule: LooseRule, found: Iterable[Likeness], tested: int, among: int) -> Crossed:
    close = [one for one in found if one.similarity >= rule.bound("similar")]
    told = tuple((*one.of, _finding(rule, one.to, f"{one.similarity:.3f} alike")) for one in close)
    return Crossed(rule.id, Tally(tested - len(told), len(told), among - tested), told)


def _figures(grid: Grid) -> tuple[list[bytes], npt.NDArray[np.int64]]:
    """What the cells of each report that are not zero come down to, and how many they are."""
    places = sorted((name, place) for name, place in grid.cells.items() if name[:3] in {"t2_", "t3_", "t4_"})
    filled = np.nan_to_num(grid.values[:, [place for _, place in places]])
    words = [hashlib.blake2b(row.tobytes(), digest_size=12).digest() for row in np.ascontiguousarray(filled)]
    return words, np.count_nonzero(filled, axis=1)


def _same_as_before(rule: LooseRule, grid: Grid) -> Crossed:
    words, counts = _figures(grid)
    due = [row for row in range(grid.height) if grid.before[row] >= 0 and counts[row] >= rule.bound("least")]
    same = [row for row in due if words[row] == words[int(grid.before[row])]]
    told = tuple(_row(rule, grid, row, int(grid.before[row]), int(counts[row])) for row in same)
    return Crossed(rule.id, Tally(len(due) - len(same), len(same), grid.height - len(due)), told)


def _same_as_another(rule: LooseRule, grid: Grid) -> Crossed:
    words, counts = _figures(grid)
    due = [row for row in range(grid.height) if counts[row] >= rule.bound("least")]
    groups: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for row in due:
        groups[int(grid.years[row]), words[row]].append(row)
    twins = [rows for rows in groups.values() if len(rows) > 1]
    told = tuple(_row(rule, grid, row, _other(rows, row), int(counts[row])) for rows in twins for row in rows)
    return Crossed(rule.id, Tally(len(due) - len(told), len(told), grid.height - len(due)), told)


def _other(rows: Sequence[int], row: int) -> int:
    return next(one for one in rows if one != row)


def _row(rule: LooseRule, grid: Grid, row: int, other: int, cells: int) -> tuple[str, int, Finding]:
    to = (grid.agencies[other], int(grid.years[other]))
    return grid.agencies[row], int(grid.years[row]), _finding(rule, to, f"{cells} cells alike")


def _finding(rule: LooseRule, to: Key, how: str) -> Finding:
    message = f"{rule.english}; here they are those of {to[0]} {to[1]}, {how}"
    return Finding(rule.id, rule.weight, message, right=f"{to[0]}/{to[1]}", diagnosis=how)
