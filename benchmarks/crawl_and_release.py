"""How long a night takes, and what grows with what.

    uv run python benchmarks/crawl_and_release.py [--agencies N]... [--json]

For each size, a practice country of so many agencies answers on this machine, in a process of its own;
there are no pauses between requests. Four commands are timed, each in a new process:

    first run    every portal visited, everything archived, read and released
    second run   the next night: listings asked again, nothing new
    rebuild      the archive read again and compared with the latest release
    verify       every file of the release against its checksum
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foi_etl.archive.store import Archive

COMMANDS = {
    "first run": ["run"],
    "second run": ["run"],
    "rebuild": ["rebuild"],
    "verify": ["releases", "verify"],
}
PATIENCE = 60.0
"""Seconds for the practice country to answer."""


def main() -> None:
    """Measure each size, and print a table or, with --json, one object."""
    asked = _arguments()
    measured = [measure(size) for size in asked.agencies or (50, 200)]
    facts = {"python": platform.python_version(), "cores": str(os.cpu_count())}
    print(
        json.dumps({"machine": facts, "sizes": measured}, indent=2) if asked.json else told(facts, measured)
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agencies", type=int, action="append", help="agencies of the country [50 and 200]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def measure(agencies: int) -> dict[str, Any]:
    """Seconds and memory of each command for a country of this size, and what is on disk in the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with practice(home, agencies):
            spent = {name: timed([*command, "--home", folder]) for name, command in COMMANDS.items()}
        manifest = json.loads((home / "releases" / "latest" / "_manifest.json").read_text(encoding="utf-8"))
        return {
            "agencies": agencies,
            "reports": sum(
                one["rows"] for one in manifest["tables"] if one["path"].startswith("reports.parquet/")
            ),
            "captures": _captures(home / "archive"),
            "spent": spent,
            "megabytes": {name: _megabytes(home / name) for name in ("archive", "releases")},
        }


def _captures(folder: Path) -> int:
    with Archive.open(folder, read_only=True) as archive:
        return archive.count(revisits=True)


@contextmanager
def practice(home: Path, agencies: int) -> Iterator[None]:
    """The practice country, answering."""
    command = [*_program("practice", "serve"), "--agencies", str(agencies), "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + PATIENCE
            while not (home / "practice" / "port").is_file():
                if server.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the practice country does not answer: see what stands above")
                time.sleep(0.05)
            yield
        finally:
            server.terminate()


def timed(arguments: list[str]) -> dict[str, float]:
    """What a command takes in a process of its own: seconds, processor seconds, megabytes. It has to work."""
    began = time.monotonic()
    pace = os.environ | {"FOI_PAUSE": "0"}
    quiet, errors = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(_program(*arguments), env=pace, stdout=quiet, stderr=errors) as child:
        told = child.stderr.read() if child.stderr else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {child.returncode}:\n{told.decode()}")
    return {
        "seconds": round(time.monotonic() - began, 2),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_megabytes": used.ru_maxrss // 1024,
    }


def _program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "foi_etl", *arguments]


def _megabytes(folder: Path) -> float:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20, 2)


def told(machine: dict[str, str], measured: list[dict[str, Any]]) -> str:
    """The measurements as lines to read."""
    lines = [str(machine)]
    for one in measured:
        lines.append("")
        lines.append(f"{one['agencies']} agencies, {one['reports']} reports, {one['captures']} captures")
        lines.append(f"  {'':<12}{'seconds':>10}{'processor':>11}{'ms a report':>13}{'MB at most':>12}")
        for name, spent in one["spent"].items():
            each = 1000 * spent["processor_seconds"] / one["reports"]
            times = f"{spent['seconds']:>10.2f}{spent['processor_seconds']:>11.2f}{each:>13.1f}"
            lines.append(f"  {name:<12}{times}{spent['peak_megabytes']:>12}")
        lines.append(
            "  on disk: " + ", ".join(f"{name} {size} MB" for name, size in one["megabytes"].items())
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
