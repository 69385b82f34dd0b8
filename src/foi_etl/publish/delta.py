"""What one release says that another did not, cell by cell.

Each cell that differs is a whole row of `facts`, so that the facts of the one release and the delta give the
facts of the other, in every byte.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foi_etl.crew import Share, here
from foi_etl.publish.disk import DRAFT
from foi_etl.publish.layout import SAID
from foi_etl.publish.manifest import read_manifest
from foi_etl.publish.parquet import arrow_type, plain, schema, write
from foi_etl.publish.tables import settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
_PLAIN: Final = {_DERIVED, "agency_id"}
"""Words that are read as words."""
_AT_ONCE: Final = 1 << 16
_LAST: Final = "\U0010ffff"


def delta(
    old: Path | None, new: Path, layout: Layout, now: Sequence[Entry] | None = None, share: Share = here
) -> Iterator[pa.Table]:
    """The cells that differ, in the order of the delta. Years whose files are the same are not opened.

    `now` are the files of `new`, where its manifest is not written yet. Without `old` nothing differs.
    The years are shared out. What they give waits in files, so that little is held, however much differs.
    """
    if old is None:
        return
    before = _files(read_manifest(old).tables)
    after = _files(read_manifest(new).tables if now is None else now)
    differing = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    with TemporaryDirectory(prefix=DRAFT, dir=new.parent if now else None) as scratch:
        made = [(path, Path(scratch, f"{at}.parquet")) for at, path in enumerate(differing)]
        for _ in share(partial(_keep_compared, old, new, layout), made):
            pass
        for _, waiting in made:
            with pq.ParquetFile(waiting) as told:
                yield from (pa.Table.from_batches([batch]) for batch in told.iter_batches(_AT_ONCE))


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


def _keep_compared(old: Path, new: Path, layout: Layout, made: tuple[str, Path]) -> None:
    """Write what differs in a year's file, some agencies at a time."""
    path, target = made
    before, after = old / path, new / path
    compared = (
        _compared(_read(before, layout, span), _read(after, layout, span), layout.delta)
        for span in _spans((before, after))
    )
    write(compared, target, layout.delta)


def _spans(sides: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """The agencies of a year, from the one named to before the other: of each about a row group."""
    footers = [pq.read_metadata(side) for side in sides if side.is_file()]
    longest = max(footers, key=lambda footer: footer.num_row_groups)
    at = longest.schema.names.index("agency_id")
    groups = (longest.row_group(number).column(at) for number in range(1, longest.num_row_groups))
    yield from pairwise(["", *sorted({group.statistics.min for group in groups}), _LAST])


def _read(path: Path, layout: Layout, span: tuple[str, str]) -> pa.Table:
    table = layout.tables[_FACTS]
    if not path.is_file():
        return schema(table).empty_table()
    words = [column.name for column in table.columns if column.type == "string" and column.name not in _PLAIN]
    first, last = (pc.scalar(name) for name in span)
    wanted = (pc.field("agency_id") >= first) & (pc.field("agency_id") < last)
    read = pq.read_table(path, read_dictionary=words, filters=wanted, use_threads=False)
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
    return settled([_rows(layout, change, after, told), _rows(layout, removed, left, {})], layout)


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
