"""What an operator copies from the repository is sound."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from helpers import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.[st]*[er]"))
"""The services and timers."""


def test_there_are_units_for_one_machine_for_several_and_for_backups() -> None:
    assert {
        "foi-etl.service",
        "foi-etl-server.service",
        "foi-etl-worker.service",
        "foi-etl-backup.timer",
    } <= {unit.name for unit in UNITS}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze here to check units with")
    # The programs of the unit are not installed here; what else it says is what is checked.
    for one in UNITS:
        text = re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", one.read_text(encoding="utf-8"))
        (tmp_path / one.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_a_unit_starts_is_there() -> None:
    started = {
        word.removeprefix("/srv/foi-etl/")
        for unit in UNITS
        for line in re.findall(r"(?m)^ExecStart=(.*)$", unit.read_text(encoding="utf-8"))
        for word in line.split()
        if word.endswith(".py")
    }

    assert started == {"flows/serve.py"}
    assert all((ROOT / name).is_file() for name in started)


def test_every_deployment_names_a_flow_that_is_there() -> None:
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]

    for one in deployed:
        path, flow = one["entrypoint"].split(":")
        assert f"\ndef {flow}(" in (ROOT / path).read_text(encoding="utf-8")
    assert [(one["cron"], one["timezone"]) for each in deployed for one in each.get("schedules", ())] == [
        ("17 1 * * *", "Asia/Shanghai")
    ]
