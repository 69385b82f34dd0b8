"""Who does the work: some processes on this machine, or a cluster; and what a loss costs.

Never this process: what kills a reader must not kill who gave out the work. A worker that dies takes what
was under way with it. That is given out again, to a new pool where the old one is broken. What is lost once
more is parted and its parts given out alone, until the one item that does it stands by itself. Where that
kills its worker alone, too, it is given up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Generic, Protocol, TypeVar

from foi_etl.errors import WaitAndRetry

_TOGETHER: Final = 2
"""Losses after which a chunk is parted, and given out alone."""
_ALONE: Final = 2
"""Losses alone after which what cannot be parted is given up."""
_GLANCE: Final = 30.0
"""Seconds without any result after which it is asked whether there still are workers."""
_AHEAD: Final = 2
"""Chunks given out for each worker, so that none waits for the next."""
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
    glance: Callable[[], object] = bool
    """Is called while nothing comes. It raises where nobody is left who could bring anything."""


class Share(Protocol):
    """How work that can be sent is shared out."""

    def __call__(self, act: Callable[[T], R], given: Iterable[T], /) -> Iterable[R]:
        """What comes of each, as it comes."""


def here(act: Callable[[T], R], given: Iterable[T], /) -> Iterable[R]:
    """Work that this process does by itself, one after the other."""
    return map(act, given)


@contextmanager
def among(crew: Crew) -> Iterator[Share]:
    """Work of a crew that is hired once. What is lost with its worker again and again is an error."""

    def share(act: Callable[[T], R], given: Iterable[T], /) -> Iterator[R]:
        for made in _worked(hired, act, given, lambda _: ()):
            if isinstance(made, Given):
                raise WaitAndRetry("workers die of this, perhaps for lack of memory: run with --workers 1")
            yield made

    with _Hired(crew) as hired:
        yield share


class _Hired:
    """A crew at work."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self._until = ExitStack()
        self.executor = self._until.enter_context(crew.hire())

    def again(self) -> None:
        """Hire it anew, because it broke."""
        self._until.close()
        self.executor = self._until.enter_context(self.crew.hire())

    def __enter__(self) -> _Hired:
        return self

    def __exit__(
        self, of: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._until.__exit__(of, error, at)


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
    parts: Callable[[T], Sequence[T]],
) -> Iterator[R | Given[T]]:
    """What comes of each chunk, as it comes. `parts` is empty for a chunk that cannot be parted."""
    with _Hired(crew) as hired:
        yield from _worked(hired, act, chunks, parts)


def _worked(
    hired: _Hired, act: Callable[[T], R], chunks: Iterable[T], parts: Callable[[T], Sequence[T]]
) -> Iterator[R | Given[T]]:
    crew = hired.crew
    fresh = (_Task(chunk) for chunk in chunks)
    again: deque[_Task[T]] = deque()
    suspects: deque[_Task[T]] = deque()
    under_way: dict[Future[R], _Task[T]] = {}
    while True:
        broken = not _give_out(hired.executor, act, under_way, fresh, again, suspects, crew)
        if not under_way and not broken:
            return
        for future in _come(under_way, crew):
            task = under_way.pop(future)
            try:
                made = future.result()
            except crew.loss:
                broken = broken or crew.falls_whole
                yield from _set_aside(task, again, suspects, parts)
            else:
                yield made
        if broken:
            for task in under_way.values():
                yield from _set_aside(task, again, suspects, parts)
            under_way.clear()
            hired.again()


def _come(under_way: Iterable[Future[R]], crew: Crew) -> set[Future[R]]:
    """What has come; none where it takes long, and there still are workers."""
    come = wait(under_way, _GLANCE, FIRST_COMPLETED).done
    if not come:
        crew.glance()
    return come


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
    parts: Callable[[T], Sequence[T]],
) -> Iterator[Given[T]]:
    """What becomes of a chunk whose worker was lost."""
    task.losses += 1
    if task.losses < _TOGETHER:
        again.append(task)
    elif smaller := parts(task.chunk):
        suspects.extend(_Task(one, _TOGETHER - 1) for one in smaller)
    elif task.alone < _ALONE:
        suspects.append(task)
    else:
        yield Given(task.chunk)
