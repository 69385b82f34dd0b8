"""What became of a report after it was first archived: changed, at another address, gone, or back.

Every version of a report is archived and read. The youngest is published; what differs between one version
and the next is told here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.model import Capture
from foi_etl.publish.across import Published
from foi_etl.publish.additions import Addition
from foi_etl.publish.standing import Row, nightly

_SLAB: Final = 2000
"""Reports whose versions are held at once."""
_OK: Final = 200
_GONE: Final = {404, 410}
_SAID: Final = ("table", "cell_id", "value", "state", "raw")
_COLUMNS: Final = (
    "agency_id", "year", "event", "before_at", "at", "table", "cell_id", "value_before", "value_after",
    "raw_before", "raw_after", "url", "capture_before", "capture",
)  # fmt: skip
Line = dict[str, Any]


def revised(seen: Published, spoken: Sequence[Capture]) -> Iterator[Addition]:
    """Every change of a published report; `spoken` are all answers of addresses that once said it is gone."""
    reread: dict[int, list[list[Row]]] = defaultdict(list)
    for (_, year), captures in seen.versions.items():
        versions = nightly(captures)  # two names of a host are no two versions
        if len(versions) > 1:
            reread[year].append(versions)
    gone: dict[int, list[Line]] = defaultdict(list)
    for line in _comings(seen, spoken):
        gone[line["year"]].append(line)
    for year in sorted({*reread, *gone}):
        lines = gone[year]
        for start in range(0, len(reread[year]), _SLAB):
            lines += _changes(seen, year, reread[year][start : start + _SLAB])
        if lines:
            columns = {name: [line.get(name) for line in lines] for name in _COLUMNS}
            types = {"year": pa.int64(), "value_before": pa.float64(), "value_after": pa.float64()}
            arrays = {name: pa.array(each, types.get(name, pa.string())) for name, each in columns.items()}
            yield Addition("revisions", year, pa.table(arrays))


def _comings(seen: Published, spoken: Sequence[Capture]) -> Iterator[Line]:
    """Reports that an address said to be gone, and those that it showed again."""
    year_of = {(row.agency, row.url): year for (_, year), each in seen.versions.items() for row in each}
    listed = sorted(spoken, key=lambda one: (one.agency_id, one.url, one.fetched_at, one.id))
    for (agency, url), answers in groupby(listed, key=lambda one: (one.agency_id, one.url)):
        told = [one for one in answers if one.status == _OK or one.status in _GONE]
        year = year_of.get((agency, url))
        for before, after in pairwise(told) if year is not None else ():
            if (before.status in _GONE) != (after.status in _GONE):
                yield {
                    **_between(
                        agency, year, url, (before.fetched_at, before.id), (after.fetched_at, after.id)
                    ),
                    "event": "gone" if after.status in _GONE else "back",
                }


def _between(
    agency: str, year: int | None, url: str, before: tuple[str, str], after: tuple[str, str]
) -> Line:
    return {
        "agency_id": agency,
        "year": year,
        "url": url,
        "before_at": before[0],
        "capture_before": before[1],
        "at": after[0],
        "capture": after[1],
    }


def _changes(seen: Published, year: int, reports: Sequence[Sequence[Row]]) -> Iterator[Line]:
    """What differs between the versions of these reports, oldest first."""
    steps = [step for versions in reports for step in pairwise(versions)]
    captures = [row for versions in reports for row in versions]
    cells = _cells(seen, year, captures, steps)
    words = _words(seen, year, captures)
    for before, after in steps:
        about = _between(
            after.agency,
            year,
            after.url,
            (before.fetched_at, before.capture),
            (after.fetched_at, after.capture),
        )
        if before.url != after.url:
            yield {**about, "event": "elsewhere"}
        for cell in cells[after.capture]:
            yield {**about, "event": "revised", **cell}
        if words[before.capture] != words[after.capture]:
            yield {**about, "event": "reworded"}


def _words(seen: Published, year: int, captures: Sequence[Row]) -> dict[str, list[tuple[str, str]]]:
    """The texts of each capture."""
    read = seen.rows_of("sections", year, captures, ["section", "text", "capture"])
    words: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for section, text, capture in zip(*(read[name].to_pylist() for name in read.column_names), strict=True):
        words[capture].append((section, text))
    return words


def _cells(
    seen: Published, year: int, captures: Sequence[Row], steps: Iterable[tuple[Row, Row]]
) -> dict[str, list[Line]]:
    """The cells in which each capture says something else than the one before it."""
    read = seen.rows_of("facts", year, captures, [*_SAID, "capture"])
    known = pa.array([row.capture for row in captures], pa.string())
    of = pc.index_in(read["capture"].cast(pa.string()), value_set=known).to_numpy()
    names = read["cell_id"].cast(pa.string()).combine_chunks().dictionary_encode()
    cell = names.indices.to_numpy()
    # Where each capture says something of each cell: a row of the table that was read, or none.
    at = np.full((len(captures), len(names.dictionary)), -1, dtype=np.int64)
    at[of, cell] = np.arange(read.num_rows)
    values = read["value"].to_numpy()
    raws, states = (_codes(read[name]) for name in ("raw", "state"))
    place = {row.capture: number for number, row in enumerate(captures)}
    told: dict[str, list[Line]] = defaultdict(list)
    for before, after in steps:
        old, new = at[place[before.capture]], at[place[after.capture]]
        one_lacks = (old < 0) != (new < 0)
        both = (old >= 0) & (new >= 0)
        same = (values[old] == values[new]) | ((raws[old] == raws[new]) & (states[old] == states[new]))
        for column in np.flatnonzero(one_lacks | (both & ~same)).tolist():
            rows = (int(old[column]), int(new[column]))
            told[after.capture].append(_line(read, rows))
    return told


def _codes(column: pa.ChunkedArray) -> Any:
    plain = pc.fill_null(column.cast(pa.string()), "").combine_chunks()
    return plain.dictionary_encode().indices.to_numpy()


def _line(read: pa.Table, rows: tuple[int, int]) -> Line:
    """A cell before and after; -1 stands for a version that has no such cell."""
    old, new = ({name: read[name][row].as_py() for name in _SAID} if row >= 0 else {} for row in rows)
    return {
        "table": (new or old)["table"],
        "cell_id": (new or old)["cell_id"],
        "value_before": old.get("value"),
        "value_after": new.get("value"),
        "raw_before": old.get("raw"),
        "raw_after": new.get("raw"),
    }
