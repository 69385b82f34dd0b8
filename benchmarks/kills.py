"""kill -9 at random moments of a crawl, and what is left of it: everything.

    uv run python benchmarks/kills.py [--kills N] [--agencies N] [--seed N]

The practice country answers from a process of its own, which outlives the kills. One night is undisturbed.
Others are killed, each at a random request of the crawl and a random moment behind it, and gone on with until
they end; then another night begins, until there were kills enough. Every night must end the same way:

    its release is, byte for byte, that of the undisturbed night, but for the places captures have in files
    no page that stood in the archive when a run was killed was asked for again
    `warcio check` passes on every file
    `foi-etl archive index` finds the ledger as it should be

So that releases can be compared byte for byte, the clock that captures are stamped with stands still.
Exit code 1 where anything is not so.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from foi_etl.archive.lines import Kept, lines_of
from foi_etl.archive.shelf import Shelf
from foi_etl.archive.store import Archive
from foi_etl.practice.country import country
from foi_etl.practice.server import serve
from foi_etl.sources.registry import register_files
from foi_etl.wiring import statute

CRAWL = """
import sys
from datetime import UTC, datetime
from foi_etl.crawl.fetch import Fetcher
from foi_etl.cli.app import main
Fetcher.__init__.__kwdefaults__["now"] = lambda: datetime(2099, 1, 1, tzinfo=UTC)
sys.argv[0] = "foi-etl"
main()
"""
REQUEST = tuple[str, str, str]
"""Host, method, path."""
SLOWEST = 0.25
"""Seconds behind a request within which the kill comes."""


def answer(tell: Connection, agencies: int, seed: int) -> None:
    """The practice country, until its parent ends it; says what it was asked when it is asked."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # it would tell of every client killed
    land = country(statute(), seed=seed, agencies=agencies)
    with serve(land, statute()) as server:
        tell.send((server.port, register_files(land.portals, land.agencies)))
        while True:
            known = tell.recv()
            tell.send([(one.host, one.method, one.path) for one in server.log[known:]])


class Country:
    """The practice country in its process, and its log."""

    def __init__(self, hear: Connection) -> None:
        self._hear = hear
        self.port, self.register = hear.recv()
        self.log: list[REQUEST] = []

    def asked(self) -> int:
        """How many requests it was ever sent."""
        self._hear.send(len(self.log))
        self.log += self._hear.recv()
        return len(self.log)


@contextmanager
def served(agencies: int, seed: int) -> Iterator[Country]:
    hear, tell = multiprocessing.Pipe()
    process = multiprocessing.Process(target=answer, args=(tell, agencies, seed), daemon=True)
    process.start()
    try:
        yield Country(hear)
    finally:
        process.terminate()
        process.join()


def prepared(home: Path, land: Country) -> Path:
    """A home in which nothing has happened yet."""
    (home / "practice").mkdir(parents=True)
    (home / "practice" / "port").write_text(str(land.port))
    for name, text in zip(("portals.yaml", "agencies.csv"), land.register, strict=True):
        (home / name).write_text(text)
    return home


