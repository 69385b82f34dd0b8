"""A year of nights over the practice country: who is visited, what it costs, how late a report is found.

    uv run python benchmarks/year.py [--agencies N] [--per-host N] [--budget N] [--year Y]

No portal is asked: reports appear on their days, in and out of season, late ones, revised ones; hosts are
down on some nights; whoever is due sees what is there. The clock is a date that is counted up. Exit code 1
where a report is found later than promised: within 2 nights in season, 35 out of it, nights on which its
host was down not counted; or where a host gets more requests in one night than its budget.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from urllib.parse import urlsplit

from foi_etl import wiring
from foi_etl.due import History, due
from foi_etl.history import after
from foi_etl.model import Agency
from foi_etl.practice.country import Country, country

LISTING = 3
"""Requests of a visit that finds nothing new: robots.txt, a page, one more page."""
DOWN = 0.01
"""The share of nights on which a host is down."""
LATE, LATER, REVISED = 0.06, 0.02, 0.03
"""The shares of reports that come after the season, in the next one, and that are changed later."""
IN_SEASON, OUT_OF_SEASON = 2, 35
SHOWN = 40


@dataclass(frozen=True)
class Event:
    """A report that appears, or is changed, on a day."""

    agency: str
    year: int
    day: date
    revised: bool = False

    @property
    def promised(self) -> int:
        """Nights within which it is found; a change is looked for as often as what is not in season."""
        return IN_SEASON if self.day.month <= 4 and not self.revised else OUT_OF_SEASON


@dataclass
class Year:
    """What a year of nights came to."""

    visits: Counter[date] = field(default_factory=Counter)
    requests: Counter[date] = field(default_factory=Counter)
    most: int = 0
    """Requests to one host in one night."""
    put_off: int = 0
    found: dict[Event, int] = field(default_factory=dict)
    """Each event, and the nights until it was found on which its host could be asked."""

    @property
    def late(self) -> list[Event]:
        """What was found later than promised."""
        return [one for one, nights in self.found.items() if nights > one.promised]


def events(land: Country, agencies: Sequence[Agency], first: int, last: int) -> Iterator[Event]:
    """What appears from one year to another; a few reports never do, and leave a gap."""
    for agency in agencies:
        for year in land.published(agency.id):
            dice = Random(f"{agency.id} {year}")
            day, draw = land.day(agency.id, year), dice.random()
            if draw < LATE:
                day = date(year + 1, 5, 1) + timedelta(days=dice.randrange(245))
            elif draw < LATE + LATER:
                day = date(year + 2, 1, 4) + timedelta(days=dice.randrange(117))
            if first <= day.year <= last:
                yield Event(agency.id, year, day)
            if dice.random() < REVISED:
                later = day + timedelta(days=10 + dice.randrange(200))
                if first <= later.year <= last:
                    yield Event(agency.id, year, later, revised=True)


def crowded(land: Country, per_host: int) -> list[Agency]:
    """Its agencies, that many to a host, every fourth a government."""
    return [
        replace(one, kind="" if at % 4 else "gov", portal=f"http://host{at // per_host}.practice.invalid/")
        for at, one in enumerate(land.agencies)
    ]


def simulate(
    agencies: Sequence[Agency],
    coming: Sequence[Event],
    nights: Sequence[date],
    budget: int,
    *,
    down: float = DOWN,
) -> Year:
    """Night after night: who is due is visited, and what is there is found."""
    told, dice = Year(), Random(1)
    portals = {one.id: urlsplit(one.portal).netloc for one in agencies}
    waiting: dict[str, list[Event]] = defaultdict(list)
    for event in coming:
        waiting[event.agency].append(event)
    known: dict[str, dict[int, str]] = {one.id: {} for one in agencies}
    histories: dict[str, History] = {}
    was_down: dict[str, list[date]] = defaultdict(list)
    eve = nights[0] - timedelta(days=1)
    for night in nights:
        spent: Counter[str] = Counter()
        broken = {host for host in sorted(set(portals.values())) if dice.random() < down}
        for host in broken:
            was_down[host].append(night)
        for one in due(agencies, histories, night, budget):
            told.put_off += one.reason.startswith("put off")
            if not one.tonight:
                continue
            there = [each for each in waiting[one.agency_id] if each.day < night]
            if one.host in broken:
                line: Mapping[str, object] = {"outcome": "busy", "asked": 1}
            else:
                line = _visited(there, known[one.agency_id], spent[one.host], budget)
                taken = there[: int(str(line["taken"]))]
                for each in taken:
                    lost = sum(each.day < bad <= night for bad in was_down[one.host])
                    told.found[each] = (night - max(each.day, eve)).days - lost
                    waiting[one.agency_id].remove(each)
            spent[one.host] += int(str(line["asked"]))
            stamp = f"{night}T20:00:00+08:00"
            before = histories.get(one.agency_id, History())
            histories[one.agency_id] = after(before, {**line, "at": stamp})
            told.visits[night] += 1
        told.requests[night] += spent.total()
        told.most = max(told.most, *spent.values(), 0)
    return told


def _visited(there: Sequence[Event], known: dict[int, str], spent: int, budget: int) -> dict[str, object]:
    """A visit: the list, then what is new, as far as the host's requests go."""
    room = max(0, budget - spent - LISTING)
    taken = there[:room]
    for one in taken:
        known[one.year] = one.day.isoformat()
    return {
        "outcome": "ok",
        "asked": min(LISTING, budget - spent) + len(taken),
        "taken": len(taken),
        "listed": sorted(known.items()),
        "spent": len(taken) < len(there),
    }


