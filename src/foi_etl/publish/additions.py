"""What studies have added so far, kept as it is sent: no more of it is held than is asked for."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.publish.parquet import arrow_type, plain
from foi_etl.publish.tables import settled

if TYPE_CHECKING:
    from foi_etl.publish.layout import Layout, TableLayout

_BETWEEN = "\x1f"


class Addition(NamedTuple):
    """Rows for a table of the layout, all of one year."""

    table: str
    year: int
    rows: pa.Table


class Kept(NamedTuple):
    """An addition as a stream of Arrow: in a file, or in memory."""

    table: str
    year: int
    where: str | pa.Buffer
    digest: str

    def read(self) -> pa.Table:
        """Its rows."""
        source = pa.memory_map(self.where) if isinstance(self.where, str) else self.where
        return pa.ipc.open_stream(source).read_all()


class Additions:
    """What was added so far. It can be sent to another process, which finds it in the same folder."""

    def __init__(self, layout: Layout, folder: Path | None = None) -> None:
        """Without a folder it is held in memory, which is for few reports."""
        self._layout = layout
        self._folder = folder
        self._parts: dict[tuple[str, int], list[Kept]] = defaultdict(list)

    def take(self, addition: Addition | Kept) -> Kept:
        """One more, also one that another process has kept."""
        kept = addition if isinstance(addition, Kept) else self._keep(addition)
        self._parts[kept.table, kept.year].append(kept)
        return kept

    def _keep(self, addition: Addition) -> Kept:
        """Its columns are given the types of the layout."""
        table, year, rows = addition
        typed = {
            column.name: rows[column.name].cast(arrow_type(column.type))
            for column in self._layout.tables[table].columns
            if column.name in rows.column_names
        }
        made = pa.table(typed).combine_chunks()
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, made.schema) as stream:
            stream.write_table(made)
        body = sink.getvalue()
        where: str | pa.Buffer = body
        if self._folder is not None:
            path = self._folder / f"{table}-{year}-{len(self._parts[table, year])}.arrow"
            path.write_bytes(body)
            where = str(path)
        return Kept(table, year, where, hashlib.sha256(body).hexdigest())

    def of(self, years: Iterable[int]) -> Additions:
        """What was added for these years so far."""
        wanted, some = set(years), Additions(self._layout, self._folder)
        some._parts.update({key: list(parts) for key, parts in self._parts.items() if key[1] in wanted})
        return some

    def years(self, table: str) -> set[int]:
        """The years something was added to a table for."""
        return {year for name, year in self._parts if name == table}

    def rows(self, table: str, year: int) -> pa.Table:
        """What was added to a table of a year, in the order of the layout."""
        layout = self._layout.tables[table]
        if parts := self._read(table, year):
            return settled(parts, layout)
        return pa.table({one.name: pa.array([], arrow_type(one.type)) for one in layout.columns})

    def put(
        self, rows: pa.Table, layout: TableLayout, year: int, span: tuple[str, str] = ("", "")
    ) -> pa.Table:
        """These rows of a table with what was added; of agencies from the one named to before the other."""
        parts = self._read(layout.name, year)
        if not parts:
            return rows
        if layout.key:
            for part in parts:
                rows = _folded(rows, part, layout.key)
            return rows
        more = pa.concat_tables(parts).select([n for n in rows.column_names if n in parts[0].column_names])
        agency = more["agency_id"]
        inside = pc.greater_equal(agency, span[0])
        if span[1]:
            inside = pc.and_(inside, pc.less(agency, span[1]))
        return settled([plain(rows), more.filter(inside)], layout)

    def digest(self, table: str, years: Iterable[int]) -> str:
        """What was added to a table for these years; empty for nothing."""
        return "".join(
            f"{year} {part.digest}\n" for year in sorted(years) for part in self._parts.get((table, year), ())
        )

    def _read(self, table: str, year: int) -> list[pa.Table]:
        return [part.read() for part in self._parts.get((table, year), ())]


def _folded(rows: pa.Table, more: pa.Table, key: Sequence[str]) -> pa.Table:
    """The rows, each with what more there is under its key."""
    at = pc.index_in(_keys(rows, key), value_set=_keys(more, key).combine_chunks()).combine_chunks()
    for name in (one for one in more.column_names if one not in key and one in rows.column_names):
        old, new = rows[name].combine_chunks(), more[name].combine_chunks().take(at)
        joined = _longer(old, new) if pa.types.is_list(new.type) else pc.add(old, pc.fill_null(new, 0))
        rows = rows.set_column(rows.column_names.index(name), name, joined)
    return rows


def _keys(table: pa.Table, key: Sequence[str]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(table[name].cast(pa.string()) for name in key), _BETWEEN)


def _longer(one: pa.ListArray, other: pa.ListArray) -> pa.ListArray:
    """Each list of one with that of the other behind it."""
    lengths = [
        pc.fill_null(pc.list_value_length(each), 0).to_numpy().astype(np.int64) for each in (one, other)
    ]
    values = pa.concat_arrays([each.flatten().cast(pa.string()) for each in (one, other)])
    # The place of each value: first by its row, then by whose it is, then as it stood.
    row = np.concatenate([np.repeat(np.arange(len(one)), each) for each in lengths])
    offsets = np.concatenate([[0], np.cumsum(lengths[0] + lengths[1])]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values.take(pa.array(np.argsort(row, kind="stable"))))
