"""Turns at a host among processes: never two requests at once, and the pace holds whoever asked last.

A file for each host is locked for the time of one request, and says when the next one may be sent. Who waits
for that does not hold the lock meanwhile, so a run by hand is not behind all that a nightly run wants there.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_ODD = re.compile(r"[^a-z0-9.-]+")
_STEP = 0.02
_LONGEST = 300.0
"""Seconds. A file that says to wait longer was written under another clock."""


class Turns:
    """The turns at every host, in one folder. Safe among processes; threads take their turns before."""

    def __init__(
        self, folder: Path, sleep: Callable[[float], None] = time.sleep, now: Callable[[], float] = time.time
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._sleep, self._now = folder, sleep, now

    @contextmanager
    def turn(self, host: str, pause: Callable[[], float]) -> Iterator[None]:
        """The right to ask the host once; `pause` says at the end how long it is to be left alone."""
        handle = os.open(
            self._folder / _ODD.sub("_", host.lower()), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644
        )
        try:
            self._wait_for(handle)
            try:
                yield
            finally:
                # As wide as the last one: a night leaves no more bytes than there were.
                os.pwrite(handle, f"{self._now() + pause():020.6f}\n".encode(), 0)
        finally:
            os.close(handle)

    def _wait_for(self, handle: int) -> None:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._sleep(_STEP)
                continue
            wait = self._not_before(handle) - self._now()
            if not 0 < wait <= _LONGEST:
                return
            fcntl.flock(handle, fcntl.LOCK_UN)
            self._sleep(wait)

    @staticmethod
    def _not_before(handle: int) -> float:
        try:
            return float(os.pread(handle, 64, 0))
        except ValueError:
            return 0.0
