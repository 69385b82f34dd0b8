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

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from foi_etl import accounts, night
from foi_etl.errors import FoiError, WaitAndRetry
from foi_etl.model import Outcome
from foi_etl.settings import Settings

__all__ = ["crawl", "end", "flow", "publish"]

RETRIES = [60.0, 600.0]
"""Seconds a busy portal is left alone before it is asked again: once and twice."""
_PATIENCE = 3600.0
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
    """Visit the agencies of one host; how each visit ended."""
    ended = night.visit_agencies(Settings.here(), agencies, years, run)
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
def release(anew: bool = False) -> str:
    """Read what was never read, or all of it, and release what is new; the version, or empty for none."""
    return night.make_release(Settings.here(), wait=_PATIENCE, anew=anew) or ""


def crawl(agencies: Sequence[str], years: Sequence[int]) -> tuple[str, list[Outcome]]:
    """Visit these agencies, or who is due. A host whose task fails costs its own agencies and no others.

    The run, as the home knows it, and how each visit ended.
    """
    here = Settings.here()
    chosen = list(agencies) or [one.agency_id for one in night.due_tonight(here) if one.tonight]
    run = night.begin_run(here, "some" if agencies else night.DUE, agencies=chosen, years=years)
    batches = {"all": chosen} if chosen else {}
    running = {
        name: visit.with_options(task_run_name=f"visit {name}").submit(ids, list(years), run)
        for name, ids in batches.items()
    }
    ended: list[Outcome] = []
    for name, future in running.items():
        future.wait()
        result = future.state.result(raise_on_failure=False)
        if isinstance(result, BaseException):
            said = str(result) if isinstance(result, FoiError) else f"{type(result).__name__}: {result}"
            ended += [Outcome(agency_id=one, outcome="failed", message=said) for one in batches[name]]
        else:
            ended += [Outcome(**row) for row in result]
    return run, sorted(ended, key=lambda one: one.agency_id)


def publish(anew: bool = False) -> str:
    """Make a release where there is something new; `anew` reads the whole archive for it."""
    return release(anew)


def end(visited: Sequence[Outcome], version: str, may_fail: float, run: str = "") -> str:
    """Show the run in the UI, and fail it where more than this share of its agencies failed."""
    here = Settings.here()
    if run:
        night.end_run(here, run, version)
    rows = accounts.rows(visited, here.releases, version)
    if rows:
        create_table_artifact(table=rows, key="agencies", description="How each visit of this run ended.")
    create_markdown_artifact(accounts.summary(visited, here.releases, version), key="summary")
    failed = [one for one in visited if not accounts.went_well(one)]
    if len(failed) > may_fail * len(visited):
        raise RuntimeError(f"{len(failed)} of {len(visited)} agencies failed; first: {failed[0].message}")
    return version
