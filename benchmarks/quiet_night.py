"""A second night on which nothing is new: what each agency costs, and whether any byte is added.

    uv run python benchmarks/quiet_night.py [--agencies N ...] [--years N]

For each number of agencies a home is filled from practice portals in a process of their own, politeness off;
then every agency is visited again, in a new process, and a release is looked for. Told are the processor
seconds of that process alone. Exit code 1 where an agency costs 20 ms or more, or where the archive, the
releases or the state grow.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from foi_etl import night, wiring
from foi_etl.practice.country import Country, country
from foi_etl.practice.server import serve
from foi_etl.settings import Settings
from foi_etl.sources.registry import register_files

MOST = 0.020
"""Processor seconds for each agency."""


def land(agencies: int, years: int) -> Country:
    return country(wiring.statute(), agencies=agencies, years=range(2025 - years + 1, 2026))


def portals(made: Country, told: Connection) -> None:
    with serve(made, wiring.statute()) as server:
        told.send(server.port)
        told.recv()


def one_night(home: Path, told: Connection) -> None:
    here = Settings(home=home, pause=0.0)
    ids = [one.id for one in wiring.agencies(here)]
    spent = [_cpu()]
    run = night.begin_run(here, "all", agencies=ids)
    night.due_tonight(here)
    spent.append(_cpu())
    outcomes = night.visit_agencies(here, ids, (), run)
    spent.append(_cpu())
    version = night.make_release(here)
    spent.append(_cpu())
    night.end_run(here, run, version)
    night.due_tonight(here)  # takes the run in
    asked, new = sum(one.asked for one in outcomes), sum(one.new for one in outcomes)
    cpu = {
        what: later - at
        for what, at, later in zip(("due", "visit", "release"), spent, spent[1:], strict=False)
    }
    told.send({"cpu": cpu, "asked": asked, "new": new, "release": version})


def measured(agencies: int, years: int) -> dict[str, Any]:
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
            target=portals, args=(made, theirs), daemon=True
        )
        serving.start()
        (home / "practice" / "port").write_text(str(ours.recv()))
        began = time.monotonic()
        _in_a_process(home)
        filled, before = time.monotonic() - began, _sizes(home)
        time.sleep(1.1)  # runs are told apart by the second
        second = _in_a_process(home)
        after = _sizes(home)
        ours.send("over")
        serving.join()
    grown = {name: after[name] - before[name] for name in after}
    return {"agencies": agencies, "filled": filled, "grown": grown, **second}


def _in_a_process(home: Path) -> dict[str, Any]:
    ours, theirs = multiprocessing.Pipe()
    working = multiprocessing.get_context("spawn").Process(target=one_night, args=(home, theirs))
    working.start()
    told: dict[str, Any] = ours.recv()
    working.join()
    return told


def _sizes(home: Path) -> dict[str, int]:
    return {
        name: sum(path.stat().st_size for path in (home / name).rglob("*") if path.is_file())
        for name in ("archive", "releases", "state", "runs")
    }


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--agencies", type=int, nargs="+", default=[300, 3000])
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    well = True
    for agencies in args.agencies:
        told = measured(agencies, args.years)
        if args.json:
            print(json.dumps(told))
        each = {what: 1000 * seconds / agencies for what, seconds in told["cpu"].items()}
        parts = ", ".join(f"{what} {ms:.2f}" for what, ms in each.items())
        print(f"{agencies} agencies: {sum(each.values()):.1f} ms of processor time each ({parts})")
        print(f"  {told['asked']} requests, {told['new']} new, release {told['release'] or 'none'}")
        print(
            f"  bytes added: {', '.join(f'{name} {size}' for name, size in told['grown'].items())}",
            flush=True,
        )
        still = not any(size for name, size in told["grown"].items() if name != "runs")
        well = well and still and sum(each.values()) < 1000 * MOST and not told["release"]
    if not well:
        sys.exit(1)


if __name__ == "__main__":
    main()
