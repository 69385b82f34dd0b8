"""What became of every report that the practice country owes, as the country itself knows it."""

from __future__ import annotations

from collections.abc import Iterator

from foi_etl.owed import deadline
from foi_etl.practice.country import Country

OwedRow = tuple[str, int, str, int | None]
OWED = ("agency_id", "year", "status", "days_late")


def owed_rows(land: Country) -> Iterator[OwedRow]:
    """agency_id, year, status, days_late; nothing is known of what a list that was cut short lacks."""
    for agency in land.agencies:
        whole = land.kind_of(agency.id).outcome == "ok"
        published = set(land.published(agency.id))
        for year in land.years:
            if year in published:
                late = (land.day(agency.id, year) - deadline(year, agency.kind)).days
                yield agency.id, year, "found_late" if late > 0 else "found", max(late, 0)
            else:
                yield agency.id, year, "absent" if whole else "unknown", None
