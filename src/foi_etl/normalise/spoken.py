"""Numbers as sentences state them (三百二十余件, 1.2万条, 近百次), and what looks like one and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

MASKED: Final = "\ue010"
"""Stands for each character of what is no figure: a date, the number of a document, a telephone number."""
OTHER_YEAR, THIS_YEAR, LAST_YEAR, NEXT_YEAR = "\ue000", "\ue001", "\ue002", "\ue003"
_STEPS: Final = {0: THIS_YEAR, -1: LAST_YEAR, 1: NEXT_YEAR}
_UNITS: Final = "人次|场次|批次|件|条|篇|次|期|场|起|宗|份|个|元|人|名|册|本|部|项|例|处|家|则|封|辑|张|笔"
_CN: Final = "〇零一二两三四五六七八九十百千万亿"
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ORDINAL_OF: Final = "号|条|款|项|次|届|期|批|章|节|页|名|位|个|轮|场|站|卷|版|类|件"
_NO_FIGURE: Final = re.compile(
    "|".join(
        (
            r"https?://[\w./?=&%:#-]+|www\.[\w./-]+|[\w.-]+@[\w.-]+",
            r"[〔\[(【]\s*\d{2,4}\s*[〕\])】]\s*第?\s*\d+\s*号",
            r"(?<![^\n。;:!?])(?:\d{1,2}[、.](?!\d)|\(\d{1,2}\))",
            rf"第[\d{_CN}]+(?:{_ORDINAL_OF})?|\d+号(?:令|文|公告)?|[{_CN}]{{1,4}}号令",
            r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}月\d{1,2}日|\d{1,2}月份?|\d{1,2}日(?!均)|\d{1,2}:\d{2}",
            r"0\d{2,3}-?\d{7,8}|1[3-9]\d{9}(?!\d)|400-?\d{3}-?\d{4}",
            r"(?:电话|邮编|邮政编码|传真|热线|QQ)(?:号码|号)?:?[\d-]{4,}",
            r"(?<!\d)12[0-9]{3}(?=[^\d,。;件条次份个人]{0,4}(?:热线|平台|服务|政务|政府|市民|便民|投诉|举报|电话|…))",
            r"\d{1,2}[·•・]\d{1,2}",
            r"[\d.]+(?:%|‰|个百分点|百分点|倍)|百分之[\d.点" + _CN + r"]+|[" + _CN + r"]+成(?![立为果])",
            rf"(?<![上下前本后])(?!一年)[\d{_CN}]+个?(?:工作日|多?小时|分钟|天|周年|周|月|季度|年(?!度?(?:政府|主动|受理|收到))|岁|层|级|平方米)",
            r"一次性|一件事|一条龙|同一[个条件]|每[一\d]+[个条件次]|(?<=无)一[例件起宗人]|(?<=没有)一[例件起宗人]|一事一申请|一体|另一",
            r"[“\"][^”\"。,]{0,8}\d+[^”\"。,]{0,8}[”\"](?=工程|行动|体系|机制|政务|规划|模式|服务)",
        )
    )
)
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[-—至~/](?:19|20)\d\d年)")
_FIGURE: Final = re.compile(
    rf"""(?:
        (?P<low>{{digits}})(?P<low_scale>[万亿千百]?)(?:-|~|—|至|到)(?P<high>{{digits}})
      | (?P<digits>(?<![A-Za-z\d.]){{digits}})
      | (?P<chinese>[{_CN}]+)
    )
    (?P<more>[余多几来])?
    (?P<scale>百万|千万|十万|万|亿|千|百)?
    (?P<more2>[余多几])?
    (?P<unit>{_UNITS})?
    (?P<after>左右|以上|上下)?""".replace("{digits}", r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"),
    re.VERBOSE,
)
_ABOUT: Final = re.compile(
    r"(?:(?<!最)近|约|大约|超过|超|逾|将近|接近|(?<![网线以])上|不少于|至少|突破|不足|不到|约为|将近|多达)$"
)
_WIDE: Final = {"百万": 1_000_000, "千万": 10_000_000, "十万": 100_000} | _SCALES


class Figure(NamedTuple):
    """A number in a sentence, in whole units: 18万余条 is 180000 条, approximately."""

    start: int
    end: int
    value: Decimal
    unit: str
    """Empty where none is printed."""
    approximate: bool
    high: Decimal | None
    """The upper end of a range; `value` is the lower."""


def mask(text: str, year: int | None) -> str:
    """The text with what is no figure masked, and years told by how far off they are; lengths stay."""
    said = [int(found[1]) for found in _YEAR.finditer(text)]
    about = year if year is not None else max(said, default=None)
    steps = {about + step: word for step, word in _STEPS.items()} if about is not None else {}
    dated = _YEAR.sub(lambda found: 4 * steps.get(int(found[1]), OTHER_YEAR), text)
    return _NO_FIGURE.sub(lambda found: MASKED * len(found[0]), dated)


def figures(text: str) -> Iterator[Figure]:
    """Every figure of a masked text, in order. Chinese numerals count only with a unit behind them."""
    for found in _FIGURE.finditer(text):
        if found["chinese"] and not _counts(found):
            continue
        scale = Decimal(_WIDE.get(found["scale"] or "", 1))
        high = _plain(found["high"]) * scale if found["high"] else None
        low = found["low"] or found["digits"]
        if found["low"]:
            scale = Decimal(_SCALES.get(found["low_scale"] or found["scale"] or "", 1))
        value = (_plain(low) if low else Decimal(chinese(found["chinese"]))) * scale
        about = found["more"] or found["more2"] or found["after"] or _ABOUT.search(text, 0, found.start())
        yield Figure(
            start=found.start(),
            end=found.end(),
            value=_whole(value),
            unit=found["unit"] or "",
            approximate=bool(about) or high is not None,
            high=high if high is None else _whole(high),
        )


def _counts(found: re.Match[str]) -> bool:
    """Whether Chinese numerals are a figure: they have a unit, or are a plain zero at the end of a clause."""
    if found["unit"]:
        return True
    rest = found.string[found.end() : found.end() + 1]
    return found["chinese"] in {"零", "〇"} and rest in {"", ",", "。", ";", "\n"}


def _whole(value: Decimal) -> Decimal:
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _plain(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def chinese(numeral: str) -> int:
    """The number Chinese numerals write.

    >>> [chinese(one) for one in ("三百二十", "一万二千", "百", "十二", "二〇一九", "三百二", "一百零五")]
    [320, 12000, 100, 12, 2019, 320, 105]
    """
    if len(numeral) > 1 and all(char in _DIGITS for char in numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    total, section, digit, last = 0, 0, 0, 1
    seen = False
    for char in numeral:
        if char in _DIGITS:
            digit, seen = _DIGITS[char], True
            last = 1 if digit == 0 else last
            continue
        scale = _SCALES[char]
        if scale >= _SCALES["万"]:
            total = (total + section + digit or 1) * scale
            section = 0
        else:
            section += (digit if seen and digit else 1) * scale
        digit, seen, last = 0, False, scale
    return total + section + (digit * last // 10 if digit and last > 10 else digit)
