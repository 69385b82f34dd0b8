from __future__ import annotations

import gzip
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from exchanges import HARBOUR, exchange
from foi_etl.archive.store import Archive
from foi_etl.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foi_etl.model import Capture, Exchange

NIGHTS = [f"2026-01-0{night}T00:00:00Z" for night in range(1, 6)]
TAGGED = (("Content-Type", "text/html"), ("ETag", '"v1"'), ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path) as one:
        yield one


def kept(archive: Archive, *exchanges: Exchange, purpose: str = "report") -> list[Capture]:
    return [archive.keep(one, purpose=purpose, agency=HARBOUR) for one in exchanges]


def not_modified(night: int = 1) -> Exchange:
    return exchange(body=b"", at=NIGHTS[night], status=304, headers=(("ETag", '"v2"'),))


def records(folder: Path, kind: str) -> list[dict[str, str]]:
    found = []
    for path in sorted(folder.rglob("*.warc.gz*")):
        with path.open("rb") as stream:
            found += [
                dict(one.rec_headers.headers) | {"http": one.http_headers.statusline, "size": one.length}
                for one in ArchiveIterator(stream)
                if one.rec_type == kind
            ]
    return found


def test_not_modified_is_kept_as_a_revisit_through_which_the_earlier_body_is_read(
    archive: Archive, tmp_path: Path
) -> None:
    first, again = kept(archive, exchange(at=NIGHTS[0], headers=TAGGED), not_modified())

    assert (again.revisit_of, again.status, again.sha256) == (first.id, 200, first.sha256)
    assert archive.body(again) == archive.body(first)
    [record] = records(tmp_path, "revisit")
    [response] = records(tmp_path, "response")
    assert record["WARC-Profile"].endswith("/revisit/server-not-modified")
    assert record["WARC-Refers-To"] == response["WARC-Record-ID"]
    assert record["WARC-Refers-To-Date"] == NIGHTS[0]
    assert record["http"].startswith("304")


