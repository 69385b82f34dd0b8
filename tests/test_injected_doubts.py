"""Of a country in which something is injected, every rule finds what it is due to find, and nothing else."""

from __future__ import annotations

import pytest

from doubts import Told, measured


@pytest.fixture(scope="module")
def told() -> Told:
    return measured(agencies=30, years=range(2018, 2024), seed=5, share=0.7)


def test_every_rule_finds_what_was_injected_and_nothing_else(told: Told) -> None:
    assert {rule: sides for rule, sides in told.wrong().items() if any(sides)} == {}


def test_something_was_injected_of_every_kind(told: Told) -> None:
    kinds = {rule.split("_")[0] for rule, keys in told.broken.items() if keys}
    due = ["H2", "H3", "M1", "P2", "P9", "R1", "S2", "S3", "S4", "U1", "X1", "X2", "X6", "gone", "revised"]
    assert kinds >= set(due)
