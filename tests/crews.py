"""Workers for tests: this process itself, and processes in which some documents are poison."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from foi_etl import chunks, pipeline
from foi_etl.crew import Crew
from foi_etl.model import Capture


class _Here(Executor):
    """Does each thing at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def alone() -> Crew:
    """Nobody but this process: what a test puts in the place of a reader is what reads."""
    return Crew(_Here, 1, ())


def poisoned(count: int, urls: Collection[str], how: str) -> Crew:
    """So many processes in which the documents of these addresses do what no document should."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["foi_etl.chunks"])
    return Crew(lambda: ProcessPoolExecutor(count, context, _poison, (urls, how)), count, (BrokenExecutor,))


def _poison(urls: Collection[str], how: str) -> None:
    real: Callable[..., object] = pipeline.judge_capture
    misdeeds = {"dies": _die, "hangs": _hang}

    def judge(capture: Capture, *rest: object) -> object:
        if capture.url in urls:
            misdeeds[how]()
        return real(capture, *rest)

    vars(chunks)["judge_capture"] = judge


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    while True:
        pass
