"""The percentage behind a figure, and which way it went."""

from __future__ import annotations

import pytest

from foi_etl.normalise.growth import growths
from foi_etl.normalise.narrative import narrate
from helpers import STATUTE


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("全年收到政府信息公开申请859件，同比增长70.3%。", [70.3]),
        ("代表市政府共受理政府信息公开申请859件，申请数量较去年回落12.3%。", [-12.3]),
        ("收到政府信息公开申请20件，比2022年下降了５．５％。", [-5.5]),
        pytest.param("收到政府信息公开申请20件，办结率100%。", [], id="a share is no growth"),
        ("共收办政府信息公开申请案件3607件（市政府349件、沭阳县477件），同比增长70.3%", [70.3]),
        pytest.param("收到政府信息公开申请20件，网站访问量同比增长3%。", [], id="of something beside it"),
        pytest.param("收到政府信息公开申请20件。网站访问量同比增长3%。", [], id="of something else"),
    ],
)
def test_growth_is_told_with_its_direction(sentence: str, told: list[float]) -> None:
    sections = {"overview": sentence}
    statements = narrate(sections, STATUTE.prose, 2023)
    found = growths(statements, sections, STATUTE.rules.of("growth"))
    assert [float(one.value) for one in found if one.fact == "f_received_growth"] == told
