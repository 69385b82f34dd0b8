"""Every hostile document, read from the command line: how it ends, in how many seconds, with how much memory.

    uv run python benchmarks/hostile_files.py [NAME...]

Each is given to `foi-etl read` in a folder of its own. Exit code 1 where one is not refused with a reason,
takes more than 30 s of processor time or 1 GB (all its processes together), or leaves a file in that folder.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from foi_etl.practice.kinds.hostile import hostile
from foi_etl.practice.kinds.hostile_claims import CLAIMS
from foi_etl.practice.kinds.hostile_pages import HOSTILE_PAGES
from kinds import Group

_SECONDS = 30.0
_MEMORY = 1024.0


def main() -> int:
    """Read them all, and say how it went."""
    wanted = set(sys.argv[1:])
    every: dict[str, Callable[[], bytes]] = {name: partial(bytes, body) for name, body in hostile()}
    every |= {**CLAIMS, **HOSTILE_PAGES}
    results = [measure(name, make()) for name, make in every.items() if not wanted or name in wanted]
    print(f"{sum(results)} of {len(results)} hostile documents ended as they should")
    return int(not all(results))


def measure(name: str, body: bytes) -> bool:
    """Whether one ends as it should; its line is printed."""
    here = os.pathsep.join(map(os.path.abspath, sys.path))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(body)
        began, worked = time.monotonic(), _worked()
        with Group() as watch:
            done = subprocess.run(
                [sys.executable, "-m", "foi_etl", "read", name],
                capture_output=True,
                text=True,
                check=False,
                cwd=folder,
                env=os.environ | {"FOI_HOME": str(Path(folder, "home")), "PYTHONPATH": here},
            )
        seconds, work = time.monotonic() - began, _worked() - worked
        left = sorted(str(one.relative_to(folder)) for one in Path(folder).rglob("*") if one != file)
    said = (done.stdout + done.stderr).strip().replace("\n", " ")
    well = done.returncode == 1 and work < _SECONDS and watch.peak < _MEMORY and not left
    note = "" if well else f"  NOT AS IT SHOULD: exit code {done.returncode}, left {left}"
    print(
        f"{name:30}{seconds:6.1f} s, {work:5.1f} s at work, {watch.peak:6.0f} MB  {said[:150]}{note}",
        flush=True,
    )
    return well


def _worked() -> float:
    """Processor seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
