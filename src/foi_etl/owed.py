"""Which reports are owed, and when: from the Regulation and from the years in which an agency exists.

The Regulation is in force since 1 May 2008, so 2008 is the first year of a report. Its article 31 asked
everybody for a report by 31 March. Since 15 May 2019, article 49 asks departments for theirs by 31 January,
and governments at and above the county for theirs, which speaks for all below, by 31 March.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from foi_etl.model import Agency

FIRST_YEAR: Final = 2008
_AMENDED: Final = 2019
"""The first report year under the amended Regulation."""
GOVERNMENT: Final = frozenset({"gov"})
"""Kinds whose report speaks for all below, and is due by 31 March."""
AGGREGATES: Final = frozenset({"gov_aggregate", "system_aggregate"})
"""Scopes of reports that speak for others too."""


class Owed(NamedTuple):
    """One report that is owed."""

    agency_id: str
    year: int
    scope: str
    """The scope that the Regulation asks for; what is published may have another."""
    deadline: date


class Portal(NamedTuple):
    """What is known of the place where an agency publishes, by the last that was heard of it."""

    outcome: str = ""
    """blocked or moved where the last visit ended so; seen where a list could be read; empty for neither."""
    looked: date | None = None
    """The last day on which its whole list was read."""
    passed: tuple[int, ...] = ()
    """The years that stood in it and were passed over."""


class Place(NamedTuple):
    """Where an agency stands in a year, in the codes of that year and in those of the fixed list."""

    division_code: str = ""
    division_code_2020: str = ""


def _nowhere(code: str, year: int) -> Place:  # noqa: ARG001 - where the lists of divisions are not at hand
    return Place(code, "")


@dataclass(frozen=True, slots=True)
class Owing:
    """Everybody who owes, and what is known of them beside their reports."""

    agencies: tuple[Agency, ...] = ()
    as_of: date | None = None
    """The day up to which we have looked: that of the youngest capture, not that of the clock."""
    portals: Mapping[str, Portal] = field(default_factory=dict)
    place: Callable[[str, int], Place] = _nowhere
    """Where a division of the register stands in a year."""
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """What an agency was called in a year, where that is not what it is called now."""
    inputs: str = ""
    """A digest of all this."""


NOBODY: Final = Owing()


def deadline(year: int, kind: str) -> date:
    """The last day on which the report of a year is on time."""
    late = year < _AMENDED or kind in GOVERNMENT
    return date(year + 1, 3, 31) if late else date(year + 1, 1, 31)


def scope_of(kind: str) -> str:
    """What the report of such a body speaks for."""
    return "gov_aggregate" if kind in GOVERNMENT else "organ"


def owed(agencies: Iterable[Agency], last: int) -> Iterator[Owed]:
    """Every report owed for the years up to the last, by agency and year.

    A body owes for each year of which it saw a day, so also for the one it ended in.
    """
    for agency in agencies:
        scope = scope_of(agency.kind)
        first = max(FIRST_YEAR, _year(agency.since, FIRST_YEAR))
        for year in range(first, min(last, _year(agency.until, last)) + 1):
            yield Owed(agency.id, year, scope, deadline(year, agency.kind))


def season(day: date | None) -> tuple[int, int]:
    """What of a day decides anything here: the year, and how many of its deadlines have passed."""
    return (day.year, sum(day > date(day.year, month, 31) for month in (1, 3))) if day else (0, 0)


def _year(day: str, otherwise: int) -> int:
    return int(day[:4]) if day[:4].isdecimal() else otherwise
