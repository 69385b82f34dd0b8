"""What becomes of a release after it was made: promoted, kept, removed; and told of, in every case."""

from __future__ import annotations

import os
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

import foi_etl
from foi_etl.errors import ReleaseDamaged, WrongUsage
from foi_etl.publish.channels import Channels
from foi_etl.publish.place import Place
from foi_etl.publish.release import recover
from foi_etl.publish.retention import Kept, prune
from foi_etl.publish.verify import verify
from verdicts import judged, released

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 30)
DAYS = [date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 20), date(2026, 10, 5), TODAY]
VERSIONS = [f"{day:%Y.%m.%d}" for day in DAYS]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release on each of these days; one year is the same in all of them."""
    folder = tmp_path_factory.mktemp("releases")
    for day in DAYS:
        changed = judged(printed={"t3_granted_total": str(day.toordinal())})
        assert released(folder, judged(year=2022), changed, day=day)
    return folder


def filled(made: Path, place: Place) -> Place:
    """The same, at another place."""
    shutil.copytree(made, place.near, symlinks=True, copy_function=os.link)
    if mirror := place.mirror:
        for name in VERSIONS:
            mirror.send(name)
    return place


@pytest.fixture(params=["here", "far"])
def place(request: pytest.FixtureRequest, tmp_path: Path, made: Path) -> Place:
    url = f"memory://{tmp_path.name}/a/prefix" if request.param == "far" else ""
    return filled(made, Place(tmp_path / "releases", url))


@pytest.fixture
def here(tmp_path: Path, made: Path) -> Place:
    return filled(made, Place(tmp_path / "releases"))


@pytest.fixture
def far(tmp_path: Path, made: Path) -> Place:
    return filled(made, Place(tmp_path / "copies", f"memory://{tmp_path.name}/a/prefix"))


def channels(place: Place) -> dict[str, str]:
    return {one.version: one.channel for one in place.listed()}


def test_a_release_is_nightly_until_somebody_promotes_it(place: Place) -> None:
    with pytest.raises(WrongUsage, match=r"no release is stable yet: `foi-etl releases promote"):
        place.find("stable")

    assert place.promote("latest", TODAY, "checked by hand") == VERSIONS[-1]

    assert channels(place) == dict.fromkeys(VERSIONS[:-1], "nightly") | {VERSIONS[-1]: "stable"}
    assert place.find("stable").name == VERSIONS[-1]
    [told] = place.channels.promoted
    assert (told.version, told.on, told.because) == (VERSIONS[-1], "2026-11-30", "checked by hand")


def test_stable_stays_while_nightlies_go_on_and_may_go_back(place: Place) -> None:
    place.promote(VERSIONS[0], TODAY, "the first")
    assert (place.named("stable"), place.named("latest")) == (VERSIONS[0], VERSIONS[-1])
    place.promote(VERSIONS[2], TODAY, "better")
    place.promote(VERSIONS[0], TODAY, "it was worse")
    assert place.named("stable") == VERSIONS[0]
    assert set(channels(place).values()) == {"stable", "nightly"}
    assert channels(place)[VERSIONS[2]] == "stable"


def test_promoting_what_is_stable_says_nothing_twice(here: Place) -> None:
    for _ in range(2):
        here.promote(VERSIONS[0], TODAY, "good")
    assert len(here.channels.promoted) == 1


def test_the_names_beside_the_releases_lead_where_they_say(here: Place, far: Place) -> None:
    for one in (here, far):
        one.promote(VERSIONS[0], TODAY, "good")
    assert (here.near / "stable").readlink().name == VERSIONS[0]
    assert far.mirror is not None
    assert far.mirror.far.text("stable") == f"{VERSIONS[0]}\n"


def test_a_stable_table_is_loaded_by_its_channel(here: Place, tmp_path: Path) -> None:
    here.promote(VERSIONS[0], TODAY, "good")
    granted = [
        foi_etl.load("requests", version=one, home=tmp_path)["granted"].max() for one in ("stable", "latest")
    ]
    assert granted == [DAYS[0].toordinal(), DAYS[-1].toordinal()]


def test_a_damaged_release_is_not_promoted(here: Place) -> None:
    path = here.near / VERSIONS[-1] / "review.parquet" / "2023.parquet"
    path.unlink()
    path.write_bytes(b"")
    with pytest.raises(ReleaseDamaged, match="is not promoted"):
        here.promote("latest", TODAY, "good")
    assert here.channels == Channels()


def test_a_killed_promotion_is_completed_by_the_same_command(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr("foi_etl.publish.place.point", stopped)
        with pytest.raises(KeyboardInterrupt):
            here.promote("latest", TODAY, "good")
    assert not (here.near / "stable").exists()
    here.promote("latest", TODAY, "good")
    assert (here.near / "stable").readlink().name == VERSIONS[-1]


def stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


RULE = Kept(30, TODAY)
SINCE = {one: before for before, one in zip([None, *VERSIONS], VERSIONS, strict=False)}


def test_kept_are_the_last_days_the_last_of_each_month_and_what_their_deltas_are_about() -> None:
    kept = RULE.of(SINCE, Channels(), VERSIONS[-1])
    assert kept == {
        "2026.09.02": "the delta of 2026.09.20 is about it",
        "2026.09.20": "the last of its month",
        "2026.10.05": "the last of its month",
        "2026.11.30": "the latest",
    }
    assert RULE.of(SINCE, Channels(), None)["2026.11.30"] == "of the last 30 days"


def test_what_was_stable_once_is_kept_for_ever() -> None:
    told = Channels()
    for one in (VERSIONS[0], VERSIONS[-1]):
        told = told.promoting(one, TODAY, "good")
    assert RULE.of(SINCE, told, VERSIONS[-1])[VERSIONS[0]] == "stable"


@pytest.mark.parametrize(("age", "is_kept"), [(29, True), (30, False)])
def test_thirty_days_are_thirty_days(age: int, is_kept: bool) -> None:
    old = f"{date.fromordinal(TODAY.toordinal() - age):%Y.%m.%d}"
    others = {"2026.11.30.9": "2026.11.30.8", "2026.11.30.8": None, "2026.10.31.5": None}
    kept = RULE.of({old: None, **others}, Channels(), "2026.11.30.9")
    assert (old in kept) == is_kept


def test_pruning_takes_away_what_is_not_kept_and_says_so_for_ever(place: Place) -> None:
    assert prune(place, RULE) == [VERSIONS[0]]

    assert [one.version for one in place.listed()] == VERSIONS[1:]
    for one in VERSIONS[1:]:
        with place.proving(one) as folder:
            assert verify(folder) == []
    [gone] = place.removed
    assert (gone.version, gone.on) == (VERSIONS[0], "2026-11-30")
    assert place.manifest(VERSIONS[0]).version == VERSIONS[0]
    with pytest.raises(WrongUsage, match=r"2026\.09\.01 was removed on 2026-11-30: a nightly older than 30"):
        place.find(VERSIONS[0])
    assert prune(place, RULE) == []


def test_a_file_that_a_removed_release_shared_stays_one_file(here: Place) -> None:
    def files() -> list[int]:
        shared = (here.near / one / "facts" / "2022.parquet" for one in here.versions)
        return [path.stat().st_ino for path in shared]

    before = files()
    prune(here, RULE)
    assert (len(before), len(files()), len({*before, *files()})) == (5, 4, 1)


@pytest.mark.parametrize("step", ["pathlib.Path.rename", "shutil.rmtree"])
def test_a_killed_pruning_is_completed_by_the_next(
    here: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(step, stopped)
        with pytest.raises(KeyboardInterrupt):
            prune(here, RULE)
    prune(here, RULE)
    recover(here.near)
    assert [one.version for one in here.removed] == [VERSIONS[0]]
    assert [path.name for path in here.near.iterdir() if VERSIONS[0] in path.name] == []


def test_a_release_that_was_half_removed_there_is_removed_by_the_next(far: Place) -> None:
    assert far.mirror is not None
    far.remove(VERSIONS[0], TODAY, RULE.rule)
    far.mirror.far.write(f"{VERSIONS[0]}/codebook.csv", "left behind")
    shutil.rmtree(far.near)
    assert prune(far, RULE) == [VERSIONS[0]]
    assert VERSIONS[0] not in far.versions
