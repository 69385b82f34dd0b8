"""Pieces to the files of a release: the same rows in the same order, however the pieces were cut.

An agency's report of a year is published once: from the youngest capture that reads. Which that is, is
decided here, over all pieces. Each file is made a slab of agencies at a time, so that what is held does
not grow with the corpus.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from foi_etl.publish import rows
from foi_etl.publish.additions import Additions
from foi_etl.publish.parquet import arrow_type
from foi_etl.publish.pieces import NO_YEAR
from foi_etl.publish.sheets import Sheet
from foi_etl.publish.standing import Row, live_rows, slabs, superseded, versions
from foi_etl.publish.standing import filed as by_year
from foi_etl.publish.tables import BY_YEAR, only, refuse_repeats, settled, whose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from foi_etl.model import Capture, Refusal
    from foi_etl.publish.layout import Layout, TableLayout
    from foi_etl.publish.pieces import Piece

_SLAB: Final = 2000
"""Captures whose rows are held at once."""
_NONE: Final = "none"
"""The file of what has no year, and of a table that has no row at all."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the release that is to be made."""

    path: str
    table: TableLayout
    rows: Mapping[int, Sequence[Row]]
    """By the year they are filed under, the captures that may give it rows, in the order of the agencies."""
    made_from: str
    """A digest: the same, the same bytes."""


class Told(NamedTuple):
    """The captures that are filed under a year, and a digest of what they are."""

    rows: Sequence[Row]
    digest: str


NOTHING: Final = Told((), "")


