"""The panel: rates with what stands above and below, and a reason where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from foi_etl.model import Agency, Inference, Judged
from foi_etl.owed import Owing, Place
from foi_etl.practice.figures import real_figures
from foi_etl.publish.across import Study, look_across
from foi_etl.studies.coverage import covered
from foi_etl.studies.panel import paneled
from foi_etl.variables import read_variables
from helpers import ROOT, STATUTE
from verdicts import LAYOUT, judged, merged

COLUMNS = {column.name: column for column in LAYOUT.tables["panel"].columns}
OWING = Owing(
    (
        Agency(
            "suqian", "宿迁市人民政府", "trs", "http://a/", kind="gov", division_code="321300", since="2018"
        ),
    ),
    date(2026, 11, 1),
    place=lambda code, year: Place(f"{code[:4]}{year % 100}", code),
    names={("suqian", 2022): "宿迁市政府"},
)
SUQIAN = {year: dict(told) for year, told in real_figures()["suqian", "宿迁市人民政府"].items()}


def panel(*reports: Judged) -> Mapping[int, dict[str, Any]]:
    merge = merged(*reports)
    owed = Study("coverage", partial(covered, owing=OWING))
    look_across(merge, [owed, Study("panel", partial(paneled, owing=OWING, statute=STATUTE))])
    tables = [table for path, table in merge.tables().items() if path.startswith("panel")]
    return {row["year"]: row for table in tables for row in table.to_pylist()}


def real(year: int) -> dict[str, Any]:
    return panel(judged("suqian", year, SUQIAN[year]))[year]


@pytest.mark.parametrize(
    ("year", "rate", "above", "below"),
    [
        (2024, "v_review_corrected", 18, 134),
        (2023, "v_review_corrected", 17, 414),
        (2024, "v_suit_lost", 0, 57),
        (2023, "v_suit_lost", 1, 98),
        (2024, "v_disclosure_any", 1902, 3521),
        (2023, "v_disclosure_any", 1519, 3486),
        (2024, "v_carry_rate", 125, 3646),
        (2024, "v_normdoc_turnover", 227, 647),
    ],
)
def test_the_worked_examples_come_out(year: int, rate: str, above: int, below: int) -> None:
    row = real(year)
    assert (row[f"{rate}_n"], row[f"{rate}_d"]) == (above, below)
    assert row[rate] == pytest.approx(above / below)


def test_nothing_over_nothing_is_missing_with_a_reason() -> None:
    none = {cell: "0" for form in STATUTE.forms if form.edition == "e2021" for cell in form.cells}
    row = panel(judged("suqian", 2023, none))[2023]
    assert (row["v_disclosure_any"], row["v_disclosure_any_n"], row["v_disclosure_any_d"]) == (None, 0, 0)
    assert "v_disclosure_any" in row["zero_below"].split()
    assert row["unprinted"] is None


def test_few_denials_give_no_mix() -> None:
    row = panel(judged("suqian", 2023, SUQIAN[2023] | _denials(4)))[2023]
    assert (row["v_mix_process"], row["v_mix_process_d"]) == (None, 4)
    assert "v_mix_process" in row["few_below"].split()
    assert panel(judged("suqian", 2023, SUQIAN[2023] | _denials(5)))[2023]["v_mix_process"] == 0


def _denials(count: int) -> dict[str, str]:
    form = STATUTE.form("t3", "e2021")
    cells = [cell for cell in form.cells if cell.startswith("t3_denied") and cell.endswith("_total")]
    return dict.fromkeys(cells, "0") | {cells[0]: str(count)}


def test_a_blank_is_no_zero_unless_it_is_proved() -> None:
    blank = SUQIAN[2023] | {"t3_granted_total": ""}
    row = panel(judged("suqian", 2023, blank))[2023]
    assert row["h_granted"] is None
    assert {"h_granted", "v_disclosure_any"} <= set(row["unprinted"].split())
    proved = Inference("t3_granted_total", Decimal(1191), "derived_total", "parts", ())
    row = panel(judged("suqian", 2023, blank, inferences=(proved,)))[2023]
    assert (row["h_granted"], row["v_disclosure_any_n"], row["unprinted"]) == (1191, 1519, None)


def test_what_the_form_does_not_ask_is_no_gap() -> None:
    row = real(2023)
    assert (row["h_license_items"], row["v_ontime"], row["unprinted"]) == (None, None, None)


def test_the_form_of_2014_has_formulas_of_its_own() -> None:
    cells = {"s17_received": "20", "s22_closed": "19", "s23_closed_ontime": "18", "s25_replied": "16"}
    cells |= {"s26_rep_already_public": "1", "s27_rep_granted": "2", "s28_rep_partial": "1"}
    row = panel(judged("suqian", 2018, cells, editions={"s": "e2014"}))[2018]
    assert (row["h_received"], row["h_handled"], row["h_granted"]) == (20, 19, 3)
    assert (row["v_disclosure_any"], row["v_ontime"], row["v_clearance"]) == (4 / 16, 18 / 19, 19 / 20)
    assert row["h_carried_in"] is None


def test_a_year_without_a_report_has_its_keys_and_no_number() -> None:
    rows = panel(judged("suqian", 2023, SUQIAN[2023]))
    assert sorted(rows) == list(range(2018, 2026))
    assert {name for name, value in rows[2022].items() if value is not None} == {
        "agency_id", "year", "agency_name", "kind", "division_code", "division_code_2020", "scope_owed",
        "status", "deadline",
    }  # fmt: skip
    assert (rows[2022]["agency_name"], rows[2023]["agency_name"]) == ("宿迁市政府", "宿迁市人民政府")
    assert (rows[2022]["division_code"], rows[2022]["division_code_2020"]) == ("321322", "321300")


def test_a_report_of_nobody_in_the_register_has_its_row() -> None:
    row = panel(judged("stranger", 2016, SUQIAN[2023]))[2016]
    assert (row["agency_id"], row["status"], row["h_received"]) == ("stranger", "found", 3511)
    assert (row["agency_name"], row["kind"]) == ("海港局", None)


def test_names_are_short_and_plain() -> None:
    assert all(name.isascii() and name.isidentifier() and len(name) <= 32 for name in COLUMNS)


def test_every_name_of_a_formula_is_known() -> None:
    known = {cell for form in STATUTE.forms for cell in form.cells} | COLUMNS.keys()
    assert [
        (one.id, name)
        for one in STATUTE.variables
        for formula in one.formulas.values()
        for _, name in (*formula.above, *formula.below)
        if name not in known
    ] == []
    assert {one.prose for one in STATUTE.variables} - {""} <= {topic.id for topic in STATUTE.prose.topics}


def test_every_column_says_what_it_is_in_both_languages() -> None:
    made = [column for name, column in COLUMNS.items() if name.startswith(("h_", "v_"))]
    assert len(made) == len(set(COLUMNS) - {c.name for c in LAYOUT.tables["panel"].columns if c not in made})
    assert all(column.label and column.label_zh and column.english and column.chinese for column in made)


def test_a_formula_that_is_no_sum_is_refused() -> None:
    text = (ROOT / "schemas" / "crosswalk.toml").read_text(encoding="utf-8")
    rates = (
        '[[rates]]\nid = "v_x"\nlabel = "x"\nlabel_zh = "x"\nabove = "h_granted * 2"\nbelow = "h_handled"\n'
    )
    with pytest.raises(ValueError, match="no sum of names"):
        read_variables(text, rates)
