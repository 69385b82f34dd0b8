"""Releases that stand elsewhere: made here, brought there, and read as if they were here."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import foi_etl
from foi_etl.errors import WaitAndRetry, WrongUsage
from foi_etl.far import Far
from foi_etl.publish.diff import diff
from foi_etl.publish.export.release import export
from foi_etl.publish.manifest import CODEBOOK, LATEST, MANIFEST
from foi_etl.publish.mirror import Mirror
from foi_etl.publish.place import Place
from foi_etl.publish.verify import verify
from foi_etl.schemas import words
from verdicts import LAYOUT, judged, released

if TYPE_CHECKING:
    from pathlib import Path

    from foi_etl.model import Judged
    from foi_etl.publish.release import Release

ONE, TWO = "2026.11.23", "2026.11.23.1"
FIRST, SECOND = judged(year=2022, printed={"t3_granted_biz": "7"}), judged(year=2023)


class Killed(BaseException):
    """Nothing that anybody catches."""


@pytest.fixture
def on_s3(tmp_path: Path, bucket: str) -> Place:
    return Place(tmp_path / "copies", f"{bucket}/a/prefix")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store in memory: an S3 server takes its time, and these are about the order of things."""
    return Place(tmp_path / "copies", f"memory://{tmp_path.name}/a/prefix")


def mirror_of(place: Place) -> Mirror:
    mirror = place.mirror
    assert mirror is not None
    return mirror


def release(place: Place, *reports: Judged) -> Release | None:
    """As the corridor makes it."""
    mirror = mirror_of(place)
    mirror.catch_up()
    made = released(place.near, *reports)
    if made is not None:
        mirror.send(made.version)
    return made


def faults(place: Place, version: str = LATEST) -> list[str]:
    with place.proving(version) as folder:
        return verify(folder)


