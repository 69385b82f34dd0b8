"""What becomes of bodies that owe reports, and of each report: the country's own word.

A body may be founded, renamed, closed, or end in another; its portal may refuse us or have moved; a report
may come late, in words that nobody can read, after its body has ended, or never; a government may speak for
all below it, or for itself alone. It is told by plain dates here, and not by the code that is to find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

GOVERNMENTS: Final = frozenset({"gov"})
AGGREGATES: Final = frozenset({"gov_aggregate", "system_aggregate"})
_TITLE: Final = "{name}{year}年政府信息公开工作年度报告"
_PORTALS: Final = ("seen", "blocked", "moved", "early", "never")
_AMENDED: Final = 2019

Key = tuple[str, int]
"""Agency and year."""


class Life(NamedTuple):
    """What a body goes through, as the register and the visits tell it."""

    name: str
    kind: str
    since: str = ""
    until: str = ""
    into: str = ""
    """Who does its work since it ended; empty for nobody."""
    was: str = ""
    """Its name before it was renamed."""
    renamed: str = ""
    """The day it was."""
    portal: str = "seen"
    """seen, blocked or moved as visits ended; early where its list was read before a deadline only; never."""
    above: str = ""
    """The body above it."""

    def is_there(self, year: int) -> bool:
        """Whether it saw a day of that year."""
        return (not self.since or int(self.since[:4]) <= year) and (
            not self.until or year <= int(self.until[:4])
        )

    def name_in(self, year: int) -> str:
        """What it was called on the last day of a year."""
        return self.was if self.was and f"{year}-12-31" < self.renamed else self.name


class Paper(NamedTuple):
    """One report as a paper: what stands above it, when it was published, and for whom it speaks."""

    title: str
    day: date
    scope: str
    opening: str = ""
    """A sentence that tells for whom it speaks, where its title does not."""


class OwedRow(NamedTuple):
    """What became of one report."""

    agency_id: str
    year: int
    status: str
    days_late: int | None
    name: str
    """What its body was called at the end of that year."""
    scope: str
    """For whom it speaks; empty where there is none."""
    within: str
    """The nearest body above whose report of the year speaks for this one too; empty for none."""


def as_of(years: range) -> date:
    """The last day anything was looked at: departments are overdue for the last year, governments are not."""
    return date(years[-1] + 1, 2, 15)


def life_of(index: int, name: str, kind: str, years: range, rng: Random) -> Life:
    """A common life, or one with something in it."""
    life = Life(name, kind, portal=rng.choices(_PORTALS, weights=(70, 8, 8, 7, 7))[0])
    turn = years[0] + rng.randrange(1, max(len(years) - 2, 2))
    what = rng.choices(("", "renamed", "closed", "merged", "founded"), weights=(68, 10, 6, 6, 10))[0]
    day = f"{turn}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    if what == "renamed":
        return life._replace(was=f"旧{name}", renamed=day)
    if what == "founded":
        return life._replace(since=day)
    if what in {"closed", "merged"}:
        into = f"doubt-{index - 1:05}" if what == "merged" and index else ""
        return life._replace(until=day, into=into)
    return life


def paper_of(life: Life, year: int, years: range, rng: Random) -> Paper:
    """The paper of a year."""
    title = _TITLE.format(name=life.name_in(year), year=year)
    first, last = date(year + 1, 1, 2), as_of(years) if year == years[-1] else date(year + 1, 12, 20)
    usual = min(deadline(year, life.kind), last)
    day = first + timedelta(days=rng.randrange((usual - first).days + 1))
    if rng.random() < 0.12 and last > usual:
        day = usual + timedelta(days=rng.randint(1, (last - usual).days))
    if life.kind in GOVERNMENTS:
        alone = rng.random() < 0.06
        return Paper(title + "（本级机关）" * alone, day, "organ" if alone else "gov_aggregate")
    if life.kind == "gov_office" and ord(life.name[0]) % 3 == 0:
        return Paper(title, day, "gov_own", "办公室代表县政府受理申请。")
    if life.kind == "vertical" and life.name.endswith("海关"):
        return Paper(title.replace("海关", "海关关区"), day, "system_aggregate")
    return Paper(title, day, "organ")


def deadline(year: int, kind: str) -> date:
    """The last day on which a report is on time."""
    return date(year + 1, 3, 31) if year < _AMENDED or kind in GOVERNMENTS else date(year + 1, 1, 31)


def became(
    life: Life, year: int, years: range, paper: Paper | None, *, readable: bool
) -> tuple[str, int | None]:
    """What becomes of a report that is owed, and by how many days it is late where that is known."""
    if paper is not None and readable:
        late = max((paper.day - deadline(year, life.kind)).days, 0)
        return ("found_late" if late else "found"), late
    if paper is not None:
        return "refused", None
    if as_of(years) <= deadline(year, life.kind):
        return "not_yet_due", None
    if life.portal in {"blocked", "moved"}:
        return life.portal, None
    last = looked(life, years)
    return ("absent" if last is not None and last > deadline(year, life.kind) else "unknown"), None


def looked(life: Life, years: range) -> date | None:
    """The last day on which the list of a body was read whole."""
    return {"early": date(years[len(years) // 2] + 1, 1, 10), "never": None}.get(life.portal, as_of(years))


def owed_rows(
    lives: Mapping[str, Life], papers: Mapping[Key, Paper], unread: Set[Key], years: range
) -> Iterator[OwedRow]:
    """Every report that is owed, and those that came though nobody owed them."""
    for year in years:
        scopes = {
            name: one.scope for (name, of), one in papers.items() if of == year and (name, of) not in unread
        }
        for name, life in lives.items():
            if not life.is_there(year) and name not in scopes:
                continue
            status, late = became(
                life, year, years, papers.get((name, year)), readable=(name, year) not in unread
            )
            above = spoken_for(name, lives, scopes)
            yield OwedRow(name, year, status, late, life.name_in(year), scopes.get(name, ""), above)


def spoken_for(agency_id: str, lives: Mapping[str, Life], scopes: Mapping[str, str]) -> str:
    """The nearest body above one whose report speaks for it too; `scopes` are those of one year."""
    one = above = lives[agency_id]
    while above.above:
        name, above = above.above, lives[above.above]
        scope = scopes.get(name, "")
        if scope == "system_aggregate" or (scope in AGGREGATES and one.kind != "vertical"):
            return name
    return ""
