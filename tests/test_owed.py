"""Which reports are owed, and by when."""

from __future__ import annotations

from datetime import date

import pytest

from foi_etl.model import Agency
from foi_etl.owed import deadline, owed, season


def body(**said: str) -> Agency:
    return Agency("a", "甲局", "trs", "http://a.gov.cn/", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "kind", "day"),
    [
        (2008, "department", date(2009, 3, 31)),
        (2018, "department", date(2019, 3, 31)),
        (2019, "department", date(2020, 1, 31)),
        (2019, "gov", date(2020, 3, 31)),
        (2024, "township_gov", date(2025, 1, 31)),
    ],
    ids=["the first", "the last of the old rule", "the first of the new", "a government", "a township"],
)
def test_a_report_is_due_when_the_regulation_of_its_day_says(year: int, kind: str, day: date) -> None:
    assert deadline(year, kind) == day


def test_nobody_owes_a_report_from_before_the_regulation() -> None:
    assert [one.year for one in owed([body()], 2010)] == [2008, 2009, 2010]


def test_a_body_owes_for_every_year_of_which_it_saw_a_day() -> None:
    lived = body(since="2015-12-31", until="2018-03-01")
    assert [one.year for one in owed([lived], 2025)] == [2015, 2016, 2017, 2018]


def test_a_government_owes_for_all_below_it_and_a_department_for_itself() -> None:
    assert {one.scope for one in owed([body(kind="gov")], 2010)} == {"gov_aggregate"}
    assert {one.scope for one in owed([body(kind="department")], 2010)} == {"organ"}


def test_of_a_day_only_the_deadlines_behind_it_matter() -> None:
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)]
    assert [season(day)[1] for day in days] == [0, 1, 1, 2, 2]
