"""A digit of an OFD file is believed where it stands out from its page, whole and uncovered."""

from __future__ import annotations

import pytest

import trapped
import trapped_ofd
from foi_etl.extract.paper.ofd import read_ofd
from trapped_ofd import filled, said, sheet, stroke

_WHITE = "255 255 255"
_BLUE = "0 32 96"


def _read(drawn: str, **others: str) -> str:
    return "".join(ink.text for ink in read_ofd(sheet(drawn, **others), "x.ofd")[0].inks)


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(said("25"), id="black"),
        pytest.param(said("25", colour=_BLUE), id="blue"),
        pytest.param(said("25", colour="120 120 120"), id="grey"),
        pytest.param(filled(_BLUE) + said("25", colour=_WHITE), id="white on blue"),
        pytest.param(filled(_WHITE) + said("25"), id="on a white shape"),
        pytest.param(said("25") + said("25", x=20.1), id="bold, as two prints"),
        pytest.param(said("25") + stroke(23.4), id="underlined"),
        pytest.param(stroke(19.8) + said("25") + stroke(24.2), id="between rules"),
        pytest.param(said("25") + filled(_WHITE, x=60), id="beside a shape that is painted later"),
        pytest.param(said("25") + filled(_BLUE, tall=0.2), id="on a rule that is filled"),
        pytest.param(said("25", attributes='Alpha="200"'), id="half clear"),
    ],
)
def test_what_is_shown_is_read(drawn: str) -> None:
    assert _read(drawn) == "25"


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        pytest.param(said("25", attributes='Visible="false"'), "", id="not visible"),
        pytest.param(said("25", attributes='Alpha="0"'), "", id="clear"),
        pytest.param(said("25", attributes='Fill="false"'), "", id="neither filled nor outlined"),
        pytest.param(said("25", colour=_WHITE), "〓〓", id="white"),
        pytest.param(said("25", colour="250 250 250"), "〓〓", id="nearly white"),
        pytest.param(said("25", attributes='Alpha="9"'), "〓〓", id="nearly clear"),
        pytest.param(filled("20 20 20") + said("25"), "〓〓", id="black on nearly black"),
        pytest.param(said("25") + filled(_WHITE), "〓〓", id="covered"),
        pytest.param(said("25") + stroke(22), "〓〓", id="struck out"),
        pytest.param(said("25", boundary="20 20 0.5 0.5"), "〓〓", id="beyond the boundary of its object"),
        pytest.param(said("25", boundary="20 20 1.6 3.5"), "2〓", id="half beyond"),
    ],
)
def test_what_is_not_shown_is_marked_or_left_out(drawn: str, read: str) -> None:
    assert _read(drawn) == read


def test_a_kind_of_drawing_says_the_colour() -> None:
    kinds = '<ofd:DrawParam ID="8"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam>'
    kinds += '<ofd:DrawParam ID="9" Relative="8" LineWidth="0.2"/>'
    assert _read(said("25", attributes='DrawParam="9"'), kinds=kinds) == "〓〓"
    assert _read(said("25", attributes='DrawParam="9"', colour=_BLUE), kinds=kinds) == "25"


def test_kinds_of_drawing_that_go_round_say_nothing() -> None:
    assert _read(said("25", attributes='DrawParam="9"'), kinds='<ofd:DrawParam ID="9" Relative="9"/>') == "25"


@pytest.mark.parametrize(
    ("box", "printed"),
    [
        (lambda at: said("25", *at), "25"),
        (lambda at: said("25", *at, colour=_WHITE), ""),
        (lambda at: said("2", *at) + said("5", at[0] + 1.8, at[1], attributes='Visible="false"'), "2"),
        (lambda at: said("25", *at) + said("25", at[0] + 0.15, at[1]), "25"),
    ],
)
def test_a_report_says_what_it_shows(box: trapped_ofd.Box, printed: str) -> None:
    read = trapped.read(trapped_ofd.ofd(box))
    assert read.silent({trapped.CELL: printed}) == {}
    if printed:
        assert str(read.values[trapped.CELL]) == printed
