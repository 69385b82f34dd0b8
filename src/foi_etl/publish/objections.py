"""A release is held against the one before it, and is stopped where it lost what was there.

The gate knows nothing of reports or portals: it asks whether someone who used the last release would be
harmed by this one. What it asks, and how much it lets pass, is in `schemas/gate.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foi_etl.publish.beside import REPORT, Pair
from foi_etl.publish.gate import Check, Objection
from foi_etl.publish.manifest import versions

_OF_ITSELF: Final = {"year_impossible", "before_damaged"}
_FIRST_YEAR: Final = 2008
_MAY_SHRINK: Final = {"findings", "inferences"}
_SHOWN: Final = 3

Asked = Callable[[Pair, Check], Iterator[str]]


def objections(pair: Pair, checks: Sequence[Check]) -> list[Objection]:
    """All that speaks against the later of two releases; where it is the first, what speaks for itself."""
    asked = [check for check in checks if pair.before.files or check.id in _OF_ITSELF]
    return [Objection(check.id, said) for check in asked for said in _ASKED[check.id](pair, check)]


def _nothing_left(pair: Pair, _: Check) -> Iterator[str]:
    if not any(entry.rows for entry in pair.after.files.values() if entry.table == "reports"):
        yield "there is no report in it"


def _before_damaged(pair: Pair, _: Check) -> Iterator[str]:
    if not pair.before.files and (there := versions(pair.after.folder.parent)):
        yield f"no release before is whole ({listed(there)}): bring one back from a backup"


def _file_gone(pair: Pair, _: Check) -> Iterator[str]:
    for path, entry in pair.before.files.items():
        if path not in pair.after.files and entry.rows and entry.table not in _MAY_SHRINK:
            yield f"{path} is not there"


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
        yield f"{listed(gone)} had reports and have none"


def _reports_gone(pair: Pair, check: Check) -> Iterator[str]:
    before, after = pair.reports
    had, kept = before["year"].value_counts(), pair.same_reports["year"].value_counts()
    for year in sorted(had.index):
        lost = int(had[year] - kept.get(year, 0))
        if lost >= check.least and lost > check.limit * had[year]:
            gone = set(before.loc[before["year"] == year, "agency_id"])
            gone -= set(after.loc[after["year"] == year, "agency_id"])
            yield f"{lost} of {had[year]:,} reports of {year} are gone: {listed(sorted(gone))}"


def _captures_gone(pair: Pair, _: Check) -> Iterator[str]:
    before, after = (set(side.rows("captures", ["id"])["id"]) for side in (pair.before, pair.after))
    if gone := before - after:
        yield f"{listed(sorted(gone))} are in the archive no longer"


def _columns_compared(pair: Pair) -> Iterator[tuple[str, pd.Series, pd.Series]]:
    """Every measure of a wide table, before and after, row by row over the same reports."""
    for table in (one for one in pair.layout.tables.values() if one.form):
        names = [column.name for column in table.columns if column.measure]
        before, after = pair.both(table.name, [*table.key, *names])
        if len(before) and len(after):
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
    columns = [*REPORT, "rule", "weight", "capture"]
    rows = pair.both("findings", columns)[at]
    unread = (pair.before, pair.after)[at].rows("findings", columns, pair.changed("findings"))
    counted: Counter[str] = Counter()
    if len(rows):
        weighty = rows[rows["weight"] != "note"].drop_duplicates([*REPORT, "rule"])
        counted.update(weighty["rule"])
    if len(unread):
        known = set(pair.before.rows("captures", ["id"])["id"])
        counted["unread"] = int((unread["year"].isna() & unread["capture"].isin(known)).sum())
    return counted


def _agreement_fell(pair: Pair, check: Check) -> Iterator[str]:
    shares = []
    for side in pair.reports:
        same = side.merge(pair.same_reports, on=REPORT)
        agreed, differ = int(same["cells_agreed"].sum()), int(same["cells_differ"].sum())
        if agreed + differ < check.least:
            return
        shares.append(agreed / (agreed + differ))
    if shares[0] - shares[1] > check.limit:
        yield f"the two readers agree on {shares[1]:.1%} of the cells, and agreed on {shares[0]:.1%}"


def _edition_changed(pair: Pair, check: Check) -> Iterator[str]:
    before, after = pair.reports
    joined = before.merge(after, on=REPORT, suffixes=("_old", "_new"))
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
        yield f"{len(other):,} of {len(joined):,} agencies bear another name: {listed(sorted(other.index))}"


def _year_impossible(pair: Pair, check: Check) -> Iterator[str]:
    before, after = (set(side[REPORT].itertuples(index=False, name=None)) for side in pair.reports)
    fetched = pair.after.rows("captures", ["fetched_at"])["fetched_at"]
    last = max((int(str(one)[:4]) for one in fetched), default=_FIRST_YEAR)
    odd = sorted(one for one in after - before if one[1] < _FIRST_YEAR or one[1] >= last)
    if len(odd) >= check.least and len(odd) > check.limit * len(after):
        years = listed(sorted({str(year) for _, year in odd}))
        yield f"{len(odd)} new reports, fetched by {last}, are about {years}"


def listed(names: Sequence[str], at_most: int = _SHOWN) -> str:
    """The first of these names, and how many more there are."""
    shown = ", ".join(names[:at_most])
    return shown if len(names) <= at_most else f"{shown} and {len(names) - at_most:,} more"


_ASKED: Final[Mapping[str, Asked]] = {
    "nothing_left": _nothing_left,
    "before_damaged": _before_damaged,
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
KNOWN: Final = frozenset(_ASKED)
"""The checks that can be asked; `schemas/gate.toml` says how."""
