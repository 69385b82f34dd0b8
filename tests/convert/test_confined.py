"""A reader that runs away ends with its process, and costs one document."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from foi_etl.convert import confined as bounds
from foi_etl.convert.confined import Confined
from foi_etl.errors import IsAPicture, NotAReport

MB = 2**20


def misbehave(what: str, shared: object) -> object:
    """What a reader may do, as the child imports it."""
    match what:
        case "sleep" | "work" | "parts":
            return _take_time(what)
        case "eat":
            return len(bytearray(2**31))
        case "die":
            raise SystemExit
        case "write":
            return Path(str(shared)).write_text("x", encoding="utf-8")
        case "deep":
            return misbehave(what, shared) or 1
        case "picture":
            raise IsAPicture("a picture", file="x")
        case "fault":
            raise ValueError("no such thing")
        case "print":
            print("noise")  # noqa: T201
    return (what, shared)


def _take_time(how: str) -> Generator[None, None, str]:
    """Too long, asleep or at work; or three parts that take too long together, and none by itself."""
    if how == "sleep":
        time.sleep(60)
    for _ in range(3):
        ends = time.process_time() + (60 if how == "work" else 0.6)
        while time.process_time() < ends:
            """At work."""
        yield
    return "all parts"


@pytest.fixture
def confined(tmp_path: Path) -> Iterator[Confined]:
    reader = Confined(misbehave, str(tmp_path / "written"), seconds=1)
    yield reader
    reader.end()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("sleep", "more than 1 s"),
        ("work", "more than 1 s"),
        ("eat", "more memory"),
        ("die", "broke down"),
        ("write", "broken"),
        ("deep", "deeper"),
        ("fault", "no such thing"),
    ],
)
def test_what_a_reader_may_not_do_is_a_refusal(
    confined: Confined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, said: str
) -> None:
    monkeypatch.setattr(bounds, "_PATIENCE", 1 if what == "sleep" else 60)
    with pytest.raises(NotAReport, match=said):
        confined(what)
    monkeypatch.setattr(bounds, "_PATIENCE", 60)
    written = tmp_path / "written"
    assert not written.exists() or not written.read_bytes()
    assert confined("print") == ("print", str(tmp_path / "written"))


def test_a_refusal_crosses_over_as_what_it_is(confined: Confined) -> None:
    with pytest.raises(IsAPicture, match="a picture") as refusal:
        confined("picture")
    assert refusal.value.where == {"file": "x"}


def test_a_large_question_and_a_large_answer_cross_over(confined: Confined) -> None:
    said = "x" * (4 * MB)
    assert confined(said)[0] == said


def test_time_is_counted_for_each_part_of_a_document(
    confined: Confined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "_PATIENCE", 60)
    assert confined("parts") == "all parts"
