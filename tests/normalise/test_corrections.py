"""A correction quotes what it corrects, says why, and is made once."""

from __future__ import annotations

import pytest

from foi_etl.errors import StaleCorrection
from foi_etl.normalise.corrections import COLUMNS, Correction, corrected, read_corrections, unused

HEADER = ",".join(COLUMNS)
LINE = "abc,t1/r2/c3,1O,10,letter for digit,Li,2026-01-02"
ONE = Correction("abc", "t1/r2/c3", "1O", "10", "letter for digit")


def test_corrections_are_kept_by_capture_and_cell() -> None:
    assert read_corrections(f"{HEADER}\n{LINE}\n") == {"abc": {"t1/r2/c3": ONE}}


def test_an_empty_file_corrects_nothing() -> None:
    assert read_corrections("") == read_corrections(f"{HEADER}\n") == {}


def test_a_blank_may_be_corrected_and_a_number_made_blank() -> None:
    [one] = read_corrections(f"{HEADER}\nabc,t1/r2/c3,,,why,Li,2026-01-02\n")["abc"].values()
    assert (one.was, one.now) == ("", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(f"{HEADER}\n{LINE}\n{LINE}\n", "corrected twice.*line=3", id="twice"),
        pytest.param(
            f"{HEADER}\nabc,t1/r2/c3,1,2,,Li,2026-01-02\n", "must all be filled.*line=2", id="no reason"
        ),
        pytest.param(f"{HEADER}\nabc,t1/r2/c3,1,2,why,,2026-01-02\n", "must all be filled", id="nobody"),
        pytest.param(f"{HEADER}\nabc,,1,2,why,Li,2026-01-02\n", "must all be filled", id="no cell"),
        pytest.param("at,was,now\nt1/r2/c3,1,2\n", "the header must be", id="another header"),
    ],
)
def test_a_line_that_is_no_correction_is_refused_with_its_place(text: str, why: str) -> None:
    with pytest.raises(StaleCorrection, match=why):
        read_corrections(text, "c.csv")


def test_a_cell_without_a_correction_says_what_it_says() -> None:
    assert corrected("t1/r1/c1", "5", {"t1/r2/c3": ONE}) == "5"


def test_a_correction_of_a_cell_the_document_lacks_is_unused() -> None:
    assert unused({"t1/r2/c3": ONE}, ["t1/r1/c1"]) == [ONE]
    assert unused({"t1/r2/c3": ONE}, ["t1/r2/c3"]) == []
