"""Two readings of one table: what differs is withheld or doubted, by the rule, and never averaged."""

from __future__ import annotations

from decimal import Decimal

from foi_etl.model import State, Weight
from foi_etl.normalise.agreement import agree
from helpers import STATUTE
from verdicts import reading

FORM = STATUTE.form("t4", "e2021")
PRINTED = {cell_id: str(n) for n, cell_id in enumerate(FORM.cells)}
FIRST = reading("t4", "e2021", PRINTED)
A, B = "t4_review_upheld", "t4_review_corrected"


def test_what_both_read_alike_is_agreed() -> None:
    read, findings = agree(FIRST, FORM, PRINTED)
    assert set(read.agreed.values()) == {True}
    assert (len(read.agreed), findings) == (15, ())


def test_spaces_beside_words_are_no_difference() -> None:
    first = reading("t4", "e2021", PRINTED | {A: "22 （其中 1 件）"})
    assert agree(first, FORM, {A: "22（其中1 2件）"})[0].agreed[A] is False
    assert agree(first, FORM, {A: "22（其中1件）"})[0].agreed[A] is True


def test_a_text_that_one_reader_alone_saw_is_withheld() -> None:
    read, [finding] = agree(FIRST, FORM, PRINTED | {A: "77"})
    assert (read.facts[A].value, read.facts[A].state, read.facts[A].raw) == (None, State.UNREADABLE, "0")
    assert (finding.rule, finding.weight, finding.cells) == ("readers-differ", Weight.BLOCK, (A,))
    assert read.otherwise == {A: Decimal(77)}


def test_a_text_that_both_saw_elsewhere_stands_and_is_doubted() -> None:
    read, [finding] = agree(FIRST, FORM, PRINTED | {A: PRINTED[B], B: PRINTED[A]})
    assert read.facts == FIRST.facts
    assert (finding.weight, finding.cells) == (Weight.DOUBT, (A, B))


def test_what_the_second_reader_did_not_reach_was_read_once() -> None:
    read, findings = agree(FIRST, FORM, {A: PRINTED[A]})
    assert (dict(read.agreed), findings) == ({A: True}, ())
