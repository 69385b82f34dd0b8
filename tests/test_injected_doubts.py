"""Of a country in which something is injected, every rule finds what it is due to find, and nothing else."""

from __future__ import annotations

import pytest

from doubts import Told, measured


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return [measured(agencies=30, years=range(2018, 2024), seed=seed, share=0.7) for seed in (9, 15)]


def test_every_rule_finds_what_was_injected_and_nothing_else(told: list[Told]) -> None:
    wrong = [(rule, sides) for one in told for rule, sides in one.wrong().items() if any(sides)]
    assert wrong == []


def test_a_report_in_the_size_of_the_other_scope_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    both = ("county", "gov", "人民政府"), ("county", "gov_office", "人民政府办公室")
    monkeypatch.setattr("foi_etl.practice.doubts._STANDINGS", both)
    monkeypatch.setattr("foi_etl.practice.doubts._OFTEN", (1, 1))
    one = measured(agencies=80, years=range(2023, 2024), seed=4, share=0.6)
    assert one.broken["O2_new_received"]
    assert one.wrong()["O2_new_received"] == (set(), set())


def test_something_was_injected_of_every_kind(told: list[Told]) -> None:
    kinds = {rule.split("_")[0] for one in told for rule, keys in one.broken.items() if keys}
    due = ["H2", "H3", "M1", "P2", "P9", "R1", "S2", "S3", "S4", "U1", "X1", "X2", "X6", "gone", "revised"]
    assert kinds >= set(due)


def test_what_became_of_every_report_that_is_owed_is_told_as_it_is(told: list[Told]) -> None:
    assert [(what, keys) for one in told for what, keys in one.untrue().items() if keys] == []


def test_every_fate_and_every_scope_occurs(told: list[Told]) -> None:
    owed = [row for one in told for row in one.owed.values()]
    fates = "found found_late absent unknown refused blocked moved not_yet_due"
    assert {row.status for row in owed} == set(fates.split())
    assert {row.scope for row in owed} == {"organ", "gov_own", "gov_aggregate", "system_aggregate", ""}
    assert {bool(row.within) for row in owed} == {True, False}
    assert any(row.name.startswith("旧") for row in owed)