@contextmanager
def program(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", CRAWL, *words, "--home", str(home)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=os.environ | {"FOI_PAUSE": "0"}, stdout=quiet, stderr=quiet
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def night(home: Path, land: Country, kills: int, span: int, rng: random.Random) -> int:
    """One night, killed so many times at the most and gone on with to its end; how often it was killed."""
    killed, first, kept = 0, land.asked(), Counter[REQUEST]()
    while True:
        before = land.asked()
        wanted = before + 1 + rng.randrange(span) if killed < kills else sys.maxsize
        with program(home, "run") as process:
            while process.poll() is None and land.asked() < wanted:
                time.sleep(0.005)
            if process.poll() is None:
                time.sleep(rng.uniform(0, SLOWEST))
                process.send_signal(signal.SIGKILL)
            ended = process.wait()
        again = [one for one in land.log[before : land.asked()] if kept[one]]
        if again:
            raise SystemExit(f"asked for again, though archived: {again[:3]}")
        if ended in {0, 1}:
            print(f"  ended after {killed} kills and {land.asked() - first} requests", flush=True)
            return killed
        if ended != -signal.SIGKILL:
            raise SystemExit(f"the run ended with {ended}")
        killed += 1
        kept = archived(home)
        print(
            f"  kill {killed}: {land.asked() - before} requests later, {kept.total()} pages archived",
            flush=True,
        )


def archived(home: Path) -> Counter[REQUEST]:
    """What the files hold as the kill left them, read past the ledger and mending nothing."""
    shelf, found = Shelf(home / "archive"), Counter[REQUEST]()
    for run in shelf.runs():
        for name in [*shelf.files_of(run), *shelf.open_files_of(run)]:
            with shelf.read(name) as stream:
                found.update(
                    _request(line.key) for line, _ in lines_of(stream, name) if isinstance(line, Kept)
                )
    if twice := [one for one, times in found.items() if times > 1]:
        raise SystemExit(f"archived twice in one run: {twice[:3]}")
    return found


def _request(key: str) -> REQUEST:
    """A request of GET as the server logs it. What was posted is in the key alone, and matches no request."""
    parts = urlsplit(key)
    return parts.hostname or "", "GET", f"{parts.path}?{parts.query}" if parts.query else parts.path


def release_of(home: Path) -> dict[str, str]:
    """The digest of every table; of captures without where they lie."""
    folder = (home / "releases" / "latest").resolve()
    told = {}
    for path in filter(Path.is_file, sorted(folder.rglob("*.parquet"))):
        name = str(path.relative_to(folder))
        if name.startswith("captures.parquet"):
            rows = pd.read_parquet(path).drop(columns=["warc", "offset"])
            told[name] = hashlib.sha256(rows.to_csv(index=False, quoting=csv.QUOTE_ALL).encode()).hexdigest()
        else:
            told[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return told


def sound(home: Path) -> int:
    """Whether every file passes warcio's check and the ledger is what they say; how many files there are."""
    if list((home / "archive").rglob("*.open")):
        raise SystemExit("a file was left open")
    files = sorted((home / "archive").glob("*/*.warc.gz"))
    subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *files], check=True, stdout=subprocess.DEVNULL
    )
    with Archive.open(home / "archive") as archive:
        if not archive.reindex():
            raise SystemExit("the ledger was not what the files say")
    return len(files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10**6), help="of the moments of the kills"
    )
    asked = parser.parse_args()
    rng, began = random.Random(asked.seed), time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, served(asked.agencies, 1) as land:
        calm = prepared(Path(scratch, "calm"), land)
        print(f"seed {asked.seed}: an undisturbed night", flush=True)
        night(calm, land, 0, 1, rng)
        requests, expected = land.asked(), release_of(calm)
        sound(calm)
        left, files, nights = asked.kills, 0, 0
        while left:
            nights += 1
            print(f"night {nights}", flush=True)
            home = prepared(Path(scratch, f"night-{nights}"), land)
            left -= night(home, land, left, max(2, 2 * requests // (asked.kills + 1)), rng)
            if release_of(home) != expected:
                raise SystemExit("the release is not that of the undisturbed night")
            files += sound(home)
            shutil.rmtree(home)
        families = len(set(re.findall(r"family: (\S+)", land.register[0])))
    print(
        f"{asked.kills} kills in {nights} nights of {asked.agencies} agencies of {families} families, "
        f"{requests} requests each, in {time.monotonic() - began:.0f} s:\n"
        f"every release is the undisturbed one ({len(expected)} files), nothing was asked for twice,\n"
        f"warcio check passed on {files} files; every ledger kept is the ledger rebuilt"
    )


if __name__ == "__main__":
    main()
