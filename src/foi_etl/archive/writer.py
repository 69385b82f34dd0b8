"""The file one host's answers go into, during one run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from foi_etl.archive.shelf import ENDING
from foi_etl.archive.warc import info_member

SYNC_EVERY: Final = 1.0
"""Seconds."""
Begin = Callable[[str], tuple[Path, int] | None]
"""Makes a new file of a name: where it lies and its handle; None where the name is taken."""


class Writer:
    """Appends members to a file, and begins the next where it is full. One thread at a time, by its lock.

    What was appended survives the end of this process, however it ends. A power failure is another matter:
    bytes are made to last together, once in SYNC_EVERY seconds of writing and when the file is closed, for
    that costs as much as fetching a page. What a power failure takes away is what was written since, and the
    next opening sees that it is gone.
    """

    def __init__(self, stem: str, roll_at: int, begin: Begin, close: Callable[[list[str]], None]) -> None:
        self.lock = Lock()
        self._stem, self._roll_at, self._begin, self._close = stem, roll_at, begin, close
        self._number = 0
        self._path = Path()
        self._handle: int | None = None
        self._size = 0
        self._synced = monotonic()
        self.broken = False
        """Whether a file was left for the next opening to set right."""

    @property
    def name(self) -> str:
        """The file that is written now."""
        return f"{self._stem}-{self._number:04d}{ENDING}"

    @property
    def is_open(self) -> bool:
        """Whether the system holds a file open for us."""
        return self._handle is not None

    @property
    def unfinished(self) -> list[str]:
        """The file that waits to be closed, if there is one."""
        return [self.name] if self._size else []

    def append(self, blob: bytes, date: str) -> tuple[str, int]:
        """Write the bytes to the end and say where they begin."""
        if self._size >= self._roll_at:
            self.finish()
        head = b"" if self._size else self._begun(date)
        left = memoryview(head + blob)
        handle = self._opened()
        start = self._size + len(head)
        while left:
            written = os.write(handle, left)
            self._size += written
            left = left[written:]
        if monotonic() - self._synced >= SYNC_EVERY:
            self.sync()
        return self.name, start

    def sync(self) -> None:
        """Make what was written last."""
        if self._size:
            os.fsync(self._opened())
            self._synced = monotonic()

    def rest(self) -> None:
        """Give the handle back to the system, until there is more to write."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def abandon(self) -> None:
        """Leave the file as it is, and go on with another: whoever opens the archive next sees to it."""
        self.rest()
        self._size = 0
        self.broken = True

    def finish(self) -> None:
        """Close a full file for good. The next bytes begin another."""
        self.sync()
        self._close(self.unfinished)
        self.rest()
        self._size = 0

    def _begun(self, date: str) -> bytes:
        while self._handle is None:
            self._number += 1
            self._path, self._handle = self._begin(self.name) or (self._path, None)
        return info_member(self.name.rpartition("/")[2], date)

    def _opened(self) -> int:
        if self._handle is None:
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        return self._handle
