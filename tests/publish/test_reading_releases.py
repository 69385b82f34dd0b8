"""Finding a release, loading a table of it, and comparing two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import foi_etl
from foi_etl.errors import WrongUsage
from foi_etl.publish.diff import Diff, diff
from foi_etl.publish.place import Place
from verdicts import LAYOUT, judged, released, with_fact

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = {"t3_granted_total": "5", "t3_carried_in_total": "0"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    released(home / "releases", judged(year=2022, printed=PRINTED))
    released(home / "releases", judged(year=2022, printed=PRINTED), judged(year=2023, printed=PRINTED))
    return home


def compared(tmp_path: Path, old: dict[str, str | None], new: dict[str, str | None]) -> Diff:
    for printed in (old, new):
        released(tmp_path, judged(year=2021), judged(printed=printed))
    return diff(tmp_path / "2026.11.23", tmp_path / "2026.11.23.1", LAYOUT)


def test_counts_stay_whole_numbers_where_some_are_null(home: Path) -> None:
    requests = foi_etl.load("requests", home=home)

    assert requests["granted"].dtype == "Int64"
    assert requests["year"].dtype == "int64"
    assert requests.loc[requests["is_total"], "granted"].tolist() == [5, 5]


def test_a_plain_read_gives_what_load_gives(home: Path) -> None:
    for name in ("requests.parquet", "facts"):
        table = name.removesuffix(".parquet")
        pd.testing.assert_frame_equal(
            pd.read_parquet(home / "releases" / "latest" / name), foi_etl.load(table, home=home)
        )


def test_facts_are_all_years_at_once(home: Path) -> None:
    assert foi_etl.load("facts", home=home)["year"].value_counts().to_dict() == {2022: 200, 2023: 200}


def test_an_older_version_can_be_loaded(home: Path) -> None:
    assert foi_etl.load("reports", version="2026.11.23", home=home)["year"].tolist() == [2022]


def test_the_home_is_taken_from_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOI_HOME", str(home))

    assert len(foi_etl.load("reports")) == 2


def test_an_unknown_table_is_answered_with_those_there_are(home: Path) -> None:
    with pytest.raises(
        WrongUsage, match=r"'request'.*captures, checks, coverage, disclosure, facts.*requests, review"
    ):
        foi_etl.load("request", home=home)


def test_an_unknown_version_is_answered_with_those_there_are(home: Path) -> None:
    with pytest.raises(WrongUsage, match=r"'2020\.01\.01'; there are: 2026\.11\.23, 2026\.11\.23\.1"):
        foi_etl.load("requests", version="2020.01.01", home=home)


def test_a_home_without_releases_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="foi-etl demo"):
        foi_etl.load("requests", home=tmp_path)


def test_latest_is_found_by_its_number(home: Path) -> None:
    assert Place(home / "releases").find().name == "2026.11.23.1"


def test_the_catalogue_tells_what_each_release_holds(home: Path) -> None:
    old, new = Place(home / "releases").listed()

    assert (old.version, old.day, old.reports, old.facts, old.is_latest) == (
        "2026.11.23",
        "2026-11-23",
        1,
        200,
        False,
    )
    assert (new.reports, new.facts, new.captures, new.is_latest) == (2, 400, 2, True)
    assert new.bytes == sum(path.stat().st_size for path in new.path.rglob("*/*.parquet"))


def test_a_new_report_is_added_cells_and_changes_nobodys_answer(home: Path) -> None:
    found = diff(home / "releases" / "2026.11.23", home / "releases" / "latest", LAYOUT)

    assert (len(found.added), len(found.removed), len(found.revised)) == (200, 0, 0)
    assert found.is_additive
    assert (found.old, found.new) == ("2026.11.23", "2026.11.23.1")


def test_a_report_that_is_gone_is_removed_cells(home: Path) -> None:
    found = diff(home / "releases" / "latest", home / "releases" / "2026.11.23", LAYOUT)

    assert set(found.removed["year"]) == {2023}
    assert not found.is_additive
    assert found.removed.set_index("cell_id")["raw"]["t3_granted_total"] == "5"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("5", "6", (5.0, 6.0, "5", "6"), id="another number"),
        pytest.param("5", "5.0", (5.0, 5.0, "5", "5.0"), id="the same number written otherwise"),
        pytest.param("", "0", (None, 0.0, "", "0"), id="a blank that became a zero"),
        pytest.param("/", None, (None, None, "/", None), id="a dash that became a lost cell"),
    ],
)
def test_a_revised_cell_is_shown_before_and_after(
    tmp_path: Path, old: str | None, new: str | None, told: tuple[object, ...]
) -> None:
    found = compared(tmp_path, {"t4_review_total": old}, {"t4_review_total": new})

    [row] = found.revised.astype(object).where(found.revised.notna(), None).to_dict("records")
    assert (row["agency_id"], row["year"], row["cell_id"]) == ("harbour", 2023, "t4_review_total")
    assert (row["old_value"], row["new_value"], row["old_raw"], row["new_raw"]) == told
    assert found.added.empty
    assert found.removed.empty


def test_a_unit_that_was_read_anew_revises_its_cell(tmp_path: Path) -> None:
    report = judged(printed={"t2_fee_amount": "3"})
    released(tmp_path, report)
    released(tmp_path, with_fact(report, "t2_fee_amount", unit="元"))

    found = diff(tmp_path / "2026.11.23", tmp_path / "latest", LAYOUT)
    assert found.revised[["cell_id", "old_unit", "new_unit"]].to_numpy().tolist() == [
        ["t2_fee_amount", "万元", "元"]
    ]


def test_a_cell_read_from_another_place_says_nothing_new(tmp_path: Path) -> None:
    released(tmp_path, judged())
    released(tmp_path, with_fact(judged(), "t2_fee_amount", at="t9/r9/c9"))

    found = diff(tmp_path / "2026.11.23", tmp_path / "2026.11.23.1", LAYOUT)
    assert found.is_additive
    assert found.added.empty


def test_a_release_differs_from_itself_in_nothing(home: Path) -> None:
    found = diff(home / "releases" / "latest", home / "releases" / "latest", LAYOUT)

    assert (len(found.added), len(found.removed), len(found.revised)) == (0, 0, 0)
    assert list(found.added.columns) == ["agency_id", "year", "cell_id", "value", "state", "raw", "unit"]
