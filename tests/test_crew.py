"""A lost worker costs its chunk, and a chunk that kills its workers is parted down to what does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest

from crews import alone
from foi_etl.crew import Crew, Given, among, work
from foi_etl.errors import WaitAndRetry, WrongUsage
from foi_etl.hiring import cluster, processes
from foi_etl.watch import MEMORY

Numbers = tuple[int, ...]


def halves(chunk: Numbers) -> Sequence[Numbers]:
    middle = len(chunk) // 2
    return (chunk[:middle], chunk[middle:]) if middle else ()


class Fragile(Executor):
    """A pool that breaks, as one of processes does, where a chunk holds a poisonous number."""

    hired = 0

    def __init__(self, poison: set[int], times: dict[int, int]) -> None:
        Fragile.hired += 1
        self.poison, self.times, self.broken = poison, times, False

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if self.broken:
            raise BrokenExecutor
        future: Future[object] = Future()
        dying = [one for one in args[0] if one in self.poison and self.times.get(one, 99) > 0]
        for one in dying:
            self.times[one] = self.times.get(one, 99) - 1
        if dying:
            self.broken = True
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def fragile(poison: set[int], times: dict[int, int] | None = None) -> Crew:
    counts = times or {}

    def hire() -> AbstractContextManager[Executor]:
        return Fragile(poison, counts)

    return Crew(hire, 2)


CHUNKS = [tuple(range(start, start + 8)) for start in range(0, 64, 8)]


def done(crew: Crew) -> tuple[list[int], list[Numbers]]:
    made: list[int] = []
    given: list[Numbers] = []
    for one in work(crew, tuple, CHUNKS, halves):
        if isinstance(one, Given):
            given.append(one.chunk)
        else:
            made += one
    return sorted(made), given


def test_everything_is_done_once() -> None:
    assert done(alone()) == (list(range(64)), [])


def test_a_worker_that_dies_now_and_then_costs_nothing() -> None:
    assert done(fragile({3, 21, 40}, {3: 1, 21: 2, 40: 3})) == (list(range(64)), [])


def test_what_kills_its_worker_every_time_is_given_up_alone() -> None:
    made, given = done(fragile({13, 14, 63}))
    assert sorted(given) == [(13,), (14,), (63,)]
    assert made == [one for one in range(64) if one not in {13, 14, 63}]


def test_an_error_of_the_work_is_raised_and_is_no_loss() -> None:
    def fail(_: Numbers) -> Numbers:
        raise ValueError("a stale correction")

    with pytest.raises(ValueError, match="stale"):
        list(work(alone(), fail, CHUNKS, halves))


def die_once(told: tuple[str, int]) -> int:
    mark = Path(told[0])
    if told[1] == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return told[1]


def test_a_process_that_is_killed_costs_its_chunk_which_is_done_again(tmp_path: Path) -> None:
    chunks = [(str(tmp_path / "died"), number) for number in range(5)]
    made = list(work(processes(2, "foi_etl.chunks"), die_once, chunks, lambda _: ()))
    assert sorted(one for one in made if isinstance(one, int)) == [0, 1, 2, 3, 4]
    assert (tmp_path / "died").exists()


def die_beside(large: tuple[str, bytes]) -> int:
    mark = Path(large[0])
    if not mark.exists():
        mark.touch()
        time.sleep(0.2)  # until the next one fills the pipe
        os.kill(os.getpid(), signal.SIGKILL)
    return len(large[1])


def test_a_worker_may_die_while_more_waits_for_it_than_a_pipe_holds(tmp_path: Path) -> None:
    chunks = [(str(tmp_path / "died"), bytes(2**20))] * 6
    made = work(processes(1, "foi_etl.hiring"), die_beside, chunks, lambda _: ())
    assert list(made) == [2**20] * 6


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_is_shared_out_is_done_though_a_worker_is_killed_or_is_an_error(tmp_path: Path) -> None:
    crew = processes(2, "foi_etl.errors")
    given = [(str(tmp_path / "died"), number) for number in range(5)]
    with among(crew) as share:
        assert sorted(share(die_once, given)) == [0, 1, 2, 3, 4]
        with pytest.raises(WaitAndRetry, match="workers die of this"):
            list(share(die, [1]))


def eat(_: int) -> int:
    return len(bytearray(MEMORY + 1))


def test_a_process_that_eats_all_memory_fails_and_is_not_killed() -> None:
    with pytest.raises(MemoryError):
        list(work(processes(1, "foi_etl.chunks"), eat, [1], lambda _: ()))


WAITING = """
import os, sys, time
from foi_etl.crew import work
from foi_etl.hiring import processes
from test_crew import pid
for one in work(processes(1, "foi_etl.errors"), pid, [0], lambda _: ()):
    print(one, flush=True)
    time.sleep(60)
"""


def pid(_: int) -> int:
    return os.getpid()


def test_workers_end_with_a_killed_process_that_started_them() -> None:
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=where
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_there(worker)
        parent.kill()
    until = time.monotonic() + 30
    while is_there(worker):
        assert time.monotonic() < until, "the worker waits for work that nobody will give it"
        time.sleep(0.05)


def is_there(process: int) -> bool:
    with suppress(OSError):
        said = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        return said.rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_cluster_that_is_not_there_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(WrongUsage, match=r"install foi-etl\[cluster\]"):
        cluster("tcp://127.0.0.1:1")
