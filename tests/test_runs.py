"""What is remembered of runs, and of agencies from them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foi_etl import runs
from foi_etl.cli.app import app
from foi_etl.crawl.journal import Journal
from foi_etl.due import History
from foi_etl.errors import WrongUsage
from foi_etl.history import histories, night_of
from foi_etl.night import outcomes
from foi_etl.settings import Settings

NOW = datetime(2026, 1, 20, 18, 0, tzinfo=UTC)
ASKED = {"what": "due", "agencies": ["a", "b"], "years": [], "options": {}}
VISIT = {
    "found": 7,
    "new": 1,
    "asked": 9,
    "attachments": 0,
    "unchanged": 2,
    "alarm": False,
    "seconds": 1.5,
    "sign": "",
}


def tell(folder: Path, agency: str, at: str, outcome: str = "ok", **more: object) -> None:
    journal = Journal(folder)
    journal.write(kind="ask", agency=agency, url="http://a.practice.invalid/")
    journal.write(kind="visit", at=at, agency_id=agency, outcome=outcome, **{**VISIT, "sign": "", **more})
    journal.close()


def test_a_run_that_ended_says_so_and_what_came_of_it(tmp_path: Path) -> None:
    run = runs.begin(tmp_path, ASKED, "w", NOW)
    assert runs.state(run.folder) == "at work"
    tell(run.folder, "a", "2026-01-20T18:01:00Z")
    tell(run.folder, "b", "2026-01-20T18:02:00Z", "blocked", alarm=True, new=0)
    runs.end(run, {"release": "2026.1.21"})
    told = runs.told(run.folder)
    assert (told["id"], told["state"]) == ("20260120T180000Z", "ended")
    assert told["asked"]["agencies"] == ["a", "b"]
    assert {"python", "foi-etl", "system"} <= told["asked"]["versions"].keys()
    end = told["summary"]
    assert (end["outcomes"], end["alarms"]) == ({"blocked": 1, "ok": 1}, ["b"])
    assert (end["asked"], end["new"], end["release"]) == (18, 1, "2026.1.21")
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "asked.json",
        "outcomes.jsonl",
        "summary.json",
    ]


def test_an_interrupted_run_is_gone_on_with_by_one_that_is_asked_the_same_only(
    tmp_path: Path,
) -> None:
    killed = runs.begin(tmp_path, ASKED, "nightly", NOW)
    runs.leave(killed)
    assert runs.state(killed.folder) == "interrupted"
    other = runs.begin(tmp_path, ASKED, "by hand", NOW + timedelta(minutes=5))
    assert (other.resumed, other.id) == (False, "20260120T180500Z")
    again = runs.begin(tmp_path, ASKED, "nightly", NOW + timedelta(minutes=9))
    assert (again.resumed, again.id, again.since) == (True, killed.id, killed.since)
    for one in (other, again):
        runs.end(one, {})
    assert not runs.begin(tmp_path, ASKED, "nightly", NOW + timedelta(minutes=10)).resumed


def test_what_a_run_did_before_it_was_interrupted_is_counted_too(tmp_path: Path) -> None:
    killed = runs.begin(tmp_path, ASKED, "nightly", NOW)
    tell(killed.folder, "a", "2026-01-20T18:01:00Z", "busy", found=3, new=2, asked=6, seconds=0.25)
    tell(killed.folder, "b", "2026-01-20T18:01:30Z")
    runs.leave(killed)
    again = runs.begin(tmp_path, ASKED, "nightly", NOW + timedelta(minutes=5))
    tell(again.folder, "a", "2026-01-20T18:06:00Z", found=7, new=5, asked=8)
    visit = runs.visits(again.folder)["a"]
    assert [visit[key] for key in ("outcome", "found", "new", "asked", "seconds")] == ["ok", 7, 7, 14, 1.75]
    runs.end(again, {})
    end = runs.told(again.folder)["summary"]
    assert (end["agencies"], end["found"], end["new"], end["outcomes"]) == (2, 14, 8, {"ok": 2})


def test_the_outcomes_of_a_run_are_those_of_all_its_parts(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "20260120T180000Z"
    tell(folder, "a", "2026-01-20T18:01:00Z", "busy", new=2, asked=6)
    tell(folder, "b", "2026-01-20T18:01:30Z", listed=[[2024, "2025-01-09"]])
    tell(folder, "a", "2026-01-20T18:06:00Z", new=5, asked=8)
    told = {one.agency_id: one for one in outcomes(Settings(home=tmp_path), folder.name)}
    assert (told["a"].outcome, told["a"].new, told["a"].asked) == ("ok", 7, 14)
    assert (told["b"].new, told["b"].listed) == (1, ((2024, "2025-01-09"),))


def test_a_run_at_work_is_not_gone_on_with(tmp_path: Path) -> None:
    runs.begin(tmp_path, ASKED, "nightly", NOW)
    second = runs.begin(tmp_path, ASKED, "nightly", NOW)
    assert (second.resumed, second.id) == (False, "20260120T180000Z-2")


def test_nor_is_one_of_yesterday(tmp_path: Path) -> None:
    runs.leave(runs.begin(tmp_path, ASKED, "nightly", NOW))
    assert not runs.begin(tmp_path, ASKED, "nightly", NOW + timedelta(hours=24)).resumed


def test_a_run_whose_process_was_killed_counts_as_interrupted(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; \n"
        "from datetime import UTC, datetime\nfrom foi_etl import runs\n"
        "runs.begin(Path(sys.argv[1]), {}, 'w', datetime.now(UTC)); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, env=os.environ)
    [folder] = runs.folders(tmp_path)
    assert runs.state(folder) == "interrupted"


def test_a_run_is_found_by_the_beginning_of_its_name(tmp_path: Path) -> None:
    first, second = (runs.begin(tmp_path, ASKED, "w", NOW + timedelta(days=at)) for at in (0, 1))
    assert runs.find(tmp_path, "20260120") == first.folder
    assert runs.find(tmp_path, "latest") == second.folder
    for name in ("2026", "2027"):
        with pytest.raises(WrongUsage):
            runs.find(tmp_path, name)


def test_runs_are_listed_shown_and_compared(tmp_path: Path) -> None:
    for at, outcome in ((0, "ok"), (1, "busy")):
        run = runs.begin(tmp_path / "runs", ASKED, "w", NOW + timedelta(days=at))
        tell(run.folder, "a", "2026-01-20T18:01:00Z", outcome)
        tell(run.folder, "b", "2026-01-20T18:02:00Z")
        runs.end(run, {"release": f"2026.1.{at}"})

    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["runs", *words, "--home", str(tmp_path)])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert [one["state"] for one in json.loads(said("list", "--json"))] == ["ended", "ended"]
    assert {one["agency_id"] for one in json.loads(said("show", "--json"))["visits"]} == {"a", "b"}
    compared = json.loads(said("diff", "20260120", "latest", "--json"))
    assert compared["agencies"] == [{"agency": "a", "old": "ok", "new": "busy"}]
    assert "2026.1.0" in said("show", "20260120")
    assert "1 agencies went otherwise" in said("diff", "20260120")


def test_the_history_of_an_agency_is_what_its_visits_said(tmp_path: Path) -> None:
    first, second = tmp_path / "runs" / "20260120T180000Z", tmp_path / "runs" / "20260121T180000Z"
    tell(first, "a", "2026-01-20T18:01:00Z", listed=[[2023, "2024-01-09"]])
    memory = tmp_path / "state" / "history.sqlite"
    assert histories(tmp_path / "runs", memory) == {
        "a": History(date(2026, 1, 21), "ok", 0, ((2023, "2024-01-09"),), 9, looked=date(2026, 1, 21))
    }
    tell(second, "a", "2026-01-21T18:01:00Z", "busy", asked=1, listed=[])
    tell(second, "a", "2026-01-21T19:01:00Z", "busy", asked=1, listed=[])
    now = histories(tmp_path / "runs", memory)
    listed = ((2023, "2024-01-09"),)
    assert now == {"a": History(date(2026, 1, 22), "busy", 2, listed, 9, looked=date(2026, 1, 21))}
    memory.unlink()
    assert histories(tmp_path / "runs", memory) == now


def test_nothing_is_written_where_no_run_wrote(tmp_path: Path) -> None:
    tell(tmp_path / "runs" / "20260120T180000Z", "a", "2026-01-20T18:01:00Z")
    memory = tmp_path / "history.sqlite"
    histories(tmp_path / "runs", memory)
    before = memory.stat().st_mtime_ns, memory.read_bytes()
    histories(tmp_path / "runs", memory)
    assert (memory.stat().st_mtime_ns, memory.read_bytes()) == before


def test_half_a_line_is_taken_in_when_it_is_whole(tmp_path: Path) -> None:
    folder, memory = tmp_path / "runs" / "20260120T180000Z", tmp_path / "history.sqlite"
    tell(folder, "a", "2026-01-20T18:01:00Z")
    path = folder / "outcomes.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert histories(tmp_path / "runs", memory) == {}
    path.write_bytes(whole)
    assert list(histories(tmp_path / "runs", memory)) == ["a"]


def test_the_night_is_that_of_the_portals() -> None:
    assert night_of(datetime(2026, 1, 20, 15, 59, tzinfo=UTC)) == date(2026, 1, 20)
    assert night_of(datetime(2026, 1, 20, 16, 0, tzinfo=UTC)) == date(2026, 1, 21)
