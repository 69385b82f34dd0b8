"""Who does the work: this process, some processes on this machine, or a cluster; and what a loss costs.

A worker that dies takes what was under way with it. That is given out again, to a new pool where the old
one is broken. Who keeps being there when a worker dies is given out alone; a chunk that kills its worker
alone is halved until the one item that does it stands by itself, and is given up.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from typing import Final, Generic, ParamSpec, TypeVar

from foi_etl.errors import WrongUsage

_TOGETHER: Final = 2
"""Losses after which a chunk is given out alone."""
_ALONE: Final = 2
"""Losses alone after which it is halved, or given up."""
_AHEAD: Final = 2
"""Chunks given out for each worker, so that none waits for the next."""
_P = ParamSpec("_P")
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers: how to get them, how many, and how their loss is told."""

    hire: Callable[[], AbstractContextManager[Executor]]
    size: int
    loss: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)
    falls_whole: bool = True
    """Whether the loss of one worker is the loss of all: a pool of processes breaks, a cluster does not."""


class _Here(Executor):
    """Does each thing at once, in this process."""

    def submit(self, fn: Callable[_P, R], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[R]:
        done: Future[R] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def alone() -> Crew:
    """Nobody but this process."""
    return Crew(_Here, 1, ())


def processes(count: int, preload: str) -> Crew:
    """So many processes on this machine. They are started clean: nothing this process holds is in them."""
    way = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(way)
    if way == "forkserver":
        context.set_forkserver_preload([preload])
    return Crew(lambda: ProcessPoolExecutor(count, mp_context=context), count)


def cluster(address: str) -> Crew:
    """The workers of a Dask cluster that runs already."""
    try:
        # Slow to load, and not always there.
        from distributed import Client  # noqa: PLC0415
        from distributed.scheduler import KilledWorker  # noqa: PLC0415
    except ImportError as error:
        raise WrongUsage(
            "a cluster needs one more package: install foi-etl[cluster]", cluster=address
        ) from error

    def joined() -> Client:
        try:
            return Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise WrongUsage("no Dask scheduler answers there: is it running?", cluster=address) from error

    @contextmanager
    def hired() -> Iterator[Executor]:
        with joined() as client, client.get_executor(pure=False) as executor:
            yield executor

    with joined() as client:
        size = sum(client.nthreads().values())
    if not size:
        raise WrongUsage("the cluster has no worker: start some with `dask worker`", cluster=address)
    return Crew(hired, size, (BrokenExecutor, CancelledError, KilledWorker), falls_whole=False)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Task(Generic[T]):
    chunk: T
    losses: int = 0
    alone: int = 0


class Given(Generic[T]):
    """A chunk that was given up."""

    def __init__(self, chunk: T) -> None:
        self.chunk = chunk


def work(
    crew: Crew,
    act: Callable[[T], R],
    chunks: Iterable[T],
    halves: Callable[[T], tuple[T, T] | None],
) -> Iterator[R | Given[T]]:
    """What comes of each chunk, as it comes. `halves` is None for a chunk that cannot be halved."""
    fresh = (_Task(chunk) for chunk in chunks)
    again: deque[_Task[T]] = deque()
    suspects: deque[_Task[T]] = deque()
    with ExitStack() as hired:
        executor = hired.enter_context(crew.hire())
        under_way: dict[Future[R], _Task[T]] = {}
        try:
            while True:
                broken = not _give_out(executor, act, under_way, fresh, again, suspects, crew)
                if not under_way and not broken:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    task = under_way.pop(future)
                    try:
                        made = future.result()
                    except crew.loss:
                        broken = broken or crew.falls_whole
                        yield from _set_aside(task, again, suspects, halves)
                    else:
                        yield made
                if broken:
                    for task in under_way.values():
                        yield from _set_aside(task, again, suspects, halves)
                    under_way.clear()
                    hired.close()
                    executor = hired.enter_context(crew.hire())
        except BaseException:
            for future in under_way:
                future.cancel()
            raise


def _give_out(
    executor: Executor,
    act: Callable[[T], R],
    under_way: dict[Future[R], _Task[T]],
    fresh: Iterator[_Task[T]],
    again: deque[_Task[T]],
    suspects: deque[_Task[T]],
    crew: Crew,
) -> bool:
    """Keep the workers busy; False where there are none any more.

    A suspect is given out when everything else is done, and alone.
    """
    while len(under_way) < crew.size * _AHEAD:
        task = again.popleft() if again else next(fresh, None)
        if task is None:
            if under_way or not suspects:
                return True
            task = suspects.popleft()
            task.alone += 1
        try:
            under_way[executor.submit(act, task.chunk)] = task
        except BrokenExecutor:
            again.append(task)
            return False
        if task.alone:
            return True
    return True


def _set_aside(
    task: _Task[T],
    again: deque[_Task[T]],
    suspects: deque[_Task[T]],
    halves: Callable[[T], tuple[T, T] | None],
) -> Iterator[Given[T]]:
    """What becomes of a chunk whose worker was lost."""
    task.losses += 1
    if task.losses < _TOGETHER:
        again.append(task)
    elif task.alone < _ALONE:
        suspects.append(task)
    elif (two := halves(task.chunk)) is not None:
        suspects.extend(_Task(one, _TOGETHER, _ALONE - 1) for one in two)
    else:
        yield Given(task.chunk)
