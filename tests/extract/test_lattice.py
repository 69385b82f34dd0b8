"""Where rules cross, boxes stand; where a side is open that is walled elsewhere, none does."""

from __future__ import annotations

import pytest

from foi_etl.extract.paper.ink import Ink, Paper, Rule
from foi_etl.extract.paper.lattice import ruled

ACROSS = tuple(Rule(y, 100, 300) for y in (100, 120, 140, 160))
WALLS = (Rule(100, 100, 160), Rule(200, 100, 160))


def widths(paper: Paper) -> list[int]:
    """How many boxes each row of the one table has."""
    [grid] = ruled(paper)
    return [len(row) for row in grid.rows]


@pytest.mark.parametrize(
    ("side", "inks", "scanned", "boxes"),
    [
        pytest.param((Rule(300, 100, 160),), (), False, [2, 2, 2], id="walled"),
        pytest.param((Rule(300, 100, 120), Rule(300, 140, 160)), (), False, [2, 1, 2], id="one box is gone"),
        pytest.param((), (), False, [2, 2, 2], id="no wall on this side at all"),
        pytest.param(
            (Rule(300, 100, 120), Rule(300, 140, 160)),
            (Ink("7", 250, 125, 255, 135),),
            False,
            [2, 2, 2],
            id="something is said there",
        ),
        pytest.param(
            (Rule(300, 100, 120), Rule(300, 140, 160)), (), True, [2, 2, 2], id="a scan may lose a wall"
        ),
    ],
)
def test_an_open_place_beside_walled_ones_is_no_box(
    side: tuple[Rule, ...], inks: tuple[Ink, ...], scanned: bool, boxes: list[int]
) -> None:
    assert widths(Paper(1, 595, 842, inks, ACROSS, (*WALLS, *side), scanned)) == boxes
