"""The nightly flow: visit the portals, then release. It only orchestrates; what it says is names and counts.

    uv run python flows/nightly.py            # once, now, over the home in FOI_HOME

Schedules, deployments and the server that runs them are described in the README.
"""

from __future__ import annotations

import os

# Prefect reports home unless it is told not to, before it is imported.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact

from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.errors import WaitAndRetry
from foi_etl.settings import Settings
from foi_etl.visits import visit_all


def passes_with_time(_task: Any, _run: Any, state: Any) -> bool:
    """Retry only what the error itself says will pass if left alone."""
    return isinstance(state.result(raise_on_failure=False), WaitAndRetry)


@task(retries=2, retry_delay_seconds=600, retry_condition_fn=passes_with_time)
def visit(home: str, agencies: list[str], years: list[int]) -> list[dict[str, str | int]]:
    """Visit these agencies; one row each says how it went."""
    here = Settings.here(Path(home))
    chosen = wiring.agencies(here, agencies)
    with wiring.errand(here, chosen) as errand:
        visited = visit_all(
            chosen,
            wiring.known_families(here),
            errand,
            years=years,
            budget=here.budget,
            workers=here.workers,
        )
        rows: list[dict[str, str | int]] = [
            {
                "agency": one.agency_id,
                "outcome": one.outcome,
                "found": one.found,
                "new": one.new,
                "message": one.message,
            }
            for one in visited
        ]
    return sorted(rows, key=lambda row: str(row["agency"]))


@task
def release(home: str) -> str:
    """Read the archive and release it; the version, or empty where nothing is new."""
    here = Settings.here(Path(home))
    with Archive.open(here.archive, read_only=True) as archive:
        read = wiring.reading(here, archive)
        made = wiring.release(here, (one for one in read.verdicts if one is not None), read.refusals)
    wiring.finish(here)
    return made.version if made else ""


@flow
def nightly(home: str = "", agencies: list[str] | None = None, years: list[int] | None = None) -> str:
    """Visit all agencies, or these, and make a release where something is new. Returns its version."""
    folder = home or str(Settings.here().home)
    rows = visit(folder, agencies or [], years or [])
    create_table_artifact(table=rows, key="visits", description="How each visit ended.")
    return release(folder)


if __name__ == "__main__":
    nightly()
