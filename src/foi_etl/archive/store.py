"""The archive: what portals answered, written once, found by key and read back with proof."""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from foi_etl.archive.index import (
    INDEX,
    Kept,
    Noted,
    Words,
    fields_of,
    read_line,
    words_of,
    write_line,
)
from foi_etl.archive.lock import locked, mend_unless_at_work, unlocked
from foi_etl.archive.payload import UNPACKED_LIMIT, unpacked
from foi_etl.archive.records import answer_at, damaged, told_by
from foi_etl.archive.repair import mend, needs_mending, rebuild_index
from foi_etl.archive.warc import exchange_members, note_member
from foi_etl.archive.writer import Writer
from foi_etl.errors import FoiError, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import FileLock

    from foi_etl.model import Agency, Capture, Exchange

ROLL_AT = 256 * 1024 * 1024


class Archive:
    """One folder of WARC files and their index. Safe among threads; one process writes at a time."""

    def __init__(self, folder: Path, lock: FileLock | None, roll_at: int) -> None:
        self._folder = folder
        self._lock = lock
        self._roll_at = roll_at
        self._guard = threading.RLock()
        self._writer: Writer | None = None
        self._captures: dict[str, Capture] = {}
        self._keys: dict[str, list[str]] = {}
        self._load()

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, roll_at: int = ROLL_AT) -> Self:
        """The archive in a folder, set right first where a writer was killed.

        For reading only, nothing is written but that repair, and a writer at work is not disturbed.
        """
        if read_only and not folder.is_dir():
            raise WrongUsage(
                "there is no archive here: `foi-etl run` or `foi-etl demo` makes one", folder=folder
            )
        folder.mkdir(parents=True, exist_ok=True)
        if read_only:
            mend_unless_at_work(folder)
            return cls(folder, None, roll_at)
        lock = locked(folder)
        try:
            if needs_mending(folder):
                mend(folder)
            return cls(folder, lock, roll_at)
        except BaseException:
            unlocked(folder, lock)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file being written, and let others write."""
        with self._guard:
            self._finish_file()
            if self._lock is not None:
                unlocked(self._folder, self._lock)
                self._lock = None

    def keep(
        self,
        exchange: Exchange,
        *,
        purpose: str,
        agency: Agency | None,
        via: str = "",
        link_text: str = "",
        origin: str = "",
    ) -> Capture:
        """Keep an exchange for good and name it. The same exchange again changes nothing but its purpose.

        An answer that says what the last one said becomes a revisit, which holds no body. `origin` is the
        file an exchange was taken from, where it was not fetched by us.
        """
        words = _words(agency, purpose, via, link_text)
        capture, earlier = told_by(exchange, self, self._folder)
        capture = replace(capture, **words)
        fields = fields_of(capture, exchange.ask.key)
        fields |= {"foi-transport": exchange.transport, "foi-origin": origin}
        blob, into = exchange_members(exchange, capture.id, fields, earlier)
        with self._guard:
            if capture.id in self._captures:
                return self._noted(self._captures[capture.id], words)
            start, name = self._append(exchange.fetched_at, blob)
            line = Kept(exchange.ask.key, replace(capture, warc=name, offset=start + into))
            self._record(line)
            return line.capture

    def note(
        self, capture: Capture, *, agency: Agency | None, purpose: str, via: str = "", link_text: str = ""
    ) -> Capture:
        """Say of an earlier capture what it turned out to be: a listing page that is itself the report."""
        with self._guard:
            return self._noted(self._captures[capture.id], _words(agency, purpose, via, link_text))

    def captures(self, *, revisits: bool = False) -> list[Capture]:
        """Every capture that holds bytes, or those too that say them again, by time, then url, then id."""
        with self._guard:
            chosen = [one for one in self._captures.values() if revisits or not one.revisit_of]
        return sorted(chosen, key=lambda capture: (capture.fetched_at, capture.url, capture.id))

    def origin(self, capture: Capture) -> Capture:
        """The capture that holds the bytes: itself, unless it is a revisit."""
        with self._guard:
            return self._captures.get(capture.revisit_of, capture)

    def latest(
        self, key: str, since: str = "", status: int | None = None, *, before: str = ""
    ) -> Capture | None:
        """The youngest capture of an ask, by its key; since then, before then, of this status, where given.

        A revisit is a capture: it says that the portal answered then, and with which status before it.
        """
        with self._guard:
            fitting = [
                capture
                for capture in (self._captures[name] for name in self._keys.get(key, ()))
                if since <= capture.fetched_at < (before or "~") and status in {None, capture.status}
            ]
        return max(fitting, key=lambda capture: (capture.fetched_at, capture.id), default=None)

    def body(self, capture: Capture, *, limit: int = UNPACKED_LIMIT) -> bytes:
        """What the server meant, with the content encoding taken off; proved by its digest."""
        holder = self.origin(capture)
        record = answer_at(self._folder, holder)
        encoding = record.http_headers.get_header("Content-Encoding", "")
        payload = unpacked(record.raw_stream.read(), encoding, limit=limit)
        if hashlib.sha256(payload).hexdigest() != capture.sha256:
            raise damaged(holder, "the record is not what was written")
        return payload

    def reindex(self) -> None:
        """Write the index anew from the WARC files alone."""
        with self._guard:
            self._must_write()
            rebuild_index(self._folder)
            self._load()

    def _noted(self, capture: Capture, words: Words) -> Capture:
        if words == words_of(capture):
            return capture
        changed = replace(capture, **words)
        blob = note_member(capture.url, capture.fetched_at, capture.id, fields_of(changed))
        _, name = self._append(capture.fetched_at, blob)
        self._record(Noted(capture.id, name, words))
        return self._captures[capture.id]

    def _append(self, date: str, blob: bytes) -> tuple[int, str]:
        """Write to the current file. Where that fails, the file is left for the next opening to set right."""
        self._must_write()
        if self._writer is not None and self._writer.size >= self._roll_at:
            self._finish_file()
        try:
            self._writer = self._writer or Writer(self._folder, date)
            return self._writer.append(blob), self._writer.name
        except OSError as error:
            self._abandon_file()
            raise FoiError(
                f"the archive cannot be written ({error.strerror}): make room and run again; nothing is lost",
                folder=self._folder,
            ) from error
        except BaseException:
            self._abandon_file()
            raise

    def _record(self, line: Kept | Noted) -> None:
        """The index comes second: it may lack what the WARC holds, never the other way round."""
        try:
            with (self._folder / INDEX).open("ab", buffering=0) as index:
                index.write(write_line(line).encode())
        except BaseException:
            self._abandon_file()
            raise
        self._take(line)

    def _take(self, line: Kept | Noted) -> None:
        if isinstance(line, Kept):
            self._captures[line.capture.id] = line.capture
            self._keys.setdefault(line.key, []).append(line.capture.id)
        elif line.id in self._captures:
            self._captures[line.id] = line.applied(self._captures[line.id])

    def _load(self) -> None:
        """Read the index. A torn last line belongs to a writer at work, or to the next repair."""
        self._captures, self._keys = {}, {}
        if not (self._folder / INDEX).exists():
            return
        with (self._folder / INDEX).open(encoding="utf-8", newline="\n") as index:
            for text in index:
                with suppress(ValueError):
                    self._take(read_line(text))

    def _finish_file(self) -> None:
        """Make the lines of the file last, and only then give it its last name."""
        if self._writer is not None:
            with (self._folder / INDEX).open("ab") as index:
                os.fsync(index.fileno())
            self._writer.close()
            self._writer = None

    def _abandon_file(self) -> None:
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None

    def _must_write(self) -> None:
        if self._lock is None:
            raise FoiError("the archive is closed or was opened for reading only", folder=self._folder)


def _words(agency: Agency | None, purpose: str, via: str, link_text: str) -> Words:
    whose = (agency.id, agency.name) if agency else ("", "")
    return Words(purpose=purpose, agency_id=whose[0], agency_name=whose[1], link_text=link_text, via=via)
