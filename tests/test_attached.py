"""The files beside a report are looked for once in a page, and again where anything could be otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from foi_etl.attached import Attached
from foi_etl.model import Ask, Found, Page
from foi_etl.sources.attachments import attachments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = "http://a.gov.cn/report.html"
BODY = '<html><a href="/f/1.pdf">全文.pdf</a> <a href="/f/2.xlsx">附表 &amp; 说明</a></html>'.encode()


class Looker:
    """Looks as we do, and counts."""

    def __init__(self) -> None:
        self.looked = 0

    def __call__(self, page: Page) -> Iterator[Found]:
        self.looked += 1
        yield from attachments(page)


def files(
    memory: Path, look: Looker, *, version: str = "1", url: str = HERE, digest: str = "d"
) -> list[Found]:
    attached = Attached(look, memory, version)
    try:
        return attached.files(url, digest, lambda: BODY)
    finally:
        attached.close()


def test_what_is_remembered_is_what_looking_says(tmp_path: Path) -> None:
    look = Looker()
    first, second = (files(tmp_path / "memory", look) for _ in range(2))
    assert look.looked == 1
    assert first == second == list(attachments(Page(Ask(HERE), HERE, BODY.decode())))
    assert [one.text for one in first] == ["全文.pdf", "附表 & 说明"]


@pytest.mark.parametrize(
    "other", [{"version": "2"}, {"url": "http://a.gov.cn/moved.html"}, {"digest": "e"}], ids=str
)
def test_what_could_be_otherwise_is_looked_for_again(tmp_path: Path, other: dict[str, str]) -> None:
    look = Looker()
    files(tmp_path / "memory", look)
    files(tmp_path / "memory", look, **other)
    assert look.looked == 2


def test_a_night_on_which_nothing_is_new_writes_nothing(tmp_path: Path) -> None:
    files(tmp_path / "memory", Looker())
    before = (tmp_path / "memory").read_bytes()
    files(tmp_path / "memory", Looker())
    assert (tmp_path / "memory").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["memory"]


def test_a_memory_that_cannot_be_read_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "memory").write_bytes(b"no database, " * 1000)
    look = Looker()
    assert files(tmp_path / "memory", look) == files(tmp_path / "memory", look)
    assert look.looked == 1


def test_what_other_sources_found_does_not_stay(tmp_path: Path) -> None:
    look = Looker()
    for version in ("1", "2", "1"):
        files(tmp_path / "memory", look, version=version)
    assert look.looked == 3


def test_what_cannot_be_told_in_these_words_is_not_remembered(tmp_path: Path) -> None:
    def look(page: Page) -> Iterator[Found]:
        yield Found(Ask(page.url, form=(("file", "1"),)), "全文", via=page.url)

    for _ in range(2):
        attached = Attached(look, tmp_path / "memory", "1")
        assert attached.files(HERE, "d", lambda: BODY)[0].ask.form == (("file", "1"),)
        attached.close()