def test_the_same_page_again_archives_no_second_body(archive: Archive, tmp_path: Path) -> None:
    first, again = kept(archive, exchange(at=NIGHTS[0]), exchange(at=NIGHTS[1]))

    assert again.revisit_of == first.id
    assert len(records(tmp_path, "response")) == 1
    [record] = records(tmp_path, "revisit")
    assert record["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert record["WARC-Payload-Digest"] == records(tmp_path, "response")[0]["WARC-Payload-Digest"]
    assert archive.body(again) == exchange().body


def test_the_same_page_packed_in_another_way_is_the_same_page(archive: Archive) -> None:
    packed = exchange(
        body=gzip.compress(exchange().body), at=NIGHTS[1], headers=(("Content-Encoding", "gzip"),)
    )
    first, again = kept(archive, exchange(at=NIGHTS[0]), packed)

    assert again.revisit_of == first.id


def test_a_page_that_changed_and_changed_back_is_kept_each_time(archive: Archive) -> None:
    old, new = b"old", b"new"
    made = kept(
        archive, *(exchange(body=body, at=at) for body, at in zip((old, new, old), NIGHTS, strict=False))
    )

    assert [one.revisit_of for one in made] == ["", "", ""]
    assert archive.body(made[2]) == old


def test_a_revisit_of_a_revisit_leads_to_the_bytes_too(archive: Archive) -> None:
    made = kept(archive, exchange(at=NIGHTS[0]), not_modified(1), not_modified(2), exchange(at=NIGHTS[3]))

    assert [one.revisit_of for one in made[1:]] == [made[0].id] * 3
    assert archive.origin(made[3]) == made[0]


def test_another_status_or_another_place_is_no_revisit(archive: Archive) -> None:
    made = kept(
        archive,
        exchange(at=NIGHTS[0]),
        exchange(at=NIGHTS[1], status=404),
        exchange(at=NIGHTS[2], led_to="http://a.gov.cn/moved"),
        exchange("http://a.gov.cn/2.html", at=NIGHTS[3]),
    )

    assert [one.revisit_of for one in made] == [""] * 4


def test_not_modified_without_anything_before_is_an_answer_without_a_page(archive: Archive) -> None:
    [capture] = kept(archive, not_modified())

    assert (capture.status, capture.revisit_of) == (304, "")


def test_a_missing_page_between_two_nights_does_not_make_the_page_new(archive: Archive) -> None:
    made = kept(archive, exchange(at=NIGHTS[0]), exchange(at=NIGHTS[1], status=404), exchange(at=NIGHTS[2]))

    assert made[2].revisit_of == made[0].id


def test_only_captures_with_bytes_are_told_unless_all_are_asked_for(archive: Archive) -> None:
    made = kept(archive, exchange(at=NIGHTS[0]), not_modified())

    assert list(archive.captures()) == made[:1]
    assert list(archive.captures(revisits=True)) == made


def test_the_latest_capture_may_be_a_revisit_and_the_one_before_may_be_asked_for(archive: Archive) -> None:
    first, again = kept(archive, exchange(at=NIGHTS[0]), not_modified())
    key = exchange().ask.key

    assert archive.latest(key) == archive.latest(key, status=200) == again
    assert archive.latest(key, before=NIGHTS[1]) == first
    assert archive.latest(key, since=NIGHTS[1]) == again


def test_where_the_earlier_body_is_damaged_the_body_is_kept_anew(archive: Archive, tmp_path: Path) -> None:
    [first] = kept(archive, exchange(at=NIGHTS[0]))
    [path] = tmp_path.rglob("*.warc.gz*")
    data = bytearray(path.read_bytes())
    data[first.offset + 40] ^= 0xFF
    path.write_bytes(data)
    [again] = kept(archive, exchange(at=NIGHTS[1]))

    assert again.revisit_of == ""
    assert archive.body(again) == exchange().body
    with pytest.raises(ArchiveDamaged):
        archive.body(first)


def test_the_ledger_rebuilt_knows_revisits_and_validators(tmp_path: Path) -> None:
    strange = (*TAGGED, ("Content-Type", "x"))
    awkward = (("Content-Type", "text/html; \xe6\x8a\xa5"), ("ETag", ' "\xe6\x8a\xa5" '))
    with Archive.open(tmp_path, roll_at=900) as archive:
        kept(
            archive,
            exchange(at=NIGHTS[0], headers=strange),
            not_modified(),
            exchange("http://a.gov.cn/x", headers=awkward),
        )
        [listing] = kept(archive, exchange("http://a.gov.cn/2", b"list"), purpose="listing")
        archive.note(list(archive.captures(revisits=True))[1], agency=None, purpose="listing")
        told = list(archive.captures(revisits=True))

        assert archive.reindex()
        assert list(archive.captures(revisits=True)) == told
    assert listing.etag == ""
    assert sum(bool(one.revisit_of) for one in told) == 1
    assert any(one.etag == '"v1"' for one in told)


def test_a_file_with_revisits_passes_the_check_of_warcio(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        kept(archive, exchange(at=NIGHTS[0]), not_modified(), exchange(at=NIGHTS[2]))
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *tmp_path.rglob("*.gz")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stdout) == (0, "")


def test_how_the_portal_proved_who_it_is_stands_in_the_archive(archive: Archive, tmp_path: Path) -> None:
    kept(archive, replace(exchange(), transport="strict"))
    [path] = tmp_path.rglob("*.warc.gz*")

    assert b"foi-transport: strict\r\n" in gzip.decompress(path.read_bytes())


def test_what_was_once_gone_is_told_with_all_its_answers(archive: Archive) -> None:
    gone = exchange(body=b"not here", at=NIGHTS[1], status=404)
    kept(archive, exchange(at=NIGHTS[0]), gone, exchange(at=NIGHTS[2]))
    kept(archive, exchange("http://a.gov.cn/2.html", at=NIGHTS[0]))

    told = [(one.fetched_at, one.status) for one in archive.answers_of_gone()]
    assert told == list(zip(NIGHTS[:3], (200, 404, 200), strict=True))
