"""Where workers come from: processes of this machine, or a Dask cluster that runs already."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from threading import Thread
from typing import BinaryIO

from foi_etl.crew import Crew
from foi_etl.errors import WaitAndRetry, WrongUsage
from foi_etl.watch import begin_work


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(count: int, preload: str) -> Crew:
    """So many processes on this machine. They are started clean: nothing this process holds is in them."""
    way = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(way)
    if way == "forkserver":
        context.set_forkserver_preload([preload])

    @contextmanager
    def hired() -> Iterator[Executor]:
        with ProcessPoolExecutor(count, context, begin_work) as pool, _not_waiting_for_the_dead(pool):
            yield pool

    return Crew(hired, count)


@contextmanager
def _not_waiting_for_the_dead(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Take what a broken pool was about to give out, where nobody else will.

    Before 3.11.5 Python waits for ever until it is read, where it is more than a pipe holds (cpython 94777).
    """
    if sys.version_info >= (3, 11, 5):
        yield
        return
    pipe = os.fdopen(os.dup(vars(vars(pool)["_call_queue"])["_reader"].fileno()), "rb", buffering=0)
    try:
        yield
    finally:
        if vars(pool)["_broken"]:
            Thread(target=_drain, args=[pipe], daemon=True).start()
        else:
            pipe.close()


def _drain(pipe: BinaryIO) -> None:
    with pipe:
        while pipe.read(2**16):
            pass


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

    def threads(client: Client) -> int:
        return sum(client.nthreads().values())  # type: ignore[no-untyped-call]

    with joined() as client:
        size = threads(client)
    if not size:
        raise WrongUsage("the cluster has no worker: start some with `dask worker`", cluster=address)
    clients: list[Client] = []

    @contextmanager
    def hired() -> Iterator[Executor]:
        with joined() as client, client.get_executor(pure=False) as executor:
            clients[:] = [client]
            yield executor

    def glance() -> None:
        if not any(threads(client) for client in clients):
            message = "the cluster has no worker any more: start some and run again; what was read is kept"
            raise WaitAndRetry(message, cluster=address)

    loss = (BrokenExecutor, CancelledError, KilledWorker)
    return Crew(hired, size, loss, falls_whole=False, glance=glance)
