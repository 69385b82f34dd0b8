"""What one release says that another did not, cell by cell.

Each cell that differs is a whole row of `facts`, so that the facts of the one release and the delta give the
facts of the other, in every byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foi_etl.publish.layout import SAID
from foi_etl.publish.manifest import read_manifest
from foi_etl.publish.parquet import arrow_type, plain, schema, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from foi_etl.forms import Statute
    from foi_etl.publish.layout import Layout, TableLayout
    from foi_etl.publish.manifest import Entry

DELTA: Final = "delta.parquet"
ADDED, REVISED, REMOVED, REREAD = "added", "revised", "removed", "reread"
KEY: Final = ["agency_id", "year", "cell_id"]
"""What names a cell of a release."""
_FACTS: Final = "facts"
_DERIVED: Final = "cell"
"""It says nothing that `capture` and `at` do not say, and each of its values is another."""


def delta(
    old: Path | None, new: Path, layout: Layout, now: Sequence[Entry] | None = None
) -> Iterator[pa.Table]:
    """The cells that differ, year by year, those removed last. Years whose files are the same are not opened.

    `now` are the files of `new`, where its manifest is not written yet. Without `old` nothing differs.
    """
    if old is None:
        return
    before = _files(read_manifest(old).tables)
    after = _files(read_manifest(new).tables if now is None else now)
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            yield _compared(_read(old / path, layout), _read(new / path, layout), layout.delta)


def applied(facts: pa.Table, changes: pa.Table, statute: Statute, layout: Layout) -> pa.Table:
    """The facts of a year after the changes of that year, in the order a release has them."""
    left = facts.filter(pc.is_null(_positions(facts, changes)))
    came = changes.filter(pc.not_equal(changes["change"], REMOVED)).select(facts.column_names)
    whole = pa.concat_tables([left, came.cast(left.schema)])
    order = _places(whole, statute)
    ranked = whole.append_column("_place", pa.array(order))
    keys = [(name, "ascending") for name in (*layout.tables[_FACTS].sort, "_place")]
    return ranked.sort_by(keys).drop_columns("_place")


def write_applied(old: Path, delta_file: Path, out: Path, statute: Statute, layout: Layout) -> list[Path]:
    """Write the facts that a release and a delta give, a file for each year there are facts of."""
    changes = pq.read_table(delta_file)
    known = {int(path.stem): path for path in (old / _FACTS).glob("[0-9]*.parquet")}
    table = layout.tables[_FACTS]
    written = []
    for year in sorted(known.keys() | set(changes["year"].unique().to_pylist())):
        facts = pq.read_table(known[year]) if year in known else schema(table).empty_table()
        made = applied(facts, changes.filter(pc.equal(changes["year"], year)), statute, layout)
        if made.num_rows:
            path = out / table.path.format(year=year)
            path.parent.mkdir(parents=True, exist_ok=True)
            write([made], path, table)
            written.append(path)
    return written


def _files(entries: Sequence[Entry]) -> dict[str, str]:
    return {entry.path: entry.sha256 for entry in entries if entry.table == _FACTS}


def _read(path: Path, layout: Layout) -> pa.Table:
    table = layout.tables[_FACTS]
    if not path.is_file():
        return schema(table).empty_table()
    words = [column.name for column in table.columns if column.type == "string" and column.name != _DERIVED]
    read = pq.read_table(path, read_dictionary=words)
    for column in table.columns:
        if column.name not in read.column_names:  # a release of before the column was
            read = read.append_column(column.name, pa.nulls(read.num_rows, arrow_type(column.type)))
    return read.select([column.name for column in table.columns])


def _compared(old: pa.Table, new: pa.Table, layout: TableLayout) -> pa.Table:
    """The rows that only one of the two has, told apart by whether the other has their key."""
    gone, came = _fingerprints(old), _fingerprints(new)
    before = plain(old.filter(pa.array(~np.isin(gone, came))))
    after = plain(new.filter(pa.array(~np.isin(came, gone))))
    at = _positions(after, before)
    said = {name: before[name].take(at) for name in SAID}
    same = pc.and_(pc.is_valid(at), _all_alike(after, said))
    change = pc.if_else(same, REREAD, pc.if_else(pc.is_valid(at), REVISED, ADDED))
    revised = pc.equal(change, REVISED)
    told = {f"old_{name}": pc.if_else(revised, column, None) for name, column in said.items()}
    left = before.filter(pc.is_null(_positions(before, after)))
    removed = pa.array([REMOVED] * left.num_rows, pa.string())
    return pa.concat_tables([_rows(layout, change, after, told), _rows(layout, removed, left, {})])


def _rows(
    layout: TableLayout, change: pa.Array, facts: pa.Table, told: Mapping[str, pa.ChunkedArray]
) -> pa.Table:
    columns: dict[str, pa.Array] = {"change": change, **told}
    columns |= {name: facts[name] for name in facts.column_names}
    types = {column.name: arrow_type(column.type) for column in layout.columns}
    nothing = {name: pa.nulls(facts.num_rows, kind) for name, kind in types.items() if name not in columns}
    columns |= nothing
    return pa.table({name: columns[name] for name in types}).cast(pa.schema(types.items()))


def _fingerprints(table: pa.Table) -> npt.NDArray[np.uint64]:
    """A number for each row: equal ones for equal rows."""
    frame = table.drop_columns(_DERIVED).to_pandas()
    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype=np.uint64)


def _positions(of: pa.Table, among: pa.Table) -> pa.Array:
    """Where among the rows of the one table each row of the other is, by its key; null where it is not."""
    known = among.select(KEY).to_pandas().assign(_at=np.arange(among.num_rows))
    found = of.select(KEY).to_pandas().merge(known, how="left", on=KEY, validate="one_to_one")
    return pa.array(found["_at"], pa.int64(), from_pandas=True)


def _all_alike(after: pa.Table, said: Mapping[str, pa.ChunkedArray]) -> pa.Array:
    alike = pa.array(np.ones(after.num_rows, bool))
    for name, column in said.items():
        both_null = pc.and_(pc.is_null(after[name]), pc.is_null(column))
        alike = pc.and_(
            alike, pc.if_else(both_null, True, pc.fill_null(pc.equal(after[name], column), False))
        )
    return alike


def _places(facts: pa.Table, statute: Statute) -> npt.NDArray[np.int64]:
    """The place of each cell in its form."""
    place = {
        (form.table, form.edition, cell): at for form in statute.forms for at, cell in enumerate(form.cells)
    }
    frame = facts.select(["table", "edition", "cell_id"]).to_pandas()
    return np.array([place[one] for one in frame.itertuples(index=False, name=None)], np.int64)
