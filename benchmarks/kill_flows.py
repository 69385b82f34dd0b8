"""Kill the worker, the server or both while a night is under way, and look at the release of the next one.

    uv run python benchmarks/kill_flows.py [--kills 20] [--agencies 300] [--seed 1]

`flows/serve.py` runs a practice country of so many agencies, five on a host. A night that nobody disturbs
gives the release that all others are held against, apart from the moments of the visits. Then, for each kill,
a new home: a night is begun, and at a random moment of it processes are killed with -9. When nothing of it is
left, the next night runs. Last, one agency is visited by hand while a night is under way: it must end first,
its rows in the release it makes must be those of the undisturbed night, and so must the night's release be.

With `--far s3://bucket/prefix` archive and releases of each home are below that prefix (the server is told by
AWS_ENDPOINT_URL and the like; `moto_server` will do); with `--database URL` Prefect's records are there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "flows"))

from foi_etl.publish.place import Place  # noqa: E402
from server_api import ServerApi  # noqa: E402

MOMENT = ["id", "capture", "fetched_at", "warc", "offset", "first_seen", "last_seen", "before_at", "at"]
CAPTURE = r"\b[0-9a-f]{16}\b"
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
TARGETS = {
    "the worker": ("worker",),
    "the worker and its run": ("worker", "run"),
    "the server": ("server",),
    "server, worker and run": ("server", "worker", "run"),
}
PATIENCE = 900.0
QUICK = {"FOI_PAUSE": "0.005", "PREFECT_WORKER_QUERY_SECONDS": "1"}
"""No pauses for politeness, and a worker that looks for work every second instead of every ten."""


def main() -> int:
    """Do it, and say how each next night fared; 1 where one of them was not like the undisturbed one."""
    asked = _arguments()
    dice = random.Random(asked.seed)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="foi-kill-") as scratch:
        homes = Path(scratch)
        with served(homes / "served", asked) as site:
            quiet, seconds = site.night(homes / "quiet")
            reports = sum(rows for name, (rows, _) in quiet.items() if name.startswith("reports"))
            print(f"undisturbed: {seconds:.0f} s, {len(quiet)} files, {reports} reports", flush=True)
            for number in range(asked.kills):
                began = time.monotonic()
                name = list(TARGETS)[number % len(TARGETS)]
                after = dice.uniform(0, seconds)
                kept, next_night = site.killed_night(homes / str(number), TARGETS[name], after)
                same = next_night == quiet
                wrong += not same
                said = "the same" if same else f"ANOTHER: {differ(quiet, next_night)}"
                print(
                    f"{number + 1:3} {name} after {after:.1f} s, {kept} WARC files by then: {said}"
                    f"  [{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}]",
                    flush=True,
                )
                shutil.rmtree(homes / str(number))
            wrong += not by_hand(site, homes / "hand", homes / "quiet")
    print(f"{asked.kills} kills, {wrong} wrong")
    return int(bool(wrong))


Contents = dict[str, tuple[int, str]]


class Site:
    """A server with its schedules and its worker, and a country to visit."""

    def __init__(
        self, process: subprocess.Popen[bytes], api: ServerApi, home: Path, years: list[int], far: str
    ) -> None:
        self._process, self.api, self._home, self.years = process, api, home, years
        self._far = far

    def night(self, home: Path) -> tuple[Contents, float]:
        """A night over a home: what is released after it, and how long its flow took."""
        self._fit_out(home)
        run = self.start_night(home)
        done = self.until_ended(run)
        if done["state_type"] != "COMPLETED":
            raise SystemExit(f"the night ended {done['state_name']}: {done['state']['message']}")
        return self.contents(home), float(done["total_run_time"])

    def killed_night(self, home: Path, targets: tuple[str, ...], after: float) -> tuple[int, Contents]:
        """A night in which these are killed, and the next one: WARC files by then, what is released."""
        self._fit_out(home)
        run = self.start_night(home)
        until(lambda: self.state(run) == "RUNNING")
        time.sleep(after)
        for target in targets:
            for pid in self._pids(target, run):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        kept = len(list(home.glob("archive/*/*.warc.gz")))
        until(self.api.answers)
        until(lambda: not self._pids("run", run))
        return kept, self.night(home)[0]

    def contents(self, home: Path, agency: str = "") -> Contents:
        """What the latest release of a home says, or what it says of an agency."""
        there = self._settings(home).get("FOI_RELEASES", "")
        place = Place(home / "state" / "releases" if there else home / "releases", there)
        return contents(place.find(), agency)

    def _settings(self, home: Path) -> dict[str, str]:
        far = {f"FOI_{name.upper()}": f"{self._far}/{home.name}/{name}" for name in ("archive", "releases")}
        return {"FOI_HOME": str(home), **(far if self._far else {})}

    def start_night(self, home: Path) -> str:
        """The id of a night that is to begin at once."""
        return self.start("nightly/every-night", home, years=self.years)

    def start(self, deployment: str, home: Path, **parameters: object) -> str:
        """The id of a flow run that is to begin at once."""
        until(self.api.answers)
        known = self.api.get(f"/deployments/name/{deployment}")["id"]
        variables = {"env": self._settings(home)}
        body = {"parameters": parameters, "job_variables": variables, "state": {"type": "SCHEDULED"}}
        while True:
            # A server that was killed says 503 for a while, until it has its database again.
            with suppress(OSError):
                return str(self.api.post(f"/deployments/{known}/create_flow_run", body)["id"])
            time.sleep(1)

    def state(self, run: str) -> str:
        """The type of a flow run's state; empty while the server does not answer."""
        try:
            return str(self.api.get(f"/flow_runs/{run}")["state_type"])
        except OSError:
            return ""

    def until_ended(self, run: str) -> dict[str, Any]:
        """A flow run that has come to its end."""
        until(lambda: self.state(run) in ENDED)
        return dict(self.api.get(f"/flow_runs/{run}"))

    def _fit_out(self, home: Path) -> None:
        (home / "practice").mkdir(parents=True, exist_ok=True)
        for name in ("agencies.csv", "portals.yaml", "practice/port"):
            shutil.copy(self._home / name, home / name)

    def _pids(self, target: str, run: str) -> list[int]:
        if target == "run":
            return [pid for pid in processes() if f"PREFECT__FLOW_RUN_ID={run}" in told(pid, "environ")]
        return [
            pid
            for pid in processes()
            if {"prefect", target, "start"} <= told(pid, "cmdline") and parent(pid) == self._process.pid
        ]


