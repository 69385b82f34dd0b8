"""The sums the form itself prescribes are tried in both readings of a blank."""

from __future__ import annotations

from decimal import Decimal

import pytest

import drawn
from foi_etl.model import FormReading, Tally, Weight
from foi_etl.validate.identities import Outcome, disagreements, tally
from foi_etl.validate.identities import test as tried

UPHELD, TOTAL = "t4_review_upheld", "t4_review_total"
PARTS = (UPHELD, "t4_review_corrected", "t4_review_otherres", "t4_review_pending")


def _outcomes(told: FormReading) -> tuple[Outcome, Outcome]:
    """How the sum of reviews fares, with blanks as zero and with blanks as unknown."""
    [one] = [one for one in tried(drawn.T4, told) if one.identity.id == "H4_review"]
    return one.as_zero, one.as_unknown


HELD, FAILED, UNTESTABLE = Outcome.HELD, Outcome.FAILED, Outcome.UNTESTABLE


def _review(*parts: str, total: str) -> FormReading:
    return drawn.reading(drawn.T4, "0", **dict(zip(PARTS, parts, strict=True)), t4_review_total=total)


@pytest.mark.parametrize(
    ("told", "as_zero", "as_unknown"),
    [
        pytest.param(_review("3", "2", "0", "1", total="6"), HELD, HELD, id="figures that add up"),
        pytest.param(_review("3", "2", "0", "1", total="7"), FAILED, FAILED, id="figures that do not"),
        pytest.param(_review("3", "", "0", "1", total="4"), HELD, UNTESTABLE, id="a blank that may be zero"),
        pytest.param(_review("3", "", "0", "1", total="5"), FAILED, UNTESTABLE, id="a blank that may be one"),
        pytest.param(
            _review("3", "", "0", "1", total="3"), FAILED, FAILED, id="parts too large whatever the blank is"
        ),
        pytest.param(_review("3", "2", "0", "1", total=""), FAILED, UNTESTABLE, id="a blank total"),
        pytest.param(_review("", "", "", "", total=""), HELD, UNTESTABLE, id="nothing but blanks"),
        pytest.param(_review("/", "—", "", "", total="0"), HELD, UNTESTABLE, id="marks for nothing"),
        pytest.param(
            _review("1 2", "0", "0", "0", total="9"), UNTESTABLE, UNTESTABLE, id="a part nobody can read"
        ),
        pytest.param(
            _review("详见", "0", "0", "0", total="9"), UNTESTABLE, UNTESTABLE, id="a part that is text"
        ),
    ],
)
def test_a_sum_is_tried_in_both_readings_of_a_blank(
    told: FormReading, as_zero: Outcome, as_unknown: Outcome
) -> None:
    assert _outcomes(told) == (as_zero, as_unknown)


def test_a_row_nobody_read_is_not_judged() -> None:
    assert _outcomes(drawn.without(_review("3", "2", "0", "1", total="7"), UPHELD)) == (
        UNTESTABLE,
        UNTESTABLE,
    )


def test_every_identity_of_a_form_is_tried_and_counted() -> None:
    tests = tried(drawn.T3_2021, drawn.reading(drawn.T3_2021, "0", t3_new_received_natural="1"))
    assert tally(one.as_zero for one in tests) == Tally(held=37, failed=2, untestable=0)
    assert tally(one.as_unknown for one in tried(drawn.T4, drawn.reading(drawn.T4))) == Tally(0, 0, 3)


def test_figures_that_add_up_are_met_with_silence() -> None:
    told = _review("3", "", "0", "1", total="4")
    assert list(disagreements(drawn.T4, told, tried(drawn.T4, told))) == []


def test_a_disagreement_shows_both_sides_and_how_far_they_are_apart() -> None:
    told = _review("3", "2", "0", "1", total="7")
    [finding] = disagreements(drawn.T4, told, tried(drawn.T4, told))
    assert (finding.rule, finding.weight, finding.table, finding.edition) == (
        "H4_review",
        Weight.DOUBT,
        "t4",
        "e2021",
    )
    assert finding.cells == (*PARTS, TOTAL)
    assert finding.at == tuple(told.facts[i].at for i in finding.cells)
    assert finding.left == "t4_review_upheld=3 + t4_review_corrected=2 + t4_review_pending=1"
    assert (finding.right, Decimal(finding.delta)) == ("t4_review_total=7", Decimal(-1))
    assert "6 on the left, 7 on the right, -1 apart" in finding.message
    assert "blank" not in finding.message


def test_a_disagreement_that_rests_on_a_blank_is_only_a_note() -> None:
    told = _review("3", "", "", "1", total="7")
    [finding] = disagreements(drawn.T4, told, tried(drawn.T4, told))
    assert finding.weight is Weight.NOTE
    assert finding.message.endswith("(2 blank, read as zero)")


def test_a_disagreement_no_blank_can_mend_is_a_doubt() -> None:
    told = _review("3", "", "0", "1", total="0")
    [finding] = disagreements(drawn.T4, told, tried(drawn.T4, told))
    assert (finding.weight, finding.right) == (Weight.DOUBT, "0")
