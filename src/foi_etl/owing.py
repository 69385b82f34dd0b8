"""Everybody who owes a report, and what is known of them beside it: register, divisions, visits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from gzip import decompress
from pathlib import Path
from typing import Final

from foi_etl.due import History
from foi_etl.history import histories, night_of
from foi_etl.model import Agency
from foi_etl.owed import FIRST_YEAR, Owing, Place, Portal, season
from foi_etl.runs import ASKED
from foi_etl.schemas import folder
from foi_etl.sources.changes import Became, name_in
from foi_etl.sources.divisions import FILES, Divisions, read_divisions
from foi_etl.text import stamp_of

_GZIP: Final = b"\x1f\x8b"
_ENDED_SO: Final = {"blocked", "moved"}


@cache
def divisions() -> Divisions:
    """The administrative divisions through the years, read once."""
    held = [(folder("data") / "divisions" / name).read_bytes() for name in FILES]
    return read_divisions(*((decompress(one) if one[:2] == _GZIP else one).decode() for one in held))


def owing(
    agencies: Sequence[Agency],
    changes: Sequence[Became],
    lists: Divisions,
    *,
    runs: Path,
    memory: Path,
    youngest: str,
    until: str = "",
) -> Owing:
    """Who owes, as of the last night that anything was asked; `youngest` is the time of the last capture.

    With `until`, as of the last night before that moment.
    """
    known = histories(runs, memory, until)
    visited = [one.visited for one in known.values() if one.visited]
    as_of = max([*visited, *([night_of(datetime.fromisoformat(youngest))] if youngest else [])], default=None)

    @cache
    def place(code: str, year: int) -> Place:
        return Place(lists.code_in(code, year), lists.fixed(code)) if code else Place()

    made = Owing(
        agencies=tuple(agencies),
        as_of=as_of,
        portals={name: _portal(history) for name, history in known.items()},
        place=place,
        names=_names(agencies, changes, as_of),
    )
    return replace(made, inputs=_digest(made, lists))


def _portal(history: History) -> Portal:
    """How a portal stands; one that never named a report is not known to have moved."""
    outcome = history.outcome if history.outcome in _ENDED_SO else ""
    if outcome == "moved" and not history.listed:
        outcome = ""
    return Portal(outcome or "seen" * bool(history.looked), history.looked, history.passed)


def _names(
    agencies: Iterable[Agency], changes: Sequence[Became], as_of: date | None
) -> Mapping[tuple[str, int], str]:
    """The names that agencies had and no longer have."""
    renamed = {one.agency_id for one in changes if one.kind == "renamed"}
    years = range(FIRST_YEAR, as_of.year) if as_of else ()
    told = (
        (one, year, name_in(one, year, changes)) for one in agencies if one.id in renamed for year in years
    )
    return {(one.id, year): name for one, year, name in told if name != one.name}


def begun(runs: Path, until: str = "") -> list[Path]:
    """The folders of the runs that had begun by a moment, or of all, oldest first."""
    folders = sorted(path.parent for path in runs.glob(f"*/{ASKED}"))
    return [one for one in folders if not until or one.name[:16] <= stamp_of(until)]


def _digest(made: Owing, lists: Divisions) -> str:
    """The same, the same rows: of a day only what decides anything goes in."""
    whole = hashlib.sha256(f"{season(made.as_of)} {lists.digest}\n".encode())
    for agency in made.agencies:
        portal = made.portals.get(agency.id, Portal())
        whole.update(f"{agency} {portal.outcome} {season(portal.looked)} {portal.passed}\n".encode())
    for key in sorted(made.names):
        whole.update(f"{key} {made.names[key]}\n".encode())
    return whole.hexdigest()[:16]
