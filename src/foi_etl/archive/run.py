"""What one process writes, from its first capture to its end: a file for each host, in the folder of the run.

The processes of one run share its folder: those of a night that is visited host by host, or the one that goes
on with what another began. Each holds a lock of its own.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock as Guard
from typing import TYPE_CHECKING, Final

from foi_etl.archive.lock import Lock, door
from foi_etl.archive.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foi_etl.archive.ledger import Ledger
    from foi_etl.archive.shelf import Shelf

HANDLES: Final = 64
"""Files held open at once. Those written longest ago are opened again when their host has more to say."""
_LOCK: Final = ".lock"
_ODD = re.compile(r"[^a-z0-9._-]+")
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND


def lock_of(folder: Path, writer: str) -> Path:
    """The file that is held while a process writes, and lies there unheld where it was killed."""
    return folder / (writer + _LOCK)


def left_in(folder: Path) -> list[str]:
    """The writers that did not say that they are done: the run's name, and a number behind it."""
    return sorted(path.name.removesuffix(_LOCK) for path in folder.glob(f"*~*{_LOCK}"))


def run_of(writer: str) -> str:
    """The run a writer belongs to."""
    return writer.partition("~")[0]


class Run:
    """The files one process writes in one run. Threads that write for different hosts do not wait."""

    def __init__(self, shelf: Shelf, ledger: Ledger, roll_at: int, name: str = "") -> None:
        self._shelf, self._ledger, self._roll_at = shelf, ledger, roll_at
        self._guard = Guard()
        self._writers: OrderedDict[str, Writer] = OrderedDict()
        self.name = name or datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        with door(shelf.folder):
            self._who, self._lock = self._signed()
            (shelf.folder / self.name).mkdir(exist_ok=True)
            ledger.begin_run(self.name)

    @contextmanager
    def writer(self, host: str) -> Iterator[Writer]:
        """The writer of a host, for this thread alone. Where that fails, its file is left to be mended."""
        stem = _ODD.sub("_", host.lower())[:100] or "elsewhere"
        with self._guard:
            writer = self._writers.pop(stem, None) or self._made(stem)
            self._writers[stem] = writer
        with writer.lock:
            try:
                yield writer
            except BaseException:
                writer.abandon()
                raise
        self._rest_some()

    def finish(self) -> None:
        """Close every file for good: bytes first, then the ledger, then the names."""
        with self._guard:
            writers = list(self._writers.values())
        done = False
        try:
            for writer in writers:
                writer.sync()
            self._close([name for writer in writers for name in writer.unfinished])
            done = not any(writer.broken for writer in writers)
        finally:
            for writer in writers:
                writer.rest()
            self._lock.give_back(done=done)

    def _signed(self) -> tuple[str, Lock]:
        """A name that no living or dead writer of this run has, and its lock."""
        taken = set(left_in(self._shelf.folder))
        who = next(f"{self.name}~{n}" for n in range(1, len(taken) + 2) if f"{self.name}~{n}" not in taken)
        lock = Lock.taken(lock_of(self._shelf.folder, who))
        if lock is None:
            raise AssertionError("nobody else is at the door")
        return who, lock

    def _made(self, stem: str) -> Writer:
        return Writer(f"{self.name}/{stem}", self._roll_at, self._begin, self._close)

    def _begin(self, name: str) -> tuple[Path, int] | None:
        """A new file, where nobody has one of that name: by the ledger, and by what lies there besides."""
        if not self._ledger.reserve(name, self._who) or self._shelf.holds(name):
            return None
        path = self._shelf.path_of_open(name)
        try:
            return path, os.open(path, _NEW, 0o644)
        except FileExistsError:
            return None

    def _close(self, names: list[str]) -> None:
        self._ledger.sync()
        for name in names:
            self._shelf.close(name)
        self._shelf.settle(self.name)
        self._ledger.closed(names)

    def _rest_some(self) -> None:
        with self._guard:
            held = [writer for writer in self._writers.values() if writer.is_open]
            for writer in held[: max(0, len(held) - HANDLES)]:
                if writer.lock.acquire(blocking=False):
                    writer.rest()
                    writer.lock.release()
