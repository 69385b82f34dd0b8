"""Damage does what it says, and no more."""

from __future__ import annotations

from random import Random

import pytest

from foi_etl.practice.country import country
from foi_etl.practice.damage import DAMAGES, HARMLESS
from foi_etl.practice.pages import render_html
from foi_etl.practice.pieces import pieces, splice
from foi_etl.practice.styles import PRESETS, Style
from helpers import CORPUS, STATUTE, needs_shared

REPORT = country(STATUTE).report("practice-suqian", 2024)
PAGES = {style.name: render_html(REPORT, STATUTE, style, rng=Random(1)) for style in PRESETS}
CLEAN = PAGES["clean"]


def _texts(html: str) -> list[list[str]]:
    return [[box.text(html) for box in row.boxes] for piece in pieces(html) for row in piece.rows]


def _damaged(name: str, html: str = CLEAN, seed: int = 1) -> str:
    return DAMAGES[name](html, Random(seed)).html


@pytest.mark.parametrize("name", DAMAGES)
def test_the_same_seed_does_the_same_damage_to_every_style(name: str) -> None:
    for page in PAGES.values():
        damaged = DAMAGES[name](page, Random(5))
        assert damaged == DAMAGES[name](page, Random(5))
        assert damaged.html != page or name == "shift_row", "equal values look the same when shifted"
        assert damaged.what


@needs_shared
@pytest.mark.parametrize("name", DAMAGES)
def test_real_pages_can_be_damaged_too(name: str) -> None:
    for path in CORPUS.glob("*-20[12][39]-html/source.html"):
        page = path.read_text(encoding="utf-8")
        assert any(_damaged(name, page, seed) != page for seed in range(8)), path.parent.name


@pytest.mark.parametrize(("name", "more"), [("remove_cell", -1), ("add_cell", 1)])
def test_one_cell_less_or_more_is_one_cell(name: str, more: int) -> None:
    assert sum(map(len, _texts(_damaged(name)))) == sum(map(len, _texts(CLEAN))) + more


@pytest.mark.parametrize(("name", "more"), [("remove_row", -1), ("add_row", 1), ("cut_table", 0)])
def test_one_row_less_or_more_is_one_row(name: str, more: int) -> None:
    assert len(_texts(_damaged(name))) == len(_texts(CLEAN)) + more


def test_a_removed_column_narrows_what_reaches_across_it() -> None:
    for seed in range(12):
        assert _width(_damaged("remove_column", seed=seed)) == _width(CLEAN) - 1


def _width(html: str) -> int:
    return sum(box.colspan for piece in pieces(html) for box in piece.rows[0].boxes)


def test_a_cut_leaves_the_header_in_the_first_part() -> None:
    for seed in range(12):
        tables = pieces(_damaged("cut_table", seed=seed))
        assert len(tables) == len(pieces(CLEAN)) + 1
        assert all(len(table.rows) >= 1 for table in tables)


def test_a_mistyped_label_differs_by_one_character_and_no_value_differs() -> None:
    for seed in range(30):
        pairs = zip(_texts(CLEAN), _texts(_damaged("mistype_label", seed=seed)), strict=True)
        changed = [(a, b) for old, new in pairs for a, b in zip(old, new, strict=True) if a != b]
        ((before, after),) = changed
        assert len(before) - len(after) in {0, 1}
        assert not before.isdecimal()


def test_a_dropped_closing_tag_is_all_that_is_missing() -> None:
    for page in PAGES.values():
        after = _damaged("drop_closing_tag", page)
        assert len(page) - len(after) in {len(f"</{tag}>") for tag in ("td", "tr", "p", "span", "table")}


def test_reordered_tables_hold_the_same_rows() -> None:
    assert sorted(_texts(_damaged("reorder_tables"))) == sorted(_texts(CLEAN))


def test_a_blanked_cell_is_the_only_one_that_changes() -> None:
    for name, page in PAGES.items():
        pairs = zip(_texts(page), _texts(_damaged("blank_cell", page)), strict=True)
        ((before, after),) = [(a, b) for old, new in pairs for a, b in zip(old, new, strict=True) if a != b]
        assert (bool(before), after) == (True, ""), name


@pytest.mark.parametrize("name", ["shift_row", "shift_column"])
def test_shifted_values_leave_labels_where_they_are(name: str) -> None:
    labels = [[text for text in row if not text[:1].isdecimal() and text] for row in _texts(CLEAN)]
    for seed in range(12):
        shifted = _texts(_damaged(name, seed=seed))
        assert [[text for text in row if not text[:1].isdecimal() and text] for row in shifted] == labels


def test_columns_are_counted_through_merged_boxes() -> None:
    html = "<table><tr><td rowspan=2>a</td><td colspan='2'>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    (piece,) = pieces(html)
    assert [[box.column for box in row.boxes] for row in piece.rows] == [[0, 1], [1, 2]]


def test_a_layout_table_is_no_table_to_damage() -> None:
    page = render_html(REPORT, STATUTE, Style("x", layout_table=True), rng=Random(1))
    assert len(pieces(page)) == len(pieces(CLEAN))


def test_splicing_replaces_from_the_back() -> None:
    assert splice("abcdef", [(0, 1, "xyz"), (3, 4, "")]) == "xyzbcef"


def test_harmless_damage_is_named_among_the_damage() -> None:
    assert set(DAMAGES) > HARMLESS
