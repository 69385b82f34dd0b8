"""A reader in a process of its own, with bounds on time and memory, kept for the next document."""

from __future__ import annotations

import atexit
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from foi_etl.convert.child import LENGTH
from foi_etl.errors import NotAReport

SECONDS: Final = 20
"""Processor time for one document, or for each part of one whose reader yields between them."""
MEMORY: Final = 3 * 2**28
"""Addresses. With the process that asked it stays under 1 GB."""
_PATIENCE: Final = 3
"""How many times as long it may take by the clock: a machine may have other work, too."""
_STARTING: Final = 60.0
"""Seconds until a process has to be there; none of them counts against a document."""
_MOST_READ: Final = 200
"""Documents one process reads before it is replaced: libraries do not give all memory back."""


class Confined:
    """Calls a function elsewhere. `shared` is sent once and is its last argument.

    A generator has its time anew for each part that it yields; what it returns is its answer.
    """

    def __init__(
        self, function: Callable[..., Any], shared: object, *, seconds: int = SECONDS, memory: int = MEMORY
    ) -> None:
        self._hello = pickle.dumps((function, shared, seconds, memory))
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._read = 0
        self._lock = threading.Lock()
        atexit.register(self.end)

    def __call__(self, *arguments: object) -> Any:
        """What the function says of these arguments. NotAReport where it fails, or takes too much."""
        with self._lock:
            try:
                child = self._started()
                self._read += 1
                _put(child, pickle.dumps(arguments), self._until())
                while not (answer := _got(child, self._until())):
                    """Another part is done."""
                done, spent, said = pickle.loads(answer)  # noqa: S301 - from our own child
            except (OSError, EOFError) as error:
                raise NotAReport(self._why(error)) from None
            if spent or self._read >= _MOST_READ:
                self.end()
            if not done:
                raise said
            return said

    def _until(self) -> float:
        return time.monotonic() + _PATIENCE * self._seconds

    def _why(self, error: Exception) -> str:
        """End the process over which this happened, and say what it was."""
        child = self._child
        if child is not None and isinstance(error, EOFError):
            with suppress(subprocess.TimeoutExpired):
                child.wait(_STARTING)
        self.end()
        if isinstance(error, TimeoutError) or (child is not None and child.returncode == -signal.SIGXCPU):
            return f"reading took more than {self._seconds} s and was ended: look at it by hand"
        return "the reader broke down over this document: look at it by hand"

    def _started(self) -> subprocess.Popen[bytes]:
        """The process, started where there is none of our own: one of before a fork belongs to the parent."""
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        self._child, self._owner, self._read = _process(), os.getpid(), 0
        ends = time.monotonic() + _STARTING
        _put(self._child, self._hello, ends)
        _got(self._child, ends)
        return self._child

    def end(self) -> None:
        """End the process, if it is ours."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        child.wait()


def _process() -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, sys.path))
    # One thread: this is one of many workers, and threads cost address space, which is bounded.
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    child = subprocess.Popen(
        [sys.executable, "-m", "foi_etl.convert.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths} | alone,
        bufsize=0,
    )
    assert child.stdin is not None  # noqa: S101 - we asked for a pipe
    os.set_blocking(child.stdin.fileno(), False)
    return child


def _put(child: subprocess.Popen[bytes], said: bytes, ends: float) -> None:
    assert child.stdin is not None  # noqa: S101 - as above
    left = memoryview(LENGTH.pack(len(said)) + said)
    while left:
        _wait((), (child.stdin,), ends)
        left = left[os.write(child.stdin.fileno(), left) :]


def _got(child: subprocess.Popen[bytes], ends: float) -> bytes:
    return _exactly(child, LENGTH.unpack(_exactly(child, LENGTH.size, ends))[0], ends)


def _exactly(child: subprocess.Popen[bytes], size: int, ends: float) -> bytes:
    assert child.stdout is not None  # noqa: S101 - as above
    taken = bytearray()
    while len(taken) < size:
        _wait((child.stdout,), (), ends)
        part = os.read(child.stdout.fileno(), min(size - len(taken), 2**20))
        if not part:
            raise EOFError
        taken += part
    return bytes(taken)


def _wait(reading: tuple[Any, ...], writing: tuple[Any, ...], ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0 or not any(select.select(reading, writing, (), left)[:2]):
        raise TimeoutError
