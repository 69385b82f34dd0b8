"""A lost worker costs its chunk, and a chunk that kills its workers is halved down to what does it."""

from __future__ import annotations

import os
import signal
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from foi_etl.crew import Crew, Given, alone, cluster, processes, work
from foi_etl.errors import WrongUsage

Numbers = tuple[int, ...]


def halves(chunk: Numbers) -> tuple[Numbers, Numbers] | None:
    middle = len(chunk) // 2
    return (chunk[:middle], chunk[middle:]) if middle else None


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
    made = list(work(processes(2, "foi_etl.errors"), die_once, chunks, lambda _: None))
    assert sorted(one for one in made if isinstance(one, int)) == [0, 1, 2, 3, 4]
    assert (tmp_path / "died").exists()


def test_a_cluster_that_is_not_there_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(WrongUsage, match=r"install foi-etl\[cluster\]"):
        cluster("tcp://127.0.0.1:1")
