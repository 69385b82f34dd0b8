"""The facts of a release and the delta of the next give the facts of the next, in every byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from foi_etl.cli.app import app
from foi_etl.errors import ReleaseDamaged, WrongUsage
from foi_etl.model import Judged
from foi_etl.publish.apply import apply
from foi_etl.publish.delta import delta, write_applied
from foi_etl.publish.parquet import write
from helpers import STATUTE
from verdicts import LAYOUT, judged, released, with_fact

PRINTED = {"t3_granted_total": "5", "t3_carried_in_total": "0"}
BEFORE = (
    judged("alder", 2022, PRINTED),
    judged("birch", 2022, PRINTED),
    judged("alder", 2023, PRINTED),
    judged("birch", 2023, PRINTED, editions={"t3": "e2019"}),
    judged("cedar", 2023, PRINTED),
    judged("birch", 2021, PRINTED),
)
AFTER = (
    judged("alder", 2022, PRINTED),  # as before
    judged("birch", 2022, {**PRINTED, "t4_review_total": "7"}),  # revised
    judged("alder", 2023, PRINTED),  # as before; its neighbours are not
    judged("birch", 2023, PRINTED, editions={"t3": "e2021"}),  # another edition
    with_fact(judged("cedar", 2023, PRINTED), "t2_fee_amount", at="t9/r9/c9"),  # from another place
    judged("dogwood", 2023, PRINTED),  # new
    judged("alder", 2024, PRINTED),  # a new year; 2021 is gone
)


def two(folder: Path, before: tuple[Judged, ...] = BEFORE, after: tuple[Judged, ...] = AFTER) -> list[Path]:
    for reports in (before, after):
        assert released(folder, *reports)
    return [folder / "2026.11.23", folder / "2026.11.23.1"]


def changes(old: Path, new: Path) -> pa.Table:
    return pa.concat_tables(delta(old, new, LAYOUT))


def test_applied_to_the_release_before_it_gives_every_byte(tmp_path: Path) -> None:
    old, new = two(tmp_path / "releases")
    write([changes(old, new)], tmp_path / "delta.parquet", LAYOUT.delta)

    write_applied(old, tmp_path / "delta.parquet", tmp_path / "made", STATUTE, LAYOUT)

    made = {path.name: path.read_bytes() for path in (tmp_path / "made" / "facts").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (new / "facts").iterdir()}


def copied(folder: Path, new: Path) -> Path:
    """No more of a release than is needed to apply its delta."""
    folder.mkdir()
    for name in ("_manifest.json", "delta.parquet"):
        shutil.copy(new / name, folder / name)
    return folder


def test_whoever_has_the_release_before_and_the_delta_has_the_release(tmp_path: Path) -> None:
    old, new = two(tmp_path / "releases")
    words = ["releases", "apply", str(old), str(copied(tmp_path / "got", new)), "--out"]

    done = CliRunner().invoke(app, [*words, str(tmp_path / "made")])

    assert (done.exit_code, "every byte" in done.output) == (0, True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "made" / "facts").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (new / "facts").iterdir()}


def test_a_delta_is_applied_to_nothing_but_what_it_is_about(tmp_path: Path) -> None:
    old, new = two(tmp_path / "releases")
    got = copied(tmp_path / "got", new)
    with pytest.raises(WrongUsage, match=r"the delta of 2026\.11\.23\.1 is about 2026\.11\.23: get that one"):
        apply(new, got, tmp_path / "made", STATUTE, LAYOUT)
    (got / "delta.parquet").write_bytes((got / "delta.parquet").read_bytes()[::-1])
    with pytest.raises(ReleaseDamaged, match="get it again"):
        apply(old, got, tmp_path / "made", STATUTE, LAYOUT)
    assert not (tmp_path / "made").exists()


def test_a_file_that_is_not_that_of_the_release_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = two(tmp_path / "releases")
    monkeypatch.setattr("foi_etl.publish.apply.write_applied", lambda *_: [])
    named = apply(old, new, tmp_path / "made", STATUTE, LAYOUT)
    assert named == [f"facts/{year}.parquet" for year in (2022, 2023, 2024)]


def test_some_agencies_at_a_time_give_the_same_as_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = changes(*two(tmp_path / "large")).to_pandas()
    monkeypatch.setattr("foi_etl.publish.parquet._ROW_GROUP", 70)  # fewer rows than a report has
    old, new = two(tmp_path / "small")
    assert pq.read_metadata(new / "facts" / "2023.parquet").num_row_groups > 5
    pd.testing.assert_frame_equal(changes(old, new).to_pandas(), at_once)
    assert at_once["agency_id"][at_once["year"] == 2022].is_monotonic_increasing


def test_each_change_has_its_word(tmp_path: Path) -> None:
    frame = changes(*two(tmp_path)).to_pandas()

    told = frame.groupby(["agency_id", "year"])["change"].value_counts()
    assert told["birch", 2022].to_dict() == {"revised": 1}
    assert told["cedar", 2023].to_dict() == {"reread": 1}
    assert set(told["dogwood", 2023].to_dict()) == set(told["alder", 2024].to_dict()) == {"added"}
    assert set(told["birch", 2021].to_dict()) == {"removed"}
    assert ("alder", 2022) not in told.index
    assert ("alder", 2023) not in told.index


def test_a_revised_cell_says_what_it_said_before_and_no_other_does(tmp_path: Path) -> None:
    frame = changes(*two(tmp_path)).to_pandas()

    [row] = frame[(frame["agency_id"] == "birch") & (frame["year"] == 2022)].to_dict("records")
    assert (row["old_raw"], row["raw"], row["old_state"], row["state"]) == ("", "7", "blank", "number")
    assert frame.loc[frame["change"] != "revised", "old_state"].isna().all()


def test_years_that_are_the_same_bytes_are_not_opened(tmp_path: Path) -> None:
    old, new = two(tmp_path, BEFORE[:3], (BEFORE[0], BEFORE[1], judged("alder", 2023)))
    (old / "facts" / "2022.parquet").unlink()

    assert set(changes(old, new)["year"].to_pylist()) == {2023}


def test_a_first_release_differs_from_nothing(tmp_path: Path) -> None:
    assert released(tmp_path, *BEFORE)
    assert list(delta(None, tmp_path / "2026.11.23", LAYOUT)) == []


def test_a_delta_is_typed_as_it_is_described(tmp_path: Path) -> None:
    write([changes(*two(tmp_path))], tmp_path / "delta.parquet", LAYOUT.delta)

    assert pq.read_schema(tmp_path / "delta.parquet").names == [one.name for one in LAYOUT.delta.columns]
