"""`foi-etl agencies`: who owes reports, and whether the register is sound."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Annotated, Final

import typer

from foi_etl import night, wiring
from foi_etl.cli.find import find
from foi_etl.cli.say import Home, complain, out, settings, table
from foi_etl.errors import WrongUsage
from foi_etl.owing import divisions
from foi_etl.sources.changes import faults_of_changes
from foi_etl.sources.lint import complaints
from foi_etl.sources.registry import COLUMNS

app = typer.Typer(
    help="List, show and check the register of agencies, and say who is due.", no_args_is_help=True
)
app.command()(find)
_FIELDS: Final = (*COLUMNS[:8], "family", *COLUMNS[8:])
"""As they stand in the register, with the family of the portal behind it."""


@app.command("list")
def list_agencies(home: Home = None) -> None:
    """Every agency of the register."""
    here = settings(home)
    rows = [(one.id, one.name, one.family, one.portal) for one in wiring.agencies(here)]
    table(f"{len(rows)} agencies in {wiring.register(here)}", ("id", "name", "family", "portal"), rows)


@app.command()
def show(agency: Annotated[str, typer.Argument(help="The id of an agency.")], home: Home = None) -> None:
    """One agency: its line in the register, and what the archive holds of it."""
    here = settings(home)
    [one] = wiring.agencies(here, [agency])
    for name in _FIELDS:
        out.print(f"{name:<14}{getattr(one, name) or '-'}", markup=False, soft_wrap=True)
    if not wiring.has_archive(here):
        out.print("archive       nothing yet")
        return
    with wiring.archive_of(here, read_only=True) as archive:
        held = list(archive.captures(agency=agency))
    out.print(
        f"archive       {dict(Counter(capture.purpose for capture in held)) or 'nothing yet'}", markup=False
    )
    reports = [
        (one.id, one.fetched_at, one.status, one.link_text, one.url)
        for one in held
        if one.purpose == "report"
    ]
    if reports:
        table("Reports", ("capture", "fetched", "status", "listed as", "url"), reports)


@app.command("due")
def due_tonight(
    on: Annotated[str, typer.Option(help="Another day than today, as YYYY-MM-DD.")] = "",
    everyone: Annotated[bool, typer.Option("--all", help="Those too who are not due, and why.")] = False,
    home: Home = None,
) -> None:
    """Who is due tonight, and why; as many as it is for each reason."""
    try:
        now = datetime.fromisoformat(f"{on}T12:00:00+08:00") if on else None
    except ValueError as error:
        raise WrongUsage("--on takes a day as YYYY-MM-DD", on=on) from error
    decided = night.due_tonight(settings(home), now)
    shown = [one for one in decided if one.tonight or everyone]
    rows = [(one.agency_id, "yes" if one.tonight else "no", one.requests, one.reason) for one in shown]
    if rows:
        table("Who is due", ("agency", "due", "requests", "why"), rows)
    counts = Counter((one.tonight, _general(one.reason)) for one in decided)
    reasons = [("yes" if tonight else "no", count, why) for (tonight, why), count in counts.most_common()]
    table("How many, and why", ("due", "agencies", "why"), reasons)
    due = [one for one in decided if one.tonight]
    asked, hosts = sum(one.requests for one in due), len({one.host for one in due})
    out.print(f"{len(due)} of {len(decided)} agencies, on {hosts} hosts, some {asked} requests")


def _general(reason: str) -> str:
    """A reason without what is one agency's own: the host that it names, the day it is used to."""
    reason = re.sub(r"about \d+ \w+:", "about this day:", reason)
    return re.sub(r"that \S+ gets", "that its host gets", reason)


@app.command()
def check(home: Home = None) -> None:
    """One sentence for each thing wrong with the register; silence, and exit code 0, where it is sound."""
    here = settings(home)
    known = wiring.whole_register(here)
    faults = [
        *complaints(known, wiring.known_families(), divisions()),
        *faults_of_changes(wiring.changes(here), known.agencies),
    ]
    for fault in faults:
        complain(fault)
    if faults:
        raise typer.Exit(1)
