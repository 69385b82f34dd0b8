"""Rules over several reports, as a release publishes them: whose, of which year, read from which capture."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foi_etl.model import Inference, Judged
from foi_etl.normalise.narrative import narrate
from foi_etl.publish.across import look_across
from foi_etl.publish.merge import Merge
from foi_etl.studies import studies
from foi_etl.validate.copies import sketch_of
from foi_etl.validate.sentences import against_tables
from helpers import CORPUS, STATUTE, needs_shared
from verdicts import judged, merged

OUT, INTO = "t3_carried_out_total", "t3_carried_in_total"
WORDS = "".join(chr(0x4E00 + 37 * n % 4000) for n in range(400))
OTHER = "".join(chr(0x6E00 + 53 * n % 4000) for n in range(400))


def looked(*reports: Judged) -> Merge:
    merge = merged(*reports, pieces=2)
    look_across(merge, studies())
    return merge


def table(merge: Merge, name: str, year: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = merge.tables()[f"{name}.parquet/{year}.parquet"].to_pylist()
    return rows


def spoken(one: Judged, words: str) -> Judged:
    sketch = sketch_of({"overview": words}, STATUTE.rules)
    return replace(one, verdict=replace(one.verdict, sketch=sketch))


def test_a_finding_over_years_says_whose_it_is_and_which_capture_it_is_about() -> None:
    reports = [
        judged("mill", 2022, {OUT: "5", INTO: "0"}),
        judged("mill", 2023, {OUT: "1", INTO: "4"}),
        judged("quarry", 2022, {OUT: "2", INTO: "0"}),
        judged("quarry", 2023, {OUT: "0", INTO: "2"}),
    ]
    made = looked(*reports)
    [finding] = table(made, "findings", 2023)
    assert (finding["agency_id"], finding["year"], finding["rule"]) == ("mill", 2023, "X1_total")
    assert finding["capture"] == reports[1].capture.id
    assert finding["left"] == "t3_carried_in_total=4"
    assert table(made, "findings", 2022) == []
    assert [one["findings_doubt"] for one in table(made, "reports", 2023)] == [1, 0]


def test_every_report_says_how_every_rule_over_years_fared() -> None:
    made = looked(
        judged("mill", 2022, {OUT: "5"}),
        judged("mill", 2023, {INTO: "4"}),
        judged("quarry", 2022, {OUT: "2"}),
        judged("quarry", 2023, {INTO: "2"}),
    )
    mill, quarry = table(made, "checks", 2023)
    assert "X1_total" in mill["failed"]
    assert "X1_total" in quarry["held"]
    assert all("X1_total" in one["untestable"] for one in table(made, "checks", 2022))
    over = {*(rule.id for rule in STATUTE.rules.cross), *(rule.id for rule in STATUTE.rules.loose)}
    for one in (mill, quarry):
        told = [rule for fate in ("held", "failed", "untestable") for rule in one[fate] if rule in over]
        assert sorted(told) == sorted(over)


def test_what_follows_by_arithmetic_is_known_to_the_rules() -> None:
    drawn = Inference(OUT, 5, "derived_total", "", ())  # type: ignore[arg-type]
    made = looked(judged("mill", 2022, {}, inferences=(drawn,)), judged("mill", 2023, {INTO: "5"}))
    [mill] = table(made, "checks", 2023)
    assert "X1_total" in mill["held"]


def test_likeness_is_published_and_a_copy_is_a_finding() -> None:
    made = looked(
        spoken(judged("mill", 2022), WORDS),
        spoken(judged("mill", 2023), WORDS),
        spoken(judged("quarry", 2023), WORDS),
        spoken(judged("pier", 2023), OTHER),
        judged("silent", 2023),
    )
    told = {one["agency_id"]: one for one in table(made, "similarity", 2023)}
    assert told.keys() == {"mill", "quarry", "pier"}
    assert (told["mill"]["last_year"], told["mill"]["sibling"], told["mill"]["nearest"]) == (1, "quarry", 1)
    assert (told["pier"]["last_year"], told["pier"]["sibling"], told["pier"]["nearest"]) == (None, None, None)
    rules = [(one["agency_id"], one["rule"]) for one in table(made, "findings", 2023)]
    assert rules == [
        ("mill", "S3_text_last_year"),
        ("mill", "S4_text_sibling"),
        ("quarry", "S4_text_sibling"),
    ]


def test_reports_of_another_agency_change_the_files_of_their_year_and_nothing_else() -> None:
    reports = [
        judged(name, year, {OUT: "1", INTO: "1"}) for name in ("mill", "quarry") for year in (2022, 2023)
    ]
    before = {file.path: file.made_from for file in looked(*reports).files()}
    after = {file.path: file.made_from for file in looked(*reports, judged("pier", 2023)).files()}
    changed = {path for path in before if before[path] != after[path]}
    assert {path for path in changed if "2023" not in path} == {"captures.parquet/2026.parquet"}


def _suqian(year: int, printed: Mapping[str, str] | None = None) -> Judged:
    with (CORPUS / f"suqian-shi-{year}-figures" / "truth.csv").open(encoding="utf-8", newline="") as lines:
        told = {row["cell_id"]: row["value"] for row in csv.DictReader(lines)}
    return judged("suqian", year, {**told, **(printed or {})})


@needs_shared
def test_suqians_carry_over_holds_in_all_columns_as_published() -> None:
    made = looked(_suqian(2023), _suqian(2024))
    [checks] = table(made, "checks", 2024)
    assert [rule for rule in checks["held"] if rule.startswith("X1_")] == [
        f"X1_{who}" for who in ("natural", "biz", "research", "charity", "legal", "orgother", "total")
    ]
    assert {"X2_rule", "X2_normdoc"} <= set(checks["held"])
    assert table(made, "findings", 2024) == []


@needs_shared
def test_suqian_counts_concluded_cases_which_is_no_mistake() -> None:
    sentence = "全市全年备案政府信息依申请公开领域行政复议案件134件，行政诉讼案件57件。"
    statements = narrate({"overview": sentence}, STATUTE.prose, 2024)
    readings = _suqian(2024).verdict.tables
    findings, checks = against_tables(statements, readings, (), STATUTE.rules.prose)
    assert findings == ()
    assert {one.rule for one in checks if one.outcome == "held"} == {"P4_review", "P5_suit"}


def _pingtan(year: int) -> dict[str, int]:
    told = json.loads((CORPUS / f"pingtan-{year}-text" / "truth.json").read_text(encoding="utf-8"))
    made, repealed, stock = told["table2"]["行政规范性文件"].values()
    return {"t2_normdoc_issued": made, "t2_normdoc_repealed": repealed, "t2_normdoc_inforce": stock}


@needs_shared
def test_pingtans_stock_of_documents_follows_to_2022_and_not_to_2023() -> None:
    # The report for 2022 is known from what its neighbour's truth says of it: 665+88-55 = 698.
    between = {"t2_normdoc_issued": 88, "t2_normdoc_repealed": 55, "t2_normdoc_inforce": 698}
    stocks = {2021: _pingtan(2021), 2022: between, 2023: _pingtan(2023)}
    made = looked(
        *(
            judged("pingtan", year, {cell: str(n) for cell, n in told.items()})
            for year, told in stocks.items()
        )
    )
    assert "X2_normdoc" in table(made, "checks", 2022)[0]["held"]
    [finding] = [one for one in table(made, "findings", 2023) if one["rule"] == "X2_normdoc"]
    assert (finding["left"], finding["delta"]) == ("t2_normdoc_inforce=470", "-173")
