"""What an errand brings of a list that is as it was, and what it leaves in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exchanges import HARBOUR, exchange
from foi_etl.archive.store import Archive
from foi_etl.errands import Errand
from foi_etl.model import Ask

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from foi_etl.crawl.fetch import Fetcher
    from foi_etl.model import Capture, Exchange

ASK = Ask("http://a.gov.cn/list.html")
LIST = ("<html><ul><li>政府信息公开</li></ul></html>" + "年报" * 400).encode()


class Portal:
    """Answers the same every night."""

    def __init__(self, night: int) -> None:
        self.night = night

    def fetch(self, ask: Ask, *_: object) -> Exchange:
        return exchange(ask.url, LIST, at=f"2026-01-0{self.night}T01:00:00Z")


def asked(home: Path, night: int) -> tuple[Capture, str]:
    with Archive.open(home) as archive:
        errand = Errand(archive, cast("Fetcher", Portal(night)), f"2026-01-0{night}T00:00:00Z")
        capture, sent = errand.capture(ASK, HARBOUR, "listing")
        assert sent
        return capture, errand.text(capture)


def test_a_list_that_is_as_it_was_is_read_once_and_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(tmp_path, 1)
    reads: list[Capture] = []
    body = Archive.body

    def counted(archive: Archive, capture: Capture) -> bytes:
        reads.append(capture)
        return body(archive, capture)

    monkeypatch.setattr(Archive, "body", counted)
    capture, text = asked(tmp_path, 2)
    assert (capture.revisit_of != "", text, len(reads)) == (True, LIST.decode(), 1)
    with Archive.open(tmp_path, read_only=True) as archive:
        assert archive.count(revisits=True) == 1


def test_a_list_that_is_as_it_was_is_kept_once_more_where_it_cannot_be_read(tmp_path: Path) -> None:
    first, _ = asked(tmp_path, 1)
    path = tmp_path / first.warc
    path.write_bytes(path.read_bytes()[: first.offset + 20])
    capture, text = asked(tmp_path, 2)
    assert (capture.revisit_of, text) == ("", LIST.decode())
