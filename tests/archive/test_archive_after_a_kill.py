from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator

from exchanges import exchange
from foi_etl.archive.index import INDEX, OPEN
from foi_etl.archive.store import Archive

if TYPE_CHECKING:
    from pathlib import Path

# Says each page on its standard output only after the archive has said it is kept.
_KEEP_FOR_EVER = """
import sys
from pathlib import Path
from exchanges import exchange
from foi_etl.archive.store import Archive
first = int(sys.argv[2])
with Archive.open(Path(sys.argv[1]), roll_at=20_000) as archive:
    for n in range(first, first + 100_000):
        archive.keep(exchange(f"http://a.gov.cn/{n}", str(n).encode() * 50), purpose="report", agency=None)
        print(n, flush=True)
"""


def whole(folder: Path) -> bool:
    """Every record of every file has the digests it says."""
    for path in folder.glob("foi-*"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                record.content_stream().read()
                if not record.digest_checker.passed:
                    return False
    return not list(folder.glob(f"*{OPEN}"))


def bodies(folder: Path) -> dict[str, bytes]:
    with Archive.open(folder) as archive:
        return {capture.url: archive.body(capture) for capture in archive.captures()}


def test_a_writer_killed_at_any_moment_loses_nothing_it_said_was_kept(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(15):
        args = [sys.executable, "-c", _KEEP_FOR_EVER, str(tmp_path), str(len(said) * 1000)]
        with subprocess.Popen(
            args, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": ":".join(sys.path)}
        ) as process:
            assert process.stdout
            said.append(process.stdout.readline().strip())
            time.sleep(random.uniform(0, 0.05))
            process.kill()
            said += process.stdout.read().split("\n")[:-1]

    kept = bodies(tmp_path)
    assert {f"http://a.gov.cn/{n}" for n in said if n} <= set(kept)
    assert all(body == url.rsplit("/", 1)[1].encode() * 50 for url, body in kept.items())
    assert whole(tmp_path)


def test_a_file_cut_at_any_byte_of_its_last_exchange_keeps_all_the_others(tmp_path: Path) -> None:
    source = tmp_path / "source"
    archive = Archive.open(source)
    for n in range(3):
        archive.keep(exchange(f"http://a.gov.cn/{n}", b"%d" % n), purpose="report", agency=None)
    [path] = source.glob(f"*{OPEN}")
    data, index = path.read_bytes(), (source / INDEX).read_bytes()
    archive.close()
    before_last = _end_of_the_exchange_before(data)

    for end in [*range(before_last, len(data), 3), *range(len(data) - 9, len(data) + 1)]:
        folder = tmp_path / "cut"
        folder.mkdir()
        (folder / path.name).write_bytes(data[:end])
        (folder / INDEX).write_bytes(index)
        assert len(bodies(folder)) == (3 if end == len(data) else 2), end
        assert len((folder / INDEX).read_bytes().splitlines()) == (3 if end == len(data) else 2)
        if end % 50 == 0:
            assert whole(folder)
        shutil.rmtree(folder)


def _end_of_the_exchange_before(data: bytes) -> int:
    """Seven members came before the last exchange's three: one warcinfo, and twice three."""
    starts = [
        place for place in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", place)
    ]
    return starts[7]


def test_an_index_cut_at_any_byte_is_made_whole_again(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for n in range(2):
            archive.keep(exchange(f"http://a.gov.cn/{n}"), purpose="report", agency=None)
    index = (tmp_path / INDEX).read_bytes()
    for end in range(0, len(index), 7):
        (tmp_path / INDEX).write_bytes(index[:end])
        assert len(bodies(tmp_path)) == 2
        assert (tmp_path / INDEX).read_bytes() == index


def test_an_exchange_archived_but_not_yet_indexed_is_found_after_a_kill(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path)
    archive.keep(exchange("http://a.gov.cn/1"), purpose="report", agency=None)
    index = (tmp_path / INDEX).read_bytes()
    archive.keep(exchange("http://a.gov.cn/2"), purpose="report", agency=None)
    shutil.copytree(tmp_path, tmp_path / "killed")
    archive.close()
    (tmp_path / "killed" / INDEX).write_bytes(index)

    assert set(bodies(tmp_path / "killed")) == {"http://a.gov.cn/1", "http://a.gov.cn/2"}


def test_a_file_in_which_nothing_was_sealed_goes_away(tmp_path: Path) -> None:
    (tmp_path / f"foi-20260101T000000Z-000001.warc.gz{OPEN}").write_bytes(b"\x1f\x8b\x08torn")

    assert bodies(tmp_path) == {}
    assert not list(tmp_path.glob("foi-*"))
