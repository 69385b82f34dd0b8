"""Several processes write into one archive; files of earlier versions; a ledger of another version."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest

from exchanges import HARBOUR, exchange
from foi_etl.archive import run
from foi_etl.archive.ledger import LEDGER
from foi_etl.archive.records import body_at
from foi_etl.archive.repair import opened
from foi_etl.archive.schema import CAPTURE, chosen
from foi_etl.archive.shelf import OPEN, Shelf
from foi_etl.archive.store import Archive
from foi_etl.errors import FoiError, StaleLedger

_KEEP_AND_WAIT = """
import sys
from pathlib import Path
from exchanges import exchange
from foi_etl.archive.store import Archive
with Archive.open(Path(sys.argv[1]), run=sys.argv[2]) as archive:
    archive.keep(exchange("http://b.gov.cn/2"), purpose="report", agency=None)
    print("kept", flush=True)
    sys.stdin.read()
"""


def other(folder: Path, run: str = "") -> subprocess.Popen[str]:
    """Another process, which has kept a page and goes on writing until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _KEEP_AND_WAIT, str(folder), run],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout
    assert process.stdout.readline() == "kept\n"
    return process


def keep(archive: Archive, url: str = "http://a.gov.cn/1", at: str = "2026-01-02T03:04:05Z") -> None:
    archive.keep(exchange(url, url.encode(), at=at), purpose="report", agency=HARBOUR)


def test_two_processes_write_at_once_and_see_what_the_other_kept(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        keep(archive)
        with other(tmp_path) as process:
            assert archive.latest("http://b.gov.cn/2")
            keep(archive, "http://a.gov.cn/3")
            process.communicate("")
        assert archive.count() == 3
        assert all(archive.body(one) for one in archive.captures())
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2


def test_the_processes_of_a_run_share_its_folder(tmp_path: Path) -> None:
    name = "20260101T000000Z"
    with Archive.open(tmp_path, run=name) as one, Archive.open(tmp_path, run=name) as two:
        for archive, url in (
            (one, "http://a.gov.cn/1"),
            (two, "http://a.gov.cn/2"),
            (two, "http://b.gov.cn/"),
        ):
            keep(archive, url)
        shutil.copytree(tmp_path, tmp_path / "killed")
    for folder in (tmp_path, tmp_path / "killed"):
        with Archive.open(folder, run=name) as archive:
            assert [archive.body(one).decode() for one in archive.captures()] == [
                "http://a.gov.cn/1",
                "http://a.gov.cn/2",
                "http://b.gov.cn/",
            ]
            keep(archive, "http://a.gov.cn/3")
            assert archive.reindex()

    names = sorted(path.name for path in (tmp_path / name).iterdir())
    assert names == [
        f"{one}.warc.gz" for one in ("a.gov.cn-0001", "a.gov.cn-0002", "a.gov.cn-0003", "b.gov.cn-0001")
    ]


def test_a_dead_writer_is_mended_beside_a_living_one_of_the_same_run(tmp_path: Path) -> None:
    name = "20260101T000000Z"
    with Archive.open(tmp_path, run=name) as archive:
        keep(archive)
        with other(tmp_path, name) as process:
            process.kill()
        with Archive.open(tmp_path, read_only=True):
            assert [path.name for path in tmp_path.rglob(f"*{OPEN}")] == [f"a.gov.cn-0001.warc.gz{OPEN}"]
        keep(archive, "http://a.gov.cn/3")
        assert archive.latest("http://b.gov.cn/2")
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2


def test_a_living_writer_is_left_alone_and_a_dead_one_is_mended(tmp_path: Path) -> None:
    with other(tmp_path) as process:
        with Archive.open(tmp_path) as archive:
            assert archive.latest("http://b.gov.cn/2")
            assert list(tmp_path.rglob(f"*{OPEN}"))
        process.kill()
    with Archive.open(tmp_path) as archive:
        assert not list(tmp_path.rglob(f"*{OPEN}"))
        assert not list(tmp_path.glob("*~*.lock"))
        assert archive.latest("http://b.gov.cn/2")


def test_the_ledger_is_not_made_anew_while_another_writes(tmp_path: Path) -> None:
    with other(tmp_path) as process, Archive.open(tmp_path) as archive:
        with pytest.raises(FoiError, match=rf"process {process.pid} on .* is writing this archive"):
            archive.reindex()
        process.communicate("")


def test_every_host_has_its_file_and_a_full_one_is_followed_by_another(tmp_path: Path) -> None:
    with Archive.open(tmp_path, roll_at=1) as archive:
        for url in ("http://a.gov.cn/1", "http://b.gov.cn:8080/1", "http://a.gov.cn/2"):
            keep(archive, url)
        archive.keep(exchange("http://c.gov.cn/"), purpose="report", agency=None, origin="cc.warc.gz")

    assert sorted(path.name for path in tmp_path.rglob("*.gz")) == [
        "a.gov.cn-0001.warc.gz",
        "a.gov.cn-0002.warc.gz",
        "b.gov.cn_8080-0001.warc.gz",
        "import-0001.warc.gz",
    ]


def test_no_more_files_are_held_open_than_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "HANDLES", 2)
    most = 0
    with Archive.open(tmp_path) as archive:
        for n in range(12):
            keep(archive, f"http://h{n % 5}.gov.cn/{n}")
            links = [one for one in open_files() if one.endswith(OPEN)]
            most = max(most, len(links))
        bodies = {archive.body(one).decode() for one in archive.captures()}

    assert most == 2
    assert len(bodies) == 12
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 5


