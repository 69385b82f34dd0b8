"""The rules are asked in order about every table of a report."""

from __future__ import annotations

import drawn
from drawn import T2_2021, T3_2019, T4
from foi_etl.model import Tally
from foi_etl.validate.rulebook import doubt
from helpers import STATUTE


def test_a_report_of_zeros_is_met_with_silence_and_all_its_sums_hold() -> None:
    readings = [drawn.reading(form, "0") for form in (T2_2021, T3_2019, T4)]
    assert doubt(readings, STATUTE)[:3] == ((), Tally(40, 0, 0), Tally(40, 0, 0))


def test_a_report_of_blanks_holds_if_they_are_zeros_and_is_otherwise_untestable() -> None:
    readings = [drawn.reading(form) for form in (T2_2021, T3_2019, T4)]
    assert doubt(readings, STATUTE)[:3] == ((), Tally(40, 0, 0), Tally(0, 0, 40))


def test_every_rule_is_heard() -> None:
    wrong = {"t3_granted_natural": "21", "t3_granted_total": "12", "t3_noproc_petition_orgother": ""}
    readings = [
        drawn.reading(T2_2021, "0", t2_rule_issued="3", t2_fee_amount="-1"),
        drawn.reading(T3_2019, "0", **wrong),
        drawn.reading(T4, "", t4_review_total="1"),
    ]
    findings, as_zero, as_unknown, _ = doubt(readings, STATUTE)
    assert drawn.told(findings, "t2") == ["value-type", "order"]
    assert set(drawn.told(findings, "t3")) >= {"H3_granted", "H2_natural", "H2_total", "blank-among-figures"}
    assert set(drawn.told(findings, "t4")) == {"H4_review", "blank-among-figures"}
    assert any("swapped" in finding.diagnosis for finding in findings)
    assert (as_zero.failed, as_unknown.failed) == (4, 3)


def test_figures_out_of_their_place_are_doubted_as_a_table() -> None:
    received = {"t3_new_received_natural": "4", "t3_new_received_biz": "1", "t3_new_received_total": "5"}
    findings, *_ = doubt([drawn.reading(T3_2019, "0", **received)], STATUTE)
    assert "rows-in-doubt" in drawn.told(findings)
    slid = {
        "t4_review_corrected": "5",
        "t4_review_pending": "2",
        "t4_suit_direct_upheld": "7",
        "t4_review_upheld": "",
    }
    findings, *_ = doubt([drawn.reading(T4, "0", **slid)], STATUTE)
    assert "shifted" in drawn.told(findings)
