"""A release is whole or not there, says what it is, and is made only when there is something to say."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

import foi_etl.publish.release as release_module
from foi_etl.errors import WaitAndRetry
from foi_etl.publish.manifest import read_manifest, versions
from foi_etl.publish.parquet import schema
from foi_etl.publish.place import Place
from foi_etl.publish.verify import verify
from verdicts import LAYOUT, judged, released

DAY = date(2026, 11, 23)
BY_YEAR = LAYOUT.tables.keys() - {"facts", "captures"}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_release_is_a_folder_with_the_files_it_promises(tmp_path: Path) -> None:
    made = released(tmp_path, judged(year=2023), judged(year=2019, editions={"t3": "e2019"}))

    assert made is not None
    assert made.path == tmp_path / "2026.11.23"
    assert set(bytes_of(made.path)) == {
        *(f"facts/{year}.parquet" for year in (2019, 2023)),
        *(f"{name}.parquet/{year}.parquet" for name in BY_YEAR for year in (2019, 2023)),
        "captures.parquet/2026.parquet",
        "CHANGES.md",
        "codebook.csv",
        "codebook.html",
        "croissant.json",
        "datapackage.json",
        "delta.parquet",
        "SHA256SUMS",
        "_manifest.json",
    }
    assert verify(made.path) == []


def test_latest_is_a_relative_link_so_that_the_folder_can_be_moved(tmp_path: Path) -> None:
    released(tmp_path / "a", judged())
    (tmp_path / "a").rename(tmp_path / "b")

    assert (tmp_path / "b" / "latest").readlink() == Path("2026.11.23")
    assert verify(tmp_path / "b" / "latest") == []


def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        released(tmp_path / name, judged(printed={"t3_granted_biz": "1"}))

    assert bytes_of(tmp_path / "a" / "2026.11.23") == bytes_of(tmp_path / "b" / "2026.11.23")


def test_a_run_that_changes_nothing_makes_no_release(tmp_path: Path) -> None:
    released(tmp_path, judged())

    assert released(tmp_path, judged(), day=date(2026, 12, 24)) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "2026.11.23", "latest"]


def test_the_releases_of_a_day_are_counted_and_each_names_the_one_before(tmp_path: Path) -> None:
    made = [released(tmp_path, judged(printed={"t3_granted_biz": str(n)})) for n in range(3)]

    told = [(one.version, one.manifest.previous) for one in made if one]
    assert told == [("2026.11.23", None), ("2026.11.23.1", "2026.11.23"), ("2026.11.23.2", "2026.11.23.1")]


def test_the_tenth_release_of_a_day_comes_after_the_ninth(tmp_path: Path) -> None:
    for name in ("2026.11.23.10", "2026.11.23.9", "2026.11.23", "2026.02.28.11", "latest"):
        (tmp_path / name).mkdir()

    assert versions(tmp_path) == ["2026.02.28.11", "2026.11.23", "2026.11.23.9", "2026.11.23.10"]


def test_the_number_of_a_release_that_was_deleted_is_not_given_to_a_later_one(tmp_path: Path) -> None:
    for number in range(3):
        released(tmp_path, judged(printed={"t3_granted_biz": str(number)}))
    shutil.rmtree(tmp_path / "2026.11.23.1")

    made = released(tmp_path, judged())
    assert made is not None
    assert made.version == "2026.11.23.3"


def test_a_clock_that_was_set_back_does_not_put_a_release_into_the_past(tmp_path: Path) -> None:
    released(tmp_path, judged())
    later = released(tmp_path, judged(year=2022), day=date(2025, 1, 1))

    assert later is not None
    assert later.version == "2026.11.23.1"


@pytest.mark.parametrize("name", ["review.parquet/2023.parquet", "_manifest.json"])
def test_a_damaged_release_is_followed_by_a_whole_one_although_nothing_changed(
    tmp_path: Path, name: str
) -> None:
    released(tmp_path, judged())
    (tmp_path / "latest" / name).write_bytes(b"")

    assert released(tmp_path, judged()) is not None
    assert verify(tmp_path / "latest") == []


def test_a_manifest_counts_rows_bytes_and_captures(tmp_path: Path) -> None:
    released(tmp_path, judged(), judged(year=2022), description="Invented.")

    manifest = read_manifest(tmp_path / "latest")
    entries = {entry.path: entry for entry in manifest.tables}
    assert (manifest.made_from.captures, manifest.description) == (2, "Invented.")
    path = "requests.parquet/2023.parquet"
    assert (entries[path].table, entries[path].rows) == ("requests", 7)
    assert entries[path].bytes == (tmp_path / "latest" / path).stat().st_size


def test_every_column_of_every_file_is_described_in_both_languages(tmp_path: Path) -> None:
    released(tmp_path, judged())

    for path in (tmp_path / "latest").rglob("*/*.parquet"):
        for field in pq.read_schema(path):
            assert len(field.metadata[b"description"]) > 10, (path.name, field.name)
            assert any(
                "\u4e00" <= letter <= "\u9fff" for letter in field.metadata[b"description_zh"].decode()
            )


def test_the_data_package_describes_the_columns_the_files_have(tmp_path: Path) -> None:
    released(tmp_path, judged())

    package = json.loads((tmp_path / "latest" / "datapackage.json").read_bytes())
    for resource in package["resources"]:
        told = [field["name"] for field in resource["schema"]["fields"]]
        assert told == pq.read_schema(tmp_path / "latest" / resource["path"]).names
        assert set(resource["schema"].get("primaryKey", [])) <= set(told)
        assert all(field["description_zh"] and field["description"] for field in resource["schema"]["fields"])


def test_what_must_be_there_cannot_be_null_in_the_file(tmp_path: Path) -> None:
    released(tmp_path, judged())

    for path in (tmp_path / "latest").rglob("*/*.parquet"):
        published = pq.read_schema(path)
        layout = LAYOUT.of(path.relative_to(tmp_path / "latest").as_posix())
        assert published.remove_metadata() == schema(layout).remove_metadata()
        assert [field.nullable for field in published] == [column.nullable for column in layout.columns]


def test_a_file_knows_nothing_of_its_day_or_place(tmp_path: Path) -> None:
    released(tmp_path / "x", judged(), day=date(2020, 1, 1))
    released(tmp_path / "y", judged(), day=date(2026, 1, 1))

    one, other = (bytes_of(tmp_path / name / "latest") for name in "xy")
    assert {name for name in one if one[name] != other[name]} == {
        "_manifest.json",
        "CHANGES.md",
        "datapackage.json",
        "codebook.html",
        "croissant.json",
        "SHA256SUMS",
    }


def test_a_leftover_of_a_killed_run_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".draft-77" / "facts").mkdir(parents=True)
    (tmp_path / ".draft-77" / "facts" / "2019.parquet").write_bytes(b"half")
    (tmp_path / ".latest-77").symlink_to("2000.01.01")
    released(tmp_path, judged())

    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "2026.11.23", "latest"]


def test_a_release_that_latest_did_not_reach_is_completed_by_the_next_run(tmp_path: Path) -> None:
    released(tmp_path, judged())
    released(tmp_path, judged(year=2022))
    (tmp_path / "latest").unlink()
    (tmp_path / "latest").symlink_to("2026.11.23")

    assert released(tmp_path, judged(year=2022)) is None
    assert (tmp_path / "latest").readlink() == Path("2026.11.23.1")


def test_latest_is_never_led_to_a_damaged_release(tmp_path: Path) -> None:
    released(tmp_path, judged())
    broken = tmp_path / "2026.11.23.1"
    broken.mkdir()
    (broken / "_manifest.json").write_text("{}", encoding="utf-8")

    assert released(tmp_path, judged()) is None
    assert (tmp_path / "latest").readlink() == Path("2026.11.23")


def test_two_releases_are_never_made_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foi_etl.publish.disk._PATIENCE", 0.01)
    with FileLock(tmp_path / ".lock"), pytest.raises(WaitAndRetry, match="another process"):
        released(tmp_path, judged())


STEPS = ["_write_tables", "_number", "_says_nothing_new", "write_papers", "flush", "flush_folder", "point"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_a_failure_at_any_step_leaves_the_last_release_whole_and_the_next_run_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, late: bool
) -> None:
    released(tmp_path, judged())
    real = getattr(release_module, step)

    def fail(*given: object) -> None:
        if late:
            real(*given)
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(release_module, step, fail)
        with pytest.raises(OSError, match="no space"):
            released(tmp_path, judged(year=2022))
    assert verify(tmp_path / "latest") == []
    assert not list(tmp_path.glob(".draft-*"))

    released(tmp_path, judged(year=2022))
    assert [one.version for one in Place(tmp_path).listed()] == ["2026.11.23", "2026.11.23.1"]
    assert verify(tmp_path / "latest") == []
    assert Place(tmp_path).listed()[-1].is_latest


def test_everything_is_on_the_disk_before_the_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: seen.append(Path(f"/proc/self/fd/{handle}").readlink().name)
    )
    rename = Path.rename

    def renamed(one: Path, target: Path) -> Path:
        seen.append("renamed")
        return rename(one, target)

    monkeypatch.setattr(Path, "rename", renamed)
    made = released(tmp_path, judged())

    assert made is not None
    before = seen[: seen.index("renamed")]
    assert {path.name for path in made.path.rglob("*")} <= set(before)
    assert before[-1].startswith(".draft-")
    assert seen[seen.index("renamed") + 1 :] == [tmp_path.name] * 2
