"""What was refused is tried again when the readers have changed, and a page becomes a case."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from crews import alone
from exchanges import HARBOUR, exchange
from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.cli.app import app
from foi_etl.errors import NotAReport
from foi_etl.practice.country import country
from foi_etl.practice.pages import render_html
from foi_etl.practice.styles import PRESETS
from foi_etl.quarantine import recovered, unread
from foi_etl.schemas import version
from foi_etl.settings import Settings
from helpers import STATUTE


def refuse(*_: object) -> None:
    raise NotAReport("no reader for this yet")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose release lists two reports as unread: one could not be read then, one is a login page."""
    report = next(country(STATUTE, seed=3, agencies=2).reports)
    page = render_html(report, STATUTE, PRESETS[0], rng=Random(1)).encode()
    here = Settings(home=tmp_path)
    with Archive.open(here.archive) as archive:
        for number, body in enumerate((page, b"<html><input type=password></html>")):
            one = exchange(f"http://a.gov.cn/{number}.html", body)
            archive.keep(one, purpose="report", agency=HARBOUR, link_text="2023年报告")
    with monkeypatch.context() as then:
        then.setattr("foi_etl.pipeline.open_document", refuse)
        then.setattr(wiring, "processes", lambda *_: alone())
        wiring.release(here)
    return tmp_path


def invoked(home: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home)])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_refused_document_is_kept_with_its_reason(home: Path) -> None:
    reasons = set(unread(home).values())
    assert len(unread(home)) == 2
    assert all(reason.startswith("NotAReport: no reader for this yet") for reason in reasons)
    assert unread(home, "ArchiveDamaged") == {}


def test_a_replay_says_what_is_recovered_and_the_next_release_by_whom(home: Path) -> None:
    told = invoked(home, "replay")
    assert "2 tried, 1 still refused, 1 recovered" in told
    assert recovered(home) == f"Recovered after they had been refused: 1 by readers {version()[:12]}."


def test_a_replay_that_recovers_nothing_notes_nothing(home: Path) -> None:
    invoked(home, "replay", "--reason", "ArchiveDamaged")
    assert recovered(home) == ""


def test_a_capture_becomes_a_case_to_confirm(home: Path, tmp_path: Path) -> None:
    with Archive.open(home / "archive", read_only=True) as archive:
        first = next(one for one in archive.captures() if one.url.endswith("/0.html"))
    invoked(home, "case", first.id[:10], "--folder", str(tmp_path / "cases"))
    made = tmp_path / "cases" / first.id
    expected = json.loads((made / "expected.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in made.iterdir()) == ["README.md", "expected.json", "source.html"]
    assert len(expected["cells"]) in {198, 200}
    assert "confirm" in (made / "README.md").read_text(encoding="utf-8")
    assert (
        CliRunner()
        .invoke(app, ["case", first.id, "--folder", str(tmp_path / "cases"), "--home", str(home)])
        .exception
    )
