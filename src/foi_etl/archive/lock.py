"""One process writes at a time, and the others are told which."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from foi_etl.archive.repair import mend, needs_mending
from foi_etl.errors import FoiError

if TYPE_CHECKING:
    from pathlib import Path

_LOCK, _HOLDER = "archive.lock", "archive.holder"


def locked(folder: Path) -> FileLock:
    """The lock of an archive, held until it is given back or the process ends in whatever way."""
    lock = FileLock(folder / _LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        with suppress(OSError):
            holder = (folder / _HOLDER).read_text(encoding="utf-8")
            raise FoiError(f"{holder} is writing this archive: wait until it ends", folder=folder) from error
        raise FoiError(
            "another process is writing this archive: wait until it ends", folder=folder
        ) from error
    (folder / _HOLDER).write_text(f"process {os.getpid()} on {platform.node()}", encoding="utf-8")
    return lock


def unlocked(folder: Path, lock: FileLock) -> None:
    """Give the lock back."""
    (folder / _HOLDER).unlink(missing_ok=True)
    lock.release()


def mend_unless_at_work(folder: Path) -> None:
    """Set the archive right before it is read; where a writer is at work, leave that to the next opening."""
    if needs_mending(folder):
        with suppress(Timeout), FileLock(folder / _LOCK, thread_local=False).acquire(timeout=0):
            mend(folder)
