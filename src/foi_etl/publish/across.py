"""What is worked out over all reports of a release, before its files are written.

A *study* looks at what is published (`Published`), and adds to it (`Addition`: rows for one table of the
layout and one year). To write one: a function in `foi_etl/studies`, and its line in `studies/__init__.py`.

    def _lateness(seen: Published) -> Iterator[Addition]: ...
    Study("lateness", _lateness, inputs=digest)

What an addition does depends on the table, as `schemas/release.toml` describes it:
- a table with `across = true` is made of additions alone (similarity, revisions): give every column. Where
  its path has `{year}`, each year is a file; where it has none, all years are in one, in their order.
- a table without a key (findings) gets more rows: give every column.
- any other table (checks, reports) has its rows already: give its key, and of its other columns those that
  grow. Lists get longer by what is added, counts get higher; where no row has that key, nothing happens.

Rows need no order. The digest of what was added is part of what a file is made from: a file whose captures
and whose additions are as before is not written again. Whatever else a study is made from (a register, a
day) belongs into its `inputs`, or a quiet night will not look at it anew. Studies run in their order, and
each sees what those before it have added.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.publish.parquet import arrow_type, plain
from foi_etl.publish.tables import settled

if TYPE_CHECKING:
    from foi_etl.publish.layout import Layout, TableLayout
    from foi_etl.publish.merge import Merge
    from foi_etl.publish.standing import Row

_BETWEEN = "\x1f"


class Addition(NamedTuple):
    """Rows for a table of the layout, all of one year."""

    table: str
    year: int
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class Study:
    """Something that is worked out over all reports."""

    name: str
    made: Callable[[Published], Iterable[Addition]]
    inputs: str = ""
    """What else it is made from, in a word or a digest: another one, another release."""


class Published:
    """What a release publishes, column by column, as far as it is known."""

    def __init__(self, merge: Merge) -> None:
        self._merge = merge
        self.layout = merge.layout
        self.years = merge.years
        """Those there are reports of."""

    @cached_property
    def versions(self) -> Mapping[tuple[str, int], Sequence[Row]]:
        """The captures that each report was read from, oldest first; the last is published."""
        return self._merge.versions

    @property
    def captures(self) -> Sequence[Row]:
        """Every capture of a report there is, those that were not read included, by agency, year and time."""
        return self._merge.listed

    def reports(self, year: int) -> list[Row]:
        """The capture that each report of a year is published from, by agency."""
        return [listed[-1] for (_, of), listed in self.versions.items() if of == year]

    def rows(self, table: str, year: int, columns: Sequence[str] = ()) -> pa.Table:
        """The rows of a table that are published of a year, in order: these columns, or all of them."""
        layout = self.layout.kept.get(table) or self.layout.tables[table]
        wanted = tuple(columns) or tuple(column.name for column in layout.columns)
        added = self._merge.added
        if layout.across:
            return added.rows(table, year).select(wanted)
        published = self._merge.rows_of(table, year, self.reports(year), (*layout.key, *wanted))
        return added.put(published, layout, year).select(wanted)

    def rows_of(self, table: str, year: int, captures: Sequence[Row], columns: Sequence[str]) -> pa.Table:
        """The same, of any captures: also of those that a younger one has superseded."""
        return self._merge.rows_of(table, year, captures, columns).select(list(columns))


class Additions:
    """What was added so far."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._parts: dict[tuple[str, int], list[pa.Table]] = defaultdict(list)

    def take(self, addition: Addition) -> None:
        """One more; its columns are given the types of the layout."""
        columns = self._layout.tables[addition.table].columns
        rows = addition.rows
        typed = {
            column.name: rows[column.name].cast(arrow_type(column.type))
            for column in columns
            if column.name in rows.column_names
        }
        if rows.num_rows:
            self._parts[addition.table, addition.year].append(pa.table(typed).combine_chunks())

    def years(self, table: str) -> set[int]:
        """The years something was added to a table for."""
        return {year for name, year in self._parts if name == table}

    def rows(self, table: str, year: int) -> pa.Table:
        """What was added to a table of a year, in the order of the layout."""
        layout = self._layout.tables[table]
        if parts := self._parts.get((table, year)):
            return settled(parts, layout)
        return pa.table({one.name: pa.array([], arrow_type(one.type)) for one in layout.columns})

    def put(
        self, rows: pa.Table, layout: TableLayout, year: int, span: tuple[str, str] = ("", "")
    ) -> pa.Table:
        """These rows of a table with what was added; of agencies from the one named to before the other."""
        parts = self._parts.get((layout.name, year), ())
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
        listed = [(year, part) for year in sorted(years) for part in self._parts.get((table, year), ())]
        if not listed:
            return ""
        whole = hashlib.sha256()
        for year, part in listed:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, part.schema) as stream:
                stream.write_table(part)
            whole.update(f"{year}\n".encode())
            whole.update(sink.getvalue())
        return whole.hexdigest()


def look_across(merge: Merge, studies: Iterable[Study]) -> None:
    """Let every study look, and add what it finds to the merge."""
    for study in studies:
        for addition in study.made(Published(merge)):
            merge.added.take(addition)


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
