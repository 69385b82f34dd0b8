from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import threading
import tracemalloc
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from exchanges import HARBOUR, exchange
from foi_etl.archive.ledger import LEDGER
from foi_etl.archive.payload import unpacked
from foi_etl.archive.store import ROLL_AT, Archive
from foi_etl.errors import ArchiveDamaged, FoiError, NotAReport, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from foi_etl.model import Capture


def filled(folder: Path, count: int = 5, roll_at: int = ROLL_AT) -> list[Capture]:
    with Archive.open(folder, roll_at=roll_at) as archive:
        return [
            archive.keep(
                exchange(f"http://a.gov.cn/{n}.html", f"第{n}页".encode()), purpose="report", agency=HARBOUR
            )
            for n in range(count)
        ]


def warcs(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz"))


def warcio_check(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *warcs(folder)], check=True, capture_output=True
    )


def test_what_was_kept_is_read_back_as_it_was_meant(tmp_path: Path) -> None:
    packed = exchange(body=gzip.compress("依申请公开".encode()), headers=(("content-encoding", "gzip"),))
    with Archive.open(tmp_path) as archive:
        capture = archive.keep(packed, purpose="report", agency=HARBOUR)

        assert archive.body(capture).decode() == "依申请公开"
        assert capture.size == len("依申请公开".encode())


def test_the_archive_alone_tells_whose_report_it_holds_and_why_it_was_asked_for(tmp_path: Path) -> None:
    words = {"via": "http://a.gov.cn/列表?p=1", "link_text": " 2023年度报告\n（100%）: 全文 "}
    with Archive.open(tmp_path) as archive:
        kept = archive.keep(exchange(), purpose="report", agency=HARBOUR, **words)
    (tmp_path / LEDGER).unlink()

    with Archive.open(tmp_path, read_only=True) as archive:
        assert list(archive.captures()) == [kept]
    assert (kept.agency_id, kept.agency_name, kept.link_text) == (
        HARBOUR.id,
        HARBOUR.name,
        words["link_text"],
    )


