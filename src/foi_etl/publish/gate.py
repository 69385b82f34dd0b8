"""A release is held against the one before it, and is stopped where it lost what was there.

The gate knows nothing of reports or portals: it asks whether someone who used the last release would be
harmed by this one. What it asks, and how much it lets pass, is in `schemas/gate.toml`.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from foi_etl.publish.layout import Layout
    from foi_etl.publish.manifest import Entry

_FIRST_YEAR: Final = 2008
_MAY_SHRINK: Final = {"findings", "inferences"}
_REPORT: Final = ["agency_id", "year"]
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One question the gate asks, and how much it lets pass."""

    id: str
    english: str
    chinese: str
    note: str
    limit: float = 0.0
    least: int = 1


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a release."""

    check: str
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.message}"


class Side:
    """A release as the gate sees it, of its own or while it is made."""

    def __init__(self, folder: Path, entries: Sequence[Entry]) -> None:
        self.folder = folder
        self.files = {entry.path: entry for entry in entries}

    def rows(self, table: str, columns: Sequence[str], years: Sequence[str] | None = None) -> pd.DataFrame:
        """Some columns of a table, of some of its files or all; those that a file lacks are left out."""
        parts = []
        for path, entry in self.files.items():
            if entry.table == table and (years is None or path in years):
                names = pq.read_schema(self.folder / path).names
                wanted = [name for name in columns if name in names]
                parts.append(pq.read_table(self.folder / path, columns=wanted).to_pandas())
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))


class Pair:
    """Two releases, the files that are not the same in both, and the delta between them."""

    def __init__(self, before: Side, after: Side, delta: Path, layout: Layout) -> None:
        self.before, self.after, self.delta, self.layout = before, after, delta, layout

    def changed(self, table: str) -> list[str]:
        """The files of a table that both have and that are not the same bytes."""
        return [
            path
            for path, entry in self.before.files.items()
            if entry.table == table
            and path in self.after.files
            and self.after.files[path].sha256 != entry.sha256
        ]

    @cached_property
    def reports(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The reports of both, before and after."""
        wanted = [*_REPORT, "agency_name", *(f"edition_{form}" for form in ("s", "t2", "t3", "t4"))]
        wanted += ["cells_agreed", "cells_differ"]
        return self.before.rows("reports", wanted), self.after.rows("reports", wanted)

    @cached_property
    def same_reports(self) -> pd.DataFrame:
        """The keys of the reports that both have."""
        before, after = self.reports
        return before[_REPORT].merge(after[_REPORT], on=_REPORT)

    def both(self, table: str, columns: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows about the same reports, of the files of a table that changed."""
        changed = self.changed(table)
        sides = (side.rows(table, columns, changed) for side in (self.before, self.after))
        first, second = (rows.merge(self.same_reports, on=_REPORT) if len(rows) else rows for rows in sides)
        return first, second


Asked = Callable[[Pair, Check], Iterator[str]]


def read_checks(text: str) -> tuple[Check, ...]:
    """The checks from the text of `schemas/gate.toml`; ValueError where one is not known here."""
    checks = tuple(Check(**one) for one in tomllib.loads(text)["checks"])
    if unknown := {one.id for one in checks} ^ _ASKED.keys():
        raise ValueError(f"checks of the gate that are in one place only: {', '.join(sorted(unknown))}")
    return checks


def objections(pair: Pair, checks: Sequence[Check]) -> list[Objection]:
    """All that speaks against the later of two releases."""
    return [Objection(check.id, said) for check in checks for said in _ASKED[check.id](pair, check)]


def _nothing_left(pair: Pair, _: Check) -> Iterator[str]:
    if not any(entry.rows for entry in pair.after.files.values() if entry.table == "reports"):
        yield "there is no report in it"


def _file_gone(pair: Pair, _: Check) -> Iterator[str]:
    yield from (f"{path} is not there" for path in sorted(pair.before.files.keys() - pair.after.files.keys()))


def _rows_fewer(pair: Pair, check: Check) -> Iterator[str]:
    for path, entry in pair.before.files.items():
        now = pair.after.files.get(path)
        if now is None or entry.table in _MAY_SHRINK or entry.rows - now.rows < check.least:
            continue
        if entry.rows - now.rows > check.limit * entry.rows:
            yield f"{path} has {now.rows:,} rows, and had {entry.rows:,}"


def _column_gone(pair: Pair, _: Check) -> Iterator[str]:
    seen = set()
    for path, entry in pair.before.files.items():
        if path not in pair.after.files or entry.table in seen:
            continue
        seen.add(entry.table)
        old, new = (pq.read_schema(side.folder / path) for side in (pair.before, pair.after))
        for field in old:
            at = new.get_field_index(field.name)
            if at < 0:
                yield f"{entry.table} has no column {field.name} any more"
            elif new.field(at).type != field.type:
                yield f"{entry.table}.{field.name} was {field.type} and is {new.field(at).type}"


def _agency_gone(pair: Pair, _: Check) -> Iterator[str]:
    before, after = pair.reports
    if gone := sorted(set(before["agency_id"]) - set(after["agency_id"])):
        yield f"{_listed(gone)} had reports and have none"


def _reports_gone(pair: Pair, check: Check) -> Iterator[str]:
    before, after = pair.reports
    had, kept = before["year"].value_counts(), pair.same_reports["year"].value_counts()
    for year in sorted(had.index):
        lost = int(had[year] - kept.get(year, 0))
        if lost >= check.least and lost > check.limit * had[year]:
            gone = set(before.loc[before["year"] == year, "agency_id"])
            gone -= set(after.loc[after["year"] == year, "agency_id"])
            yield f"{lost} of {had[year]:,} reports of {year} are gone: {_listed(sorted(gone))}"


def _captures_gone(pair: Pair, _: Check) -> Iterator[str]:
    if gone := set(pair.before.rows("captures", ["id"])["id"]) - set(
        pair.after.rows("captures", ["id"])["id"]
    ):
        yield f"{_listed(sorted(gone))} are in the archive no longer"


def _columns_compared(pair: Pair) -> Iterator[tuple[str, pd.Series, pd.Series]]:
    """Every measure of a wide table, before and after, row by row over the same reports."""
    for table in (one for one in pair.layout.tables.values() if one.form):
        names = [column.name for column in table.columns if column.measure]
        before, after = pair.both(table.name, [*table.key, *names])
        if len(before):
            joined = before.merge(after, on=list(table.key), suffixes=("_old", "_new"))
            for name in (one for one in names if f"{one}_old" in joined):
                old, new = (
                    pd.to_numeric(joined[f"{name}_{side}"]).astype("float64") for side in ("old", "new")
                )
                yield f"{table.name}.{name}", old, new


def _sum_moved(pair: Pair, check: Check) -> Iterator[str]:
    for name, old, new in _columns_compared(pair):
        was, now = old.sum(), new.sum()
        others = int((old.fillna(-1) != new.fillna(-1)).sum())
        if others >= check.least and abs(now - was) > check.limit * max(abs(was), 1):
            yield f"{name} sums to {now:,.0f} over the reports in which it summed to {was:,.0f}"


def _blanks_grew(pair: Pair, check: Check) -> Iterator[str]:
    for name, old, new in _columns_compared(pair):
        lost = int(old.count() - new.count())
        if lost >= check.least and lost > check.limit * old.count():
            yield f"{name} has {new.count():,} numbers in the reports in which it had {old.count():,}"


def _cells_revised(pair: Pair, check: Check) -> Iterator[str]:
    said = pq.read_table(pair.delta, columns=["change"])["change"]
    revised = pc.sum(pc.equal(said, "revised")).as_py() or 0
    cells = sum(entry.rows for entry in pair.before.files.values() if entry.table == "facts")
    if revised >= check.least and revised > check.limit * cells:
        yield f"{revised:,} of {cells:,} cells say something else"


def _rule_doubled(pair: Pair, check: Check) -> Iterator[str]:
    before, after = (_failures(pair, at) for at in (0, 1))
    for rule, count in sorted(after.items()):
        if count - before[rule] >= check.least and count > check.limit * before[rule]:
            yield f"{rule} is failed by {count:,} of the reports of which {before[rule]:,} failed it"


def _failures(pair: Pair, at: int) -> Counter[str]:
    """By rule, how many of the same reports have a finding of it; a note is none."""
    columns = [*_REPORT, "rule", "weight", "capture"]
    rows = pair.both("findings", columns)[at]
    unread = (pair.before, pair.after)[at].rows("findings", columns, pair.changed("findings"))
    counted: Counter[str] = Counter()
    if len(rows):
        weighty = rows[rows["weight"] != "note"].drop_duplicates([*_REPORT, "rule"])
        counted.update(weighty["rule"])
    if len(unread):
        known = set(pair.before.rows("captures", ["id"])["id"])
        counted["unread"] = int((unread["year"].isna() & unread["capture"].isin(known)).sum())
    return counted


def _agreement_fell(pair: Pair, check: Check) -> Iterator[str]:
    shares = []
    for side in pair.reports:
        same = side.merge(pair.same_reports, on=_REPORT)
        agreed, differ = int(same["cells_agreed"].sum()), int(same["cells_differ"].sum())
        if agreed + differ < check.least:
            return
        shares.append(agreed / (agreed + differ))
    if shares[0] - shares[1] > check.limit:
        yield f"the two readers agree on {shares[1]:.1%} of the cells, and agreed on {shares[0]:.1%}"


def _edition_changed(pair: Pair, check: Check) -> Iterator[str]:
    before, after = pair.reports
    joined = before.merge(after, on=_REPORT, suffixes=("_old", "_new"))
    for form in ("s", "t2", "t3", "t4"):
        old, new = joined[f"edition_{form}_old"].fillna(""), joined[f"edition_{form}_new"].fillna("")
        other = int(((old != new) & (old != "") & (new != "")).sum())
        if other >= check.least and other > check.limit * len(joined):
            yield f"{other:,} of {len(joined):,} reports use another edition of {form} than before"


def _name_changed(pair: Pair, check: Check) -> Iterator[str]:
    names = [side.groupby("agency_id")["agency_name"].last() for side in pair.reports]
    joined = pd.concat(names, axis=1, keys=["old", "new"], join="inner")
    other = joined[joined["old"] != joined["new"]]
    if len(other) >= check.least and len(other) > check.limit * len(joined):
        yield f"{len(other):,} of {len(joined):,} agencies bear another name: {_listed(sorted(other.index))}"


def _year_impossible(pair: Pair, _: Check) -> Iterator[str]:
    _, after = pair.reports
    last = int(str(pair.after.rows("captures", ["fetched_at"])["fetched_at"].max() or "9999")[:4])
    odd = after[(after["year"] < _FIRST_YEAR) | (after["year"] >= last)]
    if len(odd):
        yield f"reports of {_listed(sorted({str(year) for year in odd['year']}))}, fetched by {last}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN:,} more"


_ASKED: Final[Mapping[str, Asked]] = {
    "nothing_left": _nothing_left,
    "file_gone": _file_gone,
    "rows_fewer": _rows_fewer,
    "column_gone": _column_gone,
    "agency_gone": _agency_gone,
    "reports_gone": _reports_gone,
    "captures_gone": _captures_gone,
    "sum_moved": _sum_moved,
    "blanks_grew": _blanks_grew,
    "cells_revised": _cells_revised,
    "rule_doubled": _rule_doubled,
    "agreement_fell": _agreement_fell,
    "edition_changed": _edition_changed,
    "name_changed": _name_changed,
    "year_impossible": _year_impossible,
}
