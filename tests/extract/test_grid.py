"""Boxes with spans cover a rectangle by the rules of HTML."""

from __future__ import annotations

import pytest

from foi_etl.extract.grid import Box, rectangle, span


def _places(*rows: list[Box]) -> dict[str, tuple[int, int]]:
    return {cell.text: (cell.row, cell.column) for row in rectangle(1, rows).rows for cell in row}


def test_a_cell_goes_to_the_next_column_nothing_hangs_into() -> None:
    assert _places([Box("group", 2), Box("a")], [Box("b")]) == {"group": (1, 1), "a": (1, 2), "b": (2, 2)}


def test_a_wide_cell_pushes_its_neighbour() -> None:
    assert _places([Box("wide", 1, 3), Box("a")]) == {"wide": (1, 1), "a": (1, 4)}


def test_a_cell_may_hang_and_reach_at_once() -> None:
    rows = [Box("corner", 2, 2), Box("a")], [Box("b")], [Box("c")]
    assert _places(*rows) == {"corner": (1, 1), "a": (1, 3), "b": (2, 3), "c": (3, 1)}


def test_a_gap_between_two_hanging_cells_is_filled() -> None:
    assert _places([Box("l", 2), Box("m"), Box("r", 2)], [Box("x"), Box("y")])["x"] == (2, 2)
    assert _places([Box("l", 2), Box("m"), Box("r", 2)], [Box("x"), Box("y")])["y"] == (2, 4)


def test_a_span_of_zero_rows_hangs_to_the_end() -> None:
    assert _places([Box("all", 0), Box("a")], [Box("b")], [Box("c")])["c"] == (3, 2)


def test_a_span_of_no_columns_takes_one() -> None:
    assert _places([Box("none", 1, 0), Box("a")])["a"] == (1, 2)


def test_a_hanging_cell_longer_than_the_table_ends_with_it() -> None:
    table = rectangle(1, [[Box("long", 99), Box("a")], [Box("b")]])
    assert (len(table.rows), table.width) == (2, 2)


def test_a_row_keeps_only_its_own_cells_and_each_knows_its_address() -> None:
    table = rectangle(7, [[Box("group", 2), Box("a")], [Box("b", 1, 2)]])
    assert [[cell.at for cell in row] for row in table.rows] == [["t7/r1/c1", "t7/r1/c2"], ["t7/r2/c2"]]
    assert table.rows[1][0].colspan == 2


@pytest.mark.parametrize(
    ("claimed", "columns"),
    [
        pytest.param("3", 3, id="a number"),
        pytest.param(" 2 ", 2, id="spaces"),
        pytest.param("2.5", 2, id="digits before a point"),
        pytest.param("2px", 2, id="digits before a unit"),
        pytest.param("", 1, id="nothing"),
        pytest.param("-1", 1, id="less than nothing"),
        pytest.param("two", 1, id="a word"),
        pytest.param("２", 1, id="digits browsers do not read"),
        pytest.param("0", 0, id="zero has a meaning of its own"),
        pytest.param("99999999999999999999", 1000, id="more than HTML allows"),
    ],
)
def test_a_span_is_read_as_browsers_read_it(claimed: str, columns: int) -> None:
    assert span(claimed) == columns
    assert span(None) == 1
