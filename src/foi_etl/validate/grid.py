"""Facts of many reports as one rectangle: a row for each report, a column for each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_YEARS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The rectangle. What is not known is nan."""

    agencies: list[str]
    """Of each row."""
    years: Ints
    cells: Mapping[str, int]
    """The column of each cell."""
    values: Floats
    before: Ints
    """The row of the same agency's year before, of the same scope; -1 where there is none."""
    earlier: Ints
    """The same, of whatever scope."""
    scopes: list[str]
    """For whom each report speaks; empty where that is not known."""

    @property
    def height(self) -> int:
        """How many reports."""
        return len(self.agencies)

    def column(self, cell: str, *, before: bool = False) -> Floats:
        """The values of a cell, of each report or of the year before it."""
        place = self.cells.get(cell)
        if place is None:
            return np.full(self.height, np.nan)
        values: Floats = self.values[:, place]
        return np.where(self.before >= 0, values[self.before], np.nan) if before else values


def grid(
    facts: pa.Table, inferences: pa.Table | None = None, scopes: Mapping[tuple[str, int], str] | None = None
) -> Grid:
    """The grid of the published facts, what was inferred filled in. `scopes` keeps unlike reports apart."""
    agency, codes = _coded([facts["agency_id"]] + ([] if inferences is None else [inferences["agency_id"]]))
    cell, places = _coded([facts["cell_id"]] + ([] if inferences is None else [inferences["cell_id"]]))
    tables = [facts] if inferences is None else [facts, inferences]
    years = [np.asarray(table["year"].to_numpy(), dtype=np.int64) for table in tables]
    keys = [code * _YEARS + year for code, year in zip(codes, years, strict=True)]
    rows = np.unique(keys[0])
    values = np.full((rows.size, len(cell)), np.nan)
    for table, key, place in reversed(list(zip(tables, keys, places, strict=True))):
        found = np.asarray(table["value"].to_numpy(), dtype=np.float64)
        at = np.searchsorted(rows, key)
        told = ~np.isnan(found) & (at < rows.size)
        told[told] = rows[at[told]] == key[told]
        values[at[told], place[told]] = found[told]
    agencies = [agency[code] for code in (rows // _YEARS).tolist()]
    numbers: Ints = rows % _YEARS
    return assembled(agencies, numbers, {name: n for n, name in enumerate(cell)}, values, scopes)


def assembled(
    agencies: list[str],
    years: Ints,
    cells: Mapping[str, int],
    values: Floats,
    scopes: Mapping[tuple[str, int], str] | None = None,
) -> Grid:
    """The grid of rows that stand in the order of agency and year."""
    before: Ints = np.full(len(agencies), -1)
    earlier = before.copy()
    for row in range(1, len(agencies)):
        if agencies[row] == agencies[row - 1] and years[row] == years[row - 1] + 1:
            earlier[row] = row - 1
            if not scopes or _scope(scopes, agencies, years, row):
                before[row] = row - 1
    listed = [(scopes or {}).get(key, "") for key in zip(agencies, years.tolist(), strict=True)]
    return Grid(agencies, years, cells, values, before, earlier, listed)


def _scope(scopes: Mapping[tuple[str, int], str], agencies: Sequence[str], years: Ints, row: int) -> bool:
    """Whether a row is of the scope of the one above it."""
    mine, theirs = ((agencies[one], int(years[one])) for one in (row, row - 1))
    return scopes.get(mine) == scopes.get(theirs)


def _coded(columns: Sequence[pa.ChunkedArray]) -> tuple[list[str], list[Ints]]:
    """The words of several columns in order, and each column as their numbers."""
    coded = [_encoded(column) for column in columns]
    words = sorted({word for _, listed in coded for word in listed})
    place = {word: number for number, word in enumerate(words)}
    return words, [
        np.array([place[word] for word in listed], dtype=np.int64)[codes] for codes, listed in coded
    ]


def _encoded(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """A column of words as numbers of a list."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    table = pa.table({"": encoded}).unify_dictionaries().combine_chunks()
    if not table.num_rows:
        return np.array([], np.int64), []
    [chunk] = table[0].chunks
    return np.asarray(chunk.indices.to_numpy(), dtype=np.int64), chunk.dictionary.to_pylist()
