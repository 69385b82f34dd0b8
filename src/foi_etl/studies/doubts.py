"""The rules over several reports, tested on all that are published: their findings, and how each fared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.model import Finding, Weight
from foi_etl.publish.across import Published
from foi_etl.publish.additions import Addition
from foi_etl.rules import Rules
from foi_etl.studies.cells import Reports, reports
from foi_etl.validate.copies import Likeness, copied, likeness
from foi_etl.validate.cross import FAILED, HELD, UNTESTABLE, Crossed, crossed
from foi_etl.validate.sketches import NOTHING

_PLAIN: Final = (
    "rule", "weight", "table", "edition", "message", "left", "right", "delta", "diagnosis", "blame",
    "evidence",
)  # fmt: skip
_LISTS: Final = ("cells", "at")
_SAID: Final = attrgetter(*_PLAIN, *_LISTS)
_FATES: Final = {"held": HELD, "failed": FAILED, "untestable": UNTESTABLE}


def doubted(seen: Published, rules: Rules, peers: Mapping[str, str]) -> Iterator[Addition]:
    """Findings, checks and counts of findings of every year, and how like the texts are."""
    known = reports(seen, rules)
    if not known.grid.height:
        return
    alike = likeness(known.grid, known.sketches, seen.share)
    found = [*crossed(known.grid, rules, peers, known.said)]
    found += copied(known.grid, known.figures, known.sketches, alike, rules)
    rows = {year: np.flatnonzero(known.grid.years == year) for year in seen.years}
    yield from _findings(known, found)
    for year, mine in rows.items():
        yield _checks(known, found, year, mine)
        yield _similarity(known, alike, year, mine)


def _findings(known: Reports, found: Iterable[Crossed]) -> Iterator[Addition]:
    said: dict[int, list[tuple[int, Finding]]] = defaultdict(list)
    for one in found:
        for row, finding in one.findings:
            said[int(known.grid.years[row])].append((row, finding))
    for year, told in said.items():
        values = list(zip(*map(_SAID, (one for _, one in told)), strict=True))
        words = {name: _words(each) for name, each in zip(_PLAIN, values, strict=False)}
        lists = dict(zip(_LISTS, map(_listed, values[len(_PLAIN) :]), strict=True))
        keys = _keys(known, year, [row for row, _ in told])
        yield Addition("findings", year, pa.table({**keys, **words, **lists}))
        yield Addition("reports", year, _counts(known, year, told))


def _words(values: Sequence[str]) -> pa.Array:
    words = pa.array(values, pa.string())
    return pc.if_else(pc.equal(words, ""), None, words)


def _listed(values: Sequence[Sequence[str]]) -> pa.Array:
    return pa.array([list(each) for each in values], pa.list_(pa.string()))


def _counts(known: Reports, year: int, told: Iterable[tuple[int, Finding]]) -> pa.Table:
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for row, finding in told:
        counted[row][finding.weight] += 1
    rows = list(counted)
    named = {f"findings_{w}": pa.array([counted[row][w] for row in rows], pa.int64()) for w in Weight}
    keys = _keys(known, year, rows)
    return pa.table({"agency_id": keys["agency_id"], "year": keys["year"], **named})


def _keys(known: Reports, year: int, rows: Iterable[int]) -> dict[str, pa.Array]:
    listed = list(rows)
    return {
        "agency_id": pa.array([known.grid.agencies[row] for row in listed], pa.string()),
        "year": pa.array([year] * len(listed), pa.int64()),
        "capture": pa.array([known.captures[row] for row in listed], pa.string()),
    }


def _checks(known: Reports, found: Iterable[Crossed], year: int, rows: npt.NDArray[np.int64]) -> Addition:
    listed = list(found)
    names = pa.array([one.rule for one in listed], pa.string())
    fates = np.stack([one.fates[rows] for one in listed], axis=1)
    columns = {name: _lists(fates == fate, names) for name, fate in _FATES.items()}
    keys = _keys(known, year, rows.tolist())
    return Addition(
        "checks", year, pa.table({"agency_id": keys["agency_id"], "year": keys["year"], **columns})
    )


def _lists(chosen: npt.NDArray[np.bool_], names: pa.Array) -> pa.ListArray:
    """For each row the names of its columns that are chosen."""
    offsets = np.concatenate([[0], np.cumsum(chosen.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), names.take(pa.array(np.nonzero(chosen)[1])))


def _similarity(known: Reports, alike: Likeness, year: int, rows: npt.NDArray[np.int64]) -> Addition:
    spoken = rows[(known.sketches[rows] != NOTHING).any(axis=1)]
    siblings = [known.grid.agencies[at] if at >= 0 else None for at in alike.sibling[spoken].tolist()]
    return Addition(
        "similarity",
        year,
        pa.table(
            {
                **_keys(known, year, spoken.tolist()),
                "last_year": _shares(alike.before[spoken]),
                "sibling": pa.array(siblings, pa.string()),
                "nearest": _shares(alike.nearest[spoken]),
            }
        ),
    )


def _shares(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(np.round(values, 3), pa.float64(), from_pandas=True)
