"""The flows do what the command line does, over the same corridor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from foi_etl.practice.country import country
from foi_etl.practice.server import serve
from foi_etl.sources.registry import register_files
from helpers import ROOT, STATUTE

_SCRIPT = """
import steps
from foi_etl import night
from foi_etl.settings import Settings
due = [one.agency_id for one in night.due_tonight(Settings.here()) if one.tonight]
rows = steps.visit.fn(due, [], night.begin_run(Settings.here(), night.DUE, agencies=due))
print([row["outcome"] for row in rows], steps.release.fn(), repr(steps.release.fn()))
"""


def test_the_nightly_flow_visits_and_releases_once(tmp_path: Path) -> None:
    made = country(STATUTE, agencies=3)
    portals, agencies = register_files(made.portals, made.agencies)
    (tmp_path / "portals.yaml").write_text(portals, encoding="utf-8")
    (tmp_path / "agencies.csv").write_text(agencies, encoding="utf-8")
    with serve(made, STATUTE) as server:
        (tmp_path / "practice").mkdir()
        (tmp_path / "practice" / "port").write_text(str(server.port), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join((str(ROOT / "flows"), str(ROOT / "src"))),
                "FOI_PAUSE": "0.005",
                "FOI_HOME": str(tmp_path),
            },
        )
    assert done.returncode == 0, done.stderr
    [release] = [
        path for path in (tmp_path / "releases").iterdir() if path.is_dir() and not path.is_symlink()
    ]
    assert done.stdout.strip() == f"['ok', 'ok', 'ok'] {release.name} ''"
