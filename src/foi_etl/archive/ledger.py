"""The ledger: what the archive holds, found by key, agency, purpose and time.

It is derived: `foi-etl archive index` makes it anew from the WARC files. It never says what they do not, so
a line is written behind its record; it may lack what they hold, until the next opening. Whatever order lines
come in, and from however many processes, they make the same ledger.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from foi_etl.archive.entries import Entries
from foi_etl.archive.lines import Kept, Noted
from foi_etl.archive.schema import CAPTURE, EMPTY, FORGET, LAST, SCHEMA, TOLD, VERSION, capture_of
from foi_etl.errors import FoiError, StaleLedger
from foi_etl.text import moment_of, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from foi_etl.model import Capture

LEDGER: Final = "ledger.sqlite"
_PATIENCE: Final = 30.0
"""Seconds to wait for another process that writes."""
_SET_UP: Final = (
    # No sync for each line: a kill loses nothing, and what a power failure takes the next opening mends.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -32768",
)


class Ledger:
    """One SQLite file. Safe among threads, and among processes."""

    def __init__(self, path: Path) -> None:
        """Open it, or begin an empty one. StaleLedger where it is of a version that we do not know."""
        self._path = path
        self._guard = threading.RLock()
        self._connection = _connected(path)
        self._entries = Entries(self._connection)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            message = f"the ledger of the archive cannot be read ({error}): run `foi-etl archive index`"
            raise StaleLedger(message, file=path) from error
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._connection.close()

    def sync(self) -> None:
        """Make all that was written last through a power failure."""
        with self._guard:
            self._connection.execute("PRAGMA synchronous = FULL")
            with self.written():
                self._connection.execute("UPDATE synced SET times = times + 1")
            self._connection.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def written(self) -> Iterator[None]:
        """One transaction: all that is written inside of it, or nothing."""
        with self._guard:
            if self._connection.in_transaction:
                yield
                return
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                self._entries.forget_files()
                if isinstance(error, sqlite3.Error):
                    message = f"the ledger cannot be written ({error}): make room, or wait and run again"
                    raise FoiError(message, file=self._path) from error
                raise

    def add(self, lines: Iterable[Kept | Noted]) -> None:
        """Write lines."""
        with self.written():
            for line in lines:
                if isinstance(line, Kept):
                    self._entries.keep(line)
                else:
                    self._entries.note(line)

    def begin_run(self, run: str) -> None:
        """Say that a run is known: its lines stand here, or will."""
        with self.written():
            self._connection.execute("INSERT OR IGNORE INTO runs VALUES (?)", (run,))

    def reserve(self, name: str, writer: str) -> bool:
        """Take a name for a new file; False where it is taken."""
        with self.written():
            said = self._connection.execute(
                "INSERT OR IGNORE INTO files (name, writer) VALUES (?, ?)", (name, writer)
            )
            return said.rowcount == 1

    def closed(self, names: Iterable[str]) -> None:
        """Say that nobody writes these files any more."""
        with self.written():
            self._connection.executemany(
                "UPDATE files SET writer = '' WHERE name = ?", ((one,) for one in names)
            )

    def unfinished(self, writer: str) -> list[str]:
        """The files that a writer had not closed."""
        found = self._rows(
            "SELECT name FROM files WHERE writer <> '' AND writer = ? ORDER BY name", (writer,)
        )
        return [name for (name,) in found]

    def runs(self) -> set[str]:
        """The runs that are known."""
        return {name for (name,) in self._rows("SELECT name FROM runs")}

    def files_of(self, run: str) -> list[str]:
        """The files of a run of which there are lines."""
        found = self._rows("SELECT name FROM files WHERE name GLOB ?", (f"{run}/*" if run else "foi-*",))
        return [name for (name,) in found]

    def forget(self, name: str) -> None:
        """Take away every line of a file; captures it said something of are again what they were before."""
        with self.written():
            ours = "(SELECT n FROM files WHERE name = ?)"
            noted = self._rows(f"SELECT DISTINCT capture FROM notes WHERE file = {ours}", (name,))  # noqa: S608 - no value
            for table in ("notes", "captures", "files"):
                column = "n" if table == "files" else "file"
                self._connection.execute(f"DELETE FROM {table} WHERE {column} = {ours}", (name,))  # noqa: S608 - no value
                if table == "captures":
                    self._entries.settle(one for (one,) in noted)
            self._entries.forget_files()

    def empty(self) -> None:
        """Take away every line."""
        with self.written():
            for statement in EMPTY:
                self._connection.execute(statement)
            self._entries.forget_files()

    def capture(self, identifier: str) -> Capture | None:
        """The capture of this id."""
        return self._one("WHERE c.id = ?", (identifier,))

    def latest(self, key: str, since: str, status: int | None, before: str) -> Capture | None:
        """The youngest capture of a key since then, before then, of this status."""
        where = "WHERE c.key = ? AND c.fetched_at >= ? AND c.fetched_at < ?"
        values: list[object] = [key, since, before or "~"]
        if status is not None:
            where, values = f"{where} AND c.status = ?", [*values, status]
        return self._one(f"{where} ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1", values)

    def captures(self, where: str, values: Sequence[object], order: str) -> Iterator[Capture]:
        """Captures as they are read, without holding them all, from a connection of their own."""
        with closing(_connected(self._path)) as connection:
            for row in connection.execute(f"{CAPTURE} {where} ORDER BY {order}", tuple(values)):
                yield capture_of(row)

    def count(self, where: str, values: Sequence[object]) -> int:
        """How many captures there are."""
        [(number,)] = self._rows(f"SELECT count(*) FROM captures c {where}", values)  # noqa: S608 - our own words
        return int(number)

    def last(self) -> str:
        """The moment of the youngest answer, or of the beginning of the youngest run; empty for none."""
        [(moment, stamp)] = self._rows(LAST)
        return max(moment or "", moment_of(stamp) if stamp else "")

    def as_of(self, moment: str, path: Path) -> Ledger:
        """A ledger in a file of its own that knows what was known then.

        What runs brought that began later is forgotten, be it of an older day: they took it from elsewhere.
        """
        with closing(_connected(self._path)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
        other = Ledger(path)
        with other.written():
            noted = other._rows("SELECT DISTINCT capture FROM notes")
            for statement in FORGET:
                other._connection.execute(statement, {"moment": moment, "stamp": stamp_of(moment)})
            other._entries.settle(one for (one,) in noted)
        return other

    def notes_on(self, identifier: str) -> int:
        """The highest number of a word on a capture."""
        [(number,)] = self._rows("SELECT max(number) FROM notes WHERE capture = ?", (identifier,))
        return int(number or 0)

    def digest(self) -> str:
        """What two ledgers have in common that say the same."""
        whole = hashlib.sha256()
        with closing(_connected(self._path)) as connection:
            for row in connection.execute(TOLD):
                whole.update(repr(row).encode())
        return whole.hexdigest()

    def _prepare(self) -> None:
        for statement in _SET_UP:
            self._connection.execute(statement)
        [(version,)] = self._rows("PRAGMA user_version")
        [(things,)] = self._rows("SELECT count(*) FROM sqlite_schema")
        if not version and not things:
            self._connection.execute("PRAGMA journal_mode = WAL")
            with self.written():
                for statement in SCHEMA:
                    self._connection.execute(statement)
        elif version != VERSION:
            message = f"the ledger is of version {version}, not {VERSION}: run `foi-etl archive index`"
            raise StaleLedger(message, file=self._path)

    def _one(self, where: str, values: Sequence[object]) -> Capture | None:
        found = self._rows(f"{CAPTURE} {where}", values)
        return capture_of(found[0]) if found else None

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        # All at once: a cursor left standing would keep this connection from seeing what others write.
        with self._guard:
            return self._connection.execute(query, tuple(values)).fetchall()


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
