"""`foi-etl demo` and `foi-etl practice`: the main job on portals that behave like real ones."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Annotated, Final

import typer

from foi_etl import night, wiring
from foi_etl.cli.run import Workers, crawl, publish
from foi_etl.cli.say import out, settings
from foi_etl.errors import WrongUsage
from foi_etl.practice.country import Country, country
from foi_etl.practice.coverage import OWED, owed_rows
from foi_etl.practice.server import PracticeServer, serve
from foi_etl.settings import Settings
from foi_etl.sources.registry import PORTALS, register_files

app = typer.Typer(help="The practice portals by themselves.", no_args_is_help=True)
Agencies = Annotated[int, typer.Option(min=1, help="How many agencies the practice country has.")]
Families = Annotated[
    list[str] | None, typer.Option("--family", help="Only portals of this family; may be repeated.")
]
Seed = Annotated[int, typer.Option(help="Another seed, another country.")]
DemoHome = Annotated[
    Path | None, typer.Option("--home", help="Where all is kept. [default: FOI_HOME, or demo]")
]

_TRUTH: Final = ("agency_id", "year", "table", "edition", "cell_id", "value")
_INJECTED: Final = ("agency_id", "year", "identity", "cells", "left", "right")
_PAUSE = 0.02
"""Seconds between requests to a practice host, unless FOI_PAUSE says otherwise: nobody is disturbed."""


def demo(
    agencies: Agencies = 24,
    seed: Seed = 1,
    home: DemoHome = None,
    family: Families = None,
    workers: Workers = 0,
) -> None:
    """The main job on the practice country: crawl, archive, read, doubt, release; then check it all.

    The country's portals are real HTTP servers on this machine. Run it again, and it fetches nothing twice.
    """
    here = _home(home)
    here = replace(here, readers=workers or here.readers)
    made = _country(agencies, seed, family)
    with _served(here, made, 0):
        ids = [one.id for one in made.agencies]
        run_id = night.begin_run(here, "all", agencies=ids)
        outcomes = crawl(here, ids, (), run_id)
        version, refused = publish(here)
        night.end_run(here, run_id, version, refused=refused)
    wrong = _differences(here)
    if refused or wrong or any(each.outcome != made.kind_of(each.agency_id).outcome for each in outcomes):
        raise typer.Exit(1)


@app.command("serve")
def serve_country(
    agencies: Agencies = 24,
    seed: Seed = 1,
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1; 0 takes any free one.")] = 0,
    home: DemoHome = None,
    family: Families = None,
) -> None:
    """Serve the practice country until Ctrl-C, so that `foi-etl run --home` of the same home visits it."""
    here = _home(home)
    with _served(here, _country(agencies, seed, family), port) as server:
        out.print(f"{agencies} practice agencies answer on 127.0.0.1:{server.port}; Ctrl-C ends it")
        out.print(f"try:  foi-etl run --home {here.home}", soft_wrap=True)
        Event().wait()


@app.command("check")
def check_release(home: DemoHome = None) -> None:
    """Compare the latest release with the truth of the practice country; exit code 1 where they differ."""
    if _differences(_home(home)):
        raise typer.Exit(1)


def _differences(here: Settings) -> int:
    from foi_etl.cli.truth import compare  # noqa: PLC0415  # it brings pandas along

    return compare(here)


def _country(agencies: int, seed: int, families: list[str] | None) -> Country:
    try:
        return country(wiring.statute(), seed=seed, agencies=agencies, families=families or None)
    except ValueError as wrong:
        raise WrongUsage(str(wrong)) from wrong


def _home(home: Path | None) -> Settings:
    here = settings(home or Path(os.environ.get("FOI_HOME") or "demo"))
    return here if "FOI_PAUSE" in os.environ else replace(here, pause=_PAUSE)


@contextmanager
def _served(here: Settings, made: Country, port: int) -> Iterator[PracticeServer]:
    """The country, reachable, its register and its truth written into the home."""
    register = here.home / "agencies.csv"
    if register.is_file() and not all(agency.practice for agency in wiring.agencies(here)):
        raise WrongUsage(
            "this home has a register of real agencies: give the practice country a home of its own",
            file=register,
        )
    here.practice.mkdir(parents=True, exist_ok=True)
    portals, agencies = register_files(made.portals, made.agencies)
    _write(register.with_name(PORTALS), portals)
    _write(register, agencies)
    _write_rows(here.practice / "truth.csv", _TRUTH, made.truth_rows())
    _write_rows(here.practice / "injected.csv", _INJECTED, made.injected_rows())
    _write_rows(here.practice / "owed.csv", OWED, owed_rows(made))
    with serve(made, wiring.statute(), port) as server:
        _write(here.practice / "port", str(server.port))
        try:
            yield server
        finally:
            (here.practice / "port").unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="")
    draft.replace(path)


def _write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    draft.replace(path)
