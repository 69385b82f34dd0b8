"""What `.ci/run` installs for itself, told to a package manager that only writes down what it is told."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from helpers import ROOT

STAGE = "what_the_machine_lacks"
WANTED = ["chromium", "postgresql", "fonts-noto-cjk", "libreoffice-writer-nogui", "libreoffice-calc-nogui"]
HIDDEN = 'command() { [[ "$2" != @(chromium|soffice) ]] && builtin command "$@"; }; compgen() { return 1; }'
"""A machine that has none of it."""


def told(folder: Path, *, ci: str = "true", user: int = 0, fails: str = "nothing") -> list[str]:
    """What the stage says, then what it told apt-get, which fails where it is told one thing."""
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    [stage] = re.findall(rf"(?ms)^{STAGE}\(\) .*?^}}$", text)
    for name, body in {
        "apt-get": f'echo "$*" >> "{folder}/told"; [[ "$*" != *{fails}* ]]',
        "id": f"echo {user}",
    }.items():
        (folder / name).write_text(f"#!/usr/bin/env bash\n{body}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    script = f"set -euo pipefail; PATH={folder}:$PATH; {HIDDEN}\n{stage}\nCI={ci}; {STAGE}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    there = folder / "told"
    return [*done.stdout.splitlines(), *(there.read_text().splitlines() if there.exists() else ())]


@pytest.mark.parametrize(("ci", "user"), [("", 0), ("true", 1000)], ids=["not in CI", "not as root"])
def test_nothing_is_installed_on_somebodys_own_machine(tmp_path: Path, ci: str, user: int) -> None:
    assert told(tmp_path, ci=ci, user=user) == [
        f"not here: {' '.join(WANTED)}; the tests that need them are skipped"
    ]


def test_what_is_missing_is_installed_one_after_the_other(tmp_path: Path) -> None:
    assert told(tmp_path) == [
        f"installing: {' '.join(WANTED)}",
        "update -qq",
        *(f"install -y -qq --no-install-recommends {one}" for one in WANTED),
    ]


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ("update", "apt-get update failed; trying with what it knows"),
        ("chromium", "could not install chromium; the tests that need it are skipped"),
    ],
)
def test_what_cannot_be_installed_is_said_and_stops_nothing(tmp_path: Path, fails: str, said: str) -> None:
    lines = told(tmp_path, fails=fails)

    assert said in lines
    assert lines[-1] == f"install -y -qq --no-install-recommends {WANTED[-1]}"
