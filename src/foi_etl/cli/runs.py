"""`foi-etl runs`: what was asked of each run, and what came of it."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import typer

from foi_etl import night, runs
from foi_etl.accounts import JUDGED
from foi_etl.cli.say import Home, out, settings, table

app = typer.Typer(help="List, show and compare runs: what was asked, what came of it.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="The same for a program to read.")]
Name = Annotated[str, typer.Argument(help="The id of a run, its beginning, or latest.")]
_NUMBERS: Final = (
    "agencies",
    "asked",
    "found",
    "new",
    *JUDGED,
    "attachments",
    "unchanged",
    "seconds",
    "cpu",
    "refused",
)


@app.command("list")
def list_runs(as_json: Json = False, home: Home = None) -> None:
    """Every run, oldest first; and who is at work just now."""
    here = settings(home)
    said = [runs.told(folder) for folder in runs.folders(here.runs)]
    if as_json:
        out.print_json(json.dumps(said))
        return
    columns = ("run", "state", "visited", "outcomes", "asked", "new", "release")
    rows = []
    for one in said:
        end = one["summary"]
        counts = [end.get(key, "") for key in ("asked", "new", "release")]
        what = one["asked"].get("what", "")
        rows.append((one["id"], one["state"], what, _ends(end.get("outcomes", {})), *counts))
    table(f"{len(rows)} runs", columns, rows)
    for what, who in night.who_is_at_work(here).items():
        out.print(f"{what}: {who}", markup=False, soft_wrap=True)


@app.command()
def show(run: Name = "latest", as_json: Json = False, home: Home = None) -> None:
    """One run: what was asked, how each visit ended, what it all came to."""
    folder = runs.find(settings(home).runs, run)
    said, made = runs.told(folder), runs.visits(folder)
    judged = said["summary"].get("of_agencies", {})
    for name, one in made.items():
        one |= {key: judged.get(key, {}).get(name, 0) for key in JUDGED}
    if as_json:
        out.print_json(json.dumps(said | {"visits": list(made.values())}))
        return
    asked, end = said["asked"], said["summary"]
    out.print(f"run       {said['id']}, {said['state']}")
    for key in ("began", "command", "what", "years", "options", "versions"):
        out.print(f"{key:<9} {asked.get(key, '')}", markup=False, soft_wrap=True)
    out.print(f"agencies  {len(asked.get('agencies', []))} asked for, {len(made)} visited")
    for key in ("outcomes", *_NUMBERS, "alarms", "release", "ended"):
        if key in end:
            out.print(f"{key:<9} {end[key]}", markup=False, soft_wrap=True)
    columns = ("agency", "outcome", "requests", "found", "new", *JUDGED, "seconds", "decided by")
    keys = ("agency_id", "outcome", "asked", "found", "new", *JUDGED, "seconds", "sign")
    table("Visits", columns, [[one[key] for key in keys] for one in made.values()])


@app.command()
def diff(old: Name, new: Name = "latest", as_json: Json = False, home: Home = None) -> None:
    """What went otherwise in one run than in another: outcomes of agencies, and the sums."""
    here = settings(home).runs
    before, after = runs.find(here, old), runs.find(here, new)
    changed = changes(runs.visits(before), runs.visits(after))
    sums = [runs.told(folder)["summary"] for folder in (before, after)]
    if as_json:
        out.print_json(json.dumps({"old": before.name, "new": after.name, "agencies": changed, "sums": sums}))
        return
    columns = ("agency", before.name, after.name)
    table(f"{len(changed)} agencies went otherwise", columns, [list(one.values()) for one in changed])
    rows = [(key, *(one.get(key, "") for one in sums)) for key in (*_NUMBERS, "release")]
    table("Sums", ("what", before.name, after.name), rows)


def changes(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    """The agencies whose visits ended otherwise, or that only one of the runs visited."""
    ended = [{name: str(one["outcome"]) for name, one in made.items()} for made in (old, new)]
    return [
        {"agency": name, "old": ended[0].get(name, "not visited"), "new": ended[1].get(name, "not visited")}
        for name in sorted({*old, *new})
        if ended[0].get(name) != ended[1].get(name)
    ]


def _ends(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in outcomes.items())
