"""Runs that meet: two processes at one home, on portals that write down when they were asked."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from foi_etl import locks, night, runs
from foi_etl.archive.store import Archive
from foi_etl.cli.app import app
from foi_etl.crawl.turns import Turns
from foi_etl.errors import WaitAndRetry
from foi_etl.night import releasing
from foi_etl.practice.country import country
from foi_etl.practice.server import serve
from foi_etl.settings import Settings
from foi_etl.sources.registry import register_files
from helpers import STATUTE

if TYPE_CHECKING:
    from foi_etl.practice.server import PracticeServer

LAND = country(STATUTE, agencies=2, years=range(2019, 2021))
PAUSE = 0.05


def home_of(folder: Path, server: PracticeServer) -> Path:
    (folder / "practice").mkdir()
    (folder / "practice" / "port").write_text(str(server.port))
    files = register_files(LAND.portals, LAND.agencies)
    for name, text in zip(("portals.yaml", "agencies.csv"), files, strict=True):
        (folder / name).write_text(text)
    return folder


VISITING = """
import sys
from pathlib import Path
from foi_etl import night
from foi_etl.settings import Settings
import foi_etl.sources.catalogue
home, what, *ids = sys.argv[1:]
here = Settings(home=Path(home), pause=PAUSE)
print("ready", flush=True)
sys.stdin.readline()
run = night.begin_run(here, what, agencies=ids)
assert all(one.outcome == "ok" for one in night.visit_agencies(here, ids, (), run))
night.end_run(here, run)
"""


def started(home: Path, what: str, *ids: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", VISITING.replace("PAUSE", str(PAUSE)), str(home), what, *ids]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_run_by_hand_meets_the_nightly_one(tmp_path: Path) -> None:
    ids = [one.id for one in LAND.agencies]
    with serve(LAND, STATUTE) as server:
        home = home_of(tmp_path, server)
        both = started(home, "all", *ids), started(home, "some", ids[1])
        for one in both:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in both:
            assert one.stdin is not None
            with one.stdin:
                one.stdin.write("go\n")
        assert [one.wait(60) for one in both] == [0, 0]
        for one in both:
            assert one.stdout is not None
            one.stdout.close()
        served = sorted(server.log, key=lambda one: one.time)

    assert {one.host for one in served} == {LAND.portals[0].host}
    # The next request comes a pause after the answer; the server's clock stops a moment after ours.
    assert min(later.time - earlier.ended for earlier, later in pairwise(served)) > PAUSE * 0.9
    folders = runs.folders(home / "runs")
    assert [runs.state(folder) for folder in folders] == ["ended", "ended"]
    assert sorted(len(runs.visits(folder)) for folder in folders) == [1, 2]
    with Archive.open(home / "archive", read_only=True) as archive:
        reports = {one.url for one in archive.captures(purpose="report")}
    assert len(reports) == sum(len(LAND.published(one)) for one in ids)


def test_who_waits_for_a_host_does_not_keep_it_from_others(tmp_path: Path) -> None:
    now, slept = [1000.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds
        if len(slept) == 1:  # somebody else comes first, while this one sleeps
            with Turns(tmp_path, sleep, lambda: now[0]).turn("a.practice.invalid", lambda: 5.0):
                pass

    turns = Turns(tmp_path, sleep, lambda: now[0])
    with turns.turn("a.practice.invalid", lambda: 3.0):
        pass
    with turns.turn("a.practice.invalid", lambda: 3.0):
        assert now[0] == pytest.approx(1008.0)
    assert slept == pytest.approx([3.0, 5.0])


def test_a_host_is_not_left_alone_for_ever_after_the_clock_was_set_back(tmp_path: Path) -> None:
    def sleep(seconds: float) -> None:
        pytest.fail(f"slept for {seconds} seconds")

    with Turns(tmp_path, sleep, lambda: 9_000_000.0).turn("a.practice.invalid", lambda: 60.0):
        pass
    with Turns(tmp_path, sleep, lambda: 1000.0).turn("a.practice.invalid", lambda: 60.0):
        pass


def test_two_releases_are_never_made_at_once_and_the_second_is_told_by_whom(tmp_path: Path) -> None:
    here = Settings(home=tmp_path)
    with releasing(here):
        with pytest.raises(WaitAndRetry) as told, releasing(here):
            pytest.fail("two at once")
        assert f"a release is being made by process {os.getpid()} (" in str(told.value)
        assert "--wait" in str(told.value)
    with releasing(here):
        pass


def test_whoever_comes_is_told_who_is_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOI_CALLED", "flow nightly, run blue-heron")
    here = Settings(home=tmp_path)
    assert night.who_is_at_work(here) == {}
    run = night.begin_run(here, night.DUE)
    with releasing(here):
        said = night.who_is_at_work(here)
        listed = CliRunner().invoke(app, ["runs", "list", "--home", str(tmp_path)]).output
    who = f"by process {os.getpid()} (flow nightly, run blue-heron) since "
    assert said[f"run {run}"].startswith(f"due, {who}")
    assert said["release"].startswith(f"being made {who}")
    assert all(f"{what}: {told}" in listed for what, told in said.items())
    night.end_run(here, run)
    assert night.who_is_at_work(here) == {}


def test_who_waits_makes_the_release_when_the_other_is_done(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from foi_etl.locks import held\n"
        "with held(Path(sys.argv[1]), 'a release is being made'):\n"
        "    print('holds', flush=True); time.sleep(0.5)\n"
    )
    lock = tmp_path / "state" / "release.lock"
    other = subprocess.Popen([sys.executable, "-c", script, str(lock)], stdout=subprocess.PIPE, text=True)
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        with releasing(Settings(home=tmp_path), wait=30):
            assert not other.wait(5)


def test_a_lock_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from foi_etl.locks import take\n"
        "take(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "lock")], check=False)
    assert not locks.is_held(tmp_path / "lock")
