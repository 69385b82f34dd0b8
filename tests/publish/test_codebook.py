"""What is published is described: in the layout, and in the codebook made from it and from the forms."""

from __future__ import annotations

import csv
import re

import pytest

from foi_etl.publish.codebook import codebook, codebook_csv
from helpers import STATUTE
from verdicts import LAYOUT

BOOK = codebook(STATUTE, LAYOUT)
CELLS = [line for line in BOOK if line["kind"] == "cell"]


def columns(table: str) -> list[str]:
    return [column.name for column in LAYOUT.tables[table].columns]


def test_every_published_column_is_in_the_codebook() -> None:
    told = [(line["table"], line["name"]) for line in BOOK if line["kind"] == "column"]
    assert told == [(table, name) for table in LAYOUT.tables for name in columns(table)]


def test_every_cell_of_every_edition_is_in_the_codebook() -> None:
    told = {(edition, line["name"]) for line in CELLS for edition in line["editions"].split("; ")}
    assert told == {(form.edition, cell) for form in STATUTE.forms for cell in form.cells}


def test_a_line_of_the_codebook_speaks_both_languages() -> None:
    for line in BOOK:
        assert re.search("[a-z]", line["label"]), line
        assert re.search("[\u4e00-\u9fff]", line["label_zh"]), line


def test_a_cell_names_its_unit_its_articles_and_the_identities_it_stands_in() -> None:
    [line] = [one for one in CELLS if one["name"] == "t3_granted_total" and "e2021" in one["editions"]]

    form = STATUTE.form("t3", "e2021")
    assert line["identities"].split("; ") == [
        one.id for one in form.identities if "t3_granted_total" in one.cells
    ]
    assert len(line["identities"].split("; ")) == 2
    assert (line["unit"], line["articles"], line["type"]) == ("件", "36(1)(2)", "int")


def test_a_cell_that_two_editions_describe_differently_has_a_line_for_each() -> None:
    lines = {line["editions"]: line for line in CELLS if line["name"] == "t3_total_handled_total"}

    for edition in ("e2019", "e2021"):
        standing = [
            one.id for one in STATUTE.form("t3", edition).identities if "t3_total_handled_total" in one.cells
        ]
        told = next(line for editions, line in lines.items() if edition in editions)
        assert told["identities"].split("; ") == standing
    labels = {line["editions"]: line["label_zh"] for line in CELLS if line["name"] == "t2_license_decisions"}
    assert labels == {
        "e2019": "第二十条第（五）项/行政许可/处理决定数量",
        "e2021": "第二十条第（五）项/行政许可/本年处理决定数量",
    }


def test_the_codebook_reads_back_as_it_was_written() -> None:
    assert list(csv.DictReader(codebook_csv(STATUTE, LAYOUT).splitlines())) == BOOK


@pytest.mark.parametrize(
    ("table", "form"), [("requests", "t3"), ("disclosure", "t2"), ("review", "t4"), ("statistics", "s")]
)
def test_a_wide_table_has_a_column_for_every_measure_of_every_edition(table: str, form: str) -> None:
    told = [column.measure for column in LAYOUT.tables[table].columns if column.measure]
    assert set(told) == {spec.measure for one in STATUTE.editions(form) for spec in one.cells.values()}
    assert len(told) == len(set(told))


def test_a_measure_of_an_older_edition_stands_where_it_stood() -> None:
    names = columns("requests")
    assert names.index("noproc_reconfirm") < names.index("other") < names.index("total_handled")
    assert names.index("noproc_reconfirm") < names.index("other_misc") < names.index("total_handled")


def test_a_column_that_is_a_sum_of_others_says_so() -> None:
    told = {c.name for table in LAYOUT.tables.values() for c in table.columns if "do not add it" in c.english}
    statistics = {name for name in told if name in columns("statistics")}
    assert told - statistics == {"total_handled", "review_total", "suit_direct_total", "suit_after_total"}
    assert {"s17_received", "s25_replied", "received_year"} <= statistics


def test_every_amount_has_its_unit_beside_it() -> None:
    names = columns("disclosure")
    assert [names[names.index(amount) + 1] for amount in ("fee_amount", "procure_amount")] == [
        "fee_amount_unit",
        "procure_amount_unit",
    ]


def test_names_fit_every_tool() -> None:
    for table in LAYOUT.tables:
        for name in columns(table):
            assert re.fullmatch("[a-z][a-z0-9_]{0,31}", name), name


def test_keys_and_sort_orders_name_columns_of_their_table() -> None:
    for name, table in LAYOUT.tables.items():
        assert {*table.key, *table.sort} <= set(columns(name))
