"""What one process writes, from its first capture to its end: a folder, and in it a file for each host."""

from __future__ import annotations

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
_LOCK: Final = ".run"
_ODD = re.compile(r"[^a-z0-9._-]+")


def lock_of(folder: Path, run: str) -> Path:
    """The file that is held while a run writes, and lies there unheld where its writer was killed."""
    return folder / (run + _LOCK)


def left_in(folder: Path) -> list[str]:
    """The runs that did not say that they are over."""
    return sorted(path.name.removesuffix(_LOCK) for path in folder.glob(f"*{_LOCK}"))


class Run:
    """The files of one run. Threads that write for different hosts do not wait for one another."""

    def __init__(self, shelf: Shelf, ledger: Ledger, roll_at: int) -> None:
        self._shelf, self._ledger, self._roll_at = shelf, ledger, roll_at
        self._guard = Guard()
        self._writers: OrderedDict[str, Writer] = OrderedDict()
        with door(shelf.folder):
            self.name = self._free_name()
            lock = Lock.taken(lock_of(shelf.folder, self.name))
            if lock is None:
                raise AssertionError("nobody else is at the door")
            self._lock = lock
            (shelf.folder / self.name).mkdir()
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
        for writer in writers:
            writer.sync()
        self._close([name for writer in writers for name in writer.unfinished])
        for writer in writers:
            writer.rest()
        self._lock.give_back(done=not any(writer.broken for writer in writers))

    def _free_name(self) -> str:
        """Named by now, or behind it where another began in the same second."""
        stamp, taken = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"), self._shelf.runs()
        taken |= {*left_in(self._shelf.folder), *self._ledger.runs()}
        names = [stamp, *(f"{stamp}-{number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    def _made(self, stem: str) -> Writer:
        return Writer(self._shelf, f"{self.name}/{stem}", self._roll_at, self._close)

    def _close(self, names: list[str]) -> None:
        self._ledger.sync()
        for name in names:
            self._shelf.close(name)
        self._shelf.settle(self.name)

    def _rest_some(self) -> None:
        with self._guard:
            held = [writer for writer in self._writers.values() if writer.is_open]
            for writer in held[: max(0, len(held) - HANDLES)]:
                if writer.lock.acquire(blocking=False):
                    writer.rest()
                    writer.lock.release()
