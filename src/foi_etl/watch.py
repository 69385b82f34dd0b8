"""A reader that is watched: it leaves a mark at the document it is at, and dies of one that takes too much.

A page that is read in C cannot be interrupted from Python; its process can only be ended, which the system
does by itself when the processor time is spent. Whoever gave out the work finds the mark, and knows which
document it was.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Final

from foi_etl.heap import look_less

SECONDS: Final = 30.0
"""Processor time for one document: some thousand times what one needs. A thread beside it counts, too."""
MEMORY: Final = 4 * 2**30
"""What a worker may take before the document it reads is refused; what it starts, as for scans, may too."""
_CAN_END_ITSELF: Final = hasattr(signal, "setitimer")


def begin_work() -> None:
    """Make this process a worker: it fails where it takes too much memory, and ends with who started it."""
    look_less()
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not everywhere

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        bound = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, most))
    if (parent := parent_process()) is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    """A worker whose pool was killed would wait for work forever: nobody tells it."""
    parent.join()
    os._exit(1)


@contextmanager
def watched(mark: str, seconds: float) -> Iterator[Callable[[str], None]]:
    """What is called with the name of each document before it is read; `seconds` of 0 bound nothing.

    A mark that cannot be left, as on another machine, is done without.
    """
    handle = _opened(mark)

    def begin(name: str) -> None:
        if handle is not None:
            os.pwrite(handle, name.encode(), 0)
        if seconds and _CAN_END_ITSELF:
            signal.setitimer(signal.ITIMER_PROF, seconds)

    try:
        yield begin
    finally:
        if seconds and _CAN_END_ITSELF:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if handle is not None:
            os.close(handle)


def marked(mark: str) -> str:
    """Which document a reader was at when it died; empty where that is not known."""
    try:
        return Path(mark).read_text(encoding="utf-8") if mark else ""
    except OSError:
        return ""


def _opened(mark: str) -> int | None:
    with suppress(OSError):
        return os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600) if mark else None
    return None
