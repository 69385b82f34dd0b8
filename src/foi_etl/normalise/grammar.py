"""One cell to a number, or to the reason why there is none."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.model import State
from foi_etl.text import fold_width, squash

_COUNTED: Final = ("件", "项", "条", "个", "宗", "起", "份", "次", "人次", "篇", "期")
_SCALED: Final = ("万件", "万宗", "万条", "万项")
_MONEY: Final = ("元", "万元", "亿元")
UNITS: Final = (*_COUNTED, *_SCALED, *_MONEY)

_DASHES: Final = frozenset({"/", "\\", "-", "--", "---", "—", "——", "–", "_", "__", "一"})
_MARKS: Final = _DASHES | {"无", "不适用", "暂无", "N/A", "n/a", "NA"}
_ZEROS: Final = frozenset({"零", "零件", "○", "〇"})
_UNCHANGED: Final = frozenset({"不变", "持平", "无变化", "0/0"})
_DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT: Final = "|".join(sorted(UNITS, key=len, reverse=True))
_NOTE: Final = r"(?P<note>[(\[【〔].*[)\]】〕])?"
_PLAIN: Final = re.compile(rf"(?P<sign>[+-])?\s?(?P<digits>{_DIGITS})\s?(?P<unit>{_UNIT})?\s?{_NOTE}")
_CHANGE: Final = re.compile(
    rf"(?:(?P<up>增加|增|\+)\s?(?P<more>{_DIGITS})\s?(?:{_UNIT})?)?\s?[/,;、]?\s?"
    rf"(?:(?P<down>减少|减|下降|-)\s?(?P<less>{_DIGITS})\s?(?:{_UNIT})?)?"
)
_DIGIT: Final = re.compile(r"\d|〓|[²³¹⁰-⁹①-⑳]")


class Reading(NamedTuple):
    """What a cell says. `unit` and `note` are as printed, empty where nothing is."""

    state: State
    value: Decimal | None = None
    unit: str = ""
    note: str = ""


@lru_cache(maxsize=65536)
def read_number(raw: str, kind: str = "int") -> Reading:
    """The number a cell states, as printed; nothing is converted, guessed or rounded.

    `kind` is the type of the cell: only a `signed_int` may be written as 增10, 减4 or +3/-2.
    Width is folded and nothing else: NFKC would turn the footnote mark of "12²" into a digit.

    >>> read_number("251000元", "decimal")
    Reading(state=<State.NUMBER: 'number'>, value=Decimal('251000'), unit='元', note='')
    """
    text = squash(fold_width(raw))
    if not text:
        return Reading(State.BLANK)
    if text in _MARKS:
        return Reading(State.NA_MARK)
    if text in _ZEROS or (kind == "signed_int" and text in _UNCHANGED):
        return Reading(State.ZERO, Decimal(0))
    if found := _PLAIN.fullmatch(text):
        return _reading(_number(found["digits"], found["sign"]), found["unit"], found["note"])
    if kind == "signed_int" and (found := _CHANGE.fullmatch(text)) and (found["more"] or found["less"]):
        change = _number(found["more"] or "0") - _number(found["less"] or "0")
        return _reading(change, "", text if found["more"] and found["less"] else "")
    return Reading(State.UNREADABLE if _DIGIT.search(text) else State.TEXT)


def _number(digits: str, sign: str | None = None) -> Decimal:
    return Decimal((sign or "") + digits.replace(",", ""))


def _reading(value: Decimal, unit: str | None, note: str | None) -> Reading:
    return Reading(State.NUMBER if value else State.ZERO, value, unit or "", note or "")
