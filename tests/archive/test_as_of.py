"""The archive as it was known at an earlier moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchanges import HARBOUR, exchange
from foi_etl.archive.store import Archive

if TYPE_CHECKING:
    from pathlib import Path

THEN, FIRST, SECOND = "2026-01-01T00:00:30Z", "20260101T000000Z", "20260102T000000Z"


def test_what_was_kept_noted_or_taken_from_elsewhere_later_is_not_known_yet(tmp_path: Path) -> None:
    moments = ("2026-01-01T00:00:10Z", "2026-01-02T00:00:10Z", "2019-05-01T00:00:00Z")
    listed, later, imported = (exchange(f"http://a.gov.cn/{at}", at=at) for at in moments)
    with Archive.open(tmp_path / "archive", run=FIRST) as archive:
        capture = archive.keep(listed, purpose="listing", agency=HARBOUR)
        assert archive.last() == "2026-01-01T00:00:10Z"
    with Archive.open(tmp_path / "archive", run=SECOND) as archive:
        archive.note(capture, purpose="report", agency=HARBOUR)
        archive.keep(later, purpose="report", agency=HARBOUR)
        archive.keep(imported, purpose="report", agency=HARBOUR, origin="elsewhere.warc.gz")
        assert archive.last() == "2026-01-02T00:00:10Z"

    with Archive.open(tmp_path / "archive", read_only=True) as archive:
        assert archive.count(purpose="report") == 3
        with archive.as_of(THEN, tmp_path / "then.sqlite") as then:
            assert [one.purpose for one in then.captures()] == ["listing"]
            assert then.last() == "2026-01-01T00:00:10Z"
            assert then.body(capture) == listed.body
        assert archive.count(purpose="report") == 3


def test_what_was_imported_last_is_as_young_as_its_run(tmp_path: Path) -> None:
    old = exchange(at="2019-05-01T00:00:00Z")
    with Archive.open(tmp_path / "archive", run=SECOND) as archive:
        archive.keep(old, purpose="report", agency=HARBOUR, origin="elsewhere.warc.gz")
        assert archive.last() == "2026-01-02T00:00:00Z"