def open_files() -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(str(link.readlink()))
    return found


def test_one_host_s_thread_does_not_wait_for_another_s(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with opened(shelf) as ledger:
        night = run.Run(shelf, ledger, 1000)

        def write(host: str) -> None:
            with night.writer(host) as writer:
                writer.append(b"", "2026-01-02T03:04:05Z")

        with night.writer("a.gov.cn"):
            thread = threading.Thread(target=write, args=("b.gov.cn",), daemon=True)
            thread.start()
            thread.join(10)
            assert not thread.is_alive()


def test_captures_are_chosen_by_purpose_agency_and_time(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for night in "123":
            keep(archive, f"http://a.gov.cn/{night}", f"2026-01-0{night}T00:00:00Z")
        archive.keep(exchange("http://a.gov.cn/4"), purpose="listing", agency=None)

        assert [one.url[-1] for one in archive.captures(purpose="report")] == ["1", "2", "3"]
        assert [one.url[-1] for one in archive.newest(agency=HARBOUR.id)] == ["3", "2", "1"]
        assert [one.url[-1] for one in archive.captures(since="2026-01-03")] == ["3"]
        assert (archive.count(), archive.count(purpose="listing"), archive.count(agency="x")) == (4, 1, 0)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"purpose": "refusal", "since": "2026"}, "by_purpose (purpose=? AND fetched_at>?)"),
        ({"purpose": "report", "agency": "x"}, "by_agency (agency_id=? AND purpose=?)"),
        ({"agency": "x"}, "by_agency (agency_id=?)"),
    ],
)
def test_what_is_chosen_is_found_by_an_index(tmp_path: Path, wanted: dict[str, str], index: str) -> None:
    with Archive.open(tmp_path) as archive:
        keep(archive)
    where, values = chosen(**{"purpose": "", "agency": "", "since": "", **wanted}, revisits=False)
    with closing(sqlite3.connect(tmp_path / LEDGER)) as ledger:
        plan = ledger.execute(f"EXPLAIN QUERY PLAN {CAPTURE} {where}", values).fetchall()

    assert any(index in row[3] for row in plan), plan


def test_a_body_is_read_without_a_ledger(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        keep(archive)
        [capture] = archive.captures()
        while_open = body_at(archive.shelf, capture)
        shelf = archive.shelf
    (tmp_path / LEDGER).unlink()

    assert body_at(shelf, capture) == while_open == b"http://a.gov.cn/1"


def test_a_ledger_of_another_version_is_not_read(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        keep(archive)
    with closing(sqlite3.connect(tmp_path / LEDGER)) as ledger:
        ledger.execute("PRAGMA user_version = 99")

    with pytest.raises(StaleLedger, match="version 99, not 1: run `foi-etl archive index`"):
        Archive.open(tmp_path)
    Archive.forget_ledger(tmp_path)
    with Archive.open(tmp_path) as archive:
        assert archive.count() == 1


def test_a_ledger_that_is_none_is_not_read(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b"no ledger at all" * 100)

    with pytest.raises(StaleLedger, match="archive index"):
        Archive.open(tmp_path)
    assert (tmp_path / LEDGER).exists()


def test_files_of_an_earlier_version_are_read_and_mended(tmp_path: Path) -> None:
    for n in "12":
        with Archive.open(tmp_path / "new") as archive:
            keep(archive, f"http://a.gov.cn/{n}")
    one, two = sorted((tmp_path / "new").rglob("*.warc.gz"))
    old = tmp_path / "old"
    old.mkdir()
    (old / "foi-20260101T000000Z-000001.warc.gz").write_bytes(one.read_bytes())
    torn = two.read_bytes() + b"\x1f\x8b\x08torn"
    (old / f"foi-20260102T000000Z-000002.warc.gz{OPEN}").write_bytes(torn)
    (old / "index.jsonl").write_text("{}\n")

    with Archive.open(old) as archive:
        assert [archive.body(one).decode()[-1] for one in archive.captures()] == ["1", "2"]
        keep(archive, "http://a.gov.cn/3")
    with Archive.open(old) as archive:
        assert archive.reindex()
        assert archive.count() == 3
    assert (old / "foi-20260102T000000Z-000002.warc.gz").read_bytes() == two.read_bytes()
