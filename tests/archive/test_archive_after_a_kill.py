from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator

from exchanges import exchange
from foi_etl.archive.ledger import LEDGER
from foi_etl.archive.shelf import OPEN
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
    for path in folder.rglob("*.warc.gz*"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                record.content_stream().read()
                if not record.digest_checker.passed:
                    return False
    return not list(folder.rglob(f"*{OPEN}"))


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
    source, folder = tmp_path / "source", tmp_path / "cut"
    with Archive.open(source) as archive:
        for n in range(3):
            archive.keep(exchange(f"http://a.gov.cn/{n}", b"%d" % n), purpose="report", agency=None)
        shutil.copytree(source, tmp_path / "killed")
    [path] = (tmp_path / "killed").rglob(f"*{OPEN}")
    data = path.read_bytes()
    before_last = _end_of_the_exchange_before(data)

    for end in [*range(before_last, len(data), 3), *range(len(data) - 9, len(data) + 1)]:
        path.write_bytes(data[:end])
        shutil.copytree(tmp_path / "killed", folder)
        assert len(bodies(folder)) == (3 if end == len(data) else 2), end
        if end % 50 == 0:
            assert whole(folder)
            with Archive.open(folder) as archive:
                assert archive.reindex()
        shutil.rmtree(folder)


def _end_of_the_exchange_before(data: bytes) -> int:
    """Seven members came before the last exchange's three: one warcinfo, and twice three."""
    starts = [
        place for place in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", place)
    ]
    return starts[7]


def test_a_word_that_was_lost_is_not_believed_any_more(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "one") as archive:
        one, two = (
            archive.keep(exchange(f"http://a.gov.cn/{n}"), purpose="listing", agency=None) for n in "12"
        )
        [path] = (tmp_path / "one").rglob(f"*{OPEN}")
        archive.note(one, agency=None, purpose="attachment")
        size = path.stat().st_size
        archive.note(one, agency=None, purpose="report")
        archive.note(two, agency=None, purpose="report")
        shutil.copytree(tmp_path / "one", tmp_path / "killed")
    [path] = (tmp_path / "killed").rglob(f"*{OPEN}")
    with path.open("r+b") as stream:
        stream.truncate(size)

    with Archive.open(tmp_path / "killed") as archive:
        assert {capture.url[-1]: capture.purpose for capture in archive.captures()} == {
            "1": "attachment",
            "2": "listing",
        }
        assert archive.reindex()


def test_a_ledger_that_is_gone_is_made_again(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for n in range(2):
            archive.keep(exchange(f"http://a.gov.cn/{n}"), purpose="report", agency=None)
    (tmp_path / LEDGER).unlink()

    assert len(bodies(tmp_path)) == 2


def test_an_exchange_archived_but_not_yet_in_the_ledger_is_found_after_a_kill(tmp_path: Path) -> None:
    live, killed = tmp_path / "live", tmp_path / "killed"
    with Archive.open(live) as archive:
        archive.keep(exchange("http://a.gov.cn/1"), purpose="report", agency=None)
        shutil.copytree(live, killed)
        archive.keep(exchange("http://a.gov.cn/2"), purpose="report", agency=None)
        [now] = live.rglob(f"*{OPEN}")
        shutil.copy(now, killed / now.relative_to(live))

    assert set(bodies(killed)) == {"http://a.gov.cn/1", "http://a.gov.cn/2"}


def test_a_file_that_was_lost_with_its_name_is_not_in_the_ledger_any_more(tmp_path: Path) -> None:
    live, killed = tmp_path / "live", tmp_path / "killed"
    with Archive.open(live) as archive:
        for host in "ab":
            archive.keep(exchange(f"http://{host}.gov.cn/"), purpose="report", agency=None)
        shutil.copytree(live, killed)
    [lost] = killed.rglob("a.gov.cn-*")
    lost.unlink()

    assert set(bodies(killed)) == {"http://b.gov.cn/"}


def test_a_file_in_which_nothing_was_sealed_goes_away(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "live") as archive:
        archive.keep(exchange(), purpose="report", agency=None)
        shutil.copytree(tmp_path / "live", tmp_path / "killed")
    [path] = (tmp_path / "killed").rglob(f"*{OPEN}")
    path.write_bytes(b"\x1f\x8b\x08torn")

    assert bodies(tmp_path / "killed") == {}
    assert not list((tmp_path / "killed").glob("2*"))
