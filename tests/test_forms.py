"""The forms in `schemas/` are those of the statute."""

from __future__ import annotations

import csv
import json

import pytest

from helpers import SHARED, STATUTE, needs_shared


@pytest.mark.parametrize(("edition", "cells"), [("e2019", 198), ("e2021", 200)])
def test_an_edition_has_the_cells_the_notice_prescribes(edition: str, cells: int) -> None:
    assert sum(len(form.cells) for form in STATUTE.forms if form.edition == edition) == cells


@pytest.mark.parametrize(("edition", "identities"), [("e2019", 40), ("e2021", 42)])
def test_an_edition_has_the_hard_identities_of_its_tables(edition: str, identities: int) -> None:
    assert sum(len(form.identities) for form in STATUTE.forms if form.edition == edition) == identities


TODAY = ("e2019", "e2021")


def test_the_form_of_2014_has_58_rows_of_one_figure() -> None:
    form = STATUTE.form("s", "e2014")
    assert [cell_id[:3] for cell_id in form.cells] == [f"s{n:02}" for n in range(1, 59)]
    assert {i for i, spec in form.cells.items() if spec.unit == "万元"} == {"s49_fee", "s55_budget"}
    assert [len(one.left) for one in form.identities] == [4, 2, 8, 6, 3, 3, 2]


def test_no_cell_of_a_year_is_a_cumulative_one() -> None:
    form = STATUTE.form("s", "e2008")
    assert {cell_id.rsplit("_", 1)[1] for cell_id in form.cells} == {"year", "cumulative"}
    assert {(one.small.rsplit("_", 1)[1], one.large.rsplit("_", 1)[1]) for one in form.orders} == {
        ("year", "cumulative")
    }


@needs_shared
def test_every_cell_agrees_with_the_domain_list() -> None:
    with (SHARED / "design" / "domain_cells.csv").open(encoding="utf-8", newline="") as lines:
        listed = {
            (f"e{row['edition']}", row["cell_id"]): (row["table"], row["unit"], row["type"])
            for row in csv.DictReader(lines)
        }
    ours = {
        (form.edition, spec.id): (spec.table, spec.unit, spec.type)
        for form in STATUTE.forms
        if form.edition in TODAY
        for spec in form.cells.values()
    }
    unknown = ("e2019", "t2_procure_amount")
    assert listed.pop(unknown)[1].startswith("万元?")
    assert ours.pop(unknown)[1] == "", "a unit the notice does not print is not ours to add"
    assert ours == listed


@needs_shared
def test_every_chinese_label_agrees_with_the_domain_list() -> None:
    with (SHARED / "design" / "domain_cells.csv").open(encoding="utf-8", newline="") as lines:
        listed = [
            (f"e{r['edition']}", r["cell_id"], r["row_label_zh"], r["col_label_zh"])
            for r in csv.DictReader(lines)
        ]
    for edition, cell_id, row_label, column_label in listed:
        spec = next(f.cells[cell_id] for f in STATUTE.forms if f.edition == edition and cell_id in f.cells)
        last_words = spec.row.text if spec.table == "t3" else spec.column.text
        assert (row_label + column_label).replace(" ", "").find(last_words) >= 0
        assert spec.column.text in row_label + column_label


@needs_shared
def test_every_identity_agrees_with_the_domain_list() -> None:
    listed = json.loads((SHARED / "design" / "domain_identities.json").read_text(encoding="utf-8"))
    ours = {
        (form.edition, one.id): (one.left, one.right)
        for form in STATUTE.forms
        if form.edition in TODAY
        for one in form.identities
    }
    assert ours == {(f"e{i['edition']}", i["id"]): (tuple(i["lhs"]), tuple(i["rhs"])) for i in listed}


def test_no_two_labels_of_a_header_or_of_a_column_of_rows_come_down_to_one_key() -> None:
    for form in (one for one in STATUTE.forms if one.layout != "list"):
        for block in form.blocks:
            for labels in (block.rows, block.columns if form.layout != "row" else ()):
                keys = [key for label in labels for key in label.keys]
                assert len(keys) == len(set(keys)), (form.name, keys)
