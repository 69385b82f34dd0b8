"""How fast an archive is read again: by one process, by two, by a Dask cluster; with a worker killed midway.

    uv run python benchmarks/rebuild_archive.py [--reports 20000] [--folder FOLDER] [--without NAME]...

The archive is written straight from practice pages, without HTTP. Every way must give the same bytes. Where
other work keeps the machine busy, the seconds say little, and the processor time (of everybody) says more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from foi_etl.archive.store import Archive
from foi_etl.model import Agency, Ask, Exchange
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.pages import render
from foi_etl.practice.styles import PRESETS
from foi_etl.schemas import statute
from watching import Watched, watching

WAYS = ("one", "two", "killed", "dask")
_YEARS = 5


def main() -> None:
    """Write the archive, then rebuild it in every way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where to work; an archive there is used as it is")
    parser.add_argument("--without", action="append", default=[], choices=WAYS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        if not (folder / "archive").is_dir():
            began = time.monotonic()
            write(folder / "archive", asked.reports)
            print(f"archive written in {time.monotonic() - began:.0f} s", flush=True)
        told(folder, [way for way in WAYS if way not in asked.without])


def told(folder: Path, ways: list[str]) -> None:
    """Rebuild in each way, print what it took, and hold the bytes against each other."""
    spent: dict[str, dict[str, Any]] = {}
    for way in ways:
        spent[way] = one = rebuilt(folder, way)
        print(
            f"{way:<7}{one['reports']:>8,} reports {one['seconds']:>8.1f} s {one['rate']:>7.1f} reports/s"
            f" {one['cpu']:>7.1f} s CPU  parent {one['parent']} MB, worker {one['worker']} MB at most"
            f"  1,000,000 reports: {1e6 / one['rate'] / 3600:.1f} h  {one['digest'][:12]}"
            f"  load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    if len({one["digest"] for one in spent.values()}) != 1:
        raise SystemExit("the bytes differ")
    print("the same bytes in every way")
    for name, against in (("two", "one"), ("dask", "two")):
        if {name, against} <= spent.keys():
            faster, dearer = (spent[name][of] / spent[against][of] for of in ("rate", "cpu"))
            print(f"{name} / {against}: {faster:.2f} of the speed, {dearer:.2f} of the processor time")


def write(folder: Path, reports: int) -> None:
    """An archive of so many reports, each captured once."""
    made = country(statute(), seed=1, agencies=-(-reports // _YEARS) + 8)
    with Archive.open(folder) as archive:
        for number, report in enumerate(made.reports):
            if number == reports:
                break
            rng = dice("benchmark", report.agency_id, report.year)
            body = render(report, statute(), PRESETS[number % len(PRESETS)], rng=rng)
            url = f"http://host-{number % 8}.practice.invalid/{report.agency_id}/{report.year}.html"
            headers = (("Content-Type", "text/html"),)
            when = f"{report.year + 1}-02-01T00:00:00Z"
            exchange = Exchange(Ask(url), url, when, "GET", (), b"", 200, "OK", headers, body)
            agency = Agency(report.agency_id, report.agency_name, "flat", url)
            archive.keep(exchange, purpose="report", agency=agency, link_text=report.title)


def rebuilt(folder: Path, way: str) -> dict[str, Any]:
    """A home of its own over the same archive, rebuilt in a process of its own."""
    home = folder / way
    home.mkdir(exist_ok=True)
    if not (home / "archive").exists():
        (home / "archive").symlink_to((folder / "archive").absolute())
    if way != "dask":
        return run(home, ["--workers", "1" if way == "one" else "2"], kill=way == "killed")
    from distributed import LocalCluster  # noqa: PLC0415

    # No nanny's memory limit: what a worker takes is what is measured.
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=":0"
    ) as cluster:
        return run(home, ["--cluster", cluster.scheduler_address], others=[os.getpid()])


def run(
    home: Path, arguments: list[str], *, kill: bool = False, others: list[int] | None = None
) -> dict[str, Any]:
    """One rebuild, watched."""
    command = [sys.executable, "-m", "foi_etl", "rebuild", "--home", str(home), *arguments]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        roots = [child.pid, *(others or [])]
        killer = _Killer(roots)
        with watching(roots, killer if kill else lambda *_: None) as seen:
            errors = child.stderr.read() if child.stderr else b""
            child.wait()
        seconds = time.monotonic() - began
    if child.returncode:
        raise SystemExit(errors.decode()[-3000:])
    if kill and not killer.killed:
        raise SystemExit("no worker was killed")
    manifest = json.loads((home / "releases" / "latest" / "_manifest.json").read_bytes())
    reports = sum(one["rows"] for one in manifest["tables"] if one["path"].startswith("reports"))
    parent = seen.peaks.pop(child.pid)
    return {
        "reports": reports,
        "seconds": seconds,
        "rate": reports / seconds,
        "cpu": sum(seen.cpu.values()),
        "parent": parent,
        "worker": max(seen.peaks.values(), default=parent),
        "digest": hashlib.sha256(json.dumps(manifest["tables"]).encode()).hexdigest(),
    }


class _Killer:
    """Kills one worker after a while."""

    def __init__(self, roots: list[int]) -> None:
        self.roots, self.began, self.killed = roots, time.monotonic(), False

    def __call__(self, family: list[int], seen: Watched) -> None:
        """Called again and again while the work goes on."""
        workers = [pid for pid in family if pid not in self.roots and seen.peaks.get(pid, 0) > 100]
        if workers and not self.killed and time.monotonic() - self.began > 6:
            os.kill(max(workers), signal.SIGKILL)
            self.killed = True


if __name__ == "__main__":
    main()
