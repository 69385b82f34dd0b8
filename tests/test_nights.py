"""Three nights over every kind of portal: the first, a quiet one, and one on which reports were revised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from foi_etl.cli.run import publish
from foi_etl.cli.say import settings
from foi_etl.practice.country import Changes, country
from foi_etl.practice.finding import finding
from foi_etl.practice.places import KINDS
from foi_etl.practice.server import Served
from foi_etl.publish.diff import diff
from foi_etl.schemas import layout
from helpers import STATUTE
from visiting import PATIENT, House, documents, visiting

if TYPE_CHECKING:
    from pathlib import Path

LAND = country(STATUTE, agencies=len(KINDS), per_host=1, years=(2024, 2025))
LISTED = [
    one.id for one in LAND.agencies if LAND.kind_of(one.id).dialect != "annual" and LAND.published(one.id)
]
"""Agencies with a list: where addresses are the list, a change shows when a report is due by its age."""
REVISED = frozenset((id_, max(LAND.published(id_))) for id_ in LISTED)
TOMORROW = replace(LAND, changes=Changes(revised=REVISED))


@dataclass
class Night:
    """What one night came to."""

    asked: list[Served]
    documents: list[str]
    new_reports: int
    bodies: int
    """Bodies that the archive holds by then."""
    release: Path


def night(house: House, number: int) -> Night:
    """Visit and publish, as a run does."""
    asked = house.night(number, limits=PATIENT)
    # A cell of every list is one more than it was: the gate stops that, rightly, until a person looks.
    accept = "the practice country revises a cell of every list" if number == 3 else ""
    assert publish(settings(house.home), accept=accept).refused == 0
    with house.kept as kept:
        bodies = sum(not one.revisit_of for one in kept.captures(revisits=True))
    return Night(
        asked,
        [f"http://{one.host}{one.path}" for one in documents(asked, house)],
        sum(one.new for one in house.outcomes.values()),
        bodies,
        (house.home / "releases" / "latest").resolve(),
    )


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Night]:
    with visiting(tmp_path_factory.mktemp("home"), LAND, TOMORROW) as house:
        first, second = night(house, 1), night(house, 2)
        house.server.night = 2
        return [first, second, night(house, 3)]


def test_on_the_first_night_every_report_is_fetched_once(nights: list[Night]) -> None:
    due = [url for one in finding(LAND) for url in one.urls]

    assert set(due) <= set(nights[0].documents)
    assert max(Counter(nights[0].documents).values()) == 1


def test_on_a_quiet_night_each_list_page_costs_one_request_and_nothing_is_new(nights: list[Night]) -> None:
    first, second, _ = nights
    pages = Counter((one.host, one.path) for one in second.asked if one.method == "GET")

    assert second.documents == []
    assert max(pages.values()) == 1
    assert sum(one.method == "POST" for one in second.asked) <= sum(
        one.method == "POST" for one in first.asked
    )
    assert (second.bodies, second.new_reports, second.release) == (first.bodies, 0, first.release)


def test_of_revised_reports_exactly_those_are_fetched_read_and_revised(nights: list[Night]) -> None:
    _, second, third = nights
    due = {(one.agency_id, one.year): one.urls for one in finding(LAND)}
    changed = diff(second.release, third.release, layout()).revised

    assert sorted(third.documents) == sorted(url for one in REVISED for url in due[one])
    assert third.release != second.release
    assert set(zip(changed["agency_id"], changed["year"], strict=True)) == REVISED
    assert len(changed) == len(REVISED)


def test_the_third_release_tells_each_cell_that_was_revised_with_both_captures(nights: list[Night]) -> None:
    _, second, third = nights
    changed = diff(second.release, third.release, layout()).revised
    told = pd.read_parquet(third.release / "revisions.parquet")
    cells = told[told["event"] == "revised"]

    assert set(zip(cells["agency_id"], cells["year"], cells["cell_id"], strict=True)) == set(
        zip(changed["agency_id"], changed["year"], changed["cell_id"], strict=True)
    )
    captures = set(pd.read_parquet(third.release / "captures.parquet")["id"])
    assert {*cells["capture"], *cells["capture_before"]} <= captures
    assert pd.read_parquet(second.release / "revisions.parquet").empty
