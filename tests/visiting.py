"""A home, the practice portals it visits, and one night after the other."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from foi_etl.archive.store import Archive
from foi_etl.attached import Attached, beside
from foi_etl.crawl.body import Limits
from foi_etl.crawl.fetch import Fetcher
from foi_etl.crawl.journal import Journal
from foi_etl.errands import Errand
from foi_etl.model import Agency, Outcome, Portal
from foi_etl.practice.country import Country, country
from foi_etl.practice.server import PracticeServer, Served, serve
from foi_etl.rounds import visit_all
from foi_etl.sources.catalogue import guided
from foi_etl.sources.reach import Reach
from foi_etl.sources.step import Family
from helpers import STATUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

LAND = country(STATUTE, agencies=6)
QUICK = Limits(received=24_000_000, unpacked=8_000_000, connect=2, read=1, total=2, waits=(0.0,))
PATIENT = replace(QUICK, read=10, total=20)
"""Where each thing must be asked for once, however busy this machine is."""


@dataclass
class House:
    """A home, the portals it visits, and one night after the other."""

    home: Path
    server: PracticeServer
    land: Country
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def families(self, portals: Sequence[Portal]) -> Mapping[str, Family]:
        reach = Reach(
            frozenset(one.host for one in portals), frozenset(one.name for one in self.land.agencies)
        )
        return guided(range(2019, 2027), reach, portals)

    @contextmanager
    def errand(
        self, night: int, limits: Limits = QUICK, pause: float = 0.0, **settings: object
    ) -> Iterator[Errand]:
        moment = datetime(2026, 1, night, 1, tzinfo=UTC)
        with (
            Archive.open(self.home / "archive") as archive,
            Fetcher(
                user_agent="x", pause=pause, practice_port=self.server.port, limits=limits, now=lambda: moment
            ) as fetcher,
        ):
            journal = Journal(self.home / "runs" / str(night))
            made = Errand(
                archive,
                fetcher,
                f"2026-01-{night:02d}T00:00:00Z",
                journal=journal,
                attached=Attached(partial(beside, statute=STATUTE)),
            )
            yield replace(made, **settings)  # type: ignore[arg-type]
            journal.close()

    def night(
        self,
        number: int,
        agencies: Sequence[Agency] = (),
        portals: Sequence[Portal] = (),
        *,
        budget: int = 300,
        limits: Limits = QUICK,
        pause: float = 0.0,
        **settings: object,
    ) -> list[Served]:
        """Visit, and say what the portals were asked."""
        before = len(self.server.log)
        families = self.families((*self.land.portals, *portals))
        with self.errand(number, limits, pause, **settings) as errand:
            visited = visit_all(agencies or self.land.agencies, families, errand, budget=budget)
            self.outcomes = {one.agency_id: one for one in visited}
        return self.server.log[before:]

    @property
    def kept(self) -> Archive:
        return Archive.open(self.home / "archive", read_only=True)


@contextmanager
def visiting(home: Path, land: Country = LAND, tomorrow: Country | None = None) -> Iterator[House]:
    with serve(land, STATUTE, tomorrow=tomorrow) as server:
        yield House(home, server, land)


def documents(asked: Sequence[Served], house: House) -> list[Served]:
    """Requests for reports, and not for lists or robots."""
    with house.kept as kept:
        reports = {one.url for one in kept.captures() if one.purpose in {"report", "attachment"}}
    return [one for one in asked if f"http://{one.host}{one.path}" in reports]
