"""Releases of a home: of all that its archive holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.crew import Crew, Share, among, cores, here, processes
from foi_etl.crew import cluster as join_cluster
from foi_etl.owed import Owing
from foi_etl.owing import divisions, owing
from foi_etl.quarantine import recovered
from foi_etl.settings import Settings

if TYPE_CHECKING:
    from foi_etl.readings import Made

_INVENTED: Final = "Made from the practice country: apart from a few real reports, its numbers are invented."
_WORTH_A_PROCESS: Final = 150
"""Captures that take about as long to read as a process takes to start."""
_WORTH_SHARING: Final = 400
"""Captures whose release takes longer than that."""


def release(
    settings: Settings,
    *,
    anew: bool = False,
    cluster: str = "",
    accept: str = "",
    begin: Callable[[int], object] = lambda _: None,
    step: Callable[[int], object] = lambda _: None,
) -> Made:
    """A release of all that the archive holds; only what was never read is read, or all of it `anew`.

    Nightlies that are not to be kept are removed then.

    `begin` is told how many captures are read now, `step` how many more were. What the gate objects to is
    published all the same where `accept` says why.
    """
    # Here, not above: it brings pyarrow along, which takes as long as a visit.
    from foi_etl.publish.retention import Kept, prune  # noqa: PLC0415
    from foi_etl.readings import Source, remake  # noqa: PLC0415
    from foi_etl.studies import studies  # noqa: PLC0415

    today = datetime.now(UTC).date()
    with wiring.archive_of(settings, read_only=True) as archive:
        source = Source(
            shelf=archive.shelf,
            captures=partial(archive.by_agency, "report"),
            attachments=partial(archive.captures, purpose="attachment"),
            corrections=wiring.corrections(settings),
            pieces=settings.pieces,
            releases=settings.releases,
            far_releases=settings.far_releases,
            state=settings.released,
            description=" ".join(
                filter(None, (_INVENTED * settings.practice.is_dir(), recovered(settings.home)))
            ),
            day=today,
            studies=studies(_owing(settings, archive), archive.answers_of_gone()),
            accept=accept,
        )
        hire, split = partial(_crew, settings, cluster), partial(_share, settings)
        made = remake(source, hire, split, anew=anew, begin=begin, step=step)
    if settings.keep_days:
        made.removed = prune(source.place, Kept(settings.keep_days, today))
    return made


def _owing(settings: Settings, archive: Archive) -> Owing:
    youngest = next(archive.newest(), None)
    return owing(
        wiring.whole_register(settings).agencies,
        wiring.changes(settings),
        divisions(),
        runs=settings.runs,
        memory=settings.history,
        youngest=youngest.fetched_at if youngest else "",
    )


def _crew(settings: Settings, cluster: str, due: int) -> Crew:
    """Whoever reads: a cluster where one is named; processes, as many as there is enough for."""
    if cluster:
        return join_cluster(cluster)
    return _processes(settings, -(-due // _WORTH_A_PROCESS))


def _share(settings: Settings, captures: int) -> Share:
    """How studies and files are shared out. Always on this machine: a cluster does not see our disk."""
    crew = _processes(settings, captures // _WORTH_SHARING)
    return among(crew) if crew.size > 1 else here


def _processes(settings: Settings, worth: int) -> Crew:
    return processes(max(min(settings.readers or cores(), worth), 1), "foi_etl.chunks")
