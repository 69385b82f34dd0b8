"""`foi-etl run`, and how every command makes a release."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from foi_etl import making, night, wiring
from foi_etl.accounts import went_well
from foi_etl.cli.say import Home, bar, complain, out, settings, table
from foi_etl.cli.told import untold
from foi_etl.cli.would_ask import would_ask
from foi_etl.errors import FoiError, WrongUsage
from foi_etl.model import Outcome
from foi_etl.settings import Settings

if TYPE_CHECKING:
    from foi_etl.publish.release import Release

Wait = Annotated[
    float, typer.Option(help="Seconds to wait where another process is making a release; inf for ever.")
]
Workers = Annotated[
    int,
    typer.Option(min=0, help="Processes that read and write. [default: FOI_READERS, or one for each core]"),
]
Cluster = Annotated[
    str, typer.Option(help="Let the workers of this Dask cluster read it, such as tcp://host:8786.")
]
Accept = Annotated[
    str, typer.Option(help="Why to publish what the gate objects to; the reason is published with it.")
]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def run(
    agency: Annotated[
        list[str] | None, typer.Option(help="Only this agency, by its id; may be given often.")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option(help="Only reports for this year; may be given often.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask no portal: show what would be asked.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Send no more requests than this; run again to go on.")
    ] = None,
    since: Annotated[
        str, typer.Option(help="Only reports whose list shows this day or a later one, as YYYY-MM-DD.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Ask for known reports too, on condition that they changed.")
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only who is due tonight: see `foi-etl agencies due`.")
    ] = False,
    wait: Wait = 0.0,
    workers: Workers = 0,
    cluster: Cluster = "",
    accept: Accept = "",
    home: Home = None,
) -> None:
    """Visit the portals, archive what they answer, and make a release of all there is.

    An interrupted run is gone on with: what is archived is not asked for again. Exit code 1 where an
    agency failed, or a document was refused that was not refused before; the release is made all the same.
    """
    here = with_readers(settings(home), workers)
    if since and not _DAY.fullmatch(since):
        raise WrongUsage("--since takes a day as YYYY-MM-DD", since=since)
    if due and agency:
        raise WrongUsage("--due chooses the agencies itself: leave out --agency")
    ids = _tonight(here) if due else [one.id for one in wiring.agencies(here, agency or ())]
    if dry_run:
        would_ask(here, wiring.agencies(here, ids) if ids else (), force=force)
        return
    what = night.DUE if due else "some" if agency else "all"
    with _run(here, what, ids, year or (), {"force": force, "since": since}) as run_id:
        outcomes = crawl(here, ids, year or (), run_id, limit=limit, force=force, not_before=since)
        made = _published(here, run_id, outcomes, wait, cluster, accept)
        if limit is None or sum(outcome.asked for outcome in outcomes) < limit:
            night.end_run(here, run_id, made.version, refused=made.refused)
    if made.refused or not all(went_well(outcome) for outcome in outcomes):
        raise typer.Exit(1)


def _published(
    here: Settings, run_id: str, outcomes: Sequence[Outcome], wait: float, cluster: str, accept: str
) -> Published:
    """A release, of which people are told, also where none can be made."""
    try:
        made = publish(here, wait, cluster=cluster, accept=accept)
    except FoiError as error:
        _tell_people(here, run_id, outcomes, "", str(error))
        raise
    _tell_people(here, run_id, outcomes, made.version)
    return made


def _tell_people(
    here: Settings, run_id: str, outcomes: Sequence[Outcome], version: str, refused: str = ""
) -> None:
    for failure in night.tell_people(here, run_id, outcomes, version, refused):
        complain(failure)


def with_readers(here: Settings, workers: int) -> Settings:
    """What the command line says of readers stands over what the environment does."""
    return replace(here, readers=workers or here.readers)


def _tonight(here: Settings) -> list[str]:
    decided = night.due_tonight(here)
    ids = [one.agency_id for one in decided if one.tonight]
    out.print(f"{len(ids)} of {len(decided)} agencies are due tonight")
    return ids


@contextmanager
def _run(
    here: Settings, what: str, ids: Sequence[str], years: Sequence[int], options: Mapping[str, object]
) -> Iterator[str]:
    """A run; where the block does not end it, the next one goes on with it."""
    others = night.who_is_at_work(here)
    run_id = night.begin_run(here, what, agencies=ids, years=years, options=options)
    for one, who in others.items():
        out.print(f"{one}: {who}; nobody waits for it but at a host, in turns", markup=False, soft_wrap=True)
    try:
        yield run_id
    finally:
        night.leave_run(here, run_id)


def crawl(
    here: Settings,
    ids: Sequence[str],
    years: Sequence[int],
    run_id: str,
    *,
    limit: int | None = None,
    force: bool = False,
    not_before: str = "",
) -> list[Outcome]:
    """Visit these agencies and say how each went."""
    with bar("visiting portals", len(ids)) as progress:
        outcomes = night.visit_agencies(
            here,
            ids,
            years,
            run_id,
            limit=limit,
            force=force,
            not_before=not_before,
            each=lambda _: progress.step(),
        )
    tally = Counter(outcome.outcome for outcome in outcomes)
    ends = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()))
    found, new = sum(one.found for one in outcomes), sum(one.new for one in outcomes)
    asked, decoys = sum(one.asked for one in outcomes), sum(one.decoys for one in outcomes)
    out.print(
        f"{len(outcomes)} agencies visited ({ends}): "
        f"{asked} requests, {found} reports listed, {new} new, {decoys} decoys passed over"
    )
    for outcome in sorted(outcomes, key=lambda one: one.agency_id):
        if outcome.outcome != "ok":
            alarm = "ALARM: it had reports and now lists none: " if outcome.alarm else ""
            complain(f"{outcome.agency_id}: {outcome.outcome}: {alarm}{outcome.message}")
    return outcomes


class Published(NamedTuple):
    """What became of a release."""

    version: str
    """Empty where there was nothing new."""
    refused: int
    """Documents refused now for the first time."""


def publish(
    here: Settings, wait: float = 0.0, *, anew: bool = False, cluster: str = "", accept: str = ""
) -> Published:
    """Read what was not read yet, release all there is, say what is new.

    What was refused before is counted and not complained of again: a dead link is dead every night.
    """
    with night.releasing(here, wait), bar("reading reports", 0) as progress:
        made = making.release(
            here, anew=anew, cluster=cluster, accept=accept, begin=progress.total, step=progress.step
        )
    if not made.due:
        raise WrongUsage(
            "the archive holds no report yet: `foi-etl run` or `foi-etl demo` fills it", folder=here.archive
        )
    if made.read:
        rows = [(name, f"{count:,}") for name, count in sorted(made.tally.items())]
        table(f"What was read, {made.read:,} of {made.due:,}", ("what", "count"), rows)
    new = [] if made.refusals is None else untold(here, made.refusals)
    for refusal in new:
        complain(f"refused: {refusal.message}")
    if made.refused > len(new):
        out.print(f"{made.refused - len(new)} documents are refused as before: rule `unread` in the findings")
    _tell(here, made.release)
    if made.removed:
        out.print(f"nightlies removed: {', '.join(made.removed)}; see `foi-etl releases list`")
    return Published(made.release.version if made.release else "", len(new))


def _tell(here: Settings, made: Release | None) -> None:
    if made is None:
        out.print(f"nothing new: {(here.releases / 'latest').resolve().name} already says exactly this")
        return
    far = f"{here.far_releases.rstrip('/')}/{made.version}" if here.far_releases else ""
    out.print(f"release {made.version}: {far or made.path}")
    table = f"{far or here.releases / 'latest'}/requests.parquet"
    out.print(f"try:  pd.read_parquet({table!r})", soft_wrap=True)
