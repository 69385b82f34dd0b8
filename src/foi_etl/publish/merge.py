"""Pieces to the files of a release: the same rows in the same order, however the pieces were cut.

An agency's report of a year is published once: from the youngest capture that reads. Which that is, is
decided here, over all pieces. Each file is made a slab of agencies at a time, so that what is held does
not grow with the corpus.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from foi_etl.model import Capture, Refusal
from foi_etl.publish import rows
from foi_etl.publish.pieces import NO_YEAR
from foi_etl.publish.tables import BY_YEAR, refuse_repeats, settled, whose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from foi_etl.publish.layout import Layout, TableLayout
    from foi_etl.publish.pieces import Piece

_SLAB: Final = 4000
"""Captures whose rows are held at once."""
_NONE: Final = "none"
"""The file of what has no year, and of a table that has no row at all."""
SUPERSEDED: Final = "superseded"


class Row(NamedTuple):
    """One capture, as the merge knows it."""

    agency: str
    year: int
    fetched_at: str
    url: str
    capture: str
    made_from: str
    piece: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of the release that is to be made."""

    path: str
    table: TableLayout
    rows: Mapping[int, Sequence[Row]]
    """By the year they are filed under, the captures that may give it rows, in the order of the agencies."""
    made_from: str
    """A digest: the same, the same bytes."""


class Merge:
    """What all pieces together say."""

    def __init__(
        self, pieces: Sequence[Piece], layout: Layout, live: Mapping[str, str] | None = None
    ) -> None:
        """`live` says of each capture what its reading is made from today; without, all of it is live."""
        self._pieces = pieces
        self._layout = layout
        self._versions = "".join(sorted({piece.card.version for piece in pieces}))
        self._rows = _live(pieces, live)
        self._winners = _winners(self._rows)

    @property
    def refused(self) -> list[Row]:
        """The captures that were not read."""
        return [row for row in self._rows if row.reason]

    @property
    def captures(self) -> set[str]:
        """Every capture that the pieces know as it is today."""
        return {row.capture for row in self._rows}

    @property
    def years(self) -> list[int]:
        """The years there are reports of."""
        return sorted({row.year for row in self._rows} - {NO_YEAR})

    def files(self) -> list[File]:
        """Every file of the release, by path."""
        made = [file for table in self._layout.tables.values() for file in self._files_of(table)]
        return sorted(made, key=lambda file: file.path)

    def batches(self, file: File) -> Iterator[pa.Table]:
        """The rows of a file, in order."""
        for year in sorted(file.rows, key=lambda one: (one == NO_YEAR, one)):
            for slab in _slabs(file.rows[year], file.table):
                tables = [part for part in self._gathered(file.table, year, slab) if part.num_rows]
                if tables:
                    table = settled(tables, file.table)
                    if file.table.name != "facts":
                        refuse_repeats(table, file.table, file.table.key)
                    yield table.select([column.name for column in file.table.columns])

    def tables(self) -> dict[str, pa.Table]:
        """Every file, in memory: for few reports."""
        made = {}
        for file in self.files():
            empty = rows.to_arrow({column.name: [] for column in file.table.columns}, file.table)
            parts = list(self.batches(file))
            made[file.path] = pa.concat_tables(parts).combine_chunks() if parts else empty
        return made

    def _files_of(self, table: TableLayout) -> Iterator[File]:
        """A file for each year there are reports of, empty or not; what has no year only makes findings."""
        by_fetching = whose(table) == "id"
        filed: dict[int, list[Row]] = {} if by_fetching else {year: [] for year in self.years}
        filed |= dict(_filed(self._rows, by_fetching=by_fetching))
        if table.name != "findings":
            filed.pop(NO_YEAR, None)
        if BY_YEAR not in table.path:
            yield File(table.path, table, filed, self._digest(table, filed))
            return
        for year, listed in filed.items() if filed else ((NO_YEAR, []),):
            path = table.path.format(year=_NONE if year == NO_YEAR else year)
            yield File(path, table, {year: listed}, self._digest(table, {year: listed}))

    def _digest(self, table: TableLayout, filed: Mapping[int, Sequence[Row]]) -> str:
        digest = hashlib.sha256(f"{self._versions}\n{table}\n".encode())
        for year in sorted(filed):
            for row in filed[year]:
                digest.update(f"{year} {row.capture} {row.made_from} {row.reason}\n".encode())
        return digest.hexdigest()

    def _gathered(self, table: TableLayout, year: int, slab: Sequence[Row]) -> Iterator[pa.Table]:
        """The rows of these captures, as far as they are published; an older capture is one note."""
        lost: list[tuple[Capture, Refusal]] = []
        wanted: dict[int, set[str]] = defaultdict(set)
        for row in slab:
            winner = self._winners.get((row.agency, row.year), row.capture)
            if whose(table) == "id" or row.year == NO_YEAR or winner == row.capture:
                wanted[row.piece].add(row.capture)
            elif table.name == "findings":
                lost.append(_superseded(row, winner))
        agencies = [row.agency for row in slab] or [""]
        for at, captures in wanted.items():
            for part in self._pieces[at].rows(table.name, year, min(agencies), max(agencies)):
                yield only(part, whose(table), captures)
        if lost:
            noted = rows.findings((), lost)
            noted = {**noted, "year": [year] * len(lost)}
            yield rows.to_arrow(noted, table)


