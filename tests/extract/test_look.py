"""A digit of a PDF is believed where its page shows it, and nowhere else."""

from __future__ import annotations

import pytest

import trapped
import trapped_paper
from foi_etl.extract.paper.ink import lines
from foi_etl.extract.paper.ink import said as line_said
from foi_etl.extract.paper.pdf import read_leaves
from trapped_paper import said, sheet

_GREY = "0.4 g 90 690 60 20 re f 0 g "


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(said("25"), id="black"),
        pytest.param("0 0 0.6 rg " + said("25"), id="blue"),
        pytest.param("0.6 g " + said("25"), id="grey"),
        pytest.param("0 0 0.5 rg 90 690 60 20 re f 1 g " + said("25"), id="white on blue"),
        pytest.param(_GREY + "1 g " + said("25"), id="white on grey"),
        pytest.param("1 g 90 690 60 20 re f 0 g " + said("25"), id="on a white shape"),
        pytest.param(said("25") + said("25", 100.4), id="bold, as two prints"),
        pytest.param("2 Tr 0.3 w " + said("25") + " 0 Tr", id="bold, as an outline"),
        pytest.param(said("25", size=6) + said("Articles", 130), id="small"),
        pytest.param(said("25") + "0.5 w 95 697 m 125 697 l S", id="underlined"),
        pytest.param("90 697 60 13 re S " + said("25"), id="in a box that is tight"),
        pytest.param(said("25") + said("__", 100), id="on a line of a form"),
        pytest.param("q 90 690 60 20 re W n " + said("25") + "Q", id="cut by its box"),
    ],
)
def test_what_is_shown_is_read(drawn: str) -> None:
    leaves = read_leaves(sheet(drawn), "x.pdf")
    for inks in (leaves.papers[0].inks, leaves.second[0]):
        assert "".join(ink.text for ink in inks if ink.text.isdecimal()) == "25"
        assert not any(ink.text == "〓" for ink in inks)


_FIVE = said("5", 105.56)


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param("1 g " + _FIVE + "0 g", id="white"),
        pytest.param("0.98 g " + _FIVE + "0 g", id="nearly white"),
        pytest.param("0 0 0 0 k " + _FIVE + "0 g", id="white of a printer"),
        pytest.param("/Clear gs " + _FIVE + "/Solid gs", id="transparent"),
        pytest.param("q 0 0 1 1 re W n " + _FIVE + "Q", id="cut off"),
        pytest.param(_FIVE + "1 g 105 695 9 20 re f 0 g", id="covered"),
        pytest.param(_FIVE + "1 g 105 695 9 20 re f 0 g " + said("7", 105.56), id="covered by another"),
        pytest.param(_FIVE + said("8", 105.56), id="printed over"),
        pytest.param(_FIVE + "0.5 w 105.6 703.5 m 112 703.5 l S", id="struck out"),
        pytest.param(_FIVE + "0.3 w 105.6 699 m 112 709 l S", id="struck out aslant"),
        pytest.param("1 0 0 RG " + _FIVE + "0.5 w 105.6 703.5 m 112 703.5 l S", id="struck out in red"),
        pytest.param(said("5", 105.56, size=0.5), id="a dot"),
        pytest.param(said("5", 105.56, size=3) + said("Articles", 130), id="too small"),
        pytest.param("q -1 0 0 -1 217 1407 cm " + said("6", 105.56, 700) + "Q", id="on its head"),
        pytest.param("0.5 g 105.6 690 60 20 re f " + _FIVE + "0 g", id="grey on the same grey"),
    ],
)
def test_what_is_not_shown_is_marked(drawn: str) -> None:
    leaves = read_leaves(sheet(said("2") + drawn), "x.pdf")
    for inks in (leaves.papers[0].inks, leaves.second[0]):
        letters = "".join(ink.text for ink in inks)
        assert letters.startswith("2〓"), letters
        assert not any(ink.text.isdecimal() for ink in inks[1:])


