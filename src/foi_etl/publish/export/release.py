"""Which tables of a release are exported, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

from foi_etl.errors import WrongUsage
from foi_etl.publish.export.databases import write_duckdb, write_sqlite
from foi_etl.publish.export.flat import write_csv, write_xlsx
from foi_etl.publish.export.shape import Sheet
from foi_etl.publish.export.stata import write_dta
from foi_etl.publish.manifest import read_manifest

if TYPE_CHECKING:
    import pyarrow as pa

    from foi_etl.publish.export.shape import Words
    from foi_etl.publish.layout import Layout

Writer = Callable[[Iterable[Sheet], Path], None]
FORMATS: Final = ("csv", "xlsx", "dta", "duckdb", "sqlite")
FOLDERS: Final = frozenset({"csv", "dta"})
"""One file for each table, in a folder; the others are one file with all tables."""


def export(
    release: Path,
    out: Path,
    format_: str,
    layout: Layout,
    words: Words,
    *,
    tables: Iterable[str] = (),
    bom: bool = False,
) -> tuple[str, ...]:
    """Write tables of a release in another format; the names of those written.

    WrongUsage where there is no such format or table, or where something stands at `out` already.
    """
    known = read_manifest(release).names
    chosen = tuple(tables) or tuple(known)
    if unknown := sorted(set(chosen) - set(known)):
        raise WrongUsage(f"no table {', '.join(unknown)} in {release.name}; there are: {', '.join(known)}")
    _refuse_taken(out, format_)
    writers: Mapping[str, Writer] = {
        "csv": lambda sheets, path: write_csv(sheets, path, bom=bom),
        "xlsx": write_xlsx,
        "dta": lambda sheets, path: write_dta(sheets, path, words),
        "duckdb": write_duckdb,
        "sqlite": write_sqlite,
    }

    def sheets() -> Iterator[Sheet]:
        for name in chosen:
            yield Sheet(name, read_table(release, name), layout.tables[name])

    writers[format_](sheets(), out)
    return chosen


def read_table(release: Path, name: str) -> pa.Table:
    """A table of a release, all its years at once."""
    one = release / f"{name}.parquet"
    return pq.read_table(one if one.exists() else release / name)


def _refuse_taken(out: Path, format_: str) -> None:
    if format_ not in FORMATS:
        raise WrongUsage(f"there is no format {format_!r}; there are: {', '.join(FORMATS)}")
    taken = out.is_file() if format_ in FOLDERS else out.exists()
    if taken or (out.is_dir() and any(out.iterdir())):
        raise WrongUsage("something stands there already; name another place", out=out)
