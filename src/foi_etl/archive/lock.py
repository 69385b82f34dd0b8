"""Files that a living process holds, so that the others know it is at work."""

from __future__ import annotations

import fcntl
import os
import platform
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from foi_etl.errors import FoiError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOOR = "archive.door"
"""Held while an archive is opened, a run begins, or the ledger is made anew."""
PATIENCE = 30.0
"""Seconds to wait at the door."""
_STEP = 0.02
_WIDTH = 64


class Lock:
    """A file held until it is given back or the process ends, in whatever way. It says who holds it."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def taken(cls, path: Path) -> Self | None:
        """The lock, or None where somebody holds it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        lock = cls(path, handle)
        # As wide for every process: whoever comes to the door leaves no more bytes than there were.
        holder = f"process {os.getpid()} on {platform.node()}".ljust(_WIDTH).encode()
        if os.pread(handle, len(holder) + 1, 0) != holder:  # a reader that comes back writes nothing
            os.ftruncate(handle, 0)
            os.pwrite(handle, holder, 0)
        return lock

    def give_back(self, *, done: bool = False) -> None:
        """Let others have it; `done` takes the file away, so that nobody looks for what was left."""
        if done:
            self._path.unlink(missing_ok=True)
        os.close(self._handle)


def holder_of(path: Path) -> str:
    """Who holds a lock, as it said itself."""
    with suppress(OSError):
        return path.read_text(encoding="utf-8").rstrip()
    return "another process"


@contextmanager
def door(folder: Path) -> Iterator[None]:
    """Be the only one for a moment. FoiError names whoever keeps the door for long."""
    path, until = folder / DOOR, time.monotonic() + PATIENCE
    while (lock := Lock.taken(path)) is None:
        if time.monotonic() > until:
            message = f"{holder_of(path)} is making the ledger of this archive anew: wait until it ends"
            raise FoiError(message, folder=folder)
        time.sleep(_STEP)
    try:
        yield
    finally:
        lock.give_back()