def test_a_release_goes_there_and_is_read_from_there(
    on_s3: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = on_s3
    release(place, FIRST)
    release(place, FIRST, SECOND)

    listed = place.listed()
    assert [(one.version, one.reports, one.is_latest) for one in listed] == [(ONE, 1, False), (TWO, 2, True)]
    assert [faults(place, one) for one in (ONE, TWO)] == [[], []]
    shutil.rmtree(place.near)
    requests = pd.read_parquet(f"{place.url}/{TWO}/requests.parquet")
    pd.testing.assert_frame_equal(requests, pd.read_parquet(place.find() / "requests.parquet"))
    assert requests["granted"].dtype == "Int64"
    assert len(diff(place.find(ONE), place.find(), LAYOUT).added) == 200
    export(place.find(ONE), tmp_path / "csv", "csv", LAYOUT, words())
    assert (tmp_path / "csv" / "requests.csv").is_file()
    monkeypatch.setenv("FOI_RELEASES", place.url)
    for table, count in {"reports": 2, "facts": 400}.items():
        assert len(foi_etl.load(table, home=tmp_path / "nowhere")) == count
    with pytest.raises(WrongUsage, match=rf"'2020\.01\.01'; there are: {ONE}, {TWO}"):
        foi_etl.load("requests", version="2020.01.01")


def test_a_prefix_without_releases_says_how_to_get_one(place: Place) -> None:
    assert place.listed() == []
    with pytest.raises(WrongUsage, match="foi-etl demo"):
        place.find()


def test_a_bucket_that_is_not_there_is_told(tmp_path: Path, bucket: str) -> None:
    with pytest.raises(WrongUsage, match="look at the URL"):
        release(Place(tmp_path, f"{bucket}-not/a"), FIRST)


def test_nothing_new_makes_no_release_also_where_the_copies_were_deleted(place: Place) -> None:
    release(place, FIRST)
    assert release(place, FIRST) is None
    shutil.rmtree(place.near)
    assert release(place, FIRST) is None
    assert [one.version for one in place.listed()] == [ONE]


def test_a_damaged_copy_is_brought_here_again(place: Place) -> None:
    release(place, FIRST)
    path = place.near / ONE / "review.parquet" / "2022.parquet"
    body = path.read_bytes()
    path.write_bytes(body[::-1])

    assert release(place, FIRST) is None
    assert path.read_bytes() == body


def test_what_the_store_lost_is_given_back_to_it(on_s3: Place) -> None:
    place = on_s3
    release(place, FIRST)
    mirror_of(place).far.remove(f"{ONE}/{CODEBOOK}")
    assert faults(place) == [f"{CODEBOOK}: the file is missing."]

    assert release(place, FIRST) is None
    assert faults(place) == []


def test_damage_there_is_found_although_the_copy_is_whole(place: Place) -> None:
    release(place, FIRST)
    mirror_of(place).far.put(place.near / ONE / CODEBOOK, f"{ONE}/facts/2022.parquet")

    assert "facts/2022.parquet: the file is not what was released, its checksum differs." in faults(place)


def test_what_an_earlier_release_holds_is_copied_there_and_does_not_travel(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(place, FIRST)
    sent: list[str] = []
    put = Far.put

    def noted(far: Far, path: Path, name: str) -> None:
        sent.append(name)
        put(far, path, name)

    monkeypatch.setattr(Far, "put", noted)
    release(place, FIRST, SECOND)

    assert f"{TWO}/facts/2023.parquet" in sent
    assert [name for name in sent if "2022" in name] == []
    assert sent[-1] == f"{TWO}/{MANIFEST}"
    assert faults(place) == []


def test_two_homes_do_not_release_to_one_place(place: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other", place.url)
    mirror_of(place).catch_up()
    mine = released(place.near, FIRST)
    assert mine is not None
    release(other, SECOND)
    release(other, SECOND, FIRST)

    with pytest.raises(WaitAndRetry, match="only one home may"):
        mirror_of(place).send(mine.version)
    assert mirror_of(place).latest() == TWO


STEPS = [("put", 9), ("put", -1), ("copy", 3), ("write", 1)]
"""A call of Far, and the how manieth."""


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("forgotten", [False, True], ids=["on the same machine", "on a new machine"])
@pytest.mark.parametrize(("step", "number"), STEPS, ids=[f"{step} {number}" for step, number in STEPS])
def test_a_kill_on_the_way_costs_no_release(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str, number: int, late: bool, forgotten: bool
) -> None:
    release(place, FIRST)
    real, calls = getattr(Far, step), []

    def killed(far: Far, *given: object) -> None:
        calls.append(given)
        last = str(given[-1]).endswith(MANIFEST)
        now = last if number < 0 else len(calls) >= number
        if late or not now:
            real(far, *given)
        if now:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Far, step, killed)
        with pytest.raises(Killed):
            release(place, FIRST, SECOND)
    assert faults(place) == []
    named = {one.version for one in place.listed() if one.is_latest}
    assert named == {TWO if (step, late) == ("write", True) else ONE}
    if forgotten:
        shutil.rmtree(place.near)

    made = release(place, FIRST, SECOND)
    # A machine that knows nothing of it begins anew, unless all of it had come there.
    begun_anew = forgotten and step != "write" and (number > 0 or not late)
    assert (made is None) == (not begun_anew)
    assert [one.version for one in place.listed()] == [ONE, TWO]
    assert [faults(place, one) for one in (ONE, TWO, LATEST)] == [[], [], []]
    assert mirror_of(place).latest() == TWO


def test_copies_that_nobody_needs_do_not_stay(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foi_etl.publish.mirror._WHILE", -1)
    for number in range(4):
        release(place, judged(printed={"t3_granted_biz": str(number)}))
    mirror_of(place).catch_up()

    assert sorted(path.name for path in place.near.glob("2026*")) == [f"{ONE}.2", f"{ONE}.3"]
    assert len(place.listed()) == 4
