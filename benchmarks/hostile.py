"""Every hostile server in one run beside healthy ones: how each visit ends, and what memory that takes.

    uv run python benchmarks/hostile.py [--healthy N] [--total SECONDS]

Besides the hosts of `foi_etl.practice.hostile`, two names of the web lead to 127.0.0.1 and 169.254.169.254 by
DNS. The crawl runs in a process of its own with the usual limits, but for the time one answer may take. Exit
code 1 where an ending is not the one due, a healthy agency is harmed, or 300 MB are not enough.
"""

from __future__ import annotations

import argparse
import json
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from foi_etl.archive.store import Archive
from foi_etl.attached import Attached
from foi_etl.crawl.body import Limits
from foi_etl.crawl.fetch import Fetcher
from foi_etl.errands import Errand
from foi_etl.model import Agency
from foi_etl.practice import hostile
from foi_etl.practice.country import Country, country
from foi_etl.practice.server import serve
from foi_etl.rounds import visit_all
from foi_etl.sources.attachments import attachments
from foi_etl.sources.catalogue import guided
from foi_etl.sources.reach import Reach
from foi_etl.wiring import statute

MOST = 300
BY_DNS = {"loopback.gov.cn": "127.0.0.1", "metadata.gov.cn": "169.254.169.254"}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--healthy", type=int, default=60, help="healthy agencies beside them")
    words.add_argument("--total", type=float, default=20.0, help="seconds one answer may take")
    words.add_argument("--crawl", type=int, default=0, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    land = country(statute(), agencies=chosen.healthy)
    if chosen.crawl:
        print(json.dumps(crawl(land, chosen.crawl, chosen.total)))
        return 0
    with serve(land, statute()) as server:
        again = ["--healthy", str(chosen.healthy), "--total", str(chosen.total)]
        command = [sys.executable, __file__, *again, "--crawl", str(server.port)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return 1
    return judged(land, json.loads(done.stdout))


def crawl(land: Country, port: int, total: float) -> dict[str, Any]:
    """Visit them all; the endings, the seconds, and the memory this process took at most."""
    wicked = [*hostile.agencies(), *_by_dns()]
    portals = (*land.portals, *hostile.portals())
    names = frozenset(one.name for one in land.agencies)
    reach = Reach(frozenset({*(one.host for one in portals), *BY_DNS}), names)
    families = guided(range(2019, 2027), reach, portals)
    limits, began = replace(Limits(), total=total, waits=(0.5,)), time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        _resolver(),
        Archive.open(Path(folder, "archive")) as archive,
        Fetcher(user_agent="benchmark", pause=0, practice_port=port, limits=limits) as fetcher,
    ):
        errand = Errand(archive, fetcher, "2026-01-01T00:00:00Z", attached=Attached(attachments))
        outcomes = list(visit_all([*land.agencies, *wicked], families, errand, budget=200, workers=8))
    return {
        "ends": {one.agency_id: (one.outcome, one.message) for one in outcomes},
        "seconds": time.monotonic() - began,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def judged(land: Country, told: dict[str, Any]) -> int:
    """Say it, and whether it is as it should be."""
    due = {one.id: one.note.split(":")[0] for one in (*hostile.agencies(), *_by_dns())}
    due |= {one.id: land.kind_of(one.id).outcome for one in land.agencies}
    ends = told["ends"]
    for id_ in (one for one in due if not one.startswith("practice-") or ends[one][0] != due[one]):
        outcome, message = ends[id_]
        print(f"{id_:<24}{outcome:<9}{'' if outcome == due[id_] else f'DUE {due[id_]} '}{message[:110]}")
    wrong = [id_ for id_, outcome in due.items() if ends[id_][0] != outcome]
    healthy = sum(one in ends and ends[one][0] == due[one] for one in (agency.id for agency in land.agencies))
    print(f"\nhealthy agencies unharmed: {healthy} of {len(land.agencies)}; {told['seconds']:.0f} s")
    print(f"memory at most: {told['memory']:.0f} MB of {MOST} MB")
    return int(bool(wrong) or told["memory"] > MOST)


def _by_dns() -> Iterator[Agency]:
    for host, address in BY_DNS.items():
        yield Agency(
            f"hostile-{host.split('.')[0]}", "某局", "trs", f"http://{host}/nb/", note=f"failed: {address}"
        )


@contextmanager
def _resolver() -> Iterator[None]:
    """Two names lead where nobody should go."""
    real = socket.getaddrinfo

    def found(host: Any, *args: Any, **kwargs: Any) -> Any:
        return real(BY_DNS.get(host, host), *args, **kwargs)

    socket.getaddrinfo = found
    try:
        yield
    finally:
        socket.getaddrinfo = real


if __name__ == "__main__":
    sys.exit(main())
