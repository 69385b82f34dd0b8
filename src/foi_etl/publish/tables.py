"""Verdicts to rows: what a batch of captures gives each published table, told apart by capture."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.errors import CannotRelease
from foi_etl.publish import prose, rows
from foi_etl.publish.cells import long, stacks, wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from foi_etl.forms import Statute
    from foi_etl.model import Capture, Judged, Refusal
    from foi_etl.publish.layout import Layout, TableLayout

BY_YEAR = "{year}"
"""Where a path says this, each year has a file of its own."""
_FETCHED = "fetched_at"

Part = tuple[str, pa.Table]


def parts(
    judged: Sequence[Judged],
    refusals: Sequence[tuple[Capture, Refusal]],
    statute: Statute,
    layout: Layout,
) -> dict[str, list[pa.Table]]:
    """What these captures say, by the name of the table; every row says which capture it was read from."""
    made: dict[str, list[pa.Table]] = defaultdict(list)
    for name, part in (*_cell_parts(judged, statute, layout), *_row_parts(judged, refusals, layout)):
        made[name].append(part)
    return dict(made)


def whose(layout: TableLayout) -> str:
    """The column that says which capture a row was read from; one that is not published where none does."""
    names = {column.name for column in layout.columns}
    return "capture" if "capture" in names or "id" not in names else "id"


def years_of(table: pa.Table) -> npt.NDArray[np.int64]:
    """The year each row is filed under: of the report or else of the fetching; -1 where it has none."""
    if "year" in table.column_names:
        return np.asarray(pc.fill_null(table["year"], -1).to_numpy(), dtype=np.int64)
    fetched = pc.utf8_slice_codeunits(table[_FETCHED].cast(pa.string()), 0, 4)
    return np.asarray(fetched.cast(pa.int64()).to_numpy(), dtype=np.int64)


def settled(tables: Sequence[pa.Table], layout: TableLayout) -> pa.Table:
    """The parts as one table in the order of the layout; rows it does not rank keep the order of the form."""
    table = tables[0] if len(tables) == 1 else pa.concat_tables(tables)
    table = table.unify_dictionaries().combine_chunks()
    order = _order([_ranks(table[name]) for name in layout.sort if name in table.column_names])
    return table if order is None else table.take(pa.array(order))


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


def refuse_repeats(table: pa.Table, layout: TableLayout, key: Sequence[str]) -> None:
    """No two rows may claim one key."""
    if not layout.key:
        return
    keys = table.select(list(key)).unify_dictionaries()
    counted = keys.group_by(list(key)).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted["count_all"], 1)).drop_columns("count_all")
    if twice.num_rows:
        raise CannotRelease(
            "two documents claim one place in the release; choose one of them before it is published",
            table=layout.name,
            claimed=_first(twice.to_pylist()),
        )


def _is_word(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _cell_parts(judged: Sequence[Judged], statute: Statute, layout: Layout) -> Iterator[Part]:
    by_form = {table.form: table for table in layout.tables.values() if table.form}
    for stack in stacks(judged, statute):
        yield "facts", long(stack, layout.tables["facts"])
        broad = by_form[stack.form.table]
        yield broad.name, wide(stack, broad)


def _row_parts(
    judged: Sequence[Judged], refusals: Sequence[tuple[Capture, Refusal]], layout: Layout
) -> Iterator[Part]:
    seen = [*(one.capture for one in judged), *(capture for capture, _ in refusals)]
    made = {
        "reports": rows.reports(judged),
        "findings": rows.findings(judged, refusals),
        "inferences": rows.inferences(judged),
        "checks": rows.checks(judged),
        "narrative": prose.narrative(judged),
        "sections": prose.sections(judged),
        "captures": rows.captures(seen),
        "sketches": rows.sketches(judged),
    }
    for name, columns in made.items():
        yield name, rows.to_arrow(columns, layout.read[name])


def _order(ranks: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64] | None:
    """The order that ranks the rows, equal ones as they stand; None where they stand in it."""
    if not ranks or not ranks[0].size:
        return None
    key = ranks[0]
    for one in ranks[1:]:
        width = int(one.max()) + 1
        if int(key.max()) >= np.iinfo(np.int64).max // width - 1:
            return np.lexsort(list(reversed(ranks)))
        key = key * width + one
    return None if bool((key[1:] >= key[:-1]).all()) else np.argsort(key, kind="stable")


def _ranks(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Each value's place among all values of its column, nulls last; strings by code point."""
    if not _is_word(column):
        column = column.dictionary_encode()
    codes = column.combine_chunks()
    if isinstance(codes, pa.ChunkedArray):
        codes = pa.concat_arrays(codes.chunks) if codes.num_chunks else pa.array([], column.type)
    words = codes.dictionary.to_pylist()
    places = np.empty(len(words) + 1, dtype=np.int64)
    places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    places[-1] = len(words)
    ranks: npt.NDArray[np.int64] = places[pc.fill_null(codes.indices, len(words)).to_numpy()]
    return ranks


def _first(keys: Sequence[Mapping[str, object]]) -> str:
    shown = ", ".join("/".join(str(part) for part in key.values()) for key in keys[:3])
    return shown if len(keys) <= 3 else f"{shown} and {len(keys) - 3} more"
