"""A small year of nights: what `benchmarks/year.py` shows for thousands."""

from __future__ import annotations

from datetime import date, timedelta

from foi_etl.practice.country import country
from helpers import STATUTE
from year import LISTING, crowded, events, simulate

LAND = country(STATUTE, agencies=40, years=range(2019, 2026))
AGENCIES = crowded(LAND, 20)
COMING = list(events(LAND, AGENCIES, 2020, 2025))
NIGHTS = [date(2024, 11, 1) + timedelta(days=at) for at in range(420)]


def test_every_report_is_found_in_time_and_no_host_is_asked_too_much() -> None:
    told = simulate(AGENCIES, COMING, NIGHTS, 120)
    appeared = [one for one in COMING if NIGHTS[0] <= one.day < NIGHTS[-1] - timedelta(days=40)]
    assert {one.day.month > 4 for one in appeared} == {True, False}
    assert [one for one in appeared if one not in told.found] == []
    assert told.late == []
    assert told.most <= 120


def test_the_season_is_dense_and_the_rest_of_the_year_is_not() -> None:
    told = simulate(AGENCIES, COMING, NIGHTS, 400)
    january = sum(count for night, count in told.visits.items() if (night.year, night.month) == (2025, 1))
    june = sum(count for night, count in told.visits.items() if (night.year, night.month) == (2025, 6))
    assert january > 31 * len(AGENCIES) / 3
    assert june < 30 * len(AGENCIES) / 14


def test_a_budget_that_is_too_small_is_kept_and_told() -> None:
    told = simulate(AGENCIES, COMING, NIGHTS[:60], 4 * LISTING)
    assert told.most <= 4 * LISTING
    assert told.put_off
