"""What the flows are made of: tasks over the command line's corridor, and what the UI shows of a run.

Nothing is decided here and nothing is kept here: a task takes names and years and gives rows back, the
archive and the home's own run records hold the rest. A task visits one host's agencies, so a host is spoken
to by one task at a time; with a task for each document Prefect would be busy with its own records alone.
"""

from __future__ import annotations

import os

# Prefect reports home unless it is told not to, before it is imported: so the flows take it from here.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
# A flow that is run without a server starts one for itself, which takes its time on a busy machine.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run, task_run
from prefect.task_runners import ThreadPoolTaskRunner

from foi_etl import accounts, night
from foi_etl.errors import FoiError, WaitAndRetry
from foi_etl.locks import CALLED
from foi_etl.model import Outcome
from foi_etl.settings import Settings

__all__ = ["HOSTS_AT_ONCE", "crawl", "end", "flow", "publish"]

HOSTS_AT_ONCE: Final[ThreadPoolTaskRunner[Any]] = ThreadPoolTaskRunner(max_workers=Settings.here().workers)
RETRIES: Final = [60.0, 600.0]
"""Seconds a busy portal is left alone before it is asked again: once and twice."""
_PATIENCE: Final = 3600.0
"""Seconds to wait while another process makes a release."""


def time_will_help(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failed task is tried again: the error knows."""
    return isinstance(state.result(raise_on_failure=False), WaitAndRetry)


@task(
    retries=len(RETRIES),
    retry_delay_seconds=RETRIES,
    retry_condition_fn=time_will_help,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def visit(agencies: list[str], years: list[int], run: str) -> list[dict[str, Any]]:
    """Visit these agencies, one after the other; how each visit ended. No other task asks their hosts."""
    ended = night.visit_agencies(replace(Settings.here(), workers=1), agencies, years, run)
    busy = [one for one in ended if one.outcome == "busy"]
    if busy and (task_run.run_count or 0) <= len(RETRIES):
        raise WaitAndRetry(f"{len(busy)} agencies' portals are busy: {busy[0].message}")
    return [asdict(one) for one in ended]


@task(
    retries=len(RETRIES),
    retry_delay_seconds=RETRIES,
    retry_condition_fn=time_will_help,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def release(anew: bool = False, accept: str = "") -> str:
    """Read what was never read, or all of it, and release what is new; the version, or empty for none."""
    return night.make_release(Settings.here(), wait=_PATIENCE, anew=anew, accept=accept, say=_note) or ""


def crawl(agencies: Sequence[str], years: Sequence[int]) -> tuple[str, list[Outcome]]:
    """Visit these agencies, or who is due: the run, as the home knows it, and how each visit ended.

    An agency whose visit fails in a way that nobody foresaw costs itself: the others of its task are visited
    again without it, and what they answered already is not asked for twice.
    """
    here = Settings.here()
    _introduce()
    chosen = list(agencies) or [one.agency_id for one in night.due_tonight(here) if one.tonight]
    run = night.begin_run(here, "some" if agencies else night.DUE, agencies=chosen, years=years)
    ended: list[Outcome] = []
    odd: list[str] = []
    for batch, result in _visited(night.by_host(here, chosen), years, run):
        if isinstance(result, BaseException):
            odd += batch
        else:
            ended += result
    for [one], result in _visited([[one] for one in odd], years, run):
        if isinstance(result, BaseException):
            ended.append(Outcome(one, "failed", f"{type(result).__name__}: {result}"))
        else:
            ended += result
    whole = {one.agency_id: one for one in night.outcomes(here, run)}
    ended += [one for name, one in whole.items() if name not in {each.agency_id for each in ended}]
    told = [one if one.outcome == "failed" else whole.get(one.agency_id, one) for one in ended]
    return run, sorted(told, key=lambda one: one.agency_id)


def _introduce() -> None:
    """Who meets this run in the home is told of a flow and its run, which the UI knows by that name."""
    os.environ[CALLED] = f"flow {flow_run.flow_name}, run {flow_run.name}"


def _visited(
    batches: Sequence[list[str]], years: Sequence[int], run: str
) -> Iterator[tuple[list[str], list[Outcome] | BaseException]]:
    """Each batch and how its visits ended, or what the task that made them failed of."""
    running = [
        visit.with_options(task_run_name=f"visit {batch[0]}, {len(batch)} in all").submit(
            batch, [*years], run
        )
        for batch in batches
    ]
    for batch, future in zip(batches, running, strict=True):
        future.wait()
        result = future.state.result(raise_on_failure=False)
        yield batch, result if isinstance(result, BaseException) else [Outcome(**row) for row in result]


def publish(visited: Sequence[Outcome] = (), run: str = "", *, anew: bool = False, accept: str = "") -> str:
    """Make a release where there is something new; `anew` reads the whole archive for it.

    What the gate objects to is published all the same where `accept` says why.

    Where none can be made, people are told before the flow fails.
    """
    _introduce()
    try:
        return release(anew, accept)
    except FoiError as error:
        _tell(run, visited, "", refused=str(error))
        raise


def end(visited: Sequence[Outcome], version: str, may_fail: float = 1.0, run: str = "") -> str:
    """End the run, show it in the UI, tell people; fail where more than this share of its agencies failed."""
    here = Settings.here()
    if run:
        night.end_run(here, run, version)
    if visited:
        rows = accounts.rows(visited, here.releases, version)
        create_table_artifact(table=rows, key="agencies", description="How each visit of this run ended.")
    page = accounts.summary(visited, here.releases, version, here.far_releases)
    create_markdown_artifact(page, key="summary")
    _tell(run, visited, version)
    failed = [one for one in visited if not accounts.went_well(one)]
    if len(failed) > may_fail * len(visited):
        raise RuntimeError(f"{len(failed)} of {len(visited)} agencies failed; first: {failed[0].message}")
    return version


def _note(text: str) -> None:
    get_run_logger().info(text)


def _tell(run: str, visited: Sequence[Outcome], version: str, refused: str = "") -> None:
    for failure in night.tell_people(Settings.here(), run, visited, version, refused):
        get_run_logger().warning(failure)
