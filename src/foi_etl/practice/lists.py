"""What stands in an agency's list: its reports, and between them everything that only looks like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from foi_etl.practice.country import REVISED_AFTER, Country
from foi_etl.practice.dice import dice

_RETELLINGS = ("文字解读：{title}", "一图读懂：{title}", "【图解】{title}", "《{title}》解读")
_YEARLY = (
    "{name}{year}年政府网站工作年度报表",
    "关于做好{year}年度政府信息公开工作年度报告编制工作的通知",
    "{name}关于{year}年政府信息公开工作自查情况的报告",
)
_NOTICES = (
    "{name}关于调整办公时间的通知",
    "{name}公开招聘工作人员公告",
    "关于举办政务公开业务培训班的通知",
    "{name}领导班子成员分工",
    "{name}关于开展政务开放日活动的公告",
    "{name}部门预算公开说明",
)
_GUIDE = "{name}政府信息公开指南"
_MOST_NOTICES = 34
_RETOLD = 0.5


class Entry(NamedTuple):
    """One line of a list."""

    serial: int
    """Its place in the order of publication, from 1."""
    title: str
    day: date
    """The day it was published; its address is made of it."""
    year: int | None
    """The year of the report it leads to; None where it leads to something else."""
    place: str = "own"
    """Where it leads: to its own host, to that host's twin, or to a clone (a copy on a stranger's host)."""
    when: date = date.min
    """The date the list shows: that of the revision where there was one."""


def entries(country: Country, agency_id: str) -> tuple[Entry, ...]:
    """An agency's list, newest first."""
    drawn = sorted(_drawn(country, agency_id), key=lambda line: (line[1], line[0]))
    lines = (Entry(serial, *line, when=line[1]) for serial, line in reversed(list(enumerate(drawn, 1))))
    scattered = _scattered(country, agency_id, lines)
    kept = (one for one in scattered if (agency_id, one.year) not in country.changes.gone)
    return tuple(_shown(one, (agency_id, one.year) in country.changes.revised) for one in kept)


def _shown(entry: Entry, revised: bool) -> Entry:
    return entry._replace(when=entry.day + REVISED_AFTER) if revised else entry


def _scattered(country: Country, agency_id: str, lines: Iterable[Entry]) -> Iterator[Entry]:
    """The lines; strangers copied one report, another lies on two hosts, a third on the other host only."""
    years = list(country.published(agency_id))
    dice(country.seed, "places", agency_id).shuffle(years)
    roles = ("cloned",) if country.kind_of(agency_id).plain else ("cloned", "twice", "elsewhere")
    role = dict(zip(years, roles, strict=False))
    for one in lines:
        how = role.get(one.year or 0, "")
        yield one._replace(place="twin") if how == "elsewhere" else one
        if how == "twice":
            yield one._replace(place="twin")
        if how == "cloned":
            yield one._replace(place="clone", year=None)


def _drawn(country: Country, agency_id: str) -> Iterator[tuple[str, date, int | None]]:
    rng = dice(country.seed, "list", agency_id)
    name = country.agency(agency_id).name
    for year in country.published(agency_id):
        title, day = country.title(agency_id, year), country.day(agency_id, year)
        yield title, day, year
        if rng.random() < _RETOLD:
            yield rng.choice(_RETELLINGS).format(title=title), day + timedelta(days=2), None
    yield _GUIDE.format(name=name), date(min(country.years) + 1, 6, 3), None
    for year in country.years:
        yield rng.choice(_YEARLY).format(name=name, year=year), _some_day(year, rng), None
    for _ in range(rng.randrange(_MOST_NOTICES)):
        yield rng.choice(_NOTICES).format(name=name), _some_day(rng.choice(country.years), rng), None


def _some_day(year: int, rng: Random) -> date:
    return date(year + 1, 1, 5) + timedelta(days=rng.randrange(300))
