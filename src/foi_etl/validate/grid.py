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
    before = _before(rows, agencies, numbers, scopes or {})
    return Grid(agencies, numbers, {name: n for n, name in enumerate(cell)}, values, before)


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


def _before(rows: Ints, agencies: Sequence[str], years: Ints, scopes: Mapping[tuple[str, int], str]) -> Ints:
    at = np.searchsorted(rows, rows - 1)
    at[at == rows.size] = 0
    found: Ints = np.where(rows[at] == rows - 1, at, -1)
    if scopes:
        for row in np.flatnonzero(found >= 0).tolist():
            mine, theirs = ((agencies[n], int(years[n])) for n in (row, int(found[row])))
            if scopes.get(mine) != scopes.get(theirs):
                found[row] = -1
    return found
