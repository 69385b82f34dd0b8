"""Every capture that the pieces hold, once, and which of them a report is published from."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.model import Capture, Refusal
from foi_etl.publish.pieces import NO_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from foi_etl.publish.layout import TableLayout
    from foi_etl.publish.pieces import Piece

SUPERSEDED: Final = "superseded"
_INDEXED: Final = ("agency_id", "year", "fetched_at", "url", "capture", "made_from", "reason", "message")
_DAY: Final = len("2026-01-31")


class Row(NamedTuple):
    """One capture, as the merge knows it."""

    agency: str
    year: int
    fetched_at: str
    url: str
    capture: str
    made_from: str
    piece: int
    reason: str
    message: str


def live_rows(pieces: Sequence[Piece], live: Mapping[str, str] | None) -> list[Row]:
    """Each capture once, from the last piece that has it as it is today; by agency, year and age."""
    chosen: dict[str, Row] = {}
    for at, piece in enumerate(pieces):
        index = piece.index
        for agency, year, fetched_at, url, capture, made_from, reason, message in zip(
            *(index[name].to_pylist() for name in _INDEXED), strict=True
        ):
            if live is None or live.get(capture) == made_from:
                of = NO_YEAR if year is None else year
                chosen[capture] = Row(
                    agency or "", of, fetched_at, url, capture, made_from, at, reason or "", message or ""
                )
    return sorted(chosen.values())


def versions(listed: Iterable[Row]) -> dict[tuple[str, int], list[Row]]:
    """The captures that each report was read from, oldest night first; it is published from the last one.

    Several addresses may give one report in one night, as do two names of a host. Of these the first in the
    order of letters stands last, so that it does not matter which of them was asked first.
    """
    known = sorted(row for row in listed if row.year != NO_YEAR)
    return {key: _by_night(list(same)) for key, same in groupby(known, key=itemgetter(0, 1))}


def nightly(captures: Sequence[Row]) -> list[Row]:
    """The captures of a report without those of a night in which another address counts."""
    last = {night_of(row): row.url for row in captures}
    return [row for row in captures if row.url == last[night_of(row)]]


def night_of(row: Row) -> str:
    """The day that a capture is of, in UTC: the nights of China do not go beyond one."""
    return row.fetched_at[:_DAY]


def _by_night(same: Sequence[Row]) -> list[Row]:
    downwards = sorted(same, key=lambda row: row.url, reverse=True)
    return sorted(downwards, key=night_of)


def filed(listed: Iterable[Row], *, by_fetching: bool) -> Iterator[tuple[int, list[Row]]]:
    """The captures by the year they are filed under: of the report, or of their fetching."""
    years = ((int(row.fetched_at[:4]) if by_fetching else row.year, row) for row in listed)
    for year, same in groupby(sorted(years, key=itemgetter(0)), key=itemgetter(0)):
        yield year, [row for _, row in same]


def slabs(listed: Sequence[Row], table: TableLayout, size: int) -> Iterator[Sequence[Row]]:
    """Some captures at a time, those of an agency together, where the table is in the order of agencies."""
    if "agency_id" not in table.sort[:2]:
        yield listed
        return
    start = 0
    while start < len(listed):
        end = min(start + size, len(listed))
        while end < len(listed) and listed[end].agency == listed[end - 1].agency:
            end += 1
        yield listed[start:end]
        start = end


def superseded(row: Row, winner: str) -> tuple[Capture, Refusal]:
    """The note on a capture of a report that is published from another one."""
    capture = Capture(row.capture, row.url, row.fetched_at, 200, "", "", 0, "report", agency_id=row.agency)
    message = f"another capture of the same report is published: {winner}"
    return capture, Refusal(row.capture, SUPERSEDED, message)
