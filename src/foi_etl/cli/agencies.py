"""`foi-etl agencies`: who owes reports, and whether the register is sound."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.cli.find import find
from foi_etl.cli.say import Home, complain, out, settings, table
from foi_etl.sources.lint import complaints

app = typer.Typer(help="List, show and check the register of agencies.", no_args_is_help=True)
app.command()(find)


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
    for name in ("id", "name", "name_en", "family", "portal", "note"):
        out.print(f"{name:<8} {getattr(one, name)}", markup=False, soft_wrap=True)
    if not here.archive.is_dir():
        out.print("archive  nothing yet")
        return
    with Archive.open(here.archive, read_only=True) as archive:
        held = list(archive.captures(agency=agency))
    out.print(f"archive  {dict(Counter(capture.purpose for capture in held)) or 'nothing yet'}", markup=False)
    reports = [
        (one.id, one.fetched_at, one.status, one.link_text, one.url)
        for one in held
        if one.purpose == "report"
    ]
    if reports:
        table("Reports", ("capture", "fetched", "status", "listed as", "url"), reports)


@app.command()
def check(home: Home = None) -> None:
    """One sentence for each thing wrong with the register; silence, and exit code 0, where it is sound."""
    here = settings(home)
    faults = list(complaints(wiring.whole_register(here), wiring.known_families()))
    for fault in faults:
        complain(fault)
    if faults:
        raise typer.Exit(1)
