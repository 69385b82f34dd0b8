"""The archive: what portals answered, written once, found by key and read back with proof."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import urlsplit

from foi_etl.archive.lines import Kept, Noted, Words, fields_of, words_of
from foi_etl.archive.payload import UNPACKED_LIMIT
from foi_etl.archive.records import body_at, told_by
from foi_etl.archive.repair import opened, put_aside, rebuild
from foi_etl.archive.run import Run
from foi_etl.archive.schema import ORDER, chosen, gone
from foi_etl.archive.shelf import Shelf
from foi_etl.archive.warc import exchange_members, note_member
from foi_etl.errors import FoiError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from foi_etl.archive.ledger import Ledger
    from foi_etl.model import Agency, Capture, Exchange

ROLL_AT: Final = 256 * 1024 * 1024
IMPORT: Final = "import"
"""Stands for the host in the names of files that hold what was not fetched by us."""
_Line = TypeVar("_Line", Kept, Noted)


class Archive:
    """WARC files and their ledger. Safe among threads, and several processes may write at once."""

    def __init__(self, shelf: Shelf, ledger: Ledger, *, read_only: bool, roll_at: int, run: str) -> None:
        self.shelf: Final = shelf
        """Where the files are: with it, `records.body_at` reads a body in another process."""
        self._ledger = ledger
        self._closed = read_only
        self._roll_at, self._name = roll_at, run
        self._guard = threading.Lock()
        self._run: Run | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        roll_at: int = ROLL_AT,
        run: str = "",
        remote: str = "",
    ) -> Self:
        """The archive in a folder, set right first where a writer was killed.

        What is written goes into the folder of a run, named like `20261123T205500Z`; otherwise by now.
        With a remote place, an fsspec URL, closed files go there; the folder keeps the ledger.

        For reading only, nothing is written but that repair, and writers at work are not disturbed.
        """
        if read_only and not remote and not folder.is_dir():
            raise WrongUsage(
                "there is no archive here: `foi-etl run` or `foi-etl demo` makes one", folder=folder
            )
        folder.mkdir(parents=True, exist_ok=True)
        shelf = Shelf(folder, remote)
        return cls(shelf, opened(shelf), read_only=read_only, roll_at=roll_at, run=run)

    @staticmethod
    def forget_ledger(folder: Path) -> None:
        """Take away a ledger that cannot be read. The next opening makes it anew."""
        put_aside(Shelf(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files that are being written, for good."""
        with self._guard:
            self._closed = True
            run, self._run = self._run, None
        try:
            if run is not None:
                run.finish()
        finally:
            self._ledger.close()

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
        capture, earlier = told_by(exchange, self)
        known = self._ledger.capture(capture.id)
        if known is not None:
            return self._noted(known, words)
        capture = replace(capture, **words)
        fields = fields_of(capture, exchange.ask.key)
        fields |= {"foi-transport": exchange.transport, "foi-origin": origin}
        blob, into = exchange_members(exchange, capture.id, fields, earlier)

        def kept(warc: str, start: int) -> Kept:
            return Kept(exchange.ask.key, replace(capture, warc=warc, offset=start + into))

        host = IMPORT if origin else _host(exchange.ask.url)
        return self._write(host, exchange.fetched_at, blob, kept).capture

    def note(
        self, capture: Capture, *, agency: Agency | None, purpose: str, via: str = "", link_text: str = ""
    ) -> Capture:
        """Say of an earlier capture what it turned out to be: a listing page that is itself the report."""
        known = self._ledger.capture(capture.id)
        return self._noted(known or capture, _words(agency, purpose, via, link_text))

    def captures(
        self, *, revisits: bool = False, purpose: str = "", agency: str = "", since: str = ""
    ) -> Iterator[Capture]:
        """Captures that hold bytes, or those too that say them again, by time, then url, then id.

        Only those of a purpose, of an agency by its id, since a moment, where given. They come as they are
        read: what is kept meanwhile is not among them.
        """
        return self._ledger.captures(*chosen(purpose, agency, since, revisits=revisits), ", ".join(ORDER))

    def by_agency(self, purpose: str) -> Iterator[Capture]:
        """Captures of a purpose that hold bytes, by the id of their agency and then by their own."""
        return self._ledger.captures(*chosen(purpose, "", "", revisits=False), "c.agency_id, c.id")

    def newest(self, *, purpose: str = "", agency: str = "", since: str = "") -> Iterator[Capture]:
        """The same the other way round, the youngest first; only those that hold bytes."""
        order = ", ".join(f"{one} DESC" for one in ORDER)
        return self._ledger.captures(*chosen(purpose, agency, since, revisits=False), order)

    def answers_of_gone(self, purpose: str = "report") -> Iterator[Capture]:
        """Every answer, also those that say an earlier one again, of what was once said not to be there."""
        return self._ledger.captures(*gone(purpose), ", ".join(ORDER))

    def last(self) -> str:
        """The moment of the youngest answer, or of the beginning of the youngest run; empty for none."""
        return self._ledger.last()

    def as_of(self, moment: str, path: Path) -> Archive:
        """The archive as it was known then, for reading; its ledger is a new file at `path`."""
        return Archive(self.shelf, self._ledger.as_of(moment, path), read_only=True, roll_at=0, run="")

    def count(self, *, revisits: bool = False, purpose: str = "", agency: str = "", since: str = "") -> int:
        """How many captures there are of these."""
        return self._ledger.count(*chosen(purpose, agency, since, revisits=revisits))

    def origin(self, capture: Capture) -> Capture:
        """The capture that holds the bytes: itself, unless it is a revisit."""
        if not capture.revisit_of:
            return capture
        return self._ledger.capture(capture.revisit_of) or capture

    def latest(
        self, key: str, since: str = "", status: int | None = None, *, before: str = ""
    ) -> Capture | None:
        """The youngest capture of an ask, by its key; since then, before then, of this status, where given.

        A revisit is a capture: it says that the portal answered then, and with which status before it. What
        another process archived is seen too.
        """
        return self._ledger.latest(key, since, status, before)

    def body(self, capture: Capture, *, limit: int = UNPACKED_LIMIT) -> bytes:
        """What the server meant, with the content encoding taken off; proved by its digest."""
        return body_at(self.shelf, replace(self.origin(capture), sha256=capture.sha256), limit=limit)

    def reindex(self) -> bool:
        """Make the ledger anew from the WARC files alone, and say whether it was what they say.

        Nobody else may be writing meanwhile.
        """
        with self._guard:
            run, self._run = self._run, None
        if run is not None:
            run.finish()
        before = self._ledger.digest()
        rebuild(self.shelf, self._ledger)
        return self._ledger.digest() == before

    def _noted(self, capture: Capture, words: Words) -> Capture:
        if words == words_of(capture):
            return capture
        number = self._ledger.notes_on(capture.id) + 1
        changed = replace(capture, **words)
        fields = fields_of(changed) | {"foi-note": str(number)}
        blob = note_member(capture.url, capture.fetched_at, capture.id, fields)

        def noted(warc: str, start: int) -> Noted:
            return Noted(capture.id, number, warc, start, words)

        self._write(_host(capture.url), capture.fetched_at, blob, noted)
        return changed

    def _write(self, host: str, date: str, blob: bytes, line_at: Callable[[str, int], _Line]) -> _Line:
        """The file first, the ledger behind it. Where either fails, the next opening sets the file right."""
        try:
            with self._begun().writer(host) as writer:
                line = line_at(*writer.append(blob, date))
                self._ledger.add([line])
                return line
        except OSError as error:
            raise FoiError(
                f"the archive cannot be written ({error.strerror}): make room and run again; nothing is lost",
                folder=self.shelf.folder,
            ) from error

    def _begun(self) -> Run:
        with self._guard:
            if self._closed:
                message = "the archive is closed or was opened for reading only"
                raise FoiError(message, folder=self.shelf.folder)
            if self._run is None:
                self._run = Run(self.shelf, self._ledger, self._roll_at, self._name)
            return self._run


def _words(agency: Agency | None, purpose: str, via: str, link_text: str) -> Words:
    whose = (agency.id, agency.name) if agency else ("", "")
    return Words(purpose=purpose, agency_id=whose[0], agency_name=whose[1], link_text=link_text, via=via)


def _host(url: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.hostname or ''}_{parts.port or ''}".rstrip("_")
    return ""
