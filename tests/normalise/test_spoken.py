"""Numbers as sentences state them."""

from __future__ import annotations

import pytest

from foi_etl.normalise.spoken import figures, mask


def read(text: str) -> list[str]:
    return [
        f"{one.value}{one.unit}{'~' if one.approximate else ''}"
        + (f"-{one.high}" if one.high is not None else "")
        for one in figures(mask(text, 2023))
    ]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("三百二十余件", "320件~"),
        ("1.2万条", "12000条"),
        ("近百次", "100次~"),
        ("18万余条", "180000条~"),
        ("2764.2万宗", "27642000宗"),
        ("30至40件", "30件~-40"),
        ("12,345条", "12345条"),
        ("十余万条", "100000条~"),
        ("三十二件", "32件"),
        ("两次", "2次"),
        ("0.12万元", "1200元"),
        ("5件以上", "5件~"),
        ("258.5亿元", "25850000000元"),
        ("一千零五十人次", "1050人次"),
    ],
)
def test_a_figure_is_read(text: str, figure: str) -> None:
    assert read(text) == [figure]


@pytest.mark.parametrize(
    "text",
    [
        "第15次会议",
        "国办公开办函〔2021〕30号",
        "国务院令第711号",
        "2023年12月31日",
        "答复率100%",
        "提高5个百分点",
        "电话:0571-85012345",
        "邮编:314200",
        "5·15政务公开日",
        "20个工作日",
        "第二十条第一项",
        "百分之三十",
        "二是加强",
        "增长2.5倍",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert read(text) == []
