"""Real reports are read exactly: every cell, as somebody read it by eye."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from functools import cache

import pytest
from typer.testing import CliRunner

from foi_etl.cli.app import app
from foi_etl.model import Fact, State, Tally, Verdict, Weight
from foi_etl.pipeline import read
from helpers import CORPUS, STATUTE, needs_shared

pytestmark = needs_shared
SLUGS = (
    "pinghu-2019-text",
    "shanghai-shi-bangongting-2019-html",
    "pingtan-gwh-2019-html",
    "pingtan-gyz-2023-html",
    "huaian-shi-2024-pdf",
    "huaian-hongze-2023-pdf",
)
HONGZE = SLUGS[-1]
PINGHU, SHANGHAI = SLUGS[:2]


@cache
def _verdict(slug: str) -> Verdict:
    [source] = (CORPUS / slug).glob("source.*")
    return read(source.read_bytes(), source.name, STATUTE)


def _facts(slug: str) -> dict[str, Fact]:
    return {cell_id: fact for table in _verdict(slug).tables for cell_id, fact in table.facts.items()}


def _truth(slug: str) -> dict[str, str]:
    with (CORPUS / slug / "truth.csv").open(encoding="utf-8", newline="") as lines:
        return {row["cell_id"]: row["value"] for row in csv.DictReader(lines)}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_cell_of_a_real_report_is_read_as_it_is_printed(slug: str) -> None:
    facts = _facts(slug)
    assert {cell_id: fact.raw for cell_id, fact in facts.items()} == _truth(slug)
    for cell_id, text in _truth(slug).items():
        number = text.removesuffix("元")
        assert facts[cell_id].value == (Decimal(number) if number else None), cell_id


@pytest.mark.parametrize(
    ("slug", "agency", "year", "edition"),
    [
        pytest.param(SLUGS[0], "平湖市人民政府办公室", 2019, "e2019", id="Pinghu"),
        pytest.param(SLUGS[1], "上海市人民政府办公厅", 2019, "e2019", id="Shanghai"),
        pytest.param(SLUGS[2], "平潭综合实验区管委会办公室", 2019, "e2019", id="Pingtan"),
        pytest.param(SLUGS[3], "平潭综合实验区国有资产管理局", 2023, "e2021", id="Pingtan 2023"),
        pytest.param(SLUGS[4], "淮安市人民政府", 2024, "e2021", id="Huaian, a PDF"),
    ],
)
def test_a_real_report_says_whose_it_is_and_for_which_year(
    slug: str, agency: str, year: int, edition: str
) -> None:
    verdict = _verdict(slug)
    assert (verdict.document.agency_name, verdict.document.year) == (agency, year)
    assert {table.table: table.edition for table in verdict.tables} == dict.fromkeys(
        ("t2", "t3", "t4"), edition
    )
    assert len(verdict.document.sections) == 6


def test_both_readers_reach_every_cell_of_a_real_pdf() -> None:
    tables = _verdict("huaian-shi-2024-pdf").tables
    assert all(len(table.agreed) == len(table.facts) and all(table.agreed.values()) for table in tables)


def test_hongze_prints_two_editions_and_two_wrong_totals() -> None:
    verdict = _verdict(HONGZE)
    editions = {table.table: table.edition for table in verdict.tables}
    assert (editions["t2"], editions["t3"]) == ("e2021", "e2019")
    failed = {finding.rule for finding in verdict.findings if finding.weight is not Weight.NOTE}
    assert failed == {"H4_review", "H4_suit_after"}
    assert all(all(table.agreed.values()) and table.agreed for table in verdict.tables)
    blames = {finding.blame for finding in verdict.findings if finding.rule in failed}
    assert blames == {"source"}
    assert verdict.blanks_as_zero == Tally(held=38, failed=2, untestable=0)


@pytest.mark.parametrize(("slug", "pages"), [(SLUGS[4], {"p3", "p4", "p5"}), (HONGZE, {"p2", "p3", "p4"})])
def test_a_cell_of_a_pdf_says_its_page(slug: str, pages: set[str]) -> None:
    facts = _facts(slug)
    assert {fact.at.split("/")[0] for fact in facts.values()} == pages


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != HONGZE])
def test_a_real_report_gives_no_reason_to_doubt_its_reading(slug: str) -> None:
    read_from_tables = [one for one in _verdict(slug).findings if not one.rule.startswith("P")]
    assert {finding.weight for finding in read_from_tables} <= {Weight.NOTE}


@pytest.mark.parametrize("slug", SLUGS)
def test_two_readers_agree_on_every_cell_of_a_real_report(slug: str) -> None:
    tables = _verdict(slug).tables
    assert {same for table in tables for same in table.agreed.values()} == {True}
    whole = [table.agreed.keys() == table.facts.keys() for table in tables]
    assert all(whole) or (slug == "huaian-shi-2024-pdf" and sum(whole) == 2)


def test_the_sums_that_hongze_printed_wrong_are_its_own() -> None:
    failed = {one.rule: one.blame for one in _verdict("huaian-hongze-2023-pdf").findings if one.delta}
    assert failed == {"H4_review": "source", "H4_suit_after": "source"}


def test_of_pinghus_198_cells_40_are_filled_and_all_its_sums_hold() -> None:
    facts = _facts(PINGHU)
    assert (len(facts), sum(fact.state is not State.BLANK for fact in facts.values())) == (198, 40)
    assert _verdict(PINGHU).blanks_as_zero == Tally(held=40, failed=0, untestable=0)


def test_every_blank_of_pinghu_is_proved_to_be_zero() -> None:
    inferences = _verdict(PINGHU).inferences
    blank = {cell_id for cell_id, fact in _facts(PINGHU).items() if fact.state is State.BLANK}
    assert {one.cell_id for one in inferences} == blank
    assert {one.value for one in inferences} == {Decimal(0)}


def test_shanghais_blank_totals_follow_from_their_parts() -> None:
    totals = {
        one.cell_id: one.value for one in _verdict(SHANGHAI).inferences if one.cell_id.endswith("_total")
    }
    assert totals["t3_granted_total"] == 272
    assert totals["t3_unable_not_held_total"] == 265
    results = [ids[-1] for name, ids in STATUTE.form("t3", "e2019").rows.items() if name not in _FLOWS]
    assert sum(totals[i] for i in results) == _facts(SHANGHAI)["t3_total_handled_total"].value == 805


def test_whoever_reads_shanghai_is_told_of_the_wrong_sentence_and_of_the_totals_that_follow() -> None:
    told = json.loads(
        CliRunner().invoke(app, ["read", "--json", str(CORPUS / SHANGHAI / "source.html")]).stdout
    )
    wrong = [one for one in told["findings"] if one.get("left", "").endswith("=258")]
    follows = {one["cell"]: one["value"] for one in told["inferences"]}
    assert [one["rule"] for one in wrong] == ["P2_granted+P2_partial"]
    assert told["cells"]["t3_granted_total"]["value"] is None
    assert follows["t3_granted_total"] == 272


_FLOWS = {"new_received", "carried_in", "total_handled", "carried_out"}


@pytest.mark.parametrize(
    "source",
    ["pingtan-2011-legacy/source.txt", "pingtan-2015-legacy/source.html", "pingtan-2015-legacy/source.txt"],
)
def test_an_old_report_gives_every_row_of_its_statistics_the_year_and_all_years_apart(source: str) -> None:
    path = CORPUS / source
    listed = json.loads((path.parent / "truth.json").read_text(encoding="utf-8"))
    due = [tuple(row[2:]) for row in listed["legacy_statistics_table"]["rows"]]
    [reading] = read(path.read_bytes(), path.name, STATUTE).tables
    printed = [fact for fact in reading.facts.values() if fact.state is not State.MISSING_CELL]
    year = [fact.value for fact in printed if fact.cell_id.endswith("_year")]
    cumulative = [fact.value for fact in printed if fact.cell_id.endswith("_cumulative")]
    assert reading.edition == "e2008"
    assert sorted(zip(year, cumulative, strict=True)) == sorted(due)


def test_an_amount_in_a_cell_keeps_its_own_unit() -> None:
    fact = _facts(SHANGHAI)["t2_procure_amount"]
    assert (fact.value, fact.unit, fact.raw) == (Decimal(251000), "元", "251000元")
