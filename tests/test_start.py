"""What a command needs is imported when it is typed, and what it leaves behind it takes away."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foi_etl.cli.app import COMMANDS, command_named

HEAVY = ("pandas", "pyarrow", "numpy", "lxml", "requests")
TOLD = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"


def imported(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{TOLD}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split("\n")[-2].split())


def test_help_imports_nothing_heavy() -> None:
    code = """
from foi_etl.cli.app import app
try:
    app(["--help"])
except SystemExit:
    pass
"""
    assert imported(code).isdisjoint(HEAVY)


@pytest.mark.parametrize("module", ["run", "demo"])
def test_visiting_needs_no_tables(module: str) -> None:
    seen = imported(f"import foi_etl.cli.{module}")
    assert "requests" in seen
    assert seen.isdisjoint({"pandas", "pyarrow", "numpy"})


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_that_help_shows_is_the_first_that_the_command_says_of_itself(name: str) -> None:
    said = " ".join(str(command_named(name).help).split("\n\n")[0].split())
    assert said == COMMANDS[name][1]


def test_serving_that_is_told_to_end_leaves_no_port_behind(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "foi_etl",
        "practice",
        "serve",
        "--agencies",
        "2",
        "--home",
        str(tmp_path),
    ]
    port = tmp_path / "practice" / "port"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as serving:
        while not port.is_file() and serving.poll() is None:
            time.sleep(0.05)
        assert port.is_file()
        serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=10)
    assert not port.exists()
