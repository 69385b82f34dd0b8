"""A run from its beginning to its end, in plain functions that take and give names, years and counts.

The command line and the flows are made of these:

    run = begin_run(settings, "due", agencies=[one.agency_id for one in due_tonight(settings) if one.tonight])
    outcomes = visit_agencies(settings, ids, years, run)    # as often as wanted, in any process, in any order
    version = make_release(settings, wait=3600)
    end_run(settings, run, version)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from foi_etl import locks, making, runs, wiring
from foi_etl.accounts import JUDGED, judged
from foi_etl.due import Due, due
from foi_etl.history import histories, night_of
from foi_etl.model import Outcome
from foi_etl.notices import notice_of, tell
from foi_etl.rounds import visit_all
from foi_etl.settings import Settings

DUE: Final = "due"
_AT_WORK: Final[dict[str, runs.Run]] = {}
"""The runs that this process began, by id."""


def due_tonight(settings: Settings, now: datetime | None = None) -> list[Due]:
    """Every agency of the register, whether it is visited tonight, and why."""
    known = histories(settings.runs, settings.history)
    night = night_of(now or datetime.now(UTC))
    return due(wiring.agencies(settings), known, night, settings.host_budget)


def begin_run(
    settings: Settings,
    what: str,
    *,
    agencies: Sequence[str] = (),
    years: Sequence[int] = (),
    options: Mapping[str, Any] | None = None,
) -> str:
    """The id of a new run, or of the interrupted one that was asked to do the same within the last day.

    `what` is in one word whom it visits: due, all or some. An interrupted run over who was due is gone on
    with by the next one, whoever is due by then.
    """
    asked = {"what": what, "agencies": list(agencies), "years": list(years), "options": dict(options or {})}
    wanted = [] if what == DUE else sorted(agencies)
    work = dumps([what, wanted, sorted(years), asked["options"]], sort_keys=True)
    asked["versions"] = {"schemas": wiring.schemas_digest()}
    run = runs.begin(settings.runs, asked, work, datetime.now(UTC))
    _AT_WORK[str(run.folder)] = run
    return run.id


def visit_agencies(
    settings: Settings,
    ids: Sequence[str],
    years: Sequence[int] = (),
    run_id: str = "",
    *,
    limit: int | None = None,
    force: bool = False,
    not_before: str = "",
    each: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Visit these agencies, host by host, and write down in the run's folder what came of it.

    `each` is told every outcome as it is known. A run over who is due keeps to the budget of every host.
    """
    chosen = wiring.agencies(settings, ids) if ids else ()
    outcomes: list[Outcome] = []
    if not chosen:
        return outcomes
    asked = runs.told(settings.runs / run_id)["asked"]
    host_limit = settings.host_budget if asked.get("what") == DUE else None
    with wiring.errand(
        settings,
        chosen,
        run_id,
        limit=limit,
        host_limit=host_limit,
        force=force,
        not_before=not_before,
    ) as errand:
        families = wiring.known_families(settings)
        for outcome in visit_all(
            chosen, families, errand, years=years, budget=settings.budget, workers=settings.workers
        ):
            outcomes.append(outcome)
            each(outcome)
    return outcomes


def outcomes(settings: Settings, run_id: str) -> list[Outcome]:
    """How each agency's visits of a run ended, in all its parts: also those before it was gone on with."""
    names = {field.name for field in fields(Outcome)}
    made = runs.visits(settings.runs / run_id).values()
    kept = ({name: word for name, word in one.items() if name in names} for one in made)
    return [
        Outcome(
            **one
            | {"listed": tuple(map(tuple, one.get("listed", ()))), "passed": tuple(one.get("passed", ()))}
        )
        for one in kept
    ]


def who_is_at_work(settings: Settings) -> dict[str, str]:
    """Which runs are at work over this home, and who makes a release of it, each in a few words."""
    said = {f"run {name}": who for name, who in runs.at_work(settings.runs).items()}
    lock = _lock(settings)
    return said | ({"release": f"being made by {locks.holder(lock)}"} if locks.is_held(lock) else {})


def _lock(settings: Settings) -> Path:
    return settings.state / "release.lock"


@contextmanager
def releasing(settings: Settings, wait: float = 0.0) -> Iterator[None]:
    """Nobody else makes a release of this home while the block lasts. What is read must be read inside it.

    WaitAndRetry, saying who does, where that takes more than `wait` seconds.
    """
    with locks.held(_lock(settings), "a release is being made", wait):
        yield


def make_release(
    settings: Settings,
    wait: float = 0.0,
    *,
    anew: bool = False,
    accept: str = "",
    say: Callable[[str], object] = lambda _: None,
) -> str | None:
    """Read what was never read, or all of it `anew`, and release what is new: the version, None for none.

    ReleaseStopped where the gate objects, unless `accept` says why it is published all the same. `say` is
    told which nightlies were removed.
    """
    with releasing(settings, wait):
        made = making.release(settings, anew=anew, accept=accept)
    if made.removed:
        say(f"nightlies removed: {', '.join(made.removed)}")
    return made.release.version if made.release else None


def by_host(settings: Settings, ids: Sequence[str], at_most: int = 32) -> list[list[str]]:
    """The agencies in so many lots that may be visited at the same time: no host is in two of them."""
    hosts: dict[str, list[str]] = {}
    for agency in wiring.agencies(settings, ids) if ids else ():
        hosts.setdefault(urlsplit(agency.portal).netloc, []).append(agency.id)
    lots: list[list[str]] = [[] for _ in range(min(at_most, len(hosts)))]
    for lot in sorted(hosts.values(), key=len, reverse=True):
        min(lots, key=len).extend(lot)
    return lots


def tell_people(
    settings: Settings, run_id: str, visited: Sequence[Outcome], version: str, refused: str = ""
) -> list[str]:
    """Tell whoever FOI_NOTIFY names what a run came to; what could not be delivered, which fails nothing.

    Without a run, as after a rebuild, there is something to tell only where no release could be made.
    """
    if not settings.notify or not (run_id or refused):
        return []
    folder = settings.runs / run_id if run_id else settings.state
    return tell(settings.notify, notice_of(visited, version, refused), folder)


def end_run(settings: Settings, run_id: str, version: str | None = None, **more: object) -> None:
    """The run is over: its folder says in one file what came of it, and it is not gone on with."""
    run = _AT_WORK.pop(str(settings.runs / run_id), None) or runs.found(settings.runs / run_id)
    visited = runs.visits(run.folder)
    told = {
        name: {agency: count for agency, count in sorted(counts.items()) if agency in visited}
        for name, counts in zip(JUDGED, judged(settings.releases, version or ""), strict=True)
    }
    sums = {name: sum(counts.values()) for name, counts in told.items()}
    runs.end(run, {"release": version or "", **sums, **more, "of_agencies": told})


def leave_run(settings: Settings, run_id: str) -> None:
    """The run stops here and is gone on with by the next one that is asked to do the same."""
    if run := _AT_WORK.pop(str(settings.runs / run_id), None):
        runs.leave(run)
