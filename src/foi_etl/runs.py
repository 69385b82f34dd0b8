"""What is remembered of each run, in a folder of its own: what it was asked to do, what came of it, its end.

`asked.json` is written at its beginning, a line of `outcomes.jsonl` whenever something is known, and
`summary.json` at its end. A run without that last file whose process is gone was interrupted: one that is
asked to do the same within a day goes on with it, under its name.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from foi_etl import locks
from foi_etl.crawl.journal import OUTCOMES, lines_of_run
from foi_etl.errors import WrongUsage

ASKED: Final = "asked.json"
SUMMARY: Final = "summary.json"
_LOCK: Final = "lock"
_COUNTED: Final = ("asked", "found", "new", "attachments", "unchanged")
_ADDED: Final = ("asked", "new", "attachments", "unchanged", "seconds")
"""What the visits of one run to one agency did, each its part."""
_STALE: Final = timedelta(hours=24)
"""An interrupted run older than this is not gone on with: its listings may have changed."""
_ODD = re.compile("[-:]")


@dataclass(slots=True)
class Run:
    """A run at work. Its process holds a lock in its folder, which others can see."""

    folder: Path
    since: str
    """When it began, UTC ISO 8601: what was archived after that is not asked for again."""
    resumed: bool
    lock: int
    clock: tuple[float, float]

    @property
    def id(self) -> str:
        """Its name: the moment it began."""
        return self.folder.name


def begin(runs: Path, asked: Mapping[str, Any], work: str, now: datetime) -> Run:
    """A new run, or the interrupted one that was asked to do the same `work`."""
    runs.mkdir(parents=True, exist_ok=True)
    return _interrupted(runs, work, now) or _new(runs, asked, work, now)


def found(folder: Path) -> Run:
    """A run that another process began, to be ended by this one. It is not known how long it took."""
    return Run(folder, since_of(folder), resumed=True, lock=-1, clock=_clock())


def since_of(folder: Path) -> str:
    """When a run began. WrongUsage where there is no such run."""
    try:
        return str(json.loads((folder / ASKED).read_text(encoding="utf-8"))["began"])
    except FileNotFoundError as error:
        raise WrongUsage("there is no such run: see `foi-etl runs list`", run=folder) from error


def end(run: Run, more: Mapping[str, Any]) -> None:
    """The run is over, and says in one file what came of all its visits, also of those before a kill."""
    wall, cpu = run.clock
    made = list(visits(run.folder).values())
    counted = {key: sum(int(one[key]) for one in made) for key in _COUNTED}
    summary = {
        "ended": _stamp(datetime.now(UTC)),
        "agencies": len(made),
        "outcomes": dict(sorted(Counter(str(one["outcome"]) for one in made).items())),
        "alarms": sorted(str(one["agency_id"]) for one in made if one["alarm"]),
        **counted,
        "seconds": round(time.monotonic() - wall, 1),
        "cpu": round(_cpu() - cpu, 1),
        **more,
    }
    _write(run.folder / SUMMARY, summary)
    leave(run)


def leave(run: Run) -> None:
    """The run's process lets go of it. Without a summary it counts as interrupted."""
    if run.lock >= 0:
        locks.give_back(run.lock)
        run.lock = -1
        if (run.folder / SUMMARY).is_file():
            (run.folder / _LOCK).unlink(missing_ok=True)


def state(folder: Path) -> str:
    """ended, at work or interrupted."""
    if (folder / SUMMARY).is_file() or not (folder / ASKED).is_file():
        return "ended"
    return "at work" if locks.is_held(folder / _LOCK) else "interrupted"


def at_work(runs: Path) -> dict[str, str]:
    """The runs that are at work, and who does them: which process, told to do what, since when."""
    busy = [one for one in folders(runs) if state(one) == "at work"]
    said = {one.name: told(one)["asked"] for one in busy}
    return {
        name: f"{one['what']}, by process {one['pid']} ({one['command']}) since {one['began']}"
        for name, one in said.items()
    }


def folders(runs: Path) -> list[Path]:
    """Every run, oldest first."""
    return sorted(path for path in runs.iterdir() if path.is_dir()) if runs.is_dir() else []


def told(folder: Path) -> dict[str, Any]:
    """All that a run says of itself in two files: what was asked, what came of it, and whether it ended."""
    said: dict[str, Any] = {"id": folder.name, "state": state(folder), "asked": {}, "summary": {}}
    for name, key in ((ASKED, "asked"), (SUMMARY, "summary")):
        with suppress(FileNotFoundError):
            said[key] = json.loads((folder / name).read_text(encoding="utf-8"))
    return said


def visits(folder: Path) -> dict[str, dict[str, Any]]:
    """How the visits of a run ended, by agency: the last word, and the sums where there were several."""
    made: dict[str, dict[str, Any]] = {}
    if not (folder / OUTCOMES).is_file():
        return made
    for line in lines_of_run(folder):
        if line.get("kind") == "visit":
            name = str(line["agency_id"])
            made[name] = _together(made[name], line) if name in made else line
    return made


def _together(before: Mapping[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    """Two visits to an agency in one run, of which the second went on where the first had ended."""
    return last | {key: round(before[key] + last[key], 3) for key in _ADDED}


def find(runs: Path, name: str) -> Path:
    """The run of that name, of its beginning, or `latest`. WrongUsage where it is none, or not one only."""
    known = folders(runs)
    found = known[-1:] if name == "latest" else [one for one in known if one.name.startswith(name)]
    exact = [one for one in found if one.name == name]
    match exact or found:
        case [one]:
            return one
        case []:
            raise WrongUsage(f"there is no run {name}: see `foi-etl runs list`", folder=runs)
        case many:
            raise WrongUsage(f"{name} is the beginning of {len(many)} runs: give more of it", folder=runs)


def versions() -> dict[str, str]:
    """What this process runs with."""
    try:
        ours = version("foi-etl")
    except PackageNotFoundError:
        ours = ""
    return {"foi-etl": ours, "python": platform.python_version(), "system": sys.platform}


def _interrupted(runs: Path, work: str, now: datetime) -> Run | None:
    for folder in reversed(folders(runs)):
        asked, done = folder / ASKED, folder / SUMMARY
        if done.is_file() or not asked.is_file():
            continue
        said = json.loads(asked.read_text(encoding="utf-8"))
        if now - datetime.fromisoformat(said["began"]) >= _STALE:
            return None
        if said["work"] == work and (lock := locks.take(folder / _LOCK)) is not None:
            if not done.is_file():
                return Run(folder, said["began"], resumed=True, lock=lock, clock=_clock())
            locks.give_back(lock)
    return None


def _new(runs: Path, asked: Mapping[str, Any], work: str, now: datetime) -> Run:
    since = _stamp(now)
    folder = _made(runs, _ODD.sub("", since))
    lock = locks.take(folder / _LOCK)
    if lock is None:
        raise AssertionError("the folder was made just now")
    said = {"began": since, "work": work, "command": locks.command(), "pid": os.getpid(), **asked}
    _write(folder / ASKED, {**said, "versions": versions() | dict(asked.get("versions", {}))})
    return Run(folder, since, resumed=False, lock=lock, clock=_clock())


def _made(runs: Path, stamp: str) -> Path:
    number = 1
    while True:
        folder = runs / (stamp if number == 1 else f"{stamp}-{number}")
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
        number += 1


def _write(path: Path, said: Mapping[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def _clock() -> tuple[float, float]:
    return time.monotonic(), _cpu()


def _cpu() -> float:
    """Seconds of processor time of this process and of those it waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
