"""What is remembered of the visits to each agency: a row for each, made from what the runs wrote down.

It is derived. Where it is missing it is made again from `runs/`; what a killed run wrote is taken in by the
next one that looks. Where no run wrote anything since, nothing is written here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from foi_etl.crawl.journal import OUTCOMES
from foi_etl.due import History

CHINA: Final = timezone(timedelta(hours=8))
"""The night is that of the portals."""
_WELL: Final = {"ok", "partial", "absent", "empty"}
_WHOLE: Final = _WELL - {"partial"}
_VISIT: Final = b'"kind": "visit"'
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS agencies (id TEXT PRIMARY KEY, at TEXT, history TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID",
)


def night_of(moment: datetime) -> date:
    """The night a moment belongs to, in China."""
    return moment.astimezone(CHINA).date()


def histories(runs: Path, memory: Path, until: str = "") -> dict[str, History]:
    """The history of every agency that was ever visited, by id; `memory` is where it is kept.

    With a moment, as it was then; `memory` must be of its own then.
    """
    memory.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(memory, timeout=60, isolation_level=None)) as rows:
        if not rows.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            for table in _TABLES:
                rows.execute(table)
        _take_in(rows, runs, until)
        return {name: _read(text) for name, text in rows.execute("SELECT id, history FROM agencies")}


def last_visit(memory: Path) -> str:
    """The moment of the last visit that is remembered, UTC ISO 8601; empty where none is."""
    with closing(sqlite3.connect(memory, timeout=60, isolation_level=None)) as rows:
        [(moment,)] = rows.execute("SELECT max(at) FROM agencies")
    return moment or ""


def _take_in(rows: sqlite3.Connection, runs: Path, until: str) -> None:
    """Read what runs wrote since we last looked; two processes that look at once take turns."""
    if not _grown(rows, runs):
        return
    rows.execute("BEGIN IMMEDIATE")
    try:
        for run, begin in _grown(rows, runs):
            end = begin
            for line, end in _visits(runs / run / OUTCOMES, begin):  # noqa: B007  # the last end is wanted
                if not until or str(line.get("at", "")) <= until:
                    _remember(rows, line)
            rows.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", (run, end))
        rows.execute("COMMIT")
    except BaseException:
        rows.execute("ROLLBACK")
        raise


def _grown(rows: sqlite3.Connection, runs: Path) -> list[tuple[str, int]]:
    """The runs that hold more than was taken in, oldest first, and where the rest begins."""
    known = dict(rows.execute("SELECT id, bytes FROM runs"))
    found = [(path.parent.name, path.stat().st_size) for path in runs.glob(f"*/{OUTCOMES}")]
    return sorted((name, known.get(name, 0)) for name, size in found if size > known.get(name, 0))


def _visits(path: Path, begin: int) -> Iterator[tuple[dict[str, object], int]]:
    """The visits that whole lines behind that place tell of, each with the place behind it."""
    with path.open("rb") as written:
        written.seek(begin)
        for line in written:
            if not line.endswith(b"\n"):
                return
            begin += len(line)
            told: dict[str, object] = {}
            if _VISIT in line:
                try:
                    told = json.loads(line)
                except ValueError:
                    told = {}  # half a line, ended by the run that went on
            yield told, begin


def _remember(rows: sqlite3.Connection, line: dict[str, object]) -> None:
    name, at = str(line.get("agency_id", "")), str(line.get("at", ""))
    if not name or not at:
        return
    known = rows.execute("SELECT at, history FROM agencies WHERE id = ?", (name,)).fetchone()
    if known and known[0] > at:
        return
    history = after(_read(known[1]) if known else History(), line)
    rows.execute("INSERT OR REPLACE INTO agencies VALUES (?, ?, ?)", (name, at, _written(history)))


def after(history: History, line: Mapping[str, object]) -> History:
    """The history after one more visit, as the run's line tells of it."""
    outcome = str(line.get("outcome", ""))
    listed = line.get("listed")
    pairs = [(int(year), str(day)) for year, day in listed] if isinstance(listed, list | tuple) else []
    well = outcome in _WELL
    asked = int(str(line.get("asked", 0)))
    return replace(
        history,
        visited=night_of(datetime.fromisoformat(str(line["at"]))),
        outcome=outcome,
        failures=0 if well else history.failures + 1,
        listed=tuple(sorted((dict(history.listed) | dict(pairs)).items())),
        asked=asked if well else history.asked,
        spent=bool(line.get("spent")),
        **_look(history, line, outcome),
    )


def _look(history: History, line: Mapping[str, object], outcome: str) -> dict[str, Any]:
    """When the whole list was last read, and what was passed over in it.

    A list of which something was passed over that names no year is as good as not read: it may be any year's.
    So is one that lost the reports it had: they may stand elsewhere, and others with them.
    """
    passed = line.get("passed")
    years = tuple(map(int, passed)) if isinstance(passed, list | tuple) else ()
    if outcome not in _WHOLE or 0 in years or line.get("alarm"):
        return {"looked": history.looked, "passed": history.passed}
    return {"looked": night_of(datetime.fromisoformat(str(line["at"]))), "passed": years}


def _written(history: History) -> str:
    visited, looked = (one.isoformat() if one else "" for one in (history.visited, history.looked))
    counts = (history.failures, history.asked, history.spent)
    said = (visited, history.outcome, *counts, dict(history.listed), looked, history.passed)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _read(text: str) -> History:
    visited, outcome, failures, asked, spent, listed, *more = json.loads(text)
    pairs = tuple((int(year), day) for year, day in listed.items())
    night = date.fromisoformat(visited) if visited else None
    looked = more[0] if more else visited * (outcome in _WHOLE)  # written before it was remembered
    day = date.fromisoformat(looked) if looked else None
    passed = tuple(more[1]) if len(more) > 1 else ()
    return History(night, outcome, failures, pairs, asked, spent, day, passed)
