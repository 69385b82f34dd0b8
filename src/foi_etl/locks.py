"""Files that a living process holds, so that others wait, or say who it is. They are free when it ends."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from foi_etl.errors import WaitAndRetry

CALLED: Final = "FOI_CALLED"
"""What a process that was not started from the command line calls itself, in its environment."""
_STEP: Final = 0.1


def take(path: Path) -> int | None:
    """The lock, as an open file; None where somebody holds it. It is given back, or free when we die."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def give_back(handle: int) -> None:
    """The next one may have it."""
    os.close(handle)


def is_held(path: Path) -> bool:
    """Whether a living process holds it."""
    if not path.is_file():
        return False
    handle = take(path)
    if handle is None:
        return True
    give_back(handle)
    return False


@contextmanager
def held(path: Path, what: str, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock while the block lasts. WaitAndRetry, saying who holds it, where that takes too long."""
    until = time.monotonic() + wait
    while (handle := take(path)) is None:
        if time.monotonic() >= until:
            raise WaitAndRetry(f"{what} by {holder(path)}: wait for it with --wait SECONDS", lock=path)
        time.sleep(_STEP)
    try:
        _sign(handle)
        yield
    finally:
        os.ftruncate(handle, 0)
        give_back(handle)


def holder(path: Path) -> str:
    """Who holds a lock, since when, and what it is doing."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(path.read_text(encoding="utf-8"))
        return f"process {said['pid']} ({said['command']}) since {said['since']}"
    return "another process"


def command() -> str:
    """What this process was told to do, in one line."""
    called = os.environ.get(CALLED) or " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    return called[:200]


def _sign(handle: int) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = json.dumps({"pid": os.getpid(), "command": command(), "since": now}, ensure_ascii=False)
    os.ftruncate(handle, 0)
    os.pwrite(handle, said.encode(), 0)
