"""Who is visited tonight, and why: from the calendar of the Regulation and from each agency's own history.

Article 49: a department publishes its report for a year by 31 January of the next, a government by 31 March.
From January to April an agency whose report is missing is visited every other night, and every night about
the day its reports used to appear; otherwise every few weeks, each on a night of its own. Nothing here knows
the clock, the disk or the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median_low
from typing import Final
from urllib.parse import urlsplit
from zlib import crc32

from foi_etl.model import Agency
from foi_etl.owed import deadline

LAST_MONTH: Final = 4
"""The season is January to April: the two deadlines, and a month for those who are late."""
EVERY_OTHER: Final = 2
IN_SEASON: Final = 14
"""Nights between visits to an agency that lacks nothing, in the season."""
OUT_OF_SEASON: Final = 28
OWED: Final = 3
"""Years back that a report is waited for."""
USUAL: Final = 5
"""Days about its usual day in which an agency's report is looked for every night."""
FIRST_VISIT: Final = 12
"""Requests that a visit is thought to need before one has been made."""
_WELL: Final = {"ok", "partial", "absent", "empty"}
_BACKOFF: Final = {"blocked": (7, 14, 28), "moved": (2, 4, 8, 16, 28)}
_TIME_HELPS: Final = (1, 2, 4, 8, 14)
_PATIENT: Final = 3
"""How many of these waits are used in the season."""


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of the visits to one agency."""

    visited: date | None = None
    """The night of the last visit."""
    outcome: str = ""
    failures: int = 0
    """Visits in a row that did not go well."""
    listed: tuple[tuple[int, str], ...] = ()
    """The years whose reports are archived, each with the day its list shows, empty for none."""
    asked: int = FIRST_VISIT
    """Requests of the last visit that went well."""
    spent: bool = False
    """Whether the last visit was cut short because its requests were used up."""
    looked: date | None = None
    """The last night on which its whole list was read."""
    passed: tuple[int, ...] = ()
    """The years that were listed on that night and passed over, because the run did not want them."""

    @property
    def years(self) -> frozenset[int]:
        """The years whose reports are archived."""
        return frozenset(year for year, _ in self.listed)


@dataclass(frozen=True, slots=True)
class Due:
    """Whether an agency is visited tonight, and the reason in words."""

    agency_id: str
    host: str
    tonight: bool
    reason: str
    requests: int
    """What the visit is thought to need."""
    urgency: float
    """Who goes first where a host's requests do not suffice for all."""


def due(agencies: Iterable[Agency], histories: Mapping[str, History], night: date, budget: int) -> list[Due]:
    """Every agency with its decision. No host gets visits that need more than `budget` requests a night."""
    nothing = History()
    decided = [decide(one, histories.get(one.id, nothing), night) for one in agencies]
    by_host: dict[str, list[Due]] = defaultdict(list)
    for one in decided:
        if one.tonight:
            by_host[one.host].append(one)
    put_off = {late.agency_id: late for each in by_host.values() for late in _too_many(each, budget)}
    return [put_off.get(one.agency_id, one) for one in decided]


def decide(agency: Agency, history: History, night: date) -> Due:
    """The decision for one agency, before its host's budget is looked at."""
    nights, why = _period(agency, history, night)
    since = (night - history.visited).days if history.visited else None
    host = urlsplit(agency.portal).netloc
    told = Due(agency.id, host, tonight=True, reason=why, requests=max(history.asked, 1), urgency=1.0)
    if _is_over(agency, night):
        return replace(told, tonight=False, reason=f"it owes no report any more, since {agency.until}")
    if since is None:
        return replace(told, reason="never visited", urgency=3.0)
    if since <= 0:
        return replace(told, tonight=False, reason="visited tonight already")
    if history.spent:
        return replace(told, reason="its last visit was cut short: the requests were used up", urgency=4.0)
    # Each agency has a night of its own in every period, so that a first visit to all in one night is
    # not followed by another; where nights were missed, it waits no longer than the period.
    own = (night.toordinal() + crc32(agency.id.encode())) % nights == 0
    if (own and not history.failures) or since >= nights:
        return replace(told, urgency=since / nights)
    return replace(told, tonight=False)


def in_season(night: date) -> bool:
    """Whether it is the season, or a night on which what appeared on its last day is still looked for."""
    return night.month <= LAST_MONTH or (night - timedelta(days=EVERY_OTHER)).month == LAST_MONTH


def missing(agency: Agency, history: History, night: date) -> list[int]:
    """The years whose reports are owed by that night and are not archived, youngest first."""
    first = max([night.year - OWED, *([min(history.years)] if history.years else [])])
    if agency.since[:4].isdecimal():
        first = max(first, int(agency.since[:4]))
    return [year for year in range(night.year - 1, first - 1, -1) if year not in history.years]


def _period(agency: Agency, history: History, night: date) -> tuple[int, str]:
    """How many nights lie between two visits at this time of the year, and why."""
    nights, why = _calendar(agency, history, night)
    if history.outcome in _WELL or not history.outcome:
        return nights, why
    times = "once" if history.failures <= 1 else f"{history.failures} times in a row"
    waits = _BACKOFF.get(history.outcome, _TIME_HELPS)
    if history.outcome not in _BACKOFF and in_season(night):
        waits = waits[:_PATIENT]
    wait = waits[min(max(history.failures, 1), len(waits)) - 1]
    if history.outcome in _BACKOFF:
        wait = max(wait, nights)
    return wait, f"{history.outcome} {times}: tried again after {wait} nights"


def _calendar(agency: Agency, history: History, night: date) -> tuple[int, str]:
    lacking = missing(agency, history, night)
    season = in_season(night)
    if not lacking:
        nights = IN_SEASON if season else OUT_OF_SEASON
        return nights, f"nothing is missing: looked at every {nights} nights"
    year = lacking[0]
    usual = _usual_day(history, night)
    if usual is not None and abs((night - usual).days) <= USUAL and year == night.year - 1:
        return 1, f"{year} is missing, and its reports used to appear about {usual:%d %B}: every night"
    if season:
        by = deadline(year, agency.kind)
        stands = f"late since {by}" if night > by else f"due by {by}"
        return EVERY_OTHER, f"{year} is missing, {stands}: every other night"
    return OUT_OF_SEASON, f"{year} is missing and the season is over: every {OUT_OF_SEASON} nights"


def _usual_day(history: History, night: date) -> date | None:
    """When, in the year of that night, its report would appear if it came as in former years."""
    days = []
    for year, listed in history.listed:
        try:
            shown = date.fromisoformat(listed[:10])
        except ValueError:
            continue
        if shown.year == year + 1:  # what came later was late, or the list shows another day
            days.append(shown.timetuple().tm_yday)
    return date.fromordinal(date(night.year, 1, 1).toordinal() + median_low(days) - 1) if days else None


def _is_over(agency: Agency, night: date) -> bool:
    """A body that ended owes a last report, for the year it ended in."""
    return agency.until[:4].isdecimal() and night.year > int(agency.until[:4]) + 1


def _too_many(wanted: Sequence[Due], budget: int) -> Iterable[Due]:
    """Those of one host that have to wait: the most urgent go first, and one always goes."""
    left = budget
    for place, one in enumerate(sorted(wanted, key=lambda due: (-due.urgency, due.agency_id))):
        if place and one.requests > left:
            reason = f"put off: the {budget} requests that {one.host} gets in one night are used up"
            yield replace(one, tonight=False, reason=reason)
        else:
            left -= one.requests
