"""Coverage: one row for each report that is owed, and what became of it.

That we have no report is never taken for there being none: `absent` says that the agency's own list was
read after the deadline and does not have it; where nobody read that list, the report is `unknown`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from foi_etl.owed import Owed, Owing, Portal, deadline, owed, scope_of
from foi_etl.publish.across import Published
from foi_etl.publish.additions import Addition
from foi_etl.text import year_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foi_etl.publish.standing import Row

COVERAGE: Final = "coverage"
_READ: Final = ("agency_id", "published", "fetched_at", "scope")
Seen = tuple[str, str]
"""When the first and the last capture of a report were made."""


def covered(seen: Published, owing: Owing) -> Iterator[Addition]:
    """The rows of every year for which anybody owes a report."""
    if owing.as_of is None:
        return
    refused, times = _refused(seen), _times(seen)
    due: dict[int, list[Owed]] = defaultdict(list)
    for one in owed(owing.agencies, owing.as_of.year - 1):
        due[one.year].append(one)
    for one in _besides(seen, owing, due):
        due[one.year].append(one)
    for year, listed in sorted(due.items()):
        found = _found(seen, year, times)
        rows = [_row(one, found, refused, owing) for one in listed]
        yield Addition(COVERAGE, year, pa.Table.from_pylist(rows))


def _besides(seen: Published, owing: Owing, due: Mapping[int, Iterable[Owed]]) -> list[Owed]:
    """Reports that were found of whom the register does not say that they owed one: they are told too."""
    kinds = {one.id: one.kind for one in owing.agencies}
    known = {(one.agency_id, year) for year, listed in due.items() for one in listed}
    return [
        Owed(name, year, scope_of(kinds.get(name, "")), deadline(year, kinds.get(name, "")))
        for name, year in sorted(seen.versions.keys() - known)
    ]


def status(one: Owed, owing: Owing, *, published: date | None, read: bool, refused: bool) -> str:
    """What became of a report that is owed."""
    if read:
        return "found_late" if published and published > one.deadline else "found"
    if refused:
        return "refused"
    if owing.as_of is None or owing.as_of <= one.deadline:
        return "not_yet_due"
    portal = owing.portals.get(one.agency_id, Portal())
    if portal.outcome in {"blocked", "moved"}:
        return portal.outcome
    looked = portal.looked is not None and portal.looked > one.deadline and one.year not in portal.passed
    return "absent" if looked else "unknown"


def _row(
    one: Owed,
    found: Mapping[str, Mapping[str, Any]],
    refused: Mapping[tuple[str, int], Seen],
    owing: Owing,
) -> dict[str, object]:
    report = found.get(one.agency_id)
    published = report["published"] if report else None
    first, last = (
        (report["first_seen"], report["last_seen"])
        if report
        else refused.get((one.agency_id, one.year), (None, None))
    )
    named = {"agency_id": one.agency_id, "year": one.year, "scope_owed": one.scope}
    return named | {
        "status": status(one, owing, published=published, read=report is not None, refused=first is not None),
        "published": published,
        "deadline": one.deadline,
        "days_late": max((published - one.deadline).days, 0) if published else None,
        "first_seen": first,
        "last_seen": last,
    }


def _found(seen: Published, year: int, times: Mapping[tuple[str, int], Seen]) -> dict[str, dict[str, Any]]:
    """The reports of a year that were read, by agency, with when they were first and last captured."""
    if year not in seen.years:
        return {}
    told = seen.rows("reports", year, _READ).to_pylist()
    spans = (times[one["agency_id"], year] for one in told)
    days = _first_days(seen, year)
    return {
        one["agency_id"]: one
        | {"first_seen": first, "last_seen": last}
        | {"published": days.get(one["agency_id"], one["published"])}
        for one, (first, last) in zip(told, spans, strict=True)
    }


def _first_days(seen: Published, year: int) -> dict[str, date]:
    """The first day that any version gives, of reports that have several: a revision makes none late."""
    several = [row for (_, of), rows in seen.versions.items() if of == year and len(rows) > 1 for row in rows]
    told = seen.rows_of("reports", year, several, ("agency_id", "published")) if several else None
    days: dict[str, date] = {}
    for one in told.to_pylist() if told else ():
        if one["published"]:
            days[one["agency_id"]] = min(one["published"], days.get(one["agency_id"], one["published"]))
    return days


def _times(seen: Published) -> dict[tuple[str, int], Seen]:
    return {key: _span(row.fetched_at for row in rows) for key, rows in seen.versions.items()}


def _refused(seen: Published) -> dict[tuple[str, int], Seen]:
    """What could not be read, by agency and by the year that the list called it by."""
    by_year: dict[int, dict[str, Row]] = defaultdict(dict)
    for row in seen.captures:
        if row.reason:
            by_year[int(row.fetched_at[:4])][row.capture] = row
    times: dict[tuple[str, int], list[str]] = defaultdict(list)
    for fetched, rows in by_year.items():
        told = seen.rows_of("captures", fetched, list(rows.values()), ("id", "link_text"))
        for one in told.to_pylist():
            if year := year_in(one["link_text"] or ""):
                times[rows[one["id"]].agency, year].append(rows[one["id"]].fetched_at)
    return {key: _span(listed) for key, listed in times.items()}


def _span(times: Iterable[str]) -> Seen:
    listed = sorted(times)
    return listed[0], listed[-1]
