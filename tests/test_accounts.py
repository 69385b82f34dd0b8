"""What a run says of itself: a row for each agency, and a page for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from foi_etl.accounts import rows, summary, went_well
from foi_etl.model import Outcome

FINE = Outcome(agency_id="harbour", outcome="ok", asked=3, found=2, new=1, seconds=0.5)
MOVED = Outcome(agency_id="customs", outcome="moved", message="mend its line", alarm=True)


@pytest.mark.parametrize(
    ("outcome", "well"),
    [
        (FINE, True),
        (Outcome("a", "partial"), True),
        (Outcome("a", "ok", alarm=True), False),
        (MOVED, False),
        (Outcome("a", "failed"), False),
    ],
    ids=["ok", "part of a list is still a list", "an alarm is never well", "moved", "failed"],
)
def test_whether_a_person_must_look(outcome: Outcome, well: bool) -> None:
    assert went_well(outcome) is well


def test_a_run_without_a_release_still_has_a_row_for_each_agency(tmp_path: Path) -> None:
    [row, _] = rows([FINE, MOVED], tmp_path, "")

    assert row == {
        "agency": "harbour",
        "outcome": "ok",
        "found": 2,
        "new": 1,
        "revised": 0,
        "findings": 0,
        "seconds": 0.5,
        "message": "",
    }


def test_the_page_names_who_needs_a_person_and_nobody_else(tmp_path: Path) -> None:
    page = summary([FINE, MOVED], tmp_path, "")

    assert "`customs` **moved**: mend its line" in page
    assert "`harbour`" not in page


def test_a_page_about_a_bad_night_stays_short(tmp_path: Path) -> None:
    page = summary([Outcome(f"a{n}", "failed", "no") for n in range(300)], tmp_path, "")

    assert page.count("**failed**") == 20
    assert "280 more" in page
