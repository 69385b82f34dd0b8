"""What became of every report that the practice country owes, as the country itself knows it."""

from __future__ import annotations

from collections.abc import Iterator, Set

from foi_etl.owed import deadline
from foi_etl.practice.country import Country

OwedRow = tuple[str, int, str, int | None]
OWED = ("agency_id", "year", "status", "days_late")


def owed_rows(land: Country, refusing: Set[str] = frozenset()) -> Iterator[OwedRow]:
    """agency_id, year, status, days_late; nothing is known of what a list that was cut short lacks.

    Of hosts that refuse us by now, and of those whose columns have moved, that is what is known.
    """
    for agency in land.agencies:
        host = agency.portal.split("/")[2]
        lacking = "absent" if land.kind_of(agency.id).outcome == "ok" else "unknown"
        lacking = "blocked" if host in refusing else "moved" if host in land.changes.moved else lacking
        published = set(land.published(agency.id))
        for year in land.years:
            if year in published:
                late = (land.day(agency.id, year) - deadline(year, agency.kind)).days
                yield agency.id, year, "found_late" if late > 0 else "found", max(late, 0)
            else:
                yield agency.id, year, lacking, None
