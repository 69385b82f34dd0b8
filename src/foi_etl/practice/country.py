"""A country of agencies and their reports, made from a seed, one report at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from random import Random

from foi_etl.forms import Form, Statute
from foi_etl.model import Agency, Portal
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import Injected, PracticeReport, broken, number
from foi_etl.practice.figures import Printed, editions_of, real_figures
from foi_etl.practice.habits import habit_of, written
from foi_etl.practice.inject import mistake
from foi_etl.practice.invent import Figures, Flow, disputes, flow, proactive, requests, size_of
from foi_etl.practice.names import bodies
from foi_etl.practice.places import PER_HOST, Kind, Places, kinds_of, twin_of
from foi_etl.practice.standing import invented, known

_TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
    "{name}{year}年度政府信息公开工作年度报告",
    "{name}{year}年度政府信息公开年度报告",
)
_MISTAKEN = 1 / 8
_UNPUBLISHED = 0.03
_MIXED = 0.05
_BEHIND = 0.04
REVISED_AFTER = timedelta(days=200)
"""How long after its publication a report is revised."""
TruthRow = tuple[str, int, str, str, str, str]
InjectedRow = tuple[str, int, str, str, str, str]


@dataclass(frozen=True)
class Changes:
    """What is different from the first night."""

    revised: frozenset[tuple[str, int | None]] = frozenset()
    """Agency and year of reports in which one cell has changed."""
    gone: frozenset[tuple[str, int | None]] = frozenset()
    """Agency and year of reports that are no longer there; what was published stays true."""
    emptied: frozenset[str] = frozenset()
    """Agencies whose list has no line any more."""
    moved: frozenset[str] = frozenset()
    """Hosts whose columns have moved."""
    home: bool = False
    """Whether the old address of a moved column shows the home page instead of 404."""
    redirect: bool = False
    """Whether it leads to the home page by a redirect."""


@dataclass(frozen=True)
class Country:
    """Agencies, their portals, and the truth of every cell they publish."""

    statute: Statute
    seed: int
    size: int
    years: tuple[int, ...]
    places: Places = field(default_factory=lambda: Places(kinds_of(None), PER_HOST))
    bare: bool = False
    """Whether some reports have their tables in an attachment only."""
    pictured: bool = False
    """Whether some reports have their tables in pictures on their page."""
    changes: Changes = Changes()

    @cached_property
    def agencies(self) -> tuple[Agency, ...]:
        """Agencies with real figures first, then invented ones; neighbours share a host."""
        return tuple(self._agencies())

    @property
    def hosts(self) -> range:
        """The numbers of its hosts."""
        return range(self.places.host_of(self.size - 1) + 1)

    @cached_property
    def portals(self) -> tuple[Portal, ...]:
        """Every host agencies publish on, the second names of hosts included."""
        return tuple(self._portals())

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {agency.id: index for index, agency in enumerate(self.agencies)}

    @cached_property
    def _known(self) -> Mapping[str, Mapping[int, Printed]]:
        return {f"practice-{slug}": years for (slug, _), years in real_figures().items()}

    @cached_property
    def _by_id(self) -> Mapping[str, Agency]:
        return {agency.id: agency for agency in self.agencies}

    @property
    def reports(self) -> Iterator[PracticeReport]:
        """Every published report, made when it is reached."""
        owed = ((agency.id, year) for agency in self.agencies for year in self.published(agency.id))
        return (self.report(agency_id, year) for agency_id, year in owed)

    def agency(self, agency_id: str) -> Agency:
        """The agency of that id; KeyError where there is none."""
        return self._by_id[agency_id]

    def kind_of(self, agency_id: str) -> Kind:
        """How the host of an agency behaves."""
        return self.places.kind(self.places.host_of(self._index[agency_id]))

    def published(self, agency_id: str) -> tuple[int, ...]:
        """The years for which an agency publishes a report; a few are owed and never appear."""
        if agency_id in self._known:
            return tuple(year for year in self.years if year in self._known[agency_id])
        return tuple(year for year in self.years if self._appears(agency_id, year))

    def report(self, agency_id: str, year: int) -> PracticeReport:
        """The same report every time; KeyError where the agency published none for that year."""
        if year not in self.published(agency_id):
            message = f"{agency_id} publishes no report for {year}"
            raise KeyError(message)
        rng = self._rng("facts", agency_id, year)
        editions, printed = self._printed(agency_id, year, rng)
        if (agency_id, year) in self.changes.revised:
            printed = revised(printed)
        forms = tuple(self.statute.form(table, edition) for table, edition in sorted(editions.items()))
        truth = {cell: number(text) for cell, text in printed.items()}
        name, title = self._by_id[agency_id].name, self.title(agency_id, year)
        injected = tuple(broken(forms, truth))
        later = REVISED_AFTER if (agency_id, year) in self.changes.revised else timedelta()
        day = self.day(agency_id, year) + later
        return PracticeReport(agency_id, name, year, title, day, editions, printed, truth, injected)

    def title(self, agency_id: str, year: int) -> str:
        """The title of a report; an agency keeps to one pattern."""
        pattern = self._rng("title", agency_id).choice(_TITLES)
        return pattern.format(name=self._by_id[agency_id].name, year=year)

    def day(self, agency_id: str, year: int) -> date:
        """The day a report is published: in the first three months of the next year."""
        return date(year + 1, 1, 4) + timedelta(days=self._rng("day", agency_id, year).randrange(80))

    def truth_rows(self) -> Iterator[TruthRow]:
        """agency_id, year, table, edition, cell_id, value; an empty value is a cell with no number."""
        for report in self.reports:
            for cell, value in report.truth.items():
                table = cell.split("_", 1)[0]
                text = "" if value is None else f"{value:f}"
                yield report.agency_id, report.year, table, report.editions[table], cell, text

    def injected_rows(self) -> Iterator[InjectedRow]:
        """agency_id, year, identity, cells, left, right."""
        for report in self.reports:
            for one in report.injected:
                yield report.agency_id, report.year, *_row(one)

    def _appears(self, agency_id: str, year: int) -> bool:
        return self._rng("due", agency_id, year).random() >= _UNPUBLISHED

    def _rng(self, *about: object) -> Random:
        return dice(self.seed, *about)

    def _agencies(self) -> Iterator[Agency]:
        real = list(real_figures())
        for index in range(self.size):
            host, place = divmod(index, self.places.per_host)
            if index < len(real):
                agency_id, name = f"practice-{real[index][0]}", real[index][1]
                note = "a practice agency with the figures of real reports"
                stands = known(*real[index])
            else:
                agency_id, note = f"practice-{index:04d}", "an invented practice agency"
                name = bodies(host + self.seed % 97, self.places.per_host, self._rng("place", host))[place]
                stands = invented(name, host)
            kind = self.places.kind(host)
            yield Agency(
                agency_id, name, kind.family, self.places.portal(index), practice=True, note=note,
                parameters=(("dialect", kind.dialect),), since=f"{min(self.years)}-01-01", **stands._asdict(),
            )  # fmt: skip

    def _portals(self) -> Iterator[Portal]:
        for host in self.hosts:
            kind, name = self.places.kind(host), self.places.host_name(host)
            for one in (name,) if kind.plain else (name, twin_of(name)):
                dialect = (("dialect", kind.dialect),)
                yield Portal(one, kind.family, dialect, practice=True, evidence="a practice portal")

    def _printed(self, agency_id: str, year: int, rng: Random) -> tuple[dict[str, str], dict[str, str]]:
        if agency_id in self._known:
            printed = dict(self._known[agency_id][year])
            return editions_of(printed, self.statute), printed
        editions = _editions(year, rng)
        forms = tuple(self.statute.form(table, edition) for table, edition in sorted(editions.items()))
        figures, altered = self._figures(agency_id, year, forms, rng), ""
        if rng.random() < _MISTAKEN:
            altered, value = mistake(forms, figures, rng)
            figures[altered] = value
        specs = {spec.id: spec for form in forms for spec in form.cells.values()}
        habit = habit_of(self._rng("habit", agency_id))
        return editions, written(figures, specs, habit, altered, rng)

    def _figures(self, agency_id: str, year: int, forms: Sequence[Form], rng: Random) -> Figures:
        size = size_of(self._rng("size", agency_id))
        table2, table3, table4 = forms
        before, now = (self._flow(agency_id, each, size, table3) for each in (year - 1, year))
        return proactive(table2, size, rng) | requests(table3, before, now, rng) | disputes(table4, size, rng)

    def _flow(self, agency_id: str, year: int, size: str, form: Form) -> Flow:
        applicants = tuple(column.id for column in form.blocks[0].columns if not column.is_total)
        return flow(size, applicants, self._rng("flow", agency_id, year))


def country(
    statute: Statute,
    *,
    seed: int = 1,
    agencies: int = 24,
    years: Sequence[int] = range(2019, 2026),
    families: Sequence[str] | None = None,
    per_host: int = PER_HOST,
    bare: bool = False,
) -> Country:
    """A country of that many agencies: one seed, one country, and a larger one begins with the smaller.

    Hosts take turns through every family and dialect, or through those of the families that are named.
    """
    return Country(statute, seed, agencies, tuple(years), Places(kinds_of(families), per_host), bare)


def revised(printed: Mapping[str, str]) -> dict[str, str]:
    """The cells after a revision: the first plain number is one more."""
    cell = next(cell for cell, text in printed.items() if text.isdecimal())
    return {**printed, cell: str(int(printed[cell]) + 1)}


def _editions(year: int, rng: Random) -> dict[str, str]:
    """Table to edition: by the year, but some agencies stay behind and some mix."""
    newest = "e2019" if year <= 2020 else "e2021"
    draw = rng.random()
    if draw < _BEHIND:
        return dict.fromkeys(("t2", "t3", "t4"), "e2019")
    mixed = "e2019" if draw < _BEHIND + _MIXED else newest
    return {"t2": newest, "t3": mixed, "t4": newest}


def _row(one: Injected) -> tuple[str, str, str, str]:
    return one.identity, " ".join(one.cells), f"{one.left:f}", f"{one.right:f}"
