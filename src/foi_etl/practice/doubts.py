"""A country of reports with something to doubt: what is injected into which, and which rules that breaks.

Nothing here is a page: reports come as figures and sentences. Which rules the figures break is told by plain
sums over what is printed, and not by the code that is to find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from statistics import median
from typing import Final, NamedTuple

from foi_etl.forms import Statute
from foi_etl.practice.claims import WRONG, body, changed, claims
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import broken
from foi_etl.practice.fates import AGGREGATES, Life, Paper, life_of, paper_of
from foi_etl.practice.invent import Figures
from foi_etl.practice.names import place
from foi_etl.practice.series import TWISTS, Standing, Year, series

TEXTS: Final = ("text_last_year", "text_sibling", "figures_sibling")
FATES: Final = ("revised", "gone", "back")
_DOUBTFUL: Final = 0.12
_UNPUBLISHED: Final = 0.06
_UNREADABLE: Final = 0.3
"""Of those that are not published so that anybody can read them."""
_POSTHUMOUS: Final = 0.3
"""Of the bodies that ended, whose next report comes all the same."""
_STANDINGS: Final = (
    ("prefecture", "gov", "人民政府"),
    ("county", "gov", "人民政府"),
    ("county", "department", "财政局"),
    ("township", "township_gov", "镇人民政府"),
    ("county", "gov_office", "人民政府办公室"),
    ("prefecture", "vertical", "海关"),
    ("county", "vertical", "税务局"),
)
_OFTEN: Final = (5, 10, 52, 21, 6, 2, 4)
_BEYOND: Final = 10_000_000
"""万元: no body collects so much in a year."""
_WHO: Final = ("natural", "biz", "research", "charity", "legal", "orgother", "total")


@dataclass(frozen=True, slots=True)
class DoubtfulReport:
    """One report, what was injected into it, and the rules it breaks."""

    agency_id: str
    agency_name: str
    level: str
    kind: str
    year: int
    paper: Paper
    editions: Mapping[str, str]
    figures: Figures
    text: str
    injected: str = ""
    fails: frozenset[str] = frozenset()
    """Every rule whose plain sums do not hold, or whose sentence, text or amount was injected."""
    was: tuple[str, Decimal] | None = None
    """A cell, and what an earlier version of the report printed in it."""


class Body(NamedTuple):
    """An agency with its reports."""

    agency_id: str
    level: str
    life: Life
    reports: list[DoubtfulReport]
    unread: Mapping[int, Paper]
    """Reports that came in words nobody can read."""


@dataclass(slots=True)
class _Agency:
    id: str
    name: str
    level: str
    kind: str
    papers: dict[int, Paper] = field(default_factory=dict)
    published: dict[int, Year] = field(default_factory=dict)
    bodies: dict[int, str] = field(default_factory=dict)


def doubtful(
    statute: Statute, *, seed: int, agencies: int, years: range, share: float = _DOUBTFUL
) -> Iterator[Body]:
    """One agency after the other with its reports; into a share of them something is injected."""
    neighbour: _Agency | None = None
    above: dict[tuple[str, str], str] = {}
    for index in range(agencies):
        rng = dice(seed, "doubts", index)
        level, kind, ending = rng.choices(_STANDINGS, weights=_OFTEN)[0]
        one = _Agency(f"doubt-{index:05}", place(index) + ending, level, kind)
        of_fate = dice(seed, "fates", index)
        life = life_of(index, one.name, kind, years, of_fate)._replace(above=_above(level, kind, above))
        above[level, kind] = one.id
        twists = {
            year: rng.choice((*TWISTS, *TEXTS, *FATES, *WRONG)) for year in years if rng.random() < share
        }
        if twists.get(years[-1]) in FATES:
            del twists[years[-1]]
        papers = {
            year: paper_of(life, year, years, of_fate)
            for year in years
            if life.is_there(year) or (life.is_there(year - 1) and of_fate.random() < _POSTHUMOUS)
        }
        wide = {year for year, paper in papers.items() if paper.scope in AGGREGATES}
        standing = Standing(
            min(rng.lognormvariate(4.0, 0.8), 600.0),
            rng.uniform(50, 900),
            (level, kind) == ("prefecture", "gov"),
        )
        unread: dict[int, Paper] = {}
        for year, figures in series(statute, standing, years, wide, twists, rng):
            if year not in papers:
                continue
            if rng.random() >= _UNPUBLISHED:
                one.published[year], one.papers[year] = figures, papers[year]
            elif life.is_there(year) and of_fate.random() < _UNREADABLE:
                unread[year] = papers[year]
        yield Body(one.id, level, life, list(_reports(statute, one, neighbour, twists, rng, seed)), unread)
        neighbour = one


def _above(level: str, kind: str, above: Mapping[tuple[str, str], str]) -> str:
    """The body above: of a customs or tax office its like, of all others the government last founded."""
    if level == "prefecture":
        return ""
    if kind == "vertical":
        return above.get(("prefecture", "vertical"), "")
    town = above.get(("county", "gov"), "") if kind != "gov" else ""
    return town or above.get(("prefecture", "gov"), "")


def _reports(
    statute: Statute, one: _Agency, other: _Agency | None, twists: Mapping[int, str], rng: Random, seed: int
) -> Iterator[DoubtfulReport]:
    for year, twist in twists.items():
        if (
            twist == "figures_sibling"
            and year >= 2019
            and other
            and {year} <= one.published.keys() & other.published
        ):
            one.published[year] = other.published[year]
    for year in sorted(one.published):
        now, twist = one.published[year], twists.get(year, "")
        paper = one.papers[year]
        alike = year - 1 in one.papers and one.papers[year - 1].scope == paper.scope
        before = one.published[year - 1] if alike else Year({}, {})
        words = one.bodies[year] = _words(one, other, year, twist, rng)
        habit = dice(seed, "habit", one.id)
        said = claims(now.figures, before.figures, twist if twist in WRONG else "", habit)
        forms = tuple(statute.form(table, edition) for table, edition in sorted(now.editions.items()))
        fails = {each.identity for each in broken(forms, now.figures)} | {said.broken} - {""}
        fails |= set(_plainly(now.figures, before.figures, standing=f"{one.level}/{one.kind}"))
        if twist == "text_last_year" and one.bodies.get(year - 1) == words:
            fails.add("S3_text_last_year")
        fails |= _slipped(one, year)
        was = changed(now.figures, rng) if twist == "revised" and year >= 2019 else None
        yield DoubtfulReport(
            one.id, one.name, one.level, one.kind, year, paper, now.editions, now.figures,
            paper.opening + said.text + words, twist, frozenset(fails), was,
        )  # fmt: skip


def _words(one: _Agency, other: _Agency | None, year: int, twist: str, rng: Random) -> str:
    if twist == "text_last_year" and year - 1 in one.bodies:
        return one.bodies[year - 1]
    if twist == "text_sibling" and other and year in other.bodies:
        return other.bodies[year]
    return body(rng)


def _slipped(one: _Agency, year: int) -> set[str]:
    """Amounts that are thousands of times those of the agency's other years, or more than anybody's."""
    found = set()
    for name in ("fee_amount", "procure_amount"):
        held = {each: of.figures.get(f"t2_{name}", Decimal(0)) for each, of in one.published.items()}
        others = [amount for each, amount in held.items() if amount and each != year]
        if (others and held[year] >= 3000 * median(others)) or held[year] > _BEYOND:
            found.add(f"U1_{name}")
    return found


def _plainly(now: Figures, before: Figures, standing: str) -> Iterator[str]:
    """The rules over years, and of one table, that these figures break."""
    sums: dict[str, tuple[Decimal | None, Decimal | None]] = {}
    for who in _WHO:
        sums[f"X1_{who}"] = now.get(f"t3_carried_in_{who}"), before.get(f"t3_carried_out_{who}")
    for kind in ("rule", "normdoc"):
        stock = (
            before.get(f"t2_{kind}_inforce"),
            now.get(f"t2_{kind}_issued"),
            now.get(f"t2_{kind}_repealed"),
        )
        sums[f"X2_{kind}"] = now.get(f"t2_{kind}_inforce"), _plus(*stock, sign=-1)
        new = (before.get(f"t2_{kind}_disclosed_total"), now.get(f"t2_{kind}_disclosed_new"), Decimal(0))
        sums[f"X3_{kind}"] = now.get(f"t2_{kind}_disclosed_total"), _plus(*new)
    for kind in ("license", "othersvc", "penalty", "coercion", "fee"):
        then = (before.get(f"t2_{kind}_items_prev"), before.get(f"t2_{kind}_items_delta"), Decimal(0))
        sums[f"X4_{kind}"] = now.get(f"t2_{kind}_items_prev"), _plus(*then)
        items = _plus(now.get(f"t2_{kind}_items_prev"), now.get(f"t2_{kind}_items_delta"), Decimal(0))
        if (
            items is not None
            and now.get(f"t2_{kind}_items_delta")
            and items == now.get(f"t2_{kind}_decisions")
        ):
            yield f"M1_{kind}"
    yield from (rule for rule, (one, other) in sums.items() if None not in (one, other) and one != other)
    for row in ("new_received", "total_handled"):
        counts = [now.get(f"t3_{row}_total"), before.get(f"t3_{row}_total")]
        known = sorted(count for count in counts if count is not None)
        if len(known) == 2 and known[1] >= 50 and known[1] > 5 * known[0]:
            yield f"X6_{row}"
    if standing != "prefecture/gov":
        names = ("rule_issued", "rule_inforce", "rule_made_new", "rule_disclosed_total")
        yield from (f"R1_{name}" for name in names if now.get(f"t2_{name}"))
    if len([count for count in now.values() if count]) >= 8 and now == before:
        yield "S1_last_year"


def _plus(one: Decimal | None, two: Decimal | None, three: Decimal | None, sign: int = 1) -> Decimal | None:
    return None if one is None or two is None or three is None else one + two + sign * three