_AROUND = "/QuadPoints [106 710 112 710 106 698 112 698] /Rect [106 698 112 710] /F 4 >>]"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("FreeText /Contents (7)", "25〓"),
        ("FreeText /Contents (7) /F 2", "25"),
        ("FreeText /Contents ()", "25"),
        ("Widget /FT /Tx /V (7)", "25〓"),
        ("Widget /FT /Sig /V << /Type /Sig >>", "25"),
    ],
)
def test_where_something_is_typed_upon_a_page_stands_a_mark(typed: str, shown: str) -> None:
    note = f" /Annots [<< /Type /Annot /Subtype /{typed} /Rect [120 698 130 710] >>]"
    leaves = read_leaves(sheet(said("25"), note), "x.pdf")
    for inks in (leaves.papers[0].inks, leaves.second[0]):
        assert "".join(ink.text for ink in inks) == shown


def _wide(text: str) -> str:
    return f"BT /F1 10 Tf 100 700 Td <{text.encode('utf-16-be').hex()}> Tj ET"


@pytest.mark.parametrize(("drawn", "shown"), [(_wide("２５"), "２５"), ("1 g " + _wide("２５"), "〓〓")])
def test_wide_digits_that_cannot_be_drawn_are_believed_unless_they_are_white(drawn: str, shown: str) -> None:
    leaves = read_leaves(sheet(drawn), "x.pdf")
    assert "".join(ink.text for ink in leaves.papers[0].inks) == shown


@pytest.mark.parametrize(
    ("put", "shown"),
    [
        ("Highlight /C [1 1 0]", "25"),
        ("Link /Border [0 0 0]", "25"),
        ("StrikeOut /C [1 0 0]", "2〓"),
        ("Square /C [1 1 1] /IC [1 1 1]", "2〓"),
    ],
)
def test_what_is_put_upon_a_page_is_part_of_it(put: str, shown: str) -> None:
    body = sheet(said("25"), f" /Annots [<< /Type /Annot /Subtype /{put} {_AROUND}")
    assert "".join(ink.text for ink in read_leaves(body, "x.pdf").papers[0].inks) == shown


@pytest.mark.parametrize(
    ("beside", "text"),
    [
        (said("1", 111.2, 704, 6), "25¹"),
        (said("12", 111.2, 704, 6), "25¹²"),
        (said("1", 111.2), "251"),
        (said("1", 111.2, 700, 9), "251"),
        (said("1", 130), "25 1"),
    ],
)
def test_a_small_digit_above_is_the_number_of_a_note(beside: str, text: str) -> None:
    [line] = lines(read_leaves(sheet(said("25") + beside), "x.pdf").papers[0].inks)
    assert line_said(line) == text


@pytest.mark.parametrize(("crop", "shown"), [("[20 20 575 822]", "25"), ("[-10 -10 700 900]", "25")])
def test_a_page_that_is_cut_out_is_shown_where_it_stands(crop: str, shown: str) -> None:
    leaves = read_leaves(sheet(said("25"), f" /CropBox {crop}"), "x.pdf")
    for inks in (leaves.papers[0].inks, leaves.second[0]):
        assert "".join(ink.text for ink in inks) == shown


@pytest.mark.parametrize(
    ("box", "printed"),
    [
        (lambda x, y: said("25", x, y), "25"),
        (lambda x, y: "1 g " + said("25", x, y) + "0 g", ""),
        (lambda x, y: f"0 0 .5 rg {x - 3} {y - 3} 30 14 re f 1 g " + said("25", x, y) + "0 g", "25"),
        (lambda x, y: said("2", x, y) + "3 Tr " + said("5", x + 6, y) + "0 Tr", "2"),
    ],
)
def test_a_report_says_what_it_shows(box: trapped_paper.Box, printed: str) -> None:
    read = trapped.read(trapped_paper.pdf(box))
    assert read.silent({trapped.CELL: printed}) == {}
    if printed:
        assert str(read.values[trapped.CELL]) == printed
