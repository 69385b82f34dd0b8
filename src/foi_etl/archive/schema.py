"""The columns of the ledger, and how a row becomes a capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foi_etl.model import Capture

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGEST: Final = 5
VERSION: Final = 1
"""Kept as the user_version of the file. A higher number for every change below."""

SCHEMA: Final = (
    "CREATE TABLE runs (name TEXT PRIMARY KEY) WITHOUT ROWID",
    """
    CREATE TABLE files (
        n INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        writer TEXT NOT NULL DEFAULT '' -- whose it is, until it is closed
    )
    """,
    "CREATE INDEX by_writer ON files (writer) WHERE writer <> ''",
    """
    CREATE TABLE captures (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL,
        url TEXT, -- NULL where it is the key
        fetched_at TEXT NOT NULL,
        status INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        size INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        agency_id TEXT NOT NULL,
        agency_name TEXT NOT NULL,
        link_text TEXT NOT NULL,
        via TEXT NOT NULL,
        file INTEGER NOT NULL REFERENCES files,
        offset INTEGER NOT NULL,
        revisit_of TEXT NOT NULL,
        etag TEXT NOT NULL,
        last_modified TEXT NOT NULL
    )
    """,
    "CREATE INDEX by_key ON captures (key, fetched_at)",
    "CREATE INDEX by_time ON captures (fetched_at)",
    "CREATE INDEX by_purpose ON captures (purpose, fetched_at)",
    "CREATE INDEX by_agency ON captures (agency_id, purpose, fetched_at)",
    "CREATE INDEX by_file ON captures (file)",
    # Every word on a capture that was ever noted, its own first words included.
    """
    CREATE TABLE notes (
        capture TEXT NOT NULL,
        number INTEGER NOT NULL,
        file INTEGER NOT NULL REFERENCES files,
        offset INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        agency_id TEXT NOT NULL,
        agency_name TEXT NOT NULL,
        link_text TEXT NOT NULL,
        via TEXT NOT NULL,
        PRIMARY KEY (capture, number, file, offset)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX notes_by_file ON notes (file)",
    "CREATE TABLE synced (times INTEGER NOT NULL)",
    "INSERT INTO synced VALUES (0)",
    f"PRAGMA user_version = {VERSION}",
)

EMPTY: Final = ("DELETE FROM notes", "DELETE FROM captures", "DELETE FROM files", "DELETE FROM runs")

_RUNS: Final = "name GLOB '[0-9]*T*Z*/*'"
"""The files of runs, whose names begin with a moment; older files bear none."""
LAST: Final = (
    f"SELECT (SELECT max(fetched_at) FROM captures), max(substr(name, 1, 16)) FROM files WHERE {_RUNS}"  # noqa: S608 - our own words
)
"""The moment of the youngest answer, and the stamp of the youngest run."""
_LATER: Final = f"(SELECT n FROM files WHERE {_RUNS} AND substr(name, 1, 16) > :stamp)"  # noqa: S608 - as above
FORGET: Final = (
    f"DELETE FROM notes WHERE file IN {_LATER}",  # noqa: S608 - as above
    f"DELETE FROM captures WHERE fetched_at > :moment OR file IN {_LATER}",  # noqa: S608 - as above
    f"DELETE FROM files WHERE n IN {_LATER}",  # noqa: S608 - as above
)
"""What takes away what was not known at a moment yet."""

CAPTURE: Final = (
    "SELECT c.id, coalesce(c.url, c.key), c.fetched_at, c.status, c.content_type, c.sha256, c.size,"
    " c.purpose, c.agency_id, c.agency_name, c.link_text, c.via, f.name, c.offset, c.revisit_of, c.etag,"
    " c.last_modified FROM captures c JOIN files f ON f.n = c.file"
)
"""In the order of the fields of a Capture."""

TOLD: Final = CAPTURE.replace("SELECT", "SELECT c.key,") + " ORDER BY c.id"
"""All that a ledger says of captures, in an order of its own."""

ORDER: Final = ("c.fetched_at", "coalesce(c.url, c.key)", "c.id")

INSERT: Final = "INSERT INTO captures VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def capture_of(row: Sequence[Any]) -> Capture:
    """The capture a row says."""
    values = list(row)
    values[_DIGEST] = values[_DIGEST].hex()
    return Capture(*values)


def row_of(key: str, one: Capture, file: int) -> tuple[object, ...]:
    """The row a capture makes."""
    url = None if one.url == key else one.url
    proof = (one.status, one.content_type, bytes.fromhex(one.sha256), one.size)
    words = (one.purpose, one.agency_id, one.agency_name, one.link_text, one.via)
    place = (file, one.offset, one.revisit_of)
    return (one.id, key, url, one.fetched_at, *proof, *words, *place, one.etag, one.last_modified)


def chosen(purpose: str, agency: str, since: str, *, revisits: bool) -> tuple[str, list[object]]:
    """What narrows the captures down, and its values."""
    wanted = {"c.purpose = ?": purpose, "c.agency_id = ?": agency, "c.fetched_at >= ?": since}
    conditions = [condition for condition, value in wanted.items() if value]
    conditions += [] if revisits else ["c.revisit_of = ''"]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return where, [value for value in wanted.values() if value]


def gone(purpose: str) -> tuple[str, list[object]]:
    """What narrows the captures of a purpose down to those of asks that were once answered 404 or 410."""
    asks = "SELECT key FROM captures WHERE purpose = ? AND status IN (404, 410)"
    return f"WHERE c.purpose = ? AND c.key IN ({asks})", [purpose, purpose]
