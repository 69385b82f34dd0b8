"""A second night on which nothing is new: what each agency costs, and whether any byte is added.

    uv run python benchmarks/quiet_night.py [--agencies N ...] [--years N] [--changed SHARE]

For each number of agencies a home is filled from practice portals in a process of their own, politeness off;
then every agency is visited again, in a new process, and a release is looked for. Told are the processor
seconds of that process alone, its memory, and how an agency's costs grow with their number. A third night
finds a report changed of one agency in a hundred. What each night left on the disk is told for an agency.
Exit code 1 where an agency costs 20 ms or more in the quiet night, or where the archive, the releases or the
state grow in it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from foi_etl import night, wiring
from foi_etl.practice.country import Changes, Country, country
from foi_etl.practice.server import serve
from foi_etl.settings import Settings
from foi_etl.sources.registry import register_files

PARTS = ("archive", "releases", "state", "runs")
NIGHTS = ("the first night", "a quiet night", "a night of changes")
MOST = 0.020
"""Processor seconds for each agency."""


def land(agencies: int, years: int) -> Country:
    return country(wiring.statute(), agencies=agencies, years=range(2025 - years + 1, 2026))


def portals(made: Country, share: float, told: Connection) -> None:
    with serve(made, wiring.statute(), tomorrow=changed(made, share)) as server:
        told.send(server.port)
        told.recv()
        server.night = 2
        told.send("changed")
        told.recv()


def changed(made: Country, share: float) -> Country:
    """The same with a report changed of every so many agencies that have a list."""
    listed = [
        one.id for one in made.agencies if made.published(one.id) and made.kind_of(one.id).dialect != "annual"
    ]
    some = listed[:: max(1, round(len(listed) / max(1, share * made.size)))]
    return replace(made, changes=Changes(revised=frozenset((one, max(made.published(one))) for one in some)))


def one_night(home: Path, told: Connection) -> None:
    here = Settings(home=home, pause=0.0)
    ids = [one.id for one in wiring.agencies(here)]
    spent = [_cpu()]
    run = night.begin_run(here, "all", agencies=ids)
    night.due_tonight(here)
    spent.append(_cpu())
    outcomes = night.visit_agencies(here, ids, (), run)
    spent.append(_cpu())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    version = night.make_release(here)
    spent.append(_cpu())
    night.end_run(here, run, version)
    night.due_tonight(here)  # takes the run in
    asked, new = sum(one.asked for one in outcomes), sum(one.new for one in outcomes)
    cpu = {
        what: later - at
        for what, at, later in zip(("due", "visit", "release"), spent, spent[1:], strict=False)
    }
    told.send({"cpu": cpu, "asked": asked, "new": new, "release": version, "memory": memory})


def measured(agencies: int, years: int, share: float) -> dict[str, Any]:
    made = land(agencies, years)
    with tempfile.TemporaryDirectory(prefix="quiet-") as folder:
        home = Path(folder)
        (home / "practice").mkdir()
        for name, text in zip(
            ("portals.yaml", "agencies.csv"), register_files(made.portals, made.agencies), strict=True
        ):
            (home / name).write_text(text, encoding="utf-8")
        ours, theirs = multiprocessing.Pipe()
        serving = multiprocessing.get_context("fork").Process(
            target=portals, args=(made, share, theirs), daemon=True
        )
        serving.start()
        (home / "practice" / "port").write_text(str(ours.recv()))
        began = time.monotonic()
        nights = [_in_a_process(home)]
        filled, sizes = time.monotonic() - began, [dict.fromkeys(PARTS, 0), _sizes(home)]
        for changes in (False, True):
            if changes:
                ours.send("change")
                ours.recv()
            time.sleep(1.1)  # runs are told apart by the second
            nights.append(_in_a_process(home))
            sizes.append(_sizes(home))
        ours.send("over")
        serving.join()
    grown = [{name: after[name] - before[name] for name in PARTS} for before, after in pairwise(sizes)]
    return {"agencies": agencies, "filled": filled, "nights": nights, "grown": grown}


def _in_a_process(home: Path) -> dict[str, Any]:
    ours, theirs = multiprocessing.Pipe()
    working = multiprocessing.get_context("spawn").Process(target=one_night, args=(home, theirs))
    working.start()
    told: dict[str, Any] = ours.recv()
    working.join()
    return told


def _sizes(home: Path) -> dict[str, int]:
    return {name: sum(_once(path for path in (home / name).rglob("*") if path.is_file())) for name in PARTS}


def _once(paths: Iterable[Path]) -> list[int]:
    """The sizes of files; what two releases share counts once."""
    known = {one.st_ino: one.st_size for one in (path.lstat() for path in paths)}
    return list(known.values())


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--agencies", type=int, nargs="+", default=[300, 3000])
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--changed", type=float, default=0.01)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    well, costs = True, {}
    for agencies in args.agencies:
        told = measured(agencies, args.years, args.changed)
        if args.json:
            print(json.dumps(told))
        costs[agencies] = _print(told)
        quiet = told["nights"][1]
        still = not any(size for name, size in told["grown"][1].items() if name != "runs")
        well = well and still and costs[agencies] < 1000 * MOST and not quiet["release"]
    for few, many in pairwise(args.agencies):
        print(f"from {few} to {many} agencies: {costs[many] / costs[few]:.2f} times as much for each")
    if not well:
        sys.exit(1)


def _print(told: dict[str, Any]) -> float:
    """Say what was measured; the milliseconds of an agency in the quiet night."""
    agencies, quiet = told["agencies"], told["nights"][1]
    each: dict[str, float] = {what: 1000 * seconds / agencies for what, seconds in quiet["cpu"].items()}
    parts = ", ".join(f"{what} {ms:.2f}" for what, ms in each.items())
    print(f"{agencies} agencies: {sum(each.values()):.1f} ms of processor time each ({parts})")
    print(
        f"  {quiet['asked']} requests, {quiet['new']} new, release {quiet['release'] or 'none'}, "
        f"{quiet['memory'] / 1e6:.0f} MB of memory; the first night took {told['filled']:.0f} s"
    )
    added = ", ".join(f"{name} {size}" for name, size in told["grown"][1].items())
    print(f"  bytes added in the quiet night: {added}")
    print("  bytes added for each agency:", ", ".join(PARTS))
    for name, night_told, grown in zip(NIGHTS, told["nights"], told["grown"], strict=True):
        sizes = ", ".join(f"{grown[part] / agencies:,.0f}" for part in PARTS)
        print(f"    {name}, {night_told['new']} reports new or changed: {sizes}", flush=True)
    return sum(each.values())


if __name__ == "__main__":
    main()
