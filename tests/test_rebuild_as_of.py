"""A release is made again, years later, from the archive as it was: every byte, or what differs and why."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from foi_etl import making, night, wiring
from foi_etl.cli.app import app
from foi_etl.practice.country import Changes, country
from foi_etl.practice.server import serve
from foi_etl.publish.manifest import read_manifest
from foi_etl.publish.place import Place
from foi_etl.publish.verify import verify
from foi_etl.settings import Settings
from foi_etl.sources.registry import register_files
from helpers import STATUTE

if TYPE_CHECKING:
    from pathlib import Path

LAND = country(STATUTE, agencies=5, per_host=1)
REVISED = [("practice-huaian", 2024)]
TOMORROW = replace(LAND, changes=Changes(revised=frozenset(REVISED)))


def one_night(here: Settings, ids: list[str], years: tuple[int, ...] = ()) -> str | None:
    time.sleep(1.05 - time.time() % 1)  # runs are told apart by the second they began in
    run = night.begin_run(here, "some", agencies=ids, years=years)
    night.visit_agencies(here, ids, years, run)
    version = night.make_release(here, accept="revised, as it must be")
    night.end_run(here, run, version)
    return version


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three releases: of some agencies and one year, of all, and of all after a revision."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "practice").mkdir()
    files = register_files(LAND.portals, LAND.agencies)
    for name, text in zip(("portals.yaml", "agencies.csv"), files, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    here = Settings(home=folder, pause=0.0, readers=1)
    ids = [one.id for one in wiring.agencies(here)]
    with serve(LAND, STATUTE, tomorrow=TOMORROW) as server:
        (folder / "practice" / "port").write_text(str(server.port))
        assert one_night(here, ids[:3], (2019,))
        assert one_night(here, ids)
        assert one_night(here, ids) is None
        server.night = 3
        assert one_night(here, ids)
    return here


@pytest.fixture(scope="module")
def releases(home: Settings) -> list[str]:
    return Place.of(home).versions


def rebuilt(here: Settings, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["rebuild", "--home", str(here.home), *words])
    return done.exit_code, done.output


def test_each_release_is_made_again_in_every_byte(home: Settings, releases: list[str]) -> None:
    for version in releases[:2]:
        made = making.rebuild(home, version)
        assert (made.differing, made.otherwise) == ((), ()), version


def test_a_release_says_what_it_was_made_from_and_by(home: Settings, releases: list[str]) -> None:
    first, second, third = (read_manifest(home.releases / one).made_from for one in releases)
    assert [one.captures for one in (first, second, third)] == [2, 6, 7]
    assert first.until < second.until < third.until
    assert (first.runs, second.runs, third.runs) == (1, 2, 4)
    assert first.archive != second.archive != third.archive
    assert first.readers == third.readers
    assert {"lxml", "pandas", "pyarrow"} <= first.libraries.keys()
    assert set(first.files) == {"agencies.csv", "corrections.csv", "divisions"}


def test_nothing_of_the_home_is_changed_by_it(home: Settings, releases: list[str]) -> None:
    def stamps() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in home.home.rglob("*") if path.is_file()}

    before = stamps()
    making.rebuild(home, releases[0])
    assert stamps() == before


def test_it_is_left_where_a_person_wants_it_as_a_whole_release(
    home: Settings, releases: list[str], tmp_path: Path
) -> None:
    code, said = rebuilt(home, "--as-of", releases[2], "--out", str(tmp_path / "again"))
    assert code == 0, said
    assert "are the same bytes" in said
    assert read_manifest(tmp_path / "again").version == releases[2]
    assert verify(tmp_path / "again") == []


def test_a_removed_release_is_made_again_from_what_is_told_of_it(
    home: Settings, releases: list[str], tmp_path: Path
) -> None:
    place = Place.of(home)
    place.remove(releases[0], date(2026, 11, 30), "a nightly")
    code, said = rebuilt(home, "--as-of", releases[0])
    assert code == 0, said


def test_what_is_not_what_it_was_is_named_with_the_files_that_differ(
    home: Settings, releases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    register = home.home / "agencies.csv"
    text = register.read_text(encoding="utf-8")
    register.write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
    other = read_manifest(home.releases / releases[1]).made_from.model_copy(
        update={"readers": "another", "commit": "c0ffee", "libraries": {"lxml": "0.1"}}
    )
    monkeypatch.setattr("foi_etl.making.made_by", lambda: other)
    try:
        code, said = rebuilt(home, "--as-of", releases[1])
    finally:
        register.write_text(text, encoding="utf-8")
    assert code == 1
    assert "agencies.csv is not what it was" in said
    assert "this is c0ffee, readers another: check that commit out" in said
    assert "and is 0.1" in said
    assert "coverage.parquet/2023.parquet: not the bytes of the release" in said
    assert "facts/2024.parquet" not in said


def test_another_program_alone_makes_no_release(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Place.of(home).versions
    monkeypatch.setattr("foi_etl.program.commit", lambda: "another")
    home.released.unlink()
    assert night.make_release(home) is None
    assert Place.of(home).versions == before


def test_a_release_of_before_releases_said_so_cannot_be_made_again(
    home: Settings, releases: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "releases" / "2026.01.01"
    folder.mkdir(parents=True)
    said = json.loads((home.releases / releases[-1] / "_manifest.json").read_bytes())
    said["made_from"] = {"captures": 9, "code": "0.1.0"}
    (folder / "_manifest.json").write_text(json.dumps(said), encoding="utf-8")
    code, _ = rebuilt(replace(home, home=tmp_path), "--as-of", "2026.01.01")
    assert code == 1
