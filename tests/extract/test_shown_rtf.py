"""Of an RTF file that is read which is printed: what is hidden is not, what is doubtful is withheld."""

from __future__ import annotations

from decimal import Decimal

import pytest

from trapped import CELL, read, rtf

HEAD = (
    r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;\red192\green0\blue0;\red31\green78\blue121;}"
    r"{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f7\fnil\fcharset2{\*\panose 05}Wingdings;}}"
)


@pytest.mark.parametrize(
    "box",
    [
        r"2{\v 5}",
        r"{\v 5}2\v 7\v0{}",
        r"{\v 5\pard\intbl }2",
        r"\v\u53 ?\plain 2",
        r"{\deleted\revauthdel1 9}{\revised 2}",
        r"2{\strike 5}",
        r"2{\striked1 \'35}",
        r"2{\cf2 5}",
        r"2{\cf2\u53 ?}",
        r"2{\cf1\highlight1 5}",
        r"2{\cf3\chcbpat3 5}",
        r"2{\fs2 5}",
        r"2{\charscalex5 5}",
        r"2{\expndtw-200 5}",
        r"2{\f7 5}",
        r"2{\super 5}",
        r"2\super 5\nosupersub{}",
        r"2{\up8 5}",
        r"2{\dn8 5}",
        r"2{\xe 5}{\footerr 5}{\*\annotation 5}",
    ],
)
def test_a_digit_that_is_not_printed_as_one_of_the_figure_is_not_published(box: str) -> None:
    found = read(rtf(box, HEAD))
    assert not found.silent({CELL: "2"})
    assert found.values[CELL] in {None, Decimal(2)}


@pytest.mark.parametrize(
    ("box", "printed"),
    [
        (r"2{\pict\bin3 999}", "99"),
        (r"2{\shp{\*\shpinst{\shptxt 5}}}", "99"),
        (r"2{\field{\*\fldinst EQ \\o(5)}{\fldrslt }}", "99"),
        (r"2{\mmath{\*\moMath{\*\mr 5}}}", "99"),
        (r"{\listtext 5}2", "52"),
        (r"\_25", "-25"),
        (r"\endash 25", "-25"),
        (r"2\emspace 5", "99"),
        (r"2\chpgn ", "99"),
    ],
)
def test_what_no_reader_of_letters_sees_is_named(box: str, printed: str) -> None:
    assert not read(rtf(box, HEAD)).silent({CELL: printed})


@pytest.mark.parametrize(
    "box",
    [
        r"{\b\cf3\ul 2}{\i\fs18 5}",
        r"\v0\strike0{\cf0 25}",
        r"{\super 25}",
        r"\up6 2{\b 5}",
        r"{\cf2\chcbpat4 25}",
        r"{\field{\*\fldinst =SUM(ABOVE)}{\fldrslt 25}}",
        r"25{\super\chftn}{\footnote 7}",
    ],
)
def test_a_figure_that_is_set_as_offices_set_them_is_published(box: str) -> None:
    found = read(rtf(box, HEAD))
    assert not found.silent({CELL: "25"})
    assert found.values[CELL] == 25


def test_white_is_read_in_a_dark_box_and_nothing_in_a_row_without_height() -> None:
    white = rtf(r"{\cf2 25}", HEAD).decode()
    at = white.index(r"{\cf2 25}")
    row = white.rindex(r"\trowd", 0, at)
    definition = white[row:at]
    assert read(white.encode()).values[CELL] is None
    dark = white[:row] + definition.replace(r"\cellx", r"\clcbpat4\cellx") + white[at:]
    assert read(dark.encode()).values[CELL] == 25
    low = read(white.replace(definition, definition.replace(r"\trowd", r"\trowd\trrh-20")).encode())
    assert not low.silent({CELL: ""})
