"""Rules over the years of an agency, and over the agencies of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from foi_etl.model import Finding, Tally
from foi_etl.owed import AGGREGATES
from foi_etl.rules import CrossRule, LooseRule, Rules, Sum, written
from foi_etl.validate.grid import Floats, Grid
from foi_etl.validate.sizes import away, deviations

Flags = npt.NDArray[np.bool_]
Fates = npt.NDArray[np.int8]
UNTESTABLE: Final = 0
HELD: Final = 1
FAILED: Final = 2
Peers = Mapping[str, str]
"""The group of agencies that each is compared with: level/kind/line of work."""
Said = Mapping[str, Mapping[int, tuple[float, ...]]]
"""By fact and row of the grid, the percentages that sentences give for its growth."""


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """What a rule over several reports says."""

    rule: str
    fates: Fates
    """Of each report of the grid."""
    findings: tuple[tuple[int, Finding], ...]
    """The row of a report, and the finding about it."""

    @property
    def tally(self) -> Tally:
        """How often it held, failed and could not be tested."""
        held, failed, untestable = (int((self.fates == fate).sum()) for fate in (HELD, FAILED, UNTESTABLE))
        return Tally(held, failed, untestable)


def crossed(
    grid: Grid, rules: Rules, peers: Peers | None = None, said: Said | None = None
) -> Iterator[Crossed]:
    """Every rule over several reports, in the order of the file; those about texts are in `copies`.

    `peers` are level, kind and line of work of an agency, by its id; `said` is what reports say of growth.
    """
    for rule in rules.cross:
        yield _follows(rule, grid)
    for kind, test in _TESTS.items():
        for loose in rules.of(kind):
            yield test(loose, grid)
    for loose in rules.of("peers"):
        yield _like_peers(loose, grid, peers or {})
    for loose in rules.of("sizes"):
        yield _fits_its_scope(loose, grid, peers or {})
    for loose in rules.of("power"):
        yield _may_have(loose, grid, peers or {})
    for loose in rules.of("growth"):
        yield _grew(loose, grid, (said or {}).get(loose.fact, {}))


def _total(terms: Sum, grid: Grid) -> Floats:
    """A sum of cells in each report; nan where a term is not known."""
    total = np.zeros(grid.height)
    for term in terms:
        total = total + term.sign * grid.column(term.cell, before=term.before)
    return total


def _follows(rule: CrossRule, grid: Grid) -> Crossed:
    left, right = _total(rule.left, grid), _total(rule.right, grid)
    tested = ~np.isnan(left) & ~np.isnan(right)
    failed = tested & (left != right)
    own = tuple(term.cell for term in rule.terms if not term.before)
    sums = written(rule.left), written(rule.right)

    def finding(row: int) -> Finding:
        return Finding(
            rule=rule.id,
            weight=rule.weight,
            message=f"{rule.english}: {left[row]:g} on the left, {right[row]:g} on the right",
            table=rule.left[0].cell[:2],
            cells=own,
            left=f"{sums[0]}={left[row]:g}",
            right=f"{sums[1]}={right[row]:g}",
            delta=f"{left[row] - right[row]:g}",
        )

    return told(rule.id, tested, failed, finding)


def _is_misfilled(rule: LooseRule, grid: Grid) -> Crossed:
    left, right = _total(rule.left, grid), _total(rule.right, grid)
    tested = ~np.isnan(left) & ~np.isnan(right)
    failed = tested & (left == right) & (np.nan_to_num(grid.column(rule.change)) != 0)

    def finding(row: int) -> Finding:
        cells = tuple(term.cell for term in (*rule.left, *rule.right))
        return _loose(rule, f"{rule.english}, and here they do: {left[row]:g}", cells)

    return told(rule.id, tested, failed, finding)


def _is_of_size(rule: LooseRule, grid: Grid) -> Crossed:
    """Amounts against the median of the agency's other years, and against what no body collects."""
    values = grid.column(rule.cell)
    usual = _medians_of_others(grid, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = values / usual
    lonely = np.isnan(factor) | ~np.isfinite(factor)
    beyond = values > rule.bound("limit")
    slipped = ~lonely & (factor >= rule.bound("least_factor")) & (factor <= rule.bound("most_factor"))
    tested = ~np.isnan(values) & (beyond | (~lonely & (values > 0)))

    def finding(row: int) -> Finding:
        against = "beyond any amount" if beyond[row] else f"{factor[row]:,.0f} times its other years"
        return _loose(rule, f"{values[row]:g} 万元 is {against}: it may be yuan", (rule.cell,))

    return told(rule.id, tested, tested & (beyond | slipped), finding)


def _medians_of_others(grid: Grid, values: Floats) -> Floats:
    medians = np.full(grid.height, np.nan)
    known = np.flatnonzero(~np.isnan(values) & (values > 0))
    rows: dict[str, list[int]] = {}
    for row in known.tolist():
        rows.setdefault(grid.agencies[row], []).append(row)
    for mine in (group for group in rows.values() if len(group) > 1):
        ranked = sorted(values[mine].tolist())
        for row in mine:
            medians[row] = _median_without(ranked, float(values[row]))
    return medians


def _median_without(ranked: list[float], one: float) -> float:
    """The median of a few numbers in order, but for one of them. A library's takes fifty times as long."""
    left = ranked.index(one)
    low, high = (len(ranked) - 2) // 2, (len(ranked) - 1) // 2
    return (ranked[low + (low >= left)] + ranked[high + (high >= left)]) / 2


def _is_near_before(rule: LooseRule, grid: Grid) -> Crossed:
    now, then = grid.column(rule.cell), grid.column(rule.cell, before=True)
    large = np.fmax(now, then) >= rule.bound("least")
    tested = ~np.isnan(now) & ~np.isnan(then) & large
    factor = rule.bound("factor")
    failed = tested & ((now > factor * then) | (then > factor * now))

    def finding(row: int) -> Finding:
        return _loose(rule, f"{now[row]:g} after {then[row]:g} the year before", (rule.cell,))

    return told(rule.id, tested, failed, finding)


def _like_peers(rule: LooseRule, grid: Grid, peers: Peers) -> Crossed:
    values = grid.column(rule.cell)
    with np.errstate(invalid="ignore"):
        logs = np.log1p(np.maximum(values, 0))
    score = np.full(grid.height, np.nan)
    groups: dict[tuple[str, int, bool], list[int]] = {}
    for row in np.flatnonzero(~np.isnan(values)).tolist():
        if group := peers.get(grid.agencies[row]):
            summed = grid.scopes[row] in AGGREGATES
            groups.setdefault((group, int(grid.years[row]), summed), []).append(row)
    for rows in (np.array(one) for one in groups.values() if len(one) >= rule.bound("least")):
        score[rows] = deviations(logs, rows, rows)
    tested = ~np.isnan(score)

    def finding(row: int) -> Finding:
        return _loose(rule, f"{values[row]:g} is {score[row]:+.1f} deviations from its peers", (rule.cell,))

    with np.errstate(invalid="ignore"):
        failed = tested & (np.abs(score) > rule.bound("score"))
    return told(rule.id, tested, failed, finding)


def _fits_its_scope(rule: LooseRule, grid: Grid, peers: Peers) -> Crossed:
    values = grid.column(rule.cell)
    own, other = away(rule, grid, peers)
    tested = ~np.isnan(own)
    with np.errstate(invalid="ignore"):
        failed = tested & (np.abs(own) > rule.bound("score")) & (np.abs(other) <= rule.bound("near"))

    def finding(row: int) -> Finding:
        how = f"{own[row]:+.1f} deviations from others of scope {grid.scopes[row]}, {other[row]:+.1f}"
        return _loose(rule, f"{values[row]:g} is {how} from those of the other", (rule.cell,))

    return told(rule.id, tested, failed, finding)


def _may_have(rule: LooseRule, grid: Grid, peers: Peers) -> Crossed:
    values = grid.column(rule.cell)
    standing = ["/".join(peers.get(agency, "").split("/")[:2]) for agency in grid.agencies]
    known = np.array([bool(one) for one in standing], dtype=bool)
    may = np.array([one in rule.makes for one in standing], dtype=bool)
    tested = known & ~np.isnan(values)

    def finding(row: int) -> Finding:
        return _loose(rule, f"{rule.english}, and here are {values[row]:g} ({standing[row]})", (rule.cell,))

    return told(rule.id, tested, tested & ~may & (np.nan_to_num(values) > 0), finding)


def _grew(rule: LooseRule, grid: Grid, said: Mapping[int, tuple[float, ...]]) -> Crossed:
    """Growth as told against that of each admitted sum."""
    grown = []
    for one in rule.admits:
        now, then = _total(one, grid), _total(tuple(replace(term, before=True) for term in one), grid)
        with np.errstate(divide="ignore", invalid="ignore"):
            grown.append(np.where(then > 0, 100 * (now / then - 1), np.nan))
    rates = np.stack(grown)
    tested, failed = np.zeros((2, grid.height), dtype=bool)
    for row, shares in said.items():
        tested[row] = not np.isnan(rates[:, row]).any()
        near = np.abs(rates[:, row][:, None] - np.array(shares)) <= rule.bound("tolerance")
        failed[row] = tested[row] and not near.any()

    def finding(row: int) -> Finding:
        tables = ", ".join(f"{rate:+.2f}" for rate in rates[:, row])
        message = f"{rule.english}: the sentence says {said[row][0]:+g} %, the tables {tables}"
        return _loose(rule, message, tuple(term.cell for one in rule.admits for term in one))

    return told(rule.id, tested, failed, finding)


def _loose(rule: LooseRule, message: str, cells: tuple[str, ...]) -> Finding:
    return Finding(rule.id, rule.weight, message, table=cells[0][:2], cells=cells)


def told(rule: str, tested: Flags, failed: Flags, finding: Callable[[int], Finding]) -> Crossed:
    """What a rule says that was tested on these reports, and failed on those."""
    fates = np.where(tested, np.where(failed, FAILED, HELD), UNTESTABLE).astype(np.int8)
    return Crossed(
        rule, fates, tuple((row, finding(row)) for row in np.flatnonzero(fates == FAILED).tolist())
    )


_TESTS: Final = {"misfill": _is_misfilled, "amounts": _is_of_size, "outliers": _is_near_before}
