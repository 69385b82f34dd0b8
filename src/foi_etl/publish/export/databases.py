"""SQLite and DuckDB: one file with every table, its keys and what its columns mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from foi_etl.errors import WrongUsage
from foi_etl.publish.export.shape import flat

if TYPE_CHECKING:
    from foi_etl.publish.export.shape import Sheet

_SQLITE: Final = {"int64": "INTEGER", "float64": "REAL", "bool": "INTEGER"}
_BATCH: Final = 50_000
_ABOUT: Final = "columns_described"
"""SQLite has no comments on columns: this table holds them."""


def write_sqlite(sheets: Iterable[Sheet], path: Path) -> None:
    """A SQLite database. Dates are ISO 8601 texts, lists are joined by a semicolon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute(
            f"CREATE TABLE {_ABOUT} (table_name TEXT, column_name TEXT, label TEXT, label_zh TEXT,"
            " description TEXT, description_zh TEXT)"
        )
        for sheet in sheets:
            _fill(base, sheet)
        base.commit()


def _fill(base: sqlite3.Connection, sheet: Sheet) -> None:
    table = flat(sheet.table)
    types = {one.name: _SQLITE.get(one.type, "TEXT") for one in sheet.layout.columns}
    columns = ", ".join(f"{_quoted(name)} {types.get(name, 'TEXT')}" for name in table.column_names)
    key = ", ".join(map(_quoted, sheet.layout.key))
    # The key of a table whose columns may be null, such as that of findings, is none for SQLite either.
    base.execute(f"CREATE TABLE {_quoted(sheet.name)} ({columns}{f', PRIMARY KEY ({key})' if key else ''})")
    marks = ", ".join("?" * table.num_columns)
    for batch in table.to_batches(max_chunksize=_BATCH):
        rows = zip(*(map(_plain, column.to_pylist()) for column in batch.columns), strict=True)
        base.executemany(f"INSERT INTO {_quoted(sheet.name)} VALUES ({marks})", rows)  # noqa: S608  # our own names
    base.executemany(
        f"INSERT INTO {_ABOUT} VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  # our own name
        (
            (sheet.name, one.name, one.label, one.label_zh, one.english, one.chinese)
            for one in sheet.layout.columns
        ),
    )


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_duckdb(sheets: Iterable[Sheet], path: Path) -> None:
    """A DuckDB database; lists stay lists, and every column bears its meaning as a comment."""
    try:
        import duckdb  # noqa: PLC0415  # an ability of its own: everything else works without
    except ImportError as error:
        raise WrongUsage("DuckDB is not installed: install foi-etl[duckdb]") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(duckdb.connect(str(path))) as base:
        for sheet in sheets:
            base.register("incoming", sheet.table)
            base.execute(f"CREATE TABLE {_quoted(sheet.name)} AS SELECT * FROM incoming")  # noqa: S608  # our own name
            base.unregister("incoming")
            for one in sheet.layout.columns:
                told = f"{one.label} {one.label_zh}: {one.english}".replace("'", "''")
                where = f"{_quoted(sheet.name)}.{_quoted(one.name)}"
                base.execute(f"COMMENT ON COLUMN {where} IS '{told}'")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
