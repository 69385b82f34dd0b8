"""Sentences against tables: every honest reading is admitted, and what none explains is a doubt."""

from __future__ import annotations

import csv

import pytest

from foi_etl.model import Finding, FormReading, Statement, Weight
from foi_etl.normalise.narrative import narrate
from foi_etl.normalise.zeros import infer
from foi_etl.pipeline import read
from foi_etl.rules import read_rules
from foi_etl.validate.sentences import against_tables
from helpers import CORPUS, ROOT, STATUTE, needs_shared
from verdicts import reading

RULES = STATUTE.rules.prose
ZEROS = {"t4_review_upheld": "0", "t4_review_corrected": "0", "t4_review_otherres": "0"}


def judged(text: str, *tables: FormReading, year: int = 2023) -> tuple[list[Finding], dict[str, str]]:
    told = narrate({"overview": text}, STATUTE.prose, year)
    drawn = [one for table in tables for one in infer(table, STATUTE.form(table.table, table.edition))]
    findings, checks = against_tables(told, tables, drawn, RULES)
    return list(findings), {one.rule: one.outcome for one in checks}


def t3(**rows: int) -> FormReading:
    return reading("t3", "e2021", {f"t3_{row}_total": str(count) for row, count in rows.items()})


def truth(slug: str, *tables: str) -> list[FormReading]:
    with (CORPUS / slug / "truth.csv").open(encoding="utf-8", newline="") as lines:
        printed = {row["cell_id"]: row["value"] for row in csv.DictReader(lines)}
    return [
        reading(table, "e2021", {cell: text for cell, text in printed.items() if cell.startswith(table)})
        for table in tables
    ]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("收到政府信息公开申请24件。", "held"),
        ("收到政府信息公开申请26件。", "held"),
        ("收到政府信息公开申请20余件。", "held"),
        ("收到政府信息公开申请27件。", "failed"),
        ("收到政府信息公开申请40余件。", "failed"),
        ("扎实推进工作。", "untestable"),
    ],
)
def test_received_is_the_new_ones_or_all_there_were(text: str, outcome: str) -> None:
    findings, checks = judged(text, t3(new_received=24, carried_in=2, total_handled=25, carried_out=1))
    assert checks["P1_received"] == outcome
    assert [one.rule for one in findings] == ["P1_received"] * (outcome == "failed")


def test_a_figure_told_as_received_and_handled_is_tested_once() -> None:
    table = t3(new_received=24, carried_in=2, total_handled=25, carried_out=1)
    _, checks = judged("全年共收到和办理依申请公开24件。", table)
    assert (checks["P1_received"], checks["P1_handled"]) == ("held", "untestable")


def test_concluded_cases_alone_are_no_false_alarm_and_another_number_is() -> None:
    t4 = reading("t4", "e2021", {"t4_review_pending": "2", "t4_review_total": "9"})
    assert [judged(f"行政复议{n}件。", t4)[1]["P4_review"] for n in (9, 7, 8)] == ["held", "held", "failed"]


def test_none_told_agrees_with_a_table_that_says_nothing_or_zero_and_with_no_other() -> None:
    text = "未发生行政复议。"
    outcomes = [
        judged(text, reading("t4", "e2021", {"t4_review_total": total, "t4_review_pending": total}))[1]
        for total in ("", "0", "3")
    ]
    # All of three pending: no case was concluded, and that is what the sentence may mean.
    assert [one["P4_review"] for one in outcomes] == ["held", "held", "held"]
    ended = {"t4_review_total": "3", "t4_review_pending": "0", "t4_review_upheld": "3"}
    assert judged(text, reading("t4", "e2021", ended))[1]["P4_review"] == "failed"


def test_single_reasons_alone_fail_nothing() -> None:
    text = "收到申请24件，因本机关不掌握的2件。"
    table = t3(unable_not_held=2, unable_need_create=1, unable_unclear=0)
    assert judged(text, table)[1]["P2_unable"] == "untestable"


def test_a_blank_that_proves_nothing_leaves_the_rule_untested() -> None:
    assert judged("收到政府信息公开申请24件。", t3(new_received=20))[1]["P1_received"] == "untestable"


def test_a_finding_shows_both_sides() -> None:
    [one], _ = judged("予以公开及部分公开258件。", t3(granted=272, partial=3))
    assert (one.rule, one.weight) == ("P2_granted+P2_partial", Weight.DOUBT)
    assert (one.left, one.right, one.delta) == (
        "f_granted+f_partial=258",
        "t3_granted_total + t3_partial_total=275",
        "-17",
    )
    assert one.cells == ("t3_granted_total", "t3_partial_total")


@needs_shared
@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("suqian-shi-2024-figures", "行政复议案件134件，行政诉讼案件57件"),
        (
            "suqian-shi-2023-figures",
            "共收办政府信息公开申请案件3607件，其中，自然人申请3493件，法人或其他组织申请114件",
        ),
        (
            "suqian-shi-2023-figures",
            "予以公开1191件、部分公开328件、不予公开142件、无法提供1078件、不予处理406件、作其他处理341件、转下年度121件",
        ),
    ],
)
def test_suqians_honest_figures_are_no_false_alarm(slug: str, text: str) -> None:
    findings, checks = judged(text, *truth(slug, "t3", "t4"))
    assert findings == []
    assert sum(outcome == "held" for outcome in checks.values()) >= 2


@needs_shared
def test_shanghais_258_and_265_are_findings_and_nothing_else_it_says_is() -> None:
    slug = "shanghai-shi-bangongting-2019-html"
    verdict = read((CORPUS / slug / "source.html").read_bytes(), slug, STATUTE)
    said = {one.rule: one for one in verdict.findings if one.rule.startswith("P")}
    assert {rule: one.delta for rule, one in said.items() if one.weight is Weight.DOUBT} == {
        "P2_granted+P2_partial": "-17",
        "P2_unable": "-72",
    }
    held = {one.rule for one in verdict.checks if one.outcome == "held"}
    assert {"P1_received", "P1_handled", "P2_denied", "P2_noproc", "P3_carried_in", "P3_carried_out"} <= held


def test_every_rule_names_cells_and_facts_that_exist() -> None:
    cells = {cell for form in STATUTE.forms for cell in form.cells}
    facts = {topic.id for topic in STATUTE.prose.topics}
    rules = read_rules((ROOT / "schemas" / "rules.toml").read_text(encoding="utf-8"))
    assert {term.cell for rule in rules.prose for total in rule.admits for term in total} <= cells
    assert {rule.fact for rule in rules.prose} <= facts
    assert {term.cell for rule in rules.cross for term in rule.terms} <= cells


def test_every_rule_reports_how_it_fared() -> None:
    told: list[Statement] = []
    _, checks = against_tables(told, [], [], RULES)
    assert {one.rule: one.outcome for one in checks} == {rule.id: "untestable" for rule in RULES}
