"""What a release says became of every report, after four nights on which much happens to a country.

    uv run python benchmarks/became.py [--agencies 200] [--seed 1]

The country's portals are real HTTP servers on this machine. On the first night all is there but a share of
the reports; on the second those have come, others are gone, others revised, some hosts refuse us and some
have moved their columns; on the third what was gone is back; the fourth is quiet. Then the coverage and the
revisions of the release are held against the country's own word. Exit code 1 where they differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from foi_etl import night, wiring
from foi_etl.practice.country import Changes, Country, country
from foi_etl.practice.coverage import OWED, owed_rows
from foi_etl.practice.dice import dice
from foi_etl.practice.nights import revised_cells
from foi_etl.practice.portals import Portals
from foi_etl.practice.server import serve
from foi_etl.settings import Settings
from foi_etl.sources.registry import register_files

Key = tuple[str, int]
SHARED = {"annual", "units", "hub"}


class Plan(NamedTuple):
    """What happens, and to whom."""

    land: Country
    later: frozenset[Key]
    """Reports that come on the second night."""
    gone: frozenset[Key]
    """Reports that are gone on the second night and back on the third."""
    lost: frozenset[Key]
    """Reports that are gone on the second night for good."""
    revised: frozenset[Key]
    refusing: frozenset[str]
    """Hosts that refuse us from the second night on."""
    moved: frozenset[str]
    """Hosts whose columns have moved on the second night."""

    def nights(self) -> tuple[Country, ...]:
        """The country on each night."""
        there = Changes(revised=self.revised, moved=self.moved)
        return (
            replace(self.land, changes=Changes(gone=self.later)),
            replace(self.land, changes=replace(there, gone=self.gone | self.lost)),
            replace(self.land, changes=replace(there, gone=self.lost)),
        )


def main() -> int:
    """Print what differs; 1 where anything does."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agencies", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return int(any(measured(Path(folder), asked.agencies, asked.seed).values()))


def planned(agencies: int, seed: int) -> Plan:
    """A share of everything; of lists that are cut short nobody can say what they name no more."""
    land = country(wiring.statute(), seed=seed, agencies=agencies, years=range(2022, 2026))
    rng = dice(seed, "became")
    hosts = [land.places.host_name(host) for host in land.hosts]
    rng.shuffle(hosts)
    some = max(1, len(hosts) // 12)
    refusing, moved = frozenset(hosts[:some]), frozenset(hosts[some : 2 * some])
    reports = [
        (agency.id, year)
        for agency in land.agencies
        if (kind := land.kind_of(agency.id)).dialect not in SHARED
        and kind.outcome == "ok"
        and agency.portal.split("/")[2] not in refusing | moved
        for year in land.published(agency.id)
    ]
    rng.shuffle(reports)
    later, gone, lost, revised = (frozenset(reports[at::24]) for at in range(4))
    return Plan(land, later, gone, lost, revised, refusing, moved)


def measured(home: Path, agencies: int, seed: int) -> dict[str, list[object]]:
    """What differs from the country's own word, after all nights."""
    plan = planned(agencies, seed)
    here = Settings(home=home, pause=0.0)
    home.mkdir(parents=True, exist_ok=True)
    portals, register = register_files(plan.land.portals, plan.land.agencies)
    (home / "portals.yaml").write_text(portals, encoding="utf-8")
    (home / "agencies.csv").write_text(register, encoding="utf-8")
    with serve(plan.land, wiring.statute()) as server:
        server.nights = tuple(Portals(each, wiring.statute()) for each in plan.nights())
        here.practice.mkdir(parents=True, exist_ok=True)
        (here.practice / "port").write_text(str(server.port), encoding="utf-8")
        for number in (1, 2, 3, 4):
            server.night = number
            if number == 2:
                server.options |= dict.fromkeys(plan.refusing, "forbidden")
            one_night(here, number)
    release = here.releases / "latest"
    told = {"coverage": coverage(plan, release), "revisions": revisions(plan, release)}
    for what, differs in told.items():
        print(f"{what}: {len(differs)} not as in truth", *differs[:5], sep="\n  ")
    return told


def one_night(here: Settings, number: int) -> None:
    """Everybody is visited, and known reports are asked for too; a release is made."""
    ids = [one.id for one in wiring.agencies(here)]
    run = night.begin_run(here, "all", agencies=ids)
    ends = Counter(one.outcome for one in night.visit_agencies(here, ids, (), run, force=number < 4))
    version = night.make_release(here, accept="reports come and go in this country")
    night.end_run(here, run, version)
    print(f"night {number}:", ", ".join(f"{count} {end}" for end, count in ends.most_common()), version)


def coverage(plan: Plan, release: Path) -> list[object]:
    """Rows of the coverage that the country would tell otherwise.

    Of bodies that publish something: a column that never had a report looks like one that is not there.
    """
    truth = pd.DataFrame(owed_rows(plan.nights()[-1], plan.refusing), columns=list(OWED))
    somebody = [one.id for one in plan.land.agencies if plan.land.published(one.id)]
    truth = truth[truth["agency_id"].isin(somebody)].astype({"days_late": "Int64"})
    print("in truth:", ", ".join(f"{n} {one}" for one, n in truth["status"].value_counts().items()))
    told = pd.read_parquet(release / "coverage.parquet", columns=list(OWED))
    told = told[told["agency_id"].isin(somebody)]
    both = truth.merge(told, how="outer", on=list(OWED), indicator="where")
    return [*both[both["where"] != "both"].itertuples(index=False, name=None)]


def revisions(plan: Plan, release: Path) -> list[object]:
    """Events of the release that the country did not make, and those that it made."""
    listed = pd.read_parquet(release / "revisions.parquet", columns=["agency_id", "year", "event", "cell_id"])
    told = set(listed.fillna("").itertuples(index=False, name=None))
    truth = {(*key, "gone", "") for key in plan.gone | plan.lost} | {(*key, "back", "") for key in plan.gone}
    truth |= {(name, year, "revised", cell) for name, year, cell, _, _ in revised_cells(plan.nights()[-1])}
    print("in truth:", ", ".join(f"{n} {one}" for one, n in Counter(one[2] for one in truth).items()))
    return [*sorted(truth ^ told)]


if __name__ == "__main__":
    sys.exit(main())
