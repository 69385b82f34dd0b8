"""What an archive costs that holds much: opening it, finding one capture, streaming one agency's, memory.

    uv run python benchmarks/ledger.py [--captures N]

The ledger is filled with so many lines; the archive is then opened and measured in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from foi_etl.archive.ledger import LEDGER, Ledger
from foi_etl.archive.lines import Kept
from foi_etl.archive.store import Archive
from foi_etl.model import Capture

PER_AGENCY = 300
LOOKS = 2000


def url(n: int) -> str:
    return f"http://h{n // PER_AGENCY}.practice.invalid/zwgk/gkml/nb/art/2026/1/1/art_{n}.html"


def lines(count: int) -> Iterator[Kept]:
    for n in range(count):
        agency, digest = f"practice-{n // PER_AGENCY}", hashlib.sha256(b"%d" % n).hexdigest()
        at = f"2026-01-{1 + n % 28:02d}T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z"
        words = {"agency_id": agency, "agency_name": "某某市某某局", "via": url(n)[:45]}
        place = {"warc": f"20260101T000000Z/h{n // PER_AGENCY}-0001.warc.gz", "offset": n * 12_000}
        purpose = "listing" if n % 4 else "report"
        yield Kept(
            url(n),
            Capture(digest[:16], url(n), at, 200, "text/html", digest, 9000, purpose, **words, **place),  # type: ignore[arg-type]
        )


def measured(folder: Path, count: int) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with Archive.open(folder, read_only=True) as archive:
        opened = time.perf_counter() - began
        step = max(1, count // LOOKS)
        looked = took(lambda: [archive.latest(url(n)) for n in range(0, count, step)]) / len(
            range(0, count, step)
        )
        one = took(lambda: list(archive.captures(agency=f"practice-{count // PER_AGENCY // 2}")))
        none = took(lambda: list(archive.captures(purpose="refusal", since="2026-01-20")))
        all_of_them = took(lambda: sum(1 for _ in archive.captures(purpose="report")))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    size = (folder / LEDGER).stat().st_size
    print(f"{count:,} captures, ledger of {size / 2**20:.0f} MB, {size / count:.0f} bytes each")
    print(f"  open {opened * 1000:.1f} ms; latest {looked * 1e6:.0f} us; one agency's {one * 1000:.1f} ms;")
    print(f"  refusals of a run {none * 1000:.1f} ms; streaming every report {all_of_them:.2f} s; ", end="")
    print(f"{grown:.0f} MB of memory more")


def took(what: object) -> float:
    began = time.perf_counter()
    what()  # type: ignore[operator]
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--captures", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.folder:
        measured(asked.folder, asked.captures)
        return
    with tempfile.TemporaryDirectory() as folder:
        with Ledger(Path(folder, LEDGER)) as ledger:
            spent = took(lambda: ledger.add(lines(asked.captures)))
        print(f"written in one piece: {spent / asked.captures * 1e6:.0f} us a line")
        subprocess.run(
            [sys.executable, __file__, "--captures", str(asked.captures), "--folder", folder], check=True
        )


if __name__ == "__main__":
    main()
