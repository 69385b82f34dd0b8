"""Lines become rows of the ledger. Whatever order they come in, they make the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foi_etl.archive.lines import Kept, Noted, words_of
from foi_etl.archive.schema import CAPTURE, INSERT, capture_of, row_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from foi_etl.archive.lines import Words
    from foi_etl.model import Capture


class Entries:
    """Writes rows. Whoever calls holds the connection for itself, inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        self._files: dict[str, int] = {}

    def forget_files(self) -> None:
        """Look the numbers of files up again: a transaction was undone, or the rows are gone."""
        self._files.clear()

    def capture(self, identifier: str) -> Capture | None:
        """The capture of this id."""
        found = self._rows(f"{CAPTURE} WHERE c.id = ?", (identifier,))
        return capture_of(found[0]) if found else None

    def keep(self, line: Kept) -> None:
        """Two processes may have kept one exchange, in one second: the lesser place is believed."""
        capture = line.capture
        other = self.capture(capture.id)
        if other is not None:
            if (other.warc, other.offset) <= (capture.warc, capture.offset):
                return
            self._execute("DELETE FROM captures WHERE id = ?", (capture.id,))
            self._execute("DELETE FROM notes WHERE capture = ? AND number = 0", (capture.id,))
        self._execute(INSERT, row_of(line.key, capture, self.number_of(capture.warc)))
        if self._rows("SELECT 1 FROM notes WHERE capture = ? LIMIT 1", (capture.id,)):
            self.settle([capture.id])

    def note(self, line: Noted) -> None:
        """Write what was said of a capture later."""
        place = (self.number_of(line.warc), line.offset)
        self._say(line.id, line.number, place, line.words)
        self.settle([line.id])

    def settle(self, identifiers: Iterable[str]) -> None:
        """Make captures say what the last word on them is. Their own words are the first."""
        for one in identifiers:
            capture = self.capture(one)
            if capture is None:
                continue
            if not self._rows("SELECT 1 FROM notes WHERE capture = ? AND number = 0", (one,)):
                self._say(one, 0, (self.number_of(capture.warc), capture.offset), words_of(capture))
            last = self._rows(
                "SELECT s.purpose, s.agency_id, s.agency_name, s.link_text, s.via FROM notes s "
                "JOIN files f ON f.n = s.file WHERE s.capture = ? "
                "ORDER BY s.number DESC, f.name DESC, s.offset DESC LIMIT 1",
                (one,),
            )[0]
            self._execute(
                "UPDATE captures SET purpose = ?, agency_id = ?, agency_name = ?, link_text = ?, via = ? "
                "WHERE id = ?",
                (*last, one),
            )

    def _say(self, identifier: str, number: int, place: tuple[int, int], words: Words) -> None:
        said = (identifier, number, *place, *words.values())
        self._execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", said)

    def number_of(self, name: str) -> int:
        """The number that stands for a file."""
        if name not in self._files:
            self._execute("INSERT OR IGNORE INTO files (name) VALUES (?)", (name,))
            [(self._files[name],)] = self._rows("SELECT n FROM files WHERE name = ?", (name,))
        return self._files[name]

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        return self._execute(query, tuple(values)).fetchall()
