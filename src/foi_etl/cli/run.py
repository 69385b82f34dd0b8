"""`foi-etl run` and `foi-etl rebuild`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.cli.say import Bar, Home, bar, complain, out, settings, table
from foi_etl.errors import WrongUsage
from foi_etl.model import Agency, Judged, Outcome
from foi_etl.publish.release import Release
from foi_etl.settings import Settings
from foi_etl.visits import visit_all


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
    home: Home = None,
) -> None:
    """Visit the portals, archive what they answer, and make a release of all there is.

    An interrupted run is gone on with: what is archived is not asked for again. Exit code 1 where an
    agency failed or a document was refused; the release is made all the same.
    """
    here = settings(home)
    chosen = wiring.agencies(here, agency or ())
    if dry_run:
        _dry_run(here, chosen)
        return
    outcomes = crawl(here, chosen, year or ())
    refused = publish(here)
    wiring.finish(here)
    if refused or any(outcome.outcome != "ok" for outcome in outcomes):
        raise typer.Exit(1)


def rebuild(home: Home = None) -> None:
    """Read the whole archive again and release it, without network: the same archive gives the same bytes."""
    if publish(settings(home)):
        raise typer.Exit(1)


def crawl(here: Settings, chosen: Sequence[Agency], years: Sequence[int]) -> list[Outcome]:
    """Visit these agencies and say how each went."""
    outcomes: list[Outcome] = []
    with wiring.errand(here, chosen) as errand, bar("visiting portals", len(chosen)) as progress:
        for outcome in visit_all(
            chosen, wiring.known_families(here), errand, years=years, budget=here.budget, workers=here.workers
        ):
            outcomes.append(outcome)
            progress.step()
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
            complain(f"{outcome.agency_id}: {outcome.outcome}: {outcome.message}")
    return outcomes


def publish(here: Settings) -> int:
    """Read the archive, release it, say what the release holds; the number of documents refused."""
    with Archive.open(here.archive, read_only=True) as archive:
        read = wiring.reading(here, archive)
        if not read.due:
            raise WrongUsage(
                "the archive holds no report yet: `foi-etl run` or `foi-etl demo` fills it",
                folder=here.archive,
            )
        with bar("reading reports", read.due) as progress:
            counted: Counter[str] = Counter()
            made = wiring.release(here, _counted(read.verdicts, counted, progress), read.refusals)
    refused = [refusal for _, refusal in read.refusals if refusal.reason != "superseded"]
    _summary(counted, len(refused))
    for refusal in refused:
        complain(f"refused: {refusal.message}")
    _tell(here, made)
    return len(refused)


def _counted(verdicts: Iterator[Judged | None], counted: Counter[str], progress: Bar) -> Iterator[Judged]:
    for judged in verdicts:
        progress.step()
        if judged is None:
            continue
        verdict = judged.verdict
        counted.update(reports=1, inferences=len(verdict.inferences))
        counted.update(f"findings: {finding.weight}" for finding in verdict.findings)
        for reading in verdict.tables:
            counted.update(f"cells: {fact.state}" for fact in reading.facts.values())
        yield judged


def _summary(counted: Counter[str], refused: int) -> None:
    rows = [(name, f"{count:,}") for name, count in sorted(counted.items())]
    table("What was read", ("what", "count"), [*rows, ("documents refused", f"{refused:,}")])


def _tell(here: Settings, made: Release | None) -> None:
    if made is None:
        out.print(f"nothing new: {(here.releases / 'latest').resolve().name} already says exactly this")
        return
    out.print(f"release {made.version}: {made.path}")
    out.print(
        f"try:  pd.read_parquet({str(here.releases / 'latest' / 'requests.parquet')!r})", soft_wrap=True
    )


def _dry_run(here: Settings, chosen: Sequence[Agency]) -> None:
    families = wiring.known_families(here)
    held: Counter[str] = Counter()
    if here.archive.is_dir():
        with Archive.open(here.archive, read_only=True) as archive:
            held.update(one.agency_id for one in archive.captures() if one.purpose == "report")
    rows = [
        (one.id, one.family, held[one.id], ask.url)
        for one in chosen
        for ask in list(families[one.family].start(one))[:1]
    ]
    table("Would ask (nothing is asked now)", ("agency", "family", "reports held", "first page"), rows)
