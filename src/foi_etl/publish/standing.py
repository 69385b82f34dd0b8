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
        for one in piece.index.to_pylist():
            if live is None or live.get(one["capture"]) == one["made_from"]:
                year = NO_YEAR if one["year"] is None else one["year"]
                chosen[one["capture"]] = Row(
                    one["agency_id"] or "",
                    year,
                    one["fetched_at"],
                    one["url"],
                    one["capture"],
                    one["made_from"],
                    at,
                    one["reason"] or "",
                    one["message"] or "",
                )
    return sorted(chosen.values())


def winners(listed: Iterable[Row]) -> dict[tuple[str, int], str]:
    """The capture that each report is published from: the youngest one."""
    return {(row.agency, row.year): row.capture for row in listed if row.year != NO_YEAR}


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
    """The note on an older capture of a report."""
    capture = Capture(row.capture, row.url, row.fetched_at, 200, "", "", 0, "report", agency_id=row.agency)
    message = f"a younger capture of the same report is published: {winner}"
    return capture, Refusal(row.capture, SUPERSEDED, message)
