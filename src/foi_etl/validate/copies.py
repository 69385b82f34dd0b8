"""Figures and texts that are another report's: last year's, or another agency's."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foi_etl.model import Finding
from foi_etl.rules import LooseRule, Rules
from foi_etl.validate.cross import Crossed, told
from foi_etl.validate.grid import Floats, Grid, Ints
from foi_etl.validate.sketches import NOTHING, Sketch, nearest, similarities, sketch

TEXTS: Final = ("overview", "problems")
"""Sections one and five: what they say is the agency's own."""


class Figures(NamedTuple):
    """What the cells of each report that are not zero come down to, and how many they are."""

    words: list[bytes]
    counts: Ints


class Likeness(NamedTuple):
    """How like the text of each report is to others, 0 to 1; nan where there is nothing to compare."""

    before: Floats
    """To last year's, whomever that speaks for."""
    sibling: Ints
    """The report of its year that is nearest; -1 where none is near."""
    nearest: Floats
    """To that one."""


_Near = tuple[int, Ints, Floats]
"""Which year it is; and of each of its reports the one that is nearest, and how near."""


def sketch_of(sections: Mapping[str, str], rules: Rules) -> bytes:
    """The sketch of a report's own words; empty where they are too few to tell."""
    text = "".join(sections.get(name, "") for name in TEXTS)
    least = min((rule.bound("least") for rule in rules.of("copies") if rule.has("similar")), default=0)
    return sketch(text).tobytes() if text and len(text) >= least else b""


def figures(values: npt.NDArray[np.float64]) -> Figures:
    """Of reports, a row each; the cells stand in one order for all that are to be compared."""
    filled = np.ascontiguousarray(np.nan_to_num(values))
    words = [hashlib.blake2b(row.tobytes(), digest_size=12).digest() for row in filled]
    return Figures(words, np.count_nonzero(filled, axis=1))


def likeness(grid: Grid, sketches: Sketch, share: Callable[..., Iterable[_Near]] = map) -> Likeness:
    """Of every report to that of the year before, and to its nearest of the same year.

    `share` is how the years are gone through, in whatever order.
    """
    spoken = (sketches != NOTHING).any(axis=1)
    before: Floats = np.full(grid.height, np.nan)
    rows = np.flatnonzero(spoken & (grid.earlier >= 0) & spoken[grid.earlier])
    before[rows] = similarities(sketches, rows, grid.earlier[rows])
    sibling: Ints = np.full(grid.height, -1)
    alike: Floats = np.full(grid.height, np.nan)
    years = [np.flatnonzero(spoken & (grid.years == year)) for year in np.unique(grid.years)]
    for at, found, near in share(_nearest, ((at, sketches[same]) for at, same in enumerate(years))):
        same, known = years[at], found >= 0
        sibling[same[known]], alike[same[known]] = same[found[known]], near[known]
    return Likeness(before, sibling, alike)


def _nearest(one: tuple[int, Sketch]) -> _Near:
    return one[0], *nearest(one[1])


def copied(
    grid: Grid, counted: Figures, sketches: Sketch, alike: Likeness, rules: Rules
) -> Iterator[Crossed]:
    """The rules about copies."""
    by_id = {rule.id: rule for rule in rules.of("copies")}
    spoken = (sketches != NOTHING).any(axis=1)
    if rule := by_id.get("S1_last_year"):
        yield _same_figures(rule, grid, counted, _as_before(grid, counted), grid.before >= 0)
    if rule := by_id.get("S2_sibling"):
        yield _same_figures(rule, grid, counted, _as_another(rule, grid, counted))
    if rule := by_id.get("S3_text_last_year"):
        yield _same_text(rule, grid, grid.earlier, alike.before, ~np.isnan(alike.before))
    if rule := by_id.get("S4_text_sibling"):
        yield _same_text(rule, grid, alike.sibling, alike.nearest, spoken)


def _as_before(grid: Grid, counted: Figures) -> Ints:
    """The row of last year where its figures are the same; -1 otherwise."""
    words, before = counted.words, grid.before
    same = [row >= 0 and words[at] == words[row] for at, row in enumerate(before.tolist())]
    return np.where(same, before, -1)


def _as_another(rule: LooseRule, grid: Grid, counted: Figures) -> Ints:
    """The row of another agency of that year with the same figures; -1 otherwise."""
    groups: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for row in np.flatnonzero(counted.counts >= rule.bound("least")).tolist():
        groups[int(grid.years[row]), counted.words[row]].append(row)
    found: Ints = np.full(grid.height, -1)
    for rows in (group for group in groups.values() if len(group) > 1):
        found[rows] = rows[0]
        found[rows[0]] = rows[1]
    return found


def _same_figures(
    rule: LooseRule,
    grid: Grid,
    counted: Figures,
    of: Ints,
    testable: npt.NDArray[np.bool_] | bool = True,
) -> Crossed:
    tested = testable & (counted.counts >= rule.bound("least"))

    def finding(row: int) -> Finding:
        return _finding(rule, grid, int(of[row]), f"{counted.counts[row]} cells alike")

    return told(rule.id, tested, tested & (of >= 0), finding)


def _same_text(
    rule: LooseRule, grid: Grid, of: Sequence[int] | Ints, alike: Floats, tested: npt.NDArray[np.bool_]
) -> Crossed:
    def finding(row: int) -> Finding:
        return _finding(rule, grid, int(of[row]), f"{alike[row]:.2f} alike")

    return told(rule.id, tested, tested & (np.nan_to_num(alike) >= rule.bound("similar")), finding)


def _finding(rule: LooseRule, grid: Grid, row: int, how: str) -> Finding:
    agency, year = grid.agencies[row], int(grid.years[row])
    message = f"{rule.english}; here they are those of {agency} {year}, {how}"
    return Finding(rule.id, rule.weight, message, right=f"{agency}/{year}", diagnosis=how)
