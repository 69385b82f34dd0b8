from __future__ import annotations

import subprocess
import sys
from pathlib import Path

KILLS = Path(__file__).parents[2] / "benchmarks" / "kills.py"


def test_a_crawl_killed_at_random_moments_ends_like_an_undisturbed_one() -> None:
    words = [sys.executable, str(KILLS), "--kills", "3", "--agencies", "4"]
    done = subprocess.run(
        words, env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kills in" in done.stdout
