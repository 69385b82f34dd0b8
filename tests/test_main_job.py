"""The main job, as a person runs it: practice portals in, a release that equals the truth out."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from warcio.checker import Checker

import foi_etl
from foi_etl.archive.store import Archive
from foi_etl.extract.document import read_document
from helpers import STATUTE

KILLS = int(os.environ.get("FOI_KILLS", "4"))
"""Must show 7 asks for fifty: FOI_KILLS=50."""
AGENCIES = "9"


def foi(*words: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "foi_etl", *words, "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"FOI_PAUSE": "0.005"} | env,
    )


def tables(home: Path) -> dict[str, str]:
    release = home / "releases" / "latest"
    return {
        str(path.relative_to(release)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.rglob("*/*.parquet"))
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home with spaces")
    done = foi("demo", "--agencies", AGENCIES, home=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_demo_says_where_the_release_is_and_what_to_try(home: Path) -> None:
    done = foi("demo", "--agencies", AGENCIES, home=home)
    assert "pd.read_parquet" in done.stdout or "nothing new" in done.stdout
    assert done.returncode == 0


def test_every_cell_and_every_broken_identity_equals_the_truth(home: Path) -> None:
    done = foi("practice", "check", home=home)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_release_that_was_altered_is_told_from_the_truth(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "copy", symlinks=True)
    truth = tmp_path / "copy" / "practice" / "truth.csv"
    lines = truth.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0] + ",987654"
    truth.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert foi("practice", "check", home=tmp_path / "copy").returncode == 1


def test_archive_register_and_what_runs_wrote_give_the_same_bytes(home: Path, tmp_path: Path) -> None:
    for kept in ("archive", "runs"):
        shutil.copytree(home / kept, tmp_path / kept)
    for written in ("agencies.csv", "portals.yaml"):
        shutil.copy(home / written, tmp_path / written)
    done = foi("rebuild", home=tmp_path, http_proxy="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path) == tables(home)


def test_reading_the_same_archive_again_makes_no_release(home: Path) -> None:
    before = sorted(path.name for path in (home / "releases").iterdir())
    done = foi("rebuild", home=home)
    assert "nothing new" in done.stdout
    assert sorted(path.name for path in (home / "releases").iterdir()) == before


def test_every_archive_file_passes_warcio_check(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(path) for path in (home / "archive").rglob("*.warc.gz"))
    assert files
    checker = Checker(type("Arguments", (), {"inputs": files, "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


def test_a_number_leads_back_to_the_bytes_of_its_cell(home: Path) -> None:
    facts = foi_etl.load("facts", home=home)
    fact = facts[
        (facts["agency_id"] == "practice-pinghu") & (facts["cell_id"] == "t3_new_received_total")
    ].iloc[0]
    assert fact["value"] == 24
    with Archive.open(home / "archive", read_only=True) as archive:
        [capture] = [one for one in archive.captures() if one.id == fact["capture"]]
        document = read_document(archive.body(capture), capture.id, STATUTE)
    [cell] = [
        cell for table in document.tables for row in table.rows for cell in row if cell.at == fact["at"]
    ]
    assert cell.text == fact["raw"]


def test_totals_are_flagged_so_that_sums_do_not_count_them_twice(home: Path) -> None:
    requests = pd.read_parquet(home / "releases" / "latest" / "requests.parquet")
    one = requests[(requests["agency_id"] == "practice-suqian") & (requests["year"] == 2023)]
    assert (
        one.loc[~one["is_total"], "new_received"].sum()
        == one.loc[one["is_total"], "new_received"].sum()
        == 3511
    )


def test_an_unknown_agency_is_wrong_usage(home: Path) -> None:
    done = foi("run", "--agency", "nobody", home=home)
    assert done.returncode == 2
    assert "nobody" in done.stderr


def test_a_dry_run_asks_no_portal(home: Path) -> None:
    before = sorted((home / "archive").iterdir())
    done = foi("run", "--dry-run", home=home)
    assert done.returncode == 0
    assert "practice-pinghu" in done.stdout
    assert sorted((home / "archive").iterdir()) == before


def test_without_its_portals_a_run_fails_agency_by_agency_and_keeps_the_release(home: Path) -> None:
    before = tables(home)
    done = foi("run", "--agency", "practice-pinghu", home=home)
    assert done.returncode == 1
    assert "practice serve" in done.stderr
    assert tables(home) == before


def test_killed_at_any_moment_a_run_loses_nothing_and_fetches_nothing_twice(tmp_path: Path) -> None:
    rng = Random("kills")
    command = [sys.executable, "-m", "foi_etl", "demo", "--agencies", AGENCIES, "--home", str(tmp_path)]
    for _ in range(KILLS):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.8, 5.0))
        run.send_signal(signal.SIGKILL)
        run.wait()
        if (tmp_path / "releases" / "latest").exists():
            assert foi("releases", "verify", "latest", home=tmp_path).returncode == 0
    done = foi("demo", "--agencies", AGENCIES, home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    with Archive.open(tmp_path / "archive", read_only=True) as archive:
        fetched = pd.Series([one.url for one in archive.captures() if one.purpose == "report"])
    assert not fetched.duplicated().any()