def by_hand(site: Site, home: Path, undisturbed: Path) -> bool:
    """Whether an agency that is visited by hand during a night is done first and well, and the night too."""
    site._fit_out(home)  # noqa: SLF001
    night = site.start_night(home)
    until(lambda: site.state(night) == "RUNNING")
    agency = (home / "agencies.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    hand = site.until_ended(site.start("agency/by-hand", home, agencies=[agency], years=site.years))
    own = site.contents(home, agency)
    ended = site.until_ended(night)
    rows = sum(count for count, _ in own.values())
    held = {
        f"first, {hand['total_run_time']:.0f} s against {ended['total_run_time']:.0f} s": (
            hand["end_time"] < ended["end_time"]
        ),
        "both completed": hand["state_type"] == ended["state_type"] == "COMPLETED",
        f"its {rows} rows as in the undisturbed release": rows and own == site.contents(undisturbed, agency),
        "in the end the same release": site.contents(home) == site.contents(undisturbed),
    }
    print(
        "by hand during a night: " + "; ".join(f"{'' if ok else 'NOT '}{what}" for what, ok in held.items())
    )
    if unlike := differ(site.contents(undisturbed), site.contents(home)):
        print(f"  undisturbed and with it: {unlike}", flush=True)
    return all(held.values())


@contextmanager
def served(home: Path, asked: argparse.Namespace) -> Iterator[Site]:
    """`flows/serve.py` with a practice country, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home.mkdir()
    command = [sys.executable, "flows/serve.py", "--home", str(home), "--port", str(port)]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FOI_"))}
    log = home.parent / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                *command,
                "--practice",
                str(asked.agencies),
                *(["--database", asked.database] if asked.database else []),
            ],
            cwd=ROOT,
            env=env | QUICK | {"PYTHONPATH": str(ROOT / "src")},
            stdout=out,
            stderr=out,
        )
    try:
        until(lambda: "Ctrl-C ends it" in log.read_text() or process.poll() is not None)
        if process.poll() is not None:
            raise SystemExit(log.read_text())
        yield Site(process, ServerApi(f"http://127.0.0.1:{port}/api"), home, asked.years, asked.far)
    finally:
        process.terminate()
        process.wait()


def contents(latest: Path, agency: str = "") -> Contents:
    """What a release says: of each table the rows and a digest, apart from the moments of visits.

    Of one agency, where it is named: the tables that have rows of it.
    """
    said = {}
    for path in sorted(latest.rglob("*/*.parquet")):  # the delta, beside the tables, is about two releases
        table = pd.read_parquet(path)
        if agency:
            table = table[table["agency_id"] == agency] if "agency_id" in table else table[:0]
            if table.empty:
                continue
        if "cell" in table:
            table["cell"] = table["cell"].astype("string").str.replace(r"^[^/]*/", "", regex=True)
        table = table.drop(columns=[name for name in MOMENT if name in table])
        for name in table.select_dtypes(["object", "string"]):
            # What is superseded names the capture that is published instead.
            table[name] = table[name].astype("string").str.replace(CAPTURE, "a capture", regex=True)
        table = table.sort_values(
            list(table.columns), key=lambda column: column.astype(str), ignore_index=True
        )
        digest = hashlib.sha256(table.to_csv().encode()).hexdigest()
        said[str(path.relative_to(latest)).removesuffix(".parquet")] = (len(table), digest)
    return said


def differ(one: Contents, other: Contents) -> str:
    """The tables that are not the same, with their rows."""
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    return ", ".join(f"{name} {one.get(name, (0,))[0]} -> {other.get(name, (0,))[0]}" for name in names)


def processes() -> list[int]:
    """Those of this machine, as Linux lists them."""
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]


def told(pid: int, name: str) -> set[str]:
    """The words of a process's command line, or its environment."""
    try:
        return set(Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace").split("\0"))
    except OSError:
        return set()


def parent(pid: int) -> int:
    """Which process started it; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def until(ready: Callable[[], object]) -> None:
    """Wait until it is so."""
    last = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > last:
            raise SystemExit("waited in vain")
        time.sleep(0.3)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--agencies", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=int, nargs="*", default=[], help="only reports of these [all]")
    parser.add_argument("--far", default="", help="where archives and releases stand, such as s3://bucket/x")
    parser.add_argument("--database", default="", help="Prefect's database, such as postgresql+asyncpg://…")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
