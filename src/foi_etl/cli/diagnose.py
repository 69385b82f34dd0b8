"""`foi-etl diagnose`: one agency in one screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from foi_etl import wiring
from foi_etl.cli.say import Home, out, settings, table
from foi_etl.crawl.journal import Line, lines_of_run, runs_in
from foi_etl.model import Agency, Capture
from foi_etl.settings import Settings

_SHOWN: Final = 8
_GOOD: Final = {"ok", "partial"}
Visited = tuple[str, Line, list[Line]]
"""A run's name, how the visit ended, and what was asked."""


def diagnose(agency: Annotated[str, typer.Argument(help="The id of an agency.")], home: Home = None) -> None:
    """What was asked, what came, which rule decided, what changed since all was well, what to do next."""
    here = settings(home)
    [one] = wiring.agencies(here, [agency])
    out.print(f"{one.id}  {one.name}  {one.family}  {one.portal}", markup=False, soft_wrap=True)
    visits = _visits(here.runs, one.id)
    if not visits:
        out.print(f"never visited: try  foi-etl run --agency {one.id}", soft_wrap=True)
        return
    run, ended, asked = visits[-1]
    good = next((at for at in reversed(range(len(visits) - 1)) if visits[at][1]["outcome"] in _GOOD), None)
    _show_asked(run, asked)
    alarm = "  ALARM: it had reports and now lists none" if ended.get("alarm") else ""
    out.print(f"outcome   {ended['outcome']}{alarm}", markup=False)
    out.print(f"decided   {ended.get('sign') or 'reports were listed'}", markup=False, soft_wrap=True)
    out.print(
        f"since     {_change(ended, None if good is None else visits[good])}", markup=False, soft_wrap=True
    )
    for line in _changed_pages(here, one, "" if good is None else visits[good + 1][0]):
        out.print(f"          {line}", markup=False, soft_wrap=True)
    out.print(f"next      {ended.get('message') or 'nothing: all is well'}", markup=False, soft_wrap=True)


def _visits(runs: Path, agency_id: str) -> list[Visited]:
    """Every run's last visit to an agency, with all that the run asked for it."""
    found: list[Visited] = []
    for folder in runs_in(runs):
        lines = list(lines_of_run(folder))
        ends = [line for line in lines if line.get("kind") == "visit" and line.get("agency_id") == agency_id]
        if ends:
            asked = [line for line in lines if line.get("kind") == "ask" and line.get("agency") == agency_id]
            found.append((folder.name, ends[-1], asked))
    return found


def _show_asked(run: str, asked: Sequence[Line]) -> None:
    """The last requests, troubles first: they are what a person came for."""
    order = sorted(asked, key=lambda line: line["outcome"] not in {"trouble", "refused"})[:_SHOWN]
    rows = [
        (line["purpose"], line["status"] or "-", line["outcome"], line["url"], line["sign"]) for line in order
    ]
    title = f"Run {run}: {len(asked)} requests, {len(rows)} shown"
    table(title, ("for", "status", "came", "url", "sign"), rows)


def _change(ended: Line, good: Visited | None) -> str:
    if good is None:
        return "there is no earlier visit that went well"
    run, before, _ = good
    told = [
        f"{name} {before[name]} -> {ended[name]}"
        for name in ("outcome", "found", "decoys")
        if before[name] != ended[name]
    ]
    return f"the last good visit ({run}): {', '.join(told) or 'the same ending, the same numbers'}"


def _changed_pages(here: Settings, agency: Agency, run: str) -> list[str]:
    """The pages that are not what they were before a run, the first after the last good visit."""
    if not run or not wiring.has_archive(here):
        return []
    since = f"{run[:4]}-{run[4:6]}-{run[6:11]}:{run[11:13]}:{run[13:]}"
    with wiring.archive_of(here, read_only=True) as archive:
        kept = list(archive.captures(agency=agency.id))
    latest = {one.url: one for one in kept if one.fetched_at >= since}
    before: dict[str, Capture] = {one.url: one for one in kept if one.fetched_at < since}
    changed = [url for url, one in latest.items() if url in before and before[url].sha256 != one.sha256]
    return [f"changed: {url}" for url in changed[:_SHOWN]]