def main() -> None:
    args = _arguments()
    land = country(wiring.statute(), agencies=args.agencies, years=range(2019, args.year + 1))
    agencies = crowded(land, args.per_host)
    coming = list(events(land, agencies, 2020, args.year))
    first, last = date(args.year - 1, 7, 1), date(args.year, 12, 31)
    nights = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    told = simulate(agencies, coming, nights, args.budget)
    _print(told, args)
    if told.late or told.most > args.budget:
        sys.exit(1)


def _print(told: Year, args: argparse.Namespace) -> None:
    of_year = [night for night in told.visits if night.year == args.year]
    weeks: dict[int, list[date]] = defaultdict(list)
    for night in of_year:
        weeks[(night.timetuple().tm_yday - 1) // 7].append(night)
    peak = max(sum(told.visits[night] for night in each) / len(each) for each in weeks.values())
    print(f"{args.year}, a night of each week: agencies due, requests")
    for each in weeks.values():
        visits = sum(told.visits[night] for night in each) / len(each)
        requests = sum(told.requests[night] for night in each) / len(each)
        print(f"  {min(each):%d %b} {visits:8,.0f} {requests:9,.0f}  {'#' * round(SHOWN * visits / peak)}")
    for name, wanted in (("in season", True), ("out of season", False)):
        waits = sorted(
            nights
            for one, nights in told.found.items()
            if one.day.year == args.year and not one.revised and (one.day.month <= 4) is wanted
        )
        if waits:
            print(f"reports that appeared {name}: {len(waits)}, found after {_spread(waits)} nights")
    changed = sorted(
        nights for one, nights in told.found.items() if one.revised and one.day.year == args.year
    )
    if changed:
        print(f"reports changed: {len(changed)}, found after {_spread(changed)} nights")
    visits = sum(told.visits[night] for night in of_year)
    print(f"visits in the year: {visits:,}, for each agency {visits / args.agencies:.1f}")
    print(f"most requests to a host in one night: {told.most} of {args.budget}; put off {told.put_off} times")
    print(f"found later than promised: {len(told.late)}{''.join(f', {one}' for one in told.late[:5])}")


def _spread(waits: Sequence[int]) -> str:
    return f"{waits[len(waits) // 2]} (median), {waits[-1]} (at most)"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--agencies", type=int, default=3000)
    parser.add_argument("--per-host", type=int, default=20)
    parser.add_argument("--budget", type=int, default=400)
    parser.add_argument("--year", type=int, default=2025)
    return parser.parse_args()


if __name__ == "__main__":
    main()
