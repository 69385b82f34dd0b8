"""Verdicts to tables: pure, in one pass, in an order that depends on what was read and not on when."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.errors import CannotRelease
from foi_etl.publish import prose, rows
from foi_etl.publish.cells import long, stacks, wide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from foi_etl.forms import Statute
    from foi_etl.model import Capture, Judged, Refusal
    from foi_etl.publish.layout import Layout, TableLayout

_BATCH = 2000
"""Reports held as objects at once; behind them there are only columns."""

Part = tuple[str, pa.Table]


def tables(
    judged: Iterable[Judged],
    refusals: Iterable[tuple[Capture, Refusal]],
    statute: Statute,
    layout: Layout,
    captures: Iterable[Capture] = (),
) -> dict[str, pa.Table]:
    """Every published table by its path in the release. `judged` is read once and may be a generator.

    `captures` are further captures to list beside those that were judged or refused.
    """
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    seen = list(captures)
    for batch in _batches(judged):
        seen += [one.capture for one in batch]
        for path, part in (*_cell_parts(batch, statute, layout), *_row_parts(batch, layout)):
            parts[path].append(part)
    for path, part in _last_parts(list(refusals), seen, layout):
        parts[path].append(part)
    return {path: _settled(path, parts.pop(path), layout) for path in sorted(parts)}


def _batches(judged: Iterable[Judged]) -> Iterator[list[Judged]]:
    waiting = iter(judged)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _cell_parts(batch: Sequence[Judged], statute: Statute, layout: Layout) -> Iterator[Part]:
    facts = layout.tables["facts"]
    by_form = {table.form: table for table in layout.tables.values() if table.form}
    for stack in stacks(batch, statute):
        yield facts.path.format(year=stack.year), long(stack, facts)
        broad = by_form[stack.form.table]
        yield broad.path, wide(stack, broad)


def _row_parts(batch: Sequence[Judged], layout: Layout) -> Iterator[Part]:
    made = {
        "reports": rows.reports(batch),
        "findings": rows.findings(batch),
        "inferences": rows.inferences(batch),
        "checks": rows.checks(batch),
        "narrative": prose.narrative(batch),
        "sections": prose.sections(batch),
    }
    for name, columns in made.items():
        yield layout.tables[name].path, rows.to_arrow(columns, layout.tables[name])


def _last_parts(
    refusals: Sequence[tuple[Capture, Refusal]], seen: Sequence[Capture], layout: Layout
) -> Iterator[Part]:
    """What is known only at the end, and one empty part of every table, so that none is missing."""
    for table in layout.tables.values():
        if "{" not in table.path:
            yield table.path, rows.to_arrow({column.name: [] for column in table.columns}, table)
    kept = rows.captures([*seen, *(capture for capture, _ in refusals)])
    yield layout.tables["captures"].path, rows.to_arrow(kept, layout.tables["captures"])
    unread = rows.findings((), refusals)
    yield layout.tables["findings"].path, rows.to_arrow(unread, layout.tables["findings"])


def _settled(path: str, parts: Sequence[pa.Table], layout: Layout) -> pa.Table:
    """The parts as one table in the order of the layout; rows it does not rank keep the order of the form."""
    table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    described = layout.of(path)
    if "{" not in described.path:
        # A facts file needs no check of its own: each of its readings has its row, or rows, in a wide table.
        _refuse_repeats(table, described)
    order = np.lexsort([_ranks(table[name]) for name in reversed(described.sort)])
    return table.take(pa.array(order))


def _ranks(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Each value's place among all values of its column, nulls last; strings by code point."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = column.combine_chunks()
    words = codes.dictionary.to_pylist()
    places = np.empty(len(words) + 1, dtype=np.int64)
    places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    places[-1] = len(words)
    ranks: npt.NDArray[np.int64] = places[pc.fill_null(codes.indices, len(words)).to_numpy()]
    return ranks


def _refuse_repeats(table: pa.Table, layout: TableLayout) -> None:
    if not layout.key:
        return
    counted = table.select(layout.key).group_by(list(layout.key)).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted["count_all"], 1)).drop_columns("count_all")
    if twice.num_rows:
        raise CannotRelease(
            "two documents claim one place in the release; choose one of them before it is published",
            table=layout.name,
            claimed=_first(twice.to_pylist()),
        )


def _first(keys: Sequence[Mapping[str, object]]) -> str:
    shown = ", ".join("/".join(str(part) for part in key.values()) for key in keys[:3])
    return shown if len(keys) <= 3 else f"{shown} and {len(keys) - 3} more"
