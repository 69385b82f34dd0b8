"""The number of a note above a figure is no part of the figure, to either reader."""

from __future__ import annotations

import pytest

from foi_etl.extract.again.word import rows_of_word
from foi_etl.extract.document import read_document
from foi_etl.practice.kinds import office
from helpers import STATUTE

_OF_A_NOTE = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>3</w:t></w:r>'
_FIGURE = "<w:r><w:t>12</w:t></w:r>"
_SPOKEN = (
    f"<w:r><w:ruby><w:rt><w:r><w:t>3</w:t></w:r></w:rt><w:rubyBase>{_FIGURE}</w:rubyBase></w:ruby></w:r>"
)


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        pytest.param(_FIGURE + _OF_A_NOTE, "12³", id="a note"),
        pytest.param(_SPOKEN, "12", id="how it is pronounced"),
    ],
)
def test_in_word_too_and_both_readers_say_so(runs: str, said: str) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    cells = "".join(f"<w:tc><w:p>{one}</w:p></w:tc>" for one in ("<w:r><w:t>甲</w:t></w:r>", runs))
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    body = office.word(f"<w:document {space}><w:body>{table}</w:body></w:document>")
    [read] = read_document(body, "x", STATUTE).tables
    assert [cell.text for cell in read.rows[0]] == ["甲", said]
    assert rows_of_word(body, "x") == (("甲", said),)
