"""What processes take that a benchmark starts: the most memory each ever had, and its processor time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Watched:
    """What was seen of some processes and of all those they started, by process id."""

    peaks: dict[int, int] = field(default_factory=dict)
    """Megabytes each had at most."""
    cpu: dict[int, float] = field(default_factory=dict)
    """Seconds of processor time."""
    together: int = 0
    """Megabytes all had at once, at most; what several share counts once."""


@contextmanager
def watching(
    roots: list[int], each: Callable[[list[int], Watched], object] = lambda *_: None
) -> Iterator[Watched]:
    """Watch these processes and those below them; `each` is told, again and again, who they are."""
    seen, over = Watched(), threading.Event()
    before = {pid: _cpu(pid) for pid in _below(roots)}

    def look() -> None:
        while not over.wait(0.2):
            family = _below(roots)
            for pid in family:
                seen.peaks[pid] = max(seen.peaks.get(pid, 0), _status(pid, "VmHWM:"))
                seen.cpu[pid] = max(seen.cpu.get(pid, 0.0), _cpu(pid) - before.get(pid, 0.0))
            seen.together = max(seen.together, sum(map(_share, family)))
            each(family, seen)

    with ThreadPoolExecutor(1) as watch:
        watched = watch.submit(look)
        try:
            yield seen
        finally:
            over.set()
            watched.result()


def _below(roots: list[int]) -> list[int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    family = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sorted(family & parents.keys())


def _cpu(pid: int) -> float:
    """Seconds of processor time a process has had."""
    try:
        spent = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, name: str) -> int:
    """A line of what the system says of a process, in megabytes."""
    return _megabytes(Path(f"/proc/{pid}/status"), name)


def _share(pid: int) -> int:
    """Megabytes of a process, of pages that several have its share of them."""
    return _megabytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _megabytes(path: Path, name: str) -> int:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(name)), 0)
