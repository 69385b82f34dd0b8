"""What was refused is tried again when the readers have changed, and a page becomes a case."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from crews import alone
from exchanges import HARBOUR, exchange
from foi_etl import making
from foi_etl.archive.store import Archive
from foi_etl.cli.app import app
from foi_etl.errors import NotAReport, StaleCorrection
from foi_etl.normalise.corrections import Correction
from foi_etl.pipeline import judge_capture
from foi_etl.practice.country import country
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.pages import render_html
from foi_etl.practice.styles import PRESETS
from foi_etl.quarantine import note_recovered, recovered, unread
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
        then.setattr("foi_etl.dossier.open_document", refuse)
        then.setattr(making, "processes", lambda *_: alone())
        making.release(here)
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


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose one report stands in a file beside its page, and could not be read then."""
    report = next(country(STATUTE, seed=3, agencies=2).reports)
    word = office.docx(flow(report, STATUTE))
    here = Settings(home=tmp_path)
    with Archive.open(here.archive) as archive:
        page = exchange("http://a.gov.cn/1.html", f"<p>{report.title}</p><p>见附件</p>".encode())
        archive.keep(page, purpose="report", agency=HARBOUR, link_text=report.title)
        file = exchange("http://a.gov.cn/1.docx", word)
        archive.keep(file, purpose="attachment", agency=HARBOUR, via="http://a.gov.cn/1.html")
    with monkeypatch.context() as then:
        then.setattr("foi_etl.dossier.open_document", refuse)
        then.setattr(making, "processes", lambda *_: alone())
        making.release(here)
    return tmp_path


def test_a_replay_looks_at_the_files_beside_the_page_too(beside: Path) -> None:
    assert "1 tried, 0 still refused, 1 recovered" in invoked(beside, "replay")


def test_a_case_holds_the_files_beside_the_page_and_what_is_read_in_them(beside: Path) -> None:
    with Archive.open(beside / "archive", read_only=True) as archive:
        [page] = archive.captures(purpose="report")
        [file] = archive.captures(purpose="attachment")
    told = invoked(beside, "case", page.id, "--folder", str(beside / "cases"))
    made = beside / "cases" / page.id
    expected = json.loads((made / "expected.json").read_text(encoding="utf-8"))
    assert {path.name for path in made.iterdir()} >= {"source.html", f"beside-{file.id}.zip"}
    assert expected["document"] == file.id
    assert len(expected["cells"]) in {198, 200}
    assert f"beside-{file.id}" in told


def test_a_correction_of_a_file_that_was_published_anew_falls_loudly(beside: Path) -> None:
    with Archive.open(beside / "archive", read_only=True) as archive:
        [page] = archive.captures(purpose="report")
        files = tuple(archive.captures(purpose="attachment"))
        old = Correction(page.id, "0123456789abcdef!t1/r3/c2", "1", "2", "by eye")
        with pytest.raises(StaleCorrection, match="published anew"):
            judge_capture(page, archive.body, STATUTE, {old.at: old}, files)


def test_what_was_recovered_is_remembered_once_and_not_for_ever(tmp_path: Path) -> None:
    for number in range(3):
        note_recovered(tmp_path, [{"capture": f"{number}{at}"} for at in range(900)])
    note_recovered(tmp_path, [{"capture": "20"}])
    lines = (tmp_path / "recovered.jsonl").read_text(encoding="utf-8").splitlines()
    assert (len(lines), json.loads(lines[-1])["capture"]) == (2000, "20")
    assert recovered(tmp_path).startswith("Recovered after they had been refused: 2000 by readers ")


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    note_recovered(tmp_path, [{"capture": "1"}])
    with (tmp_path / "recovered.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"capt')
    assert ": 1 by readers" in recovered(tmp_path)
