"""Over years and agencies: what follows stays, what does not is found; every rule counts its tests."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pytest

from foi_etl.model import Finding, Tally
from foi_etl.validate.copies import copied, figures, likeness, sketch_of
from foi_etl.validate.cross import Crossed, crossed
from foi_etl.validate.grid import Grid, grid
from foi_etl.validate.sketches import NOTHING, PLACES, Sketch, nearest, similarities, sketch
from helpers import CORPUS, STATUTE, needs_shared

RULES = STATUTE.rules
Told = Mapping[tuple[str, int], Mapping[str, float | None]]


def facts(reports: Told) -> pa.Table:
    rows = [
        {"agency_id": agency, "year": year, "cell_id": cell, "value": value}
        for (agency, year), cells in reports.items()
        for cell, value in cells.items()
    ]
    types = {"agency_id": pa.string(), "year": pa.int64(), "cell_id": pa.string(), "value": pa.float64()}
    return pa.Table.from_pylist(rows, pa.schema(types))


def laid(reports: Told) -> Grid:
    return grid(facts(reports))


class Fared(NamedTuple):
    tally: Tally
    found: list[tuple[str, int]]
    findings: list[Finding]


def told(one: Crossed, made: Grid) -> Fared:
    rows = [(made.agencies[row], int(made.years[row])) for row, _ in one.findings]
    return Fared(one.tally, rows, [finding for _, finding in one.findings])


def fared(made: Grid, rule: str, peers: Mapping[str, str] | None = None) -> Fared:
    return told(next(one for one in crossed(made, RULES, peers) if one.rule == rule), made)


def test_what_is_carried_in_is_what_was_carried_over() -> None:
    out, into = "t3_carried_out_total", "t3_carried_in_total"
    one = fared(
        laid(
            {
                ("a", 2022): {out: 5, into: 0},
                ("a", 2023): {out: 1, into: 5},
                ("b", 2022): {out: 7, into: 1},
                ("b", 2023): {out: 1, into: 6},
                ("b", 2025): {out: 1, into: 9},
                ("c", 2022): {out: None, into: 2},
                ("c", 2023): {out: 1, into: 3},
            }
        ),
        "X1_total",
    )
    assert (one.tally, one.found) == (Tally(1, 1, 5), [("b", 2023)])
    [finding] = one.findings
    assert (finding.left, finding.right, finding.delta) == (
        "t3_carried_in_total=6",
        "before:t3_carried_out_total=7",
        "-1",
    )
    assert finding.cells == ("t3_carried_in_total",)


@pytest.mark.parametrize(
    ("rule", "before", "now", "holds"),
    [
        ("X2_normdoc", {"t2_normdoc_inforce": 597}, (50, 227, 420), True),
        ("X2_normdoc", {"t2_normdoc_inforce": 597}, (50, 227, 421), False),
    ],
)
def test_stocks_follow(rule: str, before: dict[str, float], now: tuple[int, int, int], holds: bool) -> None:
    cells = dict(zip(("t2_normdoc_issued", "t2_normdoc_repealed", "t2_normdoc_inforce"), now, strict=True))
    one = fared(laid({("a", 2023): before, ("a", 2024): dict(cells)}), rule)
    assert (one.tally.held, one.tally.failed) == (int(holds), int(not holds))


def test_last_years_items_follow_from_the_year_before() -> None:
    then = {"t2_license_items_prev": 30, "t2_license_items_delta": -2}
    made = laid({("a", 2019): then, ("a", 2020): {"t2_license_items_prev": 27}})
    assert fared(made, "X4_license").found == [("a", 2020)]


def test_reports_of_another_scope_are_not_compared() -> None:
    told = facts({("a", 2022): {"t3_carried_out_total": 5}, ("a", 2023): {"t3_carried_in_total": 9}})
    scopes = {("a", 2022): "organ", ("a", 2023): "gov_aggregate"}
    assert fared(grid(told, scopes=scopes), "X1_total").tally.untestable == 2
    assert fared(grid(told), "X1_total").tally.failed == 1


def test_what_was_inferred_fills_what_is_not_printed_and_changes_nothing_printed() -> None:
    told = facts({("a", 2022): {"t3_carried_out_total": None}, ("a", 2023): {"t3_carried_in_total": 3}})
    drawn = facts({("a", 2022): {"t3_carried_out_total": 3}, ("a", 2023): {"t3_carried_in_total": 8}})
    assert fared(grid(told, drawn), "X1_total").tally == Tally(1, 0, 1)


def test_decisions_filled_in_as_items_are_found() -> None:
    cells = ("t2_license_items_prev", "t2_license_items_delta", "t2_license_decisions")
    told = {
        ("a", 2019): (421, 1423, 1844),
        ("b", 2019): (30, -2, 422),
        ("c", 2019): (93, 0, 93),
    }
    made = laid({key: dict(zip(cells, values, strict=True)) for key, values in told.items()})
    assert fared(made, "M1_license").found == [("a", 2019)]


def test_yuan_under_ten_thousands_is_found_and_growth_is_not() -> None:
    fee = "t2_fee_amount"
    one = fared(
        laid(
            {
                ("a", 2021): {fee: 12.5},
                ("a", 2022): {fee: 125_000.0},
                ("a", 2023): {fee: 13.0},
                ("b", 2022): {fee: 10.0},
                ("b", 2023): {fee: 900.0},
                ("c", 2023): {fee: 75_394_432.52},
                ("d", 2023): {fee: 316_441.0},
            }
        ),
        "U1_fee_amount",
    )
    assert one.found == [("a", 2022), ("c", 2023)]


def test_a_leap_is_noted_and_a_small_count_may_leap() -> None:
    cell = "t3_new_received_total"
    told = {
        ("a", 2022): {cell: 40.0},
        ("a", 2023): {cell: 400.0},
        ("b", 2022): {cell: 2.0},
        ("b", 2023): {cell: 40.0},
        ("c", 2022): {cell: 100.0},
        ("c", 2023): {cell: 300.0},
    }
    one = fared(laid(told), "X6_new_received")
    assert (one.found, one.tally) == ([("a", 2023)], Tally(1, 1, 4))


def test_peers_are_compared_where_there_are_enough() -> None:
    cell, rng = "t3_new_received_total", random.Random(7)
    told = {(f"a{n}", 2023): {cell: float(rng.randint(20, 60))} for n in range(40)}
    told["far", 2023] = {cell: 90_000.0}
    peers = dict.fromkeys((agency for agency, _ in told), "county bureaus")
    assert fared(laid(told), "O1_new_received", peers).found == [("far", 2023)]
    few = {key: cells for key, cells in told.items() if key[0] in {"a1", "a2", "far"}}
    assert fared(laid(few), "O1_new_received", peers).tally == Tally(0, 0, 3)


def test_who_speaks_for_all_below_it_is_no_peer_of_who_speaks_for_itself() -> None:
    cell, rng = "t3_new_received_total", random.Random(7)
    told = {(f"a{n}", 2023): {cell: float(rng.randint(20, 60))} for n in range(40)}
    told["region", 2023] = {cell: 90_000.0}
    peers = dict.fromkeys((agency for agency, _ in told), "county governments")
    scopes = ["gov_aggregate" if agency == "region" else "own" for agency, _ in sorted(told)]
    made = replace(laid(told), scopes=scopes)
    assert fared(made, "O1_new_received", peers).tally == Tally(40, 0, 1)


def test_who_makes_no_rules_has_none() -> None:
    made = laid({(agency, 2023): {"t2_rule_inforce": 6.0 * (agency != "d")} for agency in "abcde"})
    standing = {
        "a": "township/township_gov/",
        "b": "prefecture/gov/",
        "c": "county/department/",
        "d": "county/gov/",
    }
    one = fared(made, "R1_rule_inforce", standing)
    assert (one.found, one.tally) == ([("a", 2023), ("c", 2023)], Tally(2, 2, 1))


@pytest.mark.parametrize(
    ("percent", "fate"),
    [
        pytest.param(0.4, Tally(1, 0, 1), id="on the basis of new requests"),
        pytest.param(1.05, Tally(1, 0, 1), id="with those carried in, rounded"),
        pytest.param(5.2, Tally(0, 1, 1), id="on no basis"),
    ],
)
def test_growth_as_told_is_that_of_one_of_its_bases(percent: float, fate: Tally) -> None:
    new, into, handled = "t3_new_received_total", "t3_carried_in_total", "t3_total_handled_total"
    made = laid(
        {
            ("a", 2023): {new: 3511, into: 96, handled: 3486},
            ("a", 2024): {new: 3525, into: 121, handled: 3521},
        }
    )
    [one] = [
        each
        for each in crossed(made, RULES, {}, {"f_received": {1: (percent,)}})
        if each.rule == "P9_received"
    ]
    assert one.tally == fate


FIGURES = {
    f"t3_{row}_total": float(n)
    for n, row in enumerate(("new_received", "granted", "partial", "carried_out"), 3)
}
MORE = {
    f"t2_{one}_decisions": float(n)
    for n, one in enumerate(("license", "penalty", "coercion", "othersvc"), 40)
}
WORDS = (
    "坚持以公开为常态、不公开为例外，把公开要求落实到办文办会的各个环节。对门户网站公开栏目作了梳理，合并重复栏目，"
    "补充遗漏内容。安排专人值守申请渠道，当面、信函和网络申请统一登记、统一编号、统一答复。政策文件与解读材料一并起草，"
    "一并审签，一并发布。定期核对各科室报送的信息，过期内容及时标注失效。组织经办人员学习条例和典型案例。一些科室报送信息"
    "不够及时，答复文书的说理还不够充分。下一步将明确报送时限，并编写答复范例供经办人员使用。政策解读形式较为单一。"
)
OTHER = (
    "围绕重点领域信息公开，修订主动公开基本目录，细化公开事项、内容、时限、主体和方式。在便民服务中心设置查询点，配备设备，"
    "为群众提供查询打印服务。建立保密审查台账，先审查、后公开。开展专项检查，通报错链、断更问题并限期整改。基层公开力量薄弱，"
    "人员更替较快，需要建立带教办法。今后将增加问答和图表，并在办事大厅摆放纸质材料，让不会上网的群众看得到、看得懂、用得上。"
)


def drawn(made: Grid, texts: Mapping[tuple[str, int], str]) -> Sketch:
    keys = zip(made.agencies, made.years.tolist(), strict=True)
    blank = np.full(PLACES, NOTHING, np.uint16).tobytes()
    sketches = [sketch_of({"overview": texts.get(key, "")}, RULES) or blank for key in keys]
    return np.frombuffer(b"".join(sketches), np.uint16).reshape(-1, PLACES)


def copies(made: Grid, texts: Mapping[tuple[str, int], str]) -> dict[str, Fared]:
    sketches = drawn(made, texts)
    counted, alike = figures(made.values), likeness(made, sketches)
    return {one.rule: told(one, made) for one in copied(made, counted, sketches, alike, RULES)}


def test_figures_of_last_year_or_of_another_agency_are_found() -> None:
    same = FIGURES | MORE
    made = laid(
        {
            ("a", 2022): same,
            ("a", 2023): same,
            ("b", 2023): same | {"t3_granted_total": 9.0},
            ("c", 2022): same,
            ("d", 2022): {"t3_granted_total": 1.0},
            ("e", 2022): {"t3_granted_total": 1.0},
        }
    )
    fates = copies(made, {})
    assert fates["S1_last_year"].found == [("a", 2023)]
    assert fates["S2_sibling"].found == [("a", 2022), ("c", 2022)]


def test_a_text_taken_over_is_found_and_its_figures_do_not_hide_it() -> None:
    texts = {
        ("a", 2022): "2022年收到申请12件。" + WORDS,
        ("a", 2023): "2023年收到申请98件。" + WORDS,
        ("b", 2023): OTHER,
        ("c", 2023): OTHER + "特此报告。",
        ("d", 2023): "无。",
    }
    made = laid(dict.fromkeys(texts, FIGURES))
    fates = copies(made, texts)
    assert fates["S3_text_last_year"].found == [("a", 2023)]
    assert fates["S3_text_last_year"].tally == Tally(0, 1, 4)
    assert fates["S4_text_sibling"].found == [("b", 2023), ("c", 2023)]
    assert fates["S4_text_sibling"].tally == Tally(2, 2, 1)
    assert fates["S4_text_sibling"].findings[0].right == "c/2023"
    alike = likeness(made, drawn(made, texts))
    assert alike.before[1] == 1
    assert [alike.sibling[row] for row in range(made.height)] == [-1, -1, 3, 2, -1]


def sized(many: int) -> tuple[Told, dict[tuple[str, int], str], dict[str, str]]:
    """Governments that speak for all below receive some 2,000, offices some 20; of each one is odd."""
    received = "t3_new_received_total"
    told = {(f"town-{n:03}", 2023): {received: 2000.0 + 40 * n} for n in range(many)}
    told |= {(f"office-{n:03}", 2023): {received: 20.0 + n % 9} for n in range(many)}
    told |= {("town-odd", 2023): {received: 24.0}, ("office-odd", 2023): {received: 2700.0}}
    scopes = {key: "gov_aggregate" if key[0].startswith("town") else "organ" for key in told}
    peers = {name: f"county/gov{'_office' * name.startswith('office')}/" for name, _ in told}
    return told, scopes, peers


def test_a_count_of_the_size_of_the_other_scope_is_told() -> None:
    told, scopes, peers = sized(40)
    one = fared(grid(facts(told), scopes=scopes), "O2_new_received", peers)
    assert one.found == [("office-odd", 2023), ("town-odd", 2023)]
    assert one.tally == Tally(80, 2, 0)


@pytest.mark.parametrize("why", ["too few", "of one size", "nobody's level is known", "no scope is known"])
def test_where_sizes_tell_nothing_they_are_not_tested(why: str) -> None:
    told, scopes, peers = sized(20 if why == "too few" else 40)
    if why == "of one size":
        told = {key: {"t3_new_received_total": 20.0 + at % 9} for at, key in enumerate(told)}
    made = grid(facts(told), scopes=None if why == "no scope is known" else scopes)
    one = fared(made, "O2_new_received", {} if why == "nobody's level is known" else peers)
    assert one.tally == Tally(0, 0, len(told))


def test_a_text_taken_over_is_found_whomever_the_report_of_last_year_spoke_for() -> None:
    texts = {("a", 2022): WORDS, ("a", 2023): WORDS}
    made = grid(
        facts(dict.fromkeys(texts, FIGURES)), scopes={("a", 2022): "organ", ("a", 2023): "gov_aggregate"}
    )
    fates = copies(made, texts)
    assert fates["S3_text_last_year"].found == [("a", 2023)]
    assert fates["S1_last_year"].found == []


def test_likeness_is_the_share_of_what_both_say_as_near_as_sketches_tell() -> None:
    texts = [WORDS, OTHER, WORDS + OTHER, "", "2024年" + WORDS]
    sketches = np.stack([sketch(text) for text in texts])

    def like(one: int, other: int) -> float:
        return float(similarities(sketches, np.array([one]), np.array([other]))[0])

    def runs(text: str) -> set[str]:
        letters = "".join(char for char in text if not char.isdigit())
        return {letters[at : at + 5] for at in range(len(letters) - 4)}

    assert like(0, 0) == 1
    assert like(3, 3) == like(0, 3) == 0
    for one, other in ((0, 1), (0, 2), (1, 2), (0, 4)):
        mine, theirs = runs(texts[one]), runs(texts[other])
        assert like(one, other) == pytest.approx(len(mine & theirs) / len(mine | theirs), abs=0.1)


def test_in_a_crowd_each_finds_one_of_its_own() -> None:
    rng = random.Random(3)
    kinds = [WORDS, OTHER, WORDS[::-1]]
    texts = [kinds[n % 3] + "".join(rng.sample(WORDS, 12)) for n in range(300)]
    found, best = nearest(np.stack([sketch(text) for text in texts]))
    assert all(at % 3 == row % 3 and at != row for row, at in enumerate(found.tolist()))
    assert best.min() > 0.7


@needs_shared
def test_what_suqian_carried_over_holds_in_all_seven_columns() -> None:
    told: dict[tuple[str, int], dict[str, float | None]] = {}
    for year in (2023, 2024):
        with (CORPUS / f"suqian-shi-{year}-figures" / "truth.csv").open(
            encoding="utf-8", newline=""
        ) as lines:
            told["suqian", year] = {
                row["cell_id"]: float(row["value"]) for row in csv.DictReader(lines) if row["value"]
            }
    made = laid(told)
    x1 = [one.tally for one in crossed(made, RULES) if one.rule.startswith("X1")]
    assert x1 == [Tally(1, 0, 1)] * 7
    assert fared(made, "X2_normdoc").tally.held == fared(made, "X2_rule").tally.held == 1


def test_every_rule_over_years_counts_every_report_once() -> None:
    made = laid({("a", 2022): FIGURES, ("a", 2023): MORE})
    fates = {one.rule: one.tally for one in crossed(made, RULES)}
    fates |= {rule: one.tally for rule, one in copies(made, {}).items()}
    assert sorted(fates) == sorted([*(rule.id for rule in RULES.cross), *(rule.id for rule in RULES.loose)])
    assert {one.held + one.failed + one.untestable for one in fates.values()} == {2}


def test_a_finding_about_several_reports_is_a_finding_like_any_other() -> None:
    [one] = fared(
        laid({("a", 2022): {"t3_carried_out_total": 5}, ("a", 2023): {"t3_carried_in_total": 9}}), "X1_total"
    ).findings
    assert isinstance(one, Finding)
    assert (one.table, one.weight) == ("t3", "doubt")