def test_a_note_is_known_from_its_file_alone_whatever_was_kept_before_it(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        first = archive.keep(exchange("http://a.gov.cn/1"), purpose="listing", agency=None)
        archive.keep(exchange("http://a.gov.cn/2"), purpose="listing", agency=None)
        archive.note(first, agency=HARBOUR, purpose="report")
    (tmp_path / LEDGER).unlink()

    with Archive.open(tmp_path) as archive:
        assert [capture.purpose for capture in archive.captures()] == ["report", "listing"]


def test_other_readers_of_warc_read_the_same_body(tmp_path: Path) -> None:
    headers = (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    with Archive.open(tmp_path) as archive:
        archive.keep(
            exchange(body=gzip.compress(b"5\r\nhello\r\n"), headers=headers), purpose="report", agency=None
        )
    with warcs(tmp_path)[0].open("rb") as stream:
        [body] = [
            one.content_stream().read() for one in ArchiveIterator(stream) if one.rec_type == "response"
        ]

    assert body == b"5\r\nhello\r\n"


def test_a_body_that_is_not_what_the_ledger_says_is_refused(tmp_path: Path) -> None:
    capture = replace(filled(tmp_path, 1)[0], sha256="0" * 64)

    with Archive.open(tmp_path) as archive, pytest.raises(ArchiveDamaged, match="not what was written"):
        archive.body(capture)


def test_the_ledger_rebuilt_from_the_files_is_the_ledger_kept(tmp_path: Path) -> None:
    captures = filled(tmp_path, 9, roll_at=2000)
    with Archive.open(tmp_path) as archive:
        archive.note(captures[3], agency=None, purpose="listing")
        kept = list(archive.captures())

        assert archive.reindex()
        assert list(archive.captures()) == kept
    assert len(warcs(tmp_path)) > 2


def test_every_file_passes_the_check_of_warcio(tmp_path: Path) -> None:
    chunked = exchange(
        headers=(("Transfer-Encoding", "chunked"), ("Content-Disposition", "filename=æ\x8a¥.doc"))
    )
    posted = exchange("http://a.gov.cn/proxy.jsp", form=(("columnid", "7"),))
    with Archive.open(tmp_path) as archive:
        for one in (exchange(), chunked, posted, exchange(body=b"", status=404)):
            archive.keep(one, purpose="listing", agency=None)
        archive.note(next(archive.captures()), agency=HARBOUR, purpose="report")

    warcio_check(tmp_path)


def test_header_bytes_stand_in_the_archive_as_they_came(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.keep(
            exchange(headers=(("X-Name", "报".encode().decode("latin-1")),)), purpose="report", agency=None
        )

    assert "X-Name: 报\r\n".encode() in gzip.decompress(warcs(tmp_path)[0].read_bytes())


def test_a_request_is_archived_as_it_was_sent(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.keep(exchange("http://a.gov.cn/x?y=1"), purpose="report", agency=None)

    assert b"GET /x?y=1 HTTP/1.1\r\nHost: a.gov.cn\r\n\r\n" in gzip.decompress(
        warcs(tmp_path)[0].read_bytes()
    )


def test_the_same_exchange_kept_again_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    filled(tmp_path)

    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_listing_that_is_itself_a_report_is_noted_as_one(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        listing = archive.keep(exchange(), purpose="listing", agency=HARBOUR)
        archive.note(listing, agency=HARBOUR, purpose="report", link_text="2023年度报告")
    with Archive.open(tmp_path, read_only=True) as archive:
        [capture] = archive.captures()

    assert (capture.purpose, capture.link_text, capture.id) == ("report", "2023年度报告", listing.id)


def test_the_latest_capture_of_an_ask_is_the_youngest_since(tmp_path: Path) -> None:
    old, new = exchange(at="2026-01-01T00:00:00Z"), exchange(at="2026-02-01T00:00:00Z", status=404)
    with Archive.open(tmp_path) as archive:
        first, second = (archive.keep(one, purpose="report", agency=None) for one in (old, new))

        assert archive.latest(old.ask.key) == second
        assert archive.latest(old.ask.key, status=200) == first
        assert archive.latest(old.ask.key, since="2026-02-02T00:00:00Z") is None
        assert archive.latest("http://a.gov.cn/other") is None


def test_an_ask_that_was_led_elsewhere_is_found_by_what_was_asked(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        one = archive.keep(
            exchange("http://a.gov.cn/a", led_to="http://a.gov.cn/z"), purpose="report", agency=None
        )
        two = archive.keep(
            exchange("http://a.gov.cn/b", led_to="http://a.gov.cn/z"), purpose="report", agency=None
        )

        assert (archive.latest("http://a.gov.cn/a"), archive.latest("http://a.gov.cn/b")) == (one, two)
        assert one.url == "http://a.gov.cn/z"


def test_two_posts_to_one_address_are_two_captures(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        names = {archive.keep(exchange(form=(("p", p),)), purpose="listing", agency=None).id for p in "12"}

    assert len(names) == 2


def test_captures_come_in_the_order_of_time_then_url(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for url, at in (
            ("b", "2026-02-01T00:00:00Z"),
            ("c", "2026-01-01T00:00:00Z"),
            ("a", "2026-02-01T00:00:00Z"),
        ):
            archive.keep(exchange(f"http://a.gov.cn/{url}", at=at), purpose="report", agency=None)

        assert [capture.url[-1] for capture in archive.captures()] == ["c", "a", "b"]


@pytest.mark.parametrize("byte", [40, 300, -300])
def test_a_damaged_body_is_refused_with_file_and_offset(tmp_path: Path, byte: int) -> None:
    capture = filled(tmp_path, 1)[0]
    data = bytearray(warcs(tmp_path)[0].read_bytes())
    place = capture.offset + byte if byte > 0 else len(data) + byte - 200
    data[place] ^= 0xFF
    warcs(tmp_path)[0].write_bytes(data)

    where = rf"{capture.warc} offset={capture.offset}"
    with Archive.open(tmp_path, read_only=True) as archive, pytest.raises(ArchiveDamaged, match=where):
        archive.body(capture)


def test_a_lost_file_is_told_and_not_forgotten(tmp_path: Path) -> None:
    capture = filled(tmp_path, 1)[0]
    warcs(tmp_path)[0].unlink()

    with Archive.open(tmp_path) as archive, pytest.raises(ArchiveDamaged, match="cannot be read"):
        archive.body(next(archive.captures()))
    assert capture.warc


def test_a_closed_file_that_was_cut_is_not_read_as_if_it_were_whole(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    warcs(tmp_path)[0].write_bytes(warcs(tmp_path)[0].read_bytes()[:-20])

    with Archive.open(tmp_path) as archive, pytest.raises(ArchiveDamaged, match="offset="):
        archive.reindex()


def test_a_run_the_ledger_does_not_know_is_read_into_it(tmp_path: Path) -> None:
    captures = filled(tmp_path / "one", 2)
    (tmp_path / "two").mkdir()
    [path] = warcs(tmp_path / "one")
    shutil.copytree(path.parent, tmp_path / "two" / path.parent.name)

    with Archive.open(tmp_path / "two") as archive:
        assert list(archive.captures()) == captures


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    bomb = exchange(body=zlib.compress(b"0" * 3_000_000), headers=(("Content-Encoding", "deflate"),))
    with Archive.open(tmp_path) as archive:
        capture = archive.keep(bomb, purpose="report", agency=None)

        with pytest.raises(NotAReport, match="unpacks to more than 1000000 bytes"):
            archive.body(capture, limit=1_000_000)


def test_unpacking_stops_at_the_limit_and_not_behind_it() -> None:
    bomb = gzip.compress(b"0" * 30_000_000)
    tracemalloc.start()
    with pytest.raises(NotAReport):
        unpacked(bomb, "gzip", limit=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 10_000_000


@pytest.mark.parametrize(
    ("body", "encoding", "meant"),
    [
        pytest.param(
            gzip.compress(b"a") + gzip.compress(b"b"), "gzip", b"ab", id="several gzip members are one body"
        ),
        pytest.param(
            gzip.compress(b"a") + b"\0\0", "gzip", b"a", id="padding after the last member is no content"
        ),
        pytest.param(b"plain", "gzip", b"plain", id="a server that says gzip and sends text meant the text"),
        pytest.param(zlib.compress(b"a")[2:-4], "deflate", b"a", id="deflate without its wrapper is deflate"),
        pytest.param(
            zlib.compress(gzip.compress(b"a")),
            "gzip, deflate",
            b"a",
            id="one coding above another",
        ),
        pytest.param(b"\x8b\x03", "br", b"\x8b\x03", id="an encoding nobody asked for is left as it is"),
    ],
)
def test_content_encoding_is_taken_off(body: bytes, encoding: str, meant: bytes) -> None:
    assert unpacked(body, encoding) == meant


def test_a_reader_does_not_disturb_a_writer_at_work(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as writer:
        capture = writer.keep(exchange(), purpose="report", agency=None)
        with Archive.open(tmp_path, read_only=True) as reader:
            assert reader.body(next(reader.captures())) == writer.body(capture)
        assert list(tmp_path.rglob("*.open"))


def test_a_reader_writes_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with Archive.open(tmp_path, read_only=True) as archive, pytest.raises(FoiError, match="for reading only"):
        archive.keep(exchange(body=b"new"), purpose="report", agency=None)

    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_reading_an_archive_that_is_not_there_says_who_makes_one(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="foi-etl run"):
        Archive.open(tmp_path / "nowhere", read_only=True)


def test_many_threads_keep_into_one_archive(tmp_path: Path) -> None:
    with Archive.open(tmp_path, roll_at=5000) as archive:

        def work(worker: int) -> None:
            for n in range(10):
                url = f"http://a.gov.cn/{worker}/{n}"
                archive.keep(exchange(url, url.encode()), purpose="report", agency=None)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [archive.body(capture).decode() for capture in archive.captures()] == [
            capture.url for capture in archive.captures()
        ]
        assert archive.count() == 40


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = filled(tmp_path, 2)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    archive = Archive.open(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("foi_etl.archive.writer.os.write", full)
        with pytest.raises(FoiError, match="make room"):
            archive.keep(exchange(body=b"new"), purpose="report", agency=None)
    archive.close()

    with Archive.open(tmp_path) as archive:
        assert list(archive.captures()) == captures
    assert not list(tmp_path.rglob("*.open"))
