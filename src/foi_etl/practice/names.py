"""Invented names of places and bodies; every place is made up."""

from __future__ import annotations

from random import Random

_FIRST = "云青安明清永宁新兴长东南西北金银玉石林松柏梅兰竹临望怀昌泰和平德仁义信嘉瑞福康裕丰"
_SECOND = "岭澜泽川溪源湾洲浦塘坪峰谷原陵渡桥渚港屏塬冈台洞梁墩埠圩荡淀泉潭池沙滩岬屿礁坞寨"
_KINDS = "市县区"
_STEP = 7919
"""Prime, so that neighbours in number are strangers in name."""
_BODIES = (
    "人民政府办公室", "教育局", "财政局", "民政局", "司法局", "水利局", "审计局", "统计局", "交通运输局",
    "农业农村局", "卫生健康委员会", "发展和改革委员会", "应急管理局", "生态环境局", "市场监督管理局",
    "自然资源局", "医疗保障局",
)  # fmt: skip


def place(index: int) -> str:
    """The name of a town, county or district that does not exist."""
    spot = index * _STEP % (len(_FIRST) * len(_SECOND))
    return _FIRST[spot % len(_FIRST)] + _SECOND[spot // len(_FIRST)] + _KINDS[index % len(_KINDS)]


def bodies(index: int, count: int, rng: Random) -> list[str]:
    """Names of that many different bodies of one place."""
    town = place(index)
    chosen = [town + body for body in rng.sample(_BODIES, min(count, len(_BODIES)) - 1)]
    below = place(index + 500)[:2] + rng.choice(("街道办事处", "镇人民政府"))
    return [*chosen, town + below]
