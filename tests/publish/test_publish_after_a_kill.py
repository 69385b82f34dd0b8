"""kill -9 while a release is made: the last one still verifies, and the next run completes the work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from foi_etl.publish.place import Place
from foi_etl.publish.verify import verify
from verdicts import judged, released

KILLS = 20

# One process loads the libraries; each attempt is a fork of it that publishes something new and is killed a
# random while after it began. An attempt takes some 60 ms: kills fall all over it, and some fall behind it.
RUN = """
import os, random, signal, sys, time
from datetime import date
from pathlib import Path
from helpers import STATUTE
from verdicts import BOOK, LAYOUT, judged, merged, sheets
from foi_etl.publish.release import publish

releases, kills, dice = Path(sys.argv[1]), int(sys.argv[2]), random.Random(11)

def attempt(number, begin):
    made = sheets(merged(judged(printed={"t3_granted_biz": str(number)})))
    begin()
    publish(releases, made, day=date(2026, 11, 23), layout=LAYOUT, codebook=BOOK)

attempt(1000, lambda: None)
for number in range(kills):
    listen, tell = os.pipe()
    child = os.fork()
    if child == 0:
        attempt(number, lambda: os.write(tell, b"begun"))
        os._exit(0)
    os.read(listen, 5)
    time.sleep(dice.uniform(0, 0.08))
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    os.close(listen), os.close(tell)
    left = sum(1 for one in releases.glob(".draft-*"))
    print("killed" if os.WIFSIGNALED(status) else "done", left, os.readlink(releases / "latest"))
"""


def test_a_kill_at_any_moment_costs_no_release(tmp_path: Path) -> None:
    released(tmp_path, judged(year=2020))
    path = [str(Path(__file__).resolve().parents[1]), *sys.path]
    program = f"import sys; sys.path[:0] = {path!r}\n{RUN}"
    command = [sys.executable, "-c", program, str(tmp_path), str(KILLS)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert sum("killed 1" in line for line in told.splitlines()) >= KILLS // 5, told
    assert all(verify(one.path) == [] for one in Place(tmp_path).listed())
    assert released(tmp_path, judged(year=2021)) is not None
    assert not list(tmp_path.glob(".draft-*"))
    assert Place(tmp_path).listed()[-1].is_latest