class Merge:
    """What all pieces together say."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        layout: Layout,
        live: Mapping[str, str] | None = None,
        scratch: Path | None = None,
    ) -> None:
        """`live` says of each capture what its reading is made from today; without, all of it is live.

        What studies add is kept in the folder `scratch`.
        """
        self._pieces = pieces
        self.layout = layout
        self.added = Additions(layout, scratch)
        """What was worked out over all reports."""
        self.listed = live_rows(pieces, live)
        """Every capture, by agency, year and age."""
        self._readers = "".join(sorted({piece.card.version for piece in pieces}))
        self.versions = versions(self.listed)
        """The captures that each report was read from, oldest first; the last is published."""

    @property
    def refused(self) -> list[Row]:
        """The captures that were not read."""
        return [row for row in self.listed if row.reason]

    @property
    def captures(self) -> set[str]:
        """Every capture that the pieces know as it is today."""
        return {row.capture for row in self.listed}

    @property
    def years(self) -> list[int]:
        """The years there are reports of."""
        return sorted({row.year for row in self.listed} - {NO_YEAR})

    def part(self, listed: Iterable[Row], years: Iterable[int]) -> Merge:
        """What is known of these captures and of these years alone: so much as another process is sent."""
        part = copy(self)
        part.listed, part.added = list(listed), self.added.of(years)
        keys = {row[:2] for row in part.listed}
        part.versions = {key: self.versions[key] for key in keys if key in self.versions}
        return part

    def files(self) -> list[File]:
        """Every file of the release, by path."""
        filed = {by: _told(by_year(self.listed, by_fetching=by)) for by in (False, True)}
        made = [
            file
            for table in self.layout.tables.values()
            for file in self._files_of(table, filed[whose(table) == "id"])
        ]
        return sorted(made, key=lambda file: file.path)

    def sheets(self, files: Iterable[File], told: Mapping[str, str], version: str) -> dict[str, Sheet]:
        """These files, made of what is known of their year; `told`: what those of a version are from."""
        made: dict[str, Sheet] = {}
        for _, named in groupby(sorted(files, key=_name), key=_name):
            same = list(named)
            rows = {row: None for file in same for listed in file.rows.values() for row in listed}
            part = self.part(rows, {year for file in same for year in file.rows})
            for file in same:
                as_in = version if told.get(file.path) == file.made_from else ""
                made[file.path] = Sheet(partial(part.batches, file), as_in)
        return made

    def batches(self, file: File) -> Iterator[pa.Table]:
        """The rows of a file, in order."""
        layout = file.table
        for year in sorted(file.rows, key=lambda one: (one == NO_YEAR, one)):
            for table in self._tables(file, year):
                if layout.name != "facts":
                    refuse_repeats(table, layout, layout.key)
                yield table.select([column.name for column in layout.columns])

    def rows_of(
        self, table: str, year: int, captures: Sequence[Row], columns: Sequence[str] | None = None
    ) -> pa.Table:
        """What a table of a year has been read to from these captures, in order; these columns, or all."""
        layout = self.layout.read[table]
        names = None if columns is None else list(dict.fromkeys((whose(layout), *layout.sort, *columns)))
        parts = [part for part in self._read(layout, year, captures, names) if part.num_rows]
        if not parts:
            empty = {one.name: pa.array([], arrow_type(one.type)) for one in layout.columns}
            return pa.table({name: array for name, array in empty.items() if names is None or name in names})
        return settled(parts, layout)

    def _tables(self, file: File, year: int) -> Iterator[pa.Table]:
        """The rows of a year, a slab of agencies at a time."""
        layout = file.table
        if layout.across:
            table = self.added.rows(layout.name, year)
            if table.num_rows:
                yield table
            return
        listed = list(slabs(file.rows[year], layout, _SLAB)) or [()]
        starts = ["", *(slab[0].agency for slab in listed[1:]), ""]
        for at, slab in enumerate(listed):
            parts = [part for part in self._gathered(layout, year, slab) if part.num_rows]
            empty = [rows.to_arrow({one.name: [] for one in layout.columns}, layout)]
            span = (starts[at], starts[at + 1]) if len(listed) > 1 else ("", "")
            table = self.added.put(settled(parts or empty, layout), layout, year, span)
            if table.num_rows:
                yield table

    def tables(self) -> dict[str, pa.Table]:
        """Every file, in memory: for few reports."""
        made = {}
        for file in self.files():
            empty = rows.to_arrow({column.name: [] for column in file.table.columns}, file.table)
            parts = list(self.batches(file))
            made[file.path] = pa.concat_tables(parts).combine_chunks() if parts else empty
        return made

    def _files_of(self, table: TableLayout, told: Mapping[int, Told]) -> Iterator[File]:
        """A file for each year there are reports of, empty or not; what has no year only makes findings."""
        if table.across:
            filed = dict.fromkeys({*self.years, *self.added.years(table.name)}, NOTHING)
        else:
            filed = dict(told) if whose(table) == "id" else dict.fromkeys(self.years, NOTHING) | dict(told)
            if table.name != "findings":
                filed.pop(NO_YEAR, None)
        if BY_YEAR not in table.path:
            yield self._file(table.path, table, filed)
            return
        for year in sorted(filed) or [NO_YEAR]:
            path = table.path.format(year=_NONE if year == NO_YEAR else year)
            yield self._file(path, table, {year: filed.get(year, NOTHING)})

    def _file(self, path: str, table: TableLayout, filed: Mapping[int, Told]) -> File:
        digest = hashlib.sha256(f"{self._readers}\n{table}\n".encode())
        digest.update(self.added.digest(table.name, filed).encode())
        digest.update("".join(filed[year].digest for year in sorted(filed)).encode())
        return File(path, table, {year: one.rows for year, one in filed.items()}, digest.hexdigest())

    def _gathered(self, table: TableLayout, year: int, slab: Sequence[Row]) -> Iterator[pa.Table]:
        """The rows of these captures, as far as they are published; an older capture is one note."""
        whole = whose(table) == "id" or year == NO_YEAR
        lost: list[tuple[Capture, Refusal]] = []
        wanted: list[Row] = []
        for row in slab:
            winner = self.versions.get((row.agency, row.year), [row])[-1].capture
            if whole or winner == row.capture:
                wanted.append(row)
            elif table.name == "findings":
                lost.append(superseded(row, winner))
        yield from self._read(table, year, wanted)
        if lost:
            noted = rows.findings((), lost)
            noted = {**noted, "year": [year] * len(lost)}
            yield rows.to_arrow(noted, table)

    def _read(
        self, table: TableLayout, year: int, captures: Sequence[Row], columns: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """What the pieces hold of these captures."""
        wanted: dict[int, list[Row]] = defaultdict(list)
        for row in captures:
            wanted[row.piece].append(row)
        for at, listed in wanted.items():
            agencies, ids = {row.agency for row in listed}, {row.capture for row in listed}
            for part in self._pieces[at].rows(table.name, year, min(agencies), max(agencies), columns):
                yield only(part, whose(table), ids)


def _told(filed: Iterable[tuple[int, Sequence[Row]]]) -> dict[int, Told]:
    told: dict[int, Told] = {}
    for year, listed in filed:
        lines = "".join(f"{year} {row.capture} {row.made_from} {row.reason}\n" for row in listed)
        told[year] = Told(listed, hashlib.sha256(lines.encode()).hexdigest())
    return told


def _name(file: File) -> str:
    """What the files of a year have in common."""
    return file.path.rpartition("/")[2]
