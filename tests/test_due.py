"""Who is visited tonight, and the reason that is given."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from foi_etl.due import Due, History, decide, due, in_season, missing
from foi_etl.history import after
from foi_etl.model import Agency

DEPARTMENT = Agency("a-bureau", "某局", "trs", "http://a.practice.invalid/list/", kind="department")
GOVERNMENT = Agency("a-gov", "某市人民政府", "trs", "http://a.practice.invalid/gov/", kind="gov")
ALL = tuple((year, f"{year + 1}-01-20") for year in range(2019, 2025))
"""Every report up to that for 2024, each listed on 20 January."""


def visited(on: date, listed: tuple[tuple[int, str], ...] = ALL, **more: object) -> History:
    return History(visited=on, outcome="ok", listed=listed, **more)  # type: ignore[arg-type]


def nights(agency: Agency, history: History, first: date, last: date) -> list[date]:
    """The nights on which it is visited, where every visit finds the same."""
    made, night = [], first
    while night <= last:
        if decide(agency, history, night).tonight:
            made.append(night)
            line = {"at": f"{night}T12:00:00+08:00", "outcome": history.outcome, "listed": history.listed}
            history = after(history, line)
        night += timedelta(days=1)
    return made


def gaps(made: list[date]) -> set[int]:
    return {(later - earlier).days for earlier, later in pairwise(made)}


def test_who_was_never_visited_is_visited() -> None:
    assert decide(DEPARTMENT, History(), date(2025, 7, 1)).reason == "never visited"


def test_a_missing_report_is_looked_for_every_other_night_from_january_to_april() -> None:
    history = visited(date(2024, 12, 30), ALL[:-1])
    assert gaps(nights(DEPARTMENT, history, date(2025, 2, 1), date(2025, 4, 30))) == {2}


def test_and_every_night_about_the_day_on_which_its_reports_used_to_appear() -> None:
    history = visited(date(2025, 1, 14), ALL[:-1])
    assert gaps(nights(DEPARTMENT, history, date(2025, 1, 15), date(2025, 1, 25))) == {1}
    told = decide(DEPARTMENT, history, date(2025, 1, 20)).reason
    assert told == "2024 is missing, and its reports used to appear about 20 January: every night"


@pytest.mark.parametrize(
    ("agency", "day", "words"),
    [
        (DEPARTMENT, date(2025, 1, 30), "2024 is missing, due by 2025-01-31: every other night"),
        (DEPARTMENT, date(2025, 3, 30), "2024 is missing, late since 2025-01-31: every other night"),
        (GOVERNMENT, date(2025, 3, 30), "2024 is missing, due by 2025-03-31: every other night"),
        (GOVERNMENT, date(2025, 4, 2), "2024 is missing, late since 2025-03-31: every other night"),
    ],
)
def test_the_reason_knows_the_deadline_of_article_49(agency: Agency, day: date, words: str) -> None:
    assert decide(agency, visited(day - timedelta(days=5), ALL[:-1]), day).reason == words


def test_who_lacks_nothing_is_visited_every_two_weeks_in_season_and_every_four_out_of_it() -> None:
    assert gaps(nights(DEPARTMENT, visited(date(2024, 12, 30)), date(2025, 1, 1), date(2025, 4, 30))) == {14}
    assert gaps(nights(DEPARTMENT, visited(date(2025, 6, 1)), date(2025, 6, 1), date(2025, 12, 31))) == {28}


def test_a_gap_of_the_last_years_counts_as_missing_and_an_old_one_does_not() -> None:
    assert missing(DEPARTMENT, visited(date(2025, 1, 1), ALL[:4] + ALL[5:]), date(2025, 2, 1)) == [2023]
    assert missing(DEPARTMENT, visited(date(2025, 1, 1), ALL[:2] + ALL[3:]), date(2025, 2, 1)) == []


def test_what_appears_on_the_last_day_of_the_season_is_looked_for_in_the_two_nights_after_it() -> None:
    assert [in_season(date(2025, 5, day)) for day in (1, 2, 3)] == [True, True, False]


def test_the_sparse_visits_of_many_are_spread_over_the_nights() -> None:
    many = [Agency(f"a-{at}", "某局", "trs", f"http://h{at}.practice.invalid/") for at in range(2800)]
    histories = {one.id: visited(date(2025, 7, 31)) for one in many}  # all of them were visited in one night
    counts = [
        sum(one.tonight for one in due(many, histories, date(2025, 8, day), 100)) for day in range(1, 28)
    ]
    assert 60 < min(counts) <= max(counts) < 140


def test_a_host_gets_no_more_than_its_budget_and_the_most_urgent_go_first() -> None:
    same = [Agency(f"a-{at}", "某局", "trs", "http://a.practice.invalid/") for at in range(5)]
    histories = {one.id: visited(date(2025, 5, 1), asked=40) for one in same}
    histories["a-3"] = visited(date(2025, 3, 1), asked=40)
    decided = due(same, histories, date(2025, 7, 1), 100)
    assert [one.agency_id for one in decided if one.tonight] == ["a-0", "a-3"]
    assert decided[1].reason == (
        "put off: the 100 requests that a.practice.invalid gets in one night are used up"
    )


def test_one_agency_that_needs_more_than_the_budget_is_visited_all_the_same() -> None:
    [one] = due([DEPARTMENT], {DEPARTMENT.id: visited(date(2025, 5, 1), asked=900)}, date(2025, 7, 1), 100)
    assert one.tonight


def told(outcome: str, failures: int, day: date) -> Due:
    history = History(day - timedelta(days=1), outcome, failures, ALL[:-1])
    return decide(DEPARTMENT, history, day)


@pytest.mark.parametrize(
    ("outcome", "failures", "wait"),
    [
        ("busy", 1, 1),
        ("failed", 3, 4),
        ("blocked", 1, 7),
        ("blocked", 3, 28),
        ("moved", 1, 2),
        ("moved", 9, 28),
    ],
)
def test_an_agency_in_trouble_is_left_alone_for_longer_each_time(
    outcome: str, failures: int, wait: int
) -> None:
    times = "once" if failures == 1 else f"{failures} times in a row"
    decided = told(outcome, failures, date(2025, 3, 10))
    assert decided.reason == f"{outcome} {times}: tried again after {wait} nights"
    assert decided.tonight == (wait == 1)
    later = decide(
        DEPARTMENT, History(date(2025, 3, 10) - timedelta(days=wait), outcome, failures), date(2025, 3, 10)
    )
    assert later.tonight


def test_a_visit_that_was_cut_short_is_gone_on_with_in_the_next_night() -> None:
    history = visited(date(2025, 7, 1), spent=True)
    assert "cut short" in decide(DEPARTMENT, history, date(2025, 7, 2)).reason
    assert decide(DEPARTMENT, history, date(2025, 7, 2)).tonight


def test_nobody_is_visited_twice_in_a_night_or_after_its_end() -> None:
    assert not decide(DEPARTMENT, visited(date(2025, 2, 1), ALL[:1]), date(2025, 2, 1)).tonight
    ended = Agency("a", "某局", "trs", "http://a.practice.invalid/", until="2022-06-30")
    assert not decide(ended, History(), date(2025, 2, 1)).tonight
    assert decide(ended, History(), date(2023, 2, 1)).tonight
