"""The archive on an S3 server: files are written here and go there when they are closed."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from exchanges import exchange
from foi_etl.archive.ledger import LEDGER
from foi_etl.archive.records import body_at
from foi_etl.archive.store import Archive
from foi_etl.errors import FoiError

fsspec = pytest.importorskip("fsspec")

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def url(bucket: str) -> str:
    return f"{bucket}/a/prefix"


def keep(archive: Archive, *names: str) -> None:
    for name in names:
        archive.keep(exchange(f"http://{name}", name.encode() * 9000), purpose="report", agency=None)


def far(url: str) -> list[str]:
    store = fsspec.filesystem("s3")
    store.invalidate_cache()
    return sorted(path.rpartition("/")[2] for path in store.find(url))


def bodies(archive: Archive) -> set[str]:
    return {archive.body(one).decode()[:10] for one in archive.captures()}


def test_closed_files_go_there_and_are_read_from_there(tmp_path: Path, url: str) -> None:
    with Archive.open(tmp_path, remote=url) as archive:
        keep(archive, "a.gov.cn/1", "b.gov.cn/1", "a.gov.cn/2")
        assert bodies(archive) == {"a.gov.cn/1", "b.gov.cn/1", "a.gov.cn/2"}
        assert far(url) == []
    assert far(url) == ["a.gov.cn-0001.warc.gz", "b.gov.cn-0001.warc.gz"]
    assert not list(tmp_path.rglob("*.warc.gz*"))

    with Archive.open(tmp_path, remote=url) as archive:
        assert not [path for path in tmp_path.iterdir() if path.is_dir()]
        assert bodies(archive) == {"a.gov.cn/1", "b.gov.cn/1", "a.gov.cn/2"}
        keep(archive, "a.gov.cn/2")
        assert archive.count(revisits=True) == 3
        assert archive.reindex()


def test_a_new_machine_makes_its_ledger_from_what_is_there(tmp_path: Path, url: str) -> None:
    with Archive.open(tmp_path / "one", remote=url) as archive:
        keep(archive, "a.gov.cn/1", "b.gov.cn/1")
        kept = list(archive.captures())

    with Archive.open(tmp_path / "two", remote=url, read_only=True) as archive:
        assert list(archive.captures()) == kept


def test_what_a_killed_run_left_here_goes_there(tmp_path: Path, url: str) -> None:
    with Archive.open(tmp_path / "live", remote=url) as archive:
        keep(archive, "a.gov.cn/1", "b.gov.cn/1")
        shutil.copytree(tmp_path / "live", tmp_path / "killed")
    fsspec.filesystem("s3").rm(url, recursive=True)
    [closed] = (tmp_path / "killed").rglob("b.gov.cn-0001.warc.gz.open")
    closed.rename(closed.with_name("b.gov.cn-0001.warc.gz"))

    with Archive.open(tmp_path / "killed", remote=url) as archive:
        assert far(url) == ["a.gov.cn-0001.warc.gz", "b.gov.cn-0001.warc.gz"]
        assert not list((tmp_path / "killed").rglob("*.warc.gz*"))
        assert bodies(archive) == {"a.gov.cn/1", "b.gov.cn/1"}
        assert archive.reindex()


def test_where_the_store_does_not_answer_nothing_is_lost(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError("no answer")

    archive = Archive.open(tmp_path, remote=url)
    keep(archive, "a.gov.cn/1")
    with monkeypatch.context() as patch:
        patch.setattr(fsspec.filesystem("s3"), "put_file", away)
        with pytest.raises(FoiError, match="run again, nothing is lost"):
            archive.close()

    with Archive.open(tmp_path, remote=url) as archive:
        assert far(url) == ["a.gov.cn-0001.warc.gz"]
        assert bodies(archive) == {"a.gov.cn/1"}


def test_another_process_reads_a_body_there(tmp_path: Path, url: str) -> None:
    with Archive.open(tmp_path, remote=url) as archive:
        keep(archive, "a.gov.cn/1")
        shelf, [capture] = archive.shelf, archive.captures()
    (tmp_path / LEDGER).unlink()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(body_at, shelf, capture).result().startswith(b"a.gov.cn/1")


def test_a_long_body_is_read_in_ranges(tmp_path: Path, url: str) -> None:
    noise = b"".join(bytes([n * n % 251, n % 7, n // 251 % 256]) for n in range(200_000))
    with Archive.open(tmp_path, remote=url) as archive:
        archive.keep(exchange(body=noise), purpose="report", agency=None)
        keep(archive, "a.gov.cn/1")
    with Archive.open(tmp_path, remote=url, read_only=True) as archive:
        assert {archive.body(one)[:10] for one in archive.captures()} == {noise[:10], b"a.gov.cn/1"}


def test_the_files_there_pass_the_check_of_warcio(tmp_path: Path, url: str) -> None:
    with Archive.open(tmp_path / "home", remote=url) as archive:
        keep(archive, "a.gov.cn/1")
    fsspec.filesystem("s3").get(url, str(tmp_path / "copy"), recursive=True)
    files = list((tmp_path / "copy").rglob("*.warc.gz"))
    subprocess.run([sys.executable, "-m", "warcio.cli", "check", *files], check=True)
    assert files
