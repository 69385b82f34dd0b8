"""The crosswalk names cells that there are, and compares nothing that is not comparable."""

from __future__ import annotations

import re
import tomllib

import pytest

from helpers import ROOT, STATUTE

VARIABLES = tomllib.loads((ROOT / "schemas" / "crosswalk.toml").read_text(encoding="utf-8"))["variables"]
EDITIONS = ("e2014", "e2019", "e2021")


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_of_the_crosswalk_is_a_cell_of_its_edition(edition: str) -> None:
    known = {cell for form in STATUTE.forms if form.edition == edition for cell in form.cells}
    named = {cell for one in VARIABLES for cell in re.findall(r"\w+", one.get(edition, ""))}
    assert named
    assert named <= known


def test_every_step_between_two_editions_has_its_grade_and_no_other_has() -> None:
    for one in VARIABLES:
        for before, after in (("e2014", "e2019"), ("e2019", "e2021")):
            due = {"A", "B", "C"} if before in one and after in one else {""}
            assert one[f"from_{before}"] in due, one["id"]


def test_what_is_not_the_same_thing_is_never_comparable() -> None:
    grades = {one["id"]: (one["from_e2014"], one["from_e2019"]) for one in VARIABLES}
    assert grades["h_fee"] == ("C", "C")
    assert grades["h_normdoc_stock"] == ("", "C")
    assert grades["h_denied"] == ("C", "A")
