"""What the operator types: run with its options, diagnose, archive index and import."""

from __future__ import annotations

import gzip
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from foi_etl import runs
from foi_etl.archive.ledger import LEDGER
from foi_etl.archive.store import Archive
from foi_etl.cli import say
from foi_etl.cli.app import app
from foi_etl.practice.country import country
from foi_etl.practice.server import PracticeServer, serve
from foi_etl.sources.registry import register_files
from helpers import STATUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

LAND = country(STATUTE, agencies=2)
TITLE = "2015年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(LAND, STATUTE) as one:
        yield one


@pytest.fixture
def home(tmp_path: Path, server: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOI_PAUSE", "0")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "port").write_text(str(server.port))
    for name, text in zip(
        ("portals.yaml", "agencies.csv"), register_files(LAND.portals, LAND.agencies), strict=True
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


def said(home: Path, *words: str, code: int = 0) -> str:
    say.out.width = 300  # a table folds no address
    result = CliRunner().invoke(app, [*words, "--home", str(home)])
    assert result.exit_code == code, result.output
    return result.output


def test_a_dry_run_asks_nothing_and_foresees_what_a_run_will_ask(home: Path, server: PracticeServer) -> None:
    asked = len(server.log)
    before = said(home, "run", "--dry-run")
    assert len(server.log) == asked
    assert LAND.agencies[0].portal in before

    said(home, "run", "--agency", LAND.agencies[0].id)
    after = said(home, "run", "--dry-run", "--agency", LAND.agencies[0].id)
    assert "Would ask" in after
    assert f" {len(LAND.published(LAND.agencies[0].id))} " in after


def test_diagnose_tells_one_agency_in_one_screen(home: Path) -> None:
    agency = LAND.agencies[0].id
    assert "never visited" in said(home, "diagnose", agency)
    said(home, "run", "--agency", agency)
    told = said(home, "diagnose", agency)

    assert all(word in told for word in ("outcome   ok", "decided", "since", "next      nothing", "listing"))
    assert len(told.splitlines()) < 50


def test_a_limited_run_is_gone_on_with_by_the_next(home: Path) -> None:
    said(home, "run", "--limit", "5")
    assert runs.told(*runs.folders(home / "runs"))["state"] == "interrupted"
    said(home, "run")

    assert [runs.told(one)["state"] for one in runs.folders(home / "runs")] == ["ended"]


def test_a_second_night_with_nothing_new_leaves_no_byte_but_its_record(home: Path) -> None:
    def held() -> dict[str, bytes]:
        kept = (path for name in ("archive", "releases") for path in (home / name).rglob("*.*"))
        return {str(path): path.read_bytes() for path in kept if path.is_file() and "sqlite" not in path.name}

    said(home, "run")
    first = held()
    time.sleep(1.1)  # runs are told apart by the second
    said(home, "run")
    assert held() == first
    assert len(runs.folders(home / "runs")) == 2


def test_since_wants_a_day(home: Path) -> None:
    result = CliRunner().invoke(app, ["run", "--since", "yesterday", "--home", str(home)])

    assert "YYYY-MM-DD" in str(result.exception)


def test_the_ledger_is_said_to_be_true_or_made_true(home: Path) -> None:
    said(home, "run", "--agency", LAND.agencies[0].id)
    assert "is what the WARC files say" in said(home, "archive", "index")
    ledger = home / "archive" / LEDGER
    with closing(sqlite3.connect(ledger, isolation_level=None)) as wrong:
        wrong.execute("UPDATE captures SET purpose = 'report' WHERE purpose = 'listing'")

    said(home, "archive", "index", code=1)
    assert "is what the WARC files say" in said(home, "archive", "index")


def warc(path: Path, *pages: tuple[str, str]) -> Path:
    """A WARC file as others write them: packed bodies in chunks."""
    records = []
    for url, title in pages:
        body = gzip.compress(f"<html><head><title>{title}</title></head></html>".encode())
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        block = head.encode() + chunked
        headers = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            "WARC-Date: 2016-03-01T00:00:00Z\r\n"
            "WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        records.append(gzip.compress(headers.encode() + block + b"\r\n\r\n"))
    path.write_bytes(b"".join(records))
    return path


def test_reports_of_a_web_archive_come_in_by_the_same_door(home: Path) -> None:
    agency = LAND.agencies[0]
    base = agency.portal.rsplit("/", 1)[0]
    file = warc(
        home / "cc.warc.gz",
        (f"{base}/t2016.html", agency.name + TITLE),
        (f"{base}/news.html", "新闻"),
        ("http://elsewhere.gov.cn/1.html", TITLE),
    )
    before = file.read_bytes()

    assert "1 reports taken, 0 known before, 2 passed over" in said(home, "archive", "import", str(file))
    assert "0 reports taken, 1 known before" in said(home, "archive", "import", str(file))
    assert file.read_bytes() == before
    with Archive.open(home / "archive", read_only=True) as archive:
        [kept] = archive.captures()
        assert archive.body(kept).decode().startswith("<html>")
    assert (kept.purpose, kept.agency_id, kept.fetched_at) == ("report", agency.id, "2016-03-01T00:00:00Z")
    [path] = (home / "archive").rglob("import-0001.warc.gz")
    assert b"foi-origin: cc.warc.gz" in gzip.decompress(path.read_bytes())


def test_an_agency_that_is_given_owns_what_is_imported(home: Path) -> None:
    file = warc(home / "cc.warc.gz", ("http://old-host.gov.cn/1.html", TITLE))

    assert "1 reports taken" in said(home, "archive", "import", str(file), "--agency", LAND.agencies[1].id)
