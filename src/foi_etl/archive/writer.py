"""The file that is being written. Its name ends in `.open` until it is whole."""

from __future__ import annotations

import os
import re
from time import monotonic
from typing import TYPE_CHECKING

from foi_etl.archive.index import OPEN
from foi_etl.archive.warc import info_member

if TYPE_CHECKING:
    from pathlib import Path

SYNC_EVERY = 1.0
"""Seconds."""
_NAME = re.compile(r"^foi-\d{8}T\d{6}Z-(\d{6})\.warc\.gz$")


def files_in(folder: Path) -> list[Path]:
    """The WARC files of an archive, closed or not, in the order they were written in."""
    return sorted(
        (path for path in folder.glob("foi-*.warc.gz*") if _NAME.match(path.name.removesuffix(OPEN))),
        key=lambda path: number_of(path.name),
    )


def number_of(name: str) -> int:
    """The running number in a file's name."""
    match = _NAME.match(name.removesuffix(OPEN))
    return int(match[1]) if match else 0


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Writer:
    """Appends members to one new file. What was appended survives the end of this process, however it ends.

    A power cut is another matter: bytes are made to last together, once in SYNC_EVERY seconds of writing and
    when the file is closed, for that costs as much as fetching a page. What a power cut takes away is what
    was written since, and the next opening sees that it is gone.
    """

    def __init__(self, folder: Path, date: str) -> None:
        number = max((number_of(path.name) for path in files_in(folder)), default=0) + 1
        self.name = f"foi-{re.sub('[-:]', '', date)}-{number:06d}.warc.gz"
        self.size = 0
        self._folder = folder
        self._date = date
        self._synced = monotonic()
        self._handle = os.open(
            folder / f"{self.name}{OPEN}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644
        )
        sync_folder(folder)

    def append(self, blob: bytes) -> int:
        """Write the bytes to the end and say where they begin."""
        head = b"" if self.size else info_member(self.name, self._date)
        left = memoryview(head + blob)
        start = self.size + len(head)
        while left:
            written = os.write(self._handle, left)
            self.size += written
            left = left[written:]
        if monotonic() - self._synced >= SYNC_EVERY:
            os.fsync(self._handle)
            self._synced = monotonic()
        return start

    def abandon(self) -> None:
        """Leave the file under its open name: whoever opens the archive next sees to it."""
        os.close(self._handle)

    def close(self) -> None:
        """Make the file last and give it its last name. It is never written again."""
        os.fsync(self._handle)
        os.close(self._handle)
        (self._folder / f"{self.name}{OPEN}").rename(self._folder / self.name)
        sync_folder(self._folder)
