"""Where workers come from: processes of this machine, or a Dask cluster that runs already."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from foi_etl.crew import Crew
from foi_etl.errors import WaitAndRetry, WrongUsage
from foi_etl.watch import begin_work

if TYPE_CHECKING:
    from distributed import Client


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
        pool = ProcessPoolExecutor(count, context, begin_work)
        try:
            with _not_waiting_for_the_dead(pool):
                yield pool
        finally:
            pool.shutdown(cancel_futures=True)

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
        from distributed.client import ClosedClientError  # noqa: PLC0415
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
        with joined() as client, _unprofiled(client):
            clients[:] = [client]
            try:
                yield client.get_executor(pure=False)
            except ClosedClientError as error:
                message = "the cluster's scheduler is gone: start it and run again; what was read is kept"
                raise WaitAndRetry(message, cluster=address) from error

    def glance() -> None:
        if not any(threads(client) for client in clients):
            message = "the cluster has no worker any more: start some and run again; what was read is kept"
            raise WaitAndRetry(message, cluster=address)

    loss = (BrokenExecutor, CancelledError, KilledWorker)
    return Crew(hired, size, loss, falls_whole=False, glance=glance)


@contextmanager
def _unprofiled(client: Client) -> Iterator[None]:
    """Have nobody look on while workers work for us.

    Dask notes every 10 ms what each is at, call within call. A reader calls deeply: looking costs more than
    half of what the work itself does, and the more, the longer the work goes on.
    """
    from distributed import WorkerPlugin  # noqa: PLC0415 - slow to load, and not always there

    class Unprofiled(WorkerPlugin):
        """A worker without what looks on. Those that come later begin so."""

        name = "foi-etl-unprofiled"

        def setup(self, worker: Any) -> None:
            self.looker = worker.periodic_callbacks.pop("profile", None)
            if self.looker is not None:
                self.looker.stop()

        def teardown(self, worker: Any) -> None:
            if self.looker is not None:
                worker.periodic_callbacks["profile"] = self.looker
                self.looker.start()

    client.register_plugin(Unprofiled())
    try:
        yield
    finally:
        if client.status == "running":  # otherwise they are gone
            client.unregister_worker_plugin(Unprofiled.name)  # type: ignore[no-untyped-call]