def only(table: pa.Table, column: str, captures: set[str]) -> pa.Table:
    """The rows that were read from these captures."""
    codes = table[column].combine_chunks()
    codes = codes if pa.types.is_dictionary(codes.type) else codes.dictionary_encode()
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.unify_dictionaries().chunk(0) if codes.num_chunks else pa.array([], pa.string())
    known = np.array([word in captures for word in codes.dictionary.to_pylist()], dtype=bool)
    if known.all():
        return table
    return table.filter(pa.array(known[codes.indices.to_numpy()]))


def _live(pieces: Sequence[Piece], live: Mapping[str, str] | None) -> list[Row]:
    """Each capture once, from the last piece that has it as it is today; by agency, year and age."""
    chosen: dict[str, Row] = {}
    for at, piece in enumerate(pieces):
        for one in piece.index.to_pylist():
            if live is None or live.get(one["capture"]) == one["made_from"]:
                year = NO_YEAR if one["year"] is None else one["year"]
                chosen[one["capture"]] = Row(
                    one["agency_id"] or "",
                    year,
                    one["fetched_at"],
                    one["url"],
                    one["capture"],
                    one["made_from"],
                    at,
                    one["reason"] or "",
                    one["message"] or "",
                )
    return sorted(chosen.values())


def _winners(listed: Iterable[Row]) -> dict[tuple[str, int], str]:
    """The capture that each report is published from: the youngest one."""
    return {(row.agency, row.year): row.capture for row in listed if row.year != NO_YEAR}


def _filed(listed: Iterable[Row], *, by_fetching: bool) -> Iterator[tuple[int, list[Row]]]:
    years = ((int(row.fetched_at[:4]) if by_fetching else row.year, row) for row in listed)
    for year, same in groupby(sorted(years, key=itemgetter(0)), key=itemgetter(0)):
        yield year, [row for _, row in same]


def _slabs(listed: Sequence[Row], table: TableLayout) -> Iterator[Sequence[Row]]:
    """Some captures at a time, those of an agency together, where the table is in the order of agencies."""
    if "agency_id" not in table.sort[:2]:
        yield listed
        return
    start = 0
    while start < len(listed):
        end = min(start + _SLAB, len(listed))
        while end < len(listed) and listed[end].agency == listed[end - 1].agency:
            end += 1
        yield listed[start:end]
        start = end


def _superseded(row: Row, winner: str) -> tuple[Capture, Refusal]:
    capture = Capture(row.capture, row.url, row.fetched_at, 200, "", "", 0, "report", agency_id=row.agency)
    message = f"a younger capture of the same report is published: {winner}"
    return capture, Refusal(row.capture, SUPERSEDED, message)
