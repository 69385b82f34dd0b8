"""For whom a report speaks."""

from __future__ import annotations

import pytest

from foi_etl.normalise.scope import scope_of
from helpers import STATUTE

SUMS = "全市共收办政府信息公开申请案件3607件（市政府349件、市各有关部门933件、沭阳县477件）。"


REPORT = "政府信息公开工作年度报告"
CASES = {
    "an office that supervises a town": (
        "平湖市人民政府办公室2019年度",
        "",
        "全市考核各部门。",
        "organ",
        "high",
    ),
    "an office for its government": (
        "2019年上海市人民政府办公厅",
        "",
        "代表市政府共受理859件。",
        "gov_own",
        "high",
    ),
    "parts that add up": ("宿迁市人民政府2023年", "", SUMS, "gov_aggregate", "high"),
    "a title alone": ("宿迁市人民政府2023年", "", "", "gov_aggregate", "medium"),
    "a place alone": ("宿迁市2025年", "", "", "gov_aggregate", "medium"),
    "a province": ("广东省2022年", "", "涵盖各地级以上市、县和省政府各部门。", "gov_aggregate", "high"),
    "a street": ("万新街道办事处2021年", "", "", "organ", "high"),
    "a township": ("平湖市新埭镇人民政府2021年", "", "", "organ", "high"),
    "itself only": ("海关总署（本级机关）2020年", "", "", "organ", "high"),
    "a district of customs": ("湛江海关关区2023年", "", "", "system_aggregate", "high"),
    "with what is below it": (
        "某市气象局2023年",
        "某市气象局",
        "本局及所属单位。",
        "system_aggregate",
        "low",
    ),
    "a department": ("某市财政局2023年", "某市财政局", "我局收到3件。", "organ", "high"),
    "a name beside the title": ("2023年", "某县人民政府", "", "gov_aggregate", "medium"),
    "nothing said": ("2023年", "", "", "organ", "low"),
}


@pytest.mark.parametrize(("title", "name", "text", "scope", "confidence"), CASES.values(), ids=CASES)
def test_scope_is_told_by_title_name_and_words(
    title: str, name: str, text: str, scope: str, confidence: str
) -> None:
    told = scope_of(title + REPORT, (name,), {"overview": text}, STATUTE.scopes)
    assert (told.scope, told.confidence) == (scope, confidence)


def test_the_words_that_decided_are_kept() -> None:
    told = scope_of("宿迁市人民政府2023年" + REPORT, (), {"overview": SUMS}, STATUTE.scopes)
    assert told.evidence == "市人民政府; 全市共收办政府信息公开申请"
