"""An end to answers that never end: a server may send one byte of a header in every second, for ever."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TICK = 0.1
_IDLE = 50
"""Ticks without work after which the thread ends."""


class Watch:
    """Hangs up where an answer's head is not there in time. One thread for all connections."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._watched: dict[object, tuple[float, socket.socket]] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, connection: socket.socket, end: float) -> Iterator[None]:
        """Hang up at `end` on the monotonic clock, unless the block is over by then."""
        token = object()
        with self._guard:
            self._watched[token] = (end, connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._guard:
                del self._watched[token]

    def _look(self) -> None:
        idle = 0
        while True:
            time.sleep(_TICK)
            with self._guard:
                idle = 0 if self._watched else idle + 1
                if idle > _IDLE:
                    self._thread = None
                    return
                late = [one for end, one in self._watched.values() if time.monotonic() > end]
            for one in late:
                with suppress(OSError):
                    socket.socket.shutdown(one, socket.SHUT_RDWR)


WATCH = Watch()
