"""For whom a report speaks: one organ, a government with all below it, or a system with all below it.

Told by its title, by the name printed in it, and by what its sentences say they add up; by no number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

ORGAN: Final = "organ"
GOV_OWN: Final = "gov_own"
GOV_AGGREGATE: Final = "gov_aggregate"
SYSTEM_AGGREGATE: Final = "system_aggregate"
_YEAR: Final = r"(?:20\d\d|二[〇○零][一二三四五六七八九〇○零]{2})\s*年"
_OWN: Final = re.compile(r"[（(]\s*(?:本级机关|机关本级|本级)\s*[）)]")
_OFFICE: Final = re.compile(r"人民政府办公[室厅]|政府办公[室厅]|委员会办公[室厅]")
_TOWNSHIP: Final = re.compile(r"(?:镇|乡|苏木|街道)(?:人民政府|办事处)|街道办")
_GOVERNMENT: Final = re.compile(r"(?:省|自治区|市|县|区|州|盟|旗)人民政府(?!办)")
_PLACE_ALONE: Final = re.compile(
    rf"^(?:{_YEAR}度?)?[\u4e00-\u9fff]{{1,14}}(?:省|自治区|市|县|区|州|盟|旗)(?:{_YEAR}度?)?(?:政府信息公开|政务公开)"
)
_SYSTEM: Final = re.compile(
    r"关区|全系统|[\u4e00-\u9fff]{2}系统(?=\d{4}年|政府信息公开)|本[局关]及所属|及所属(?:单位|机构|各)"
)
_REPRESENTS: Final = re.compile(r"代表[省市县区州盟旗](?:人民)?政府")
_ADDED_UP: Final = re.compile(
    r"汇总[^。；]{0,12}(?:数据|各|全|年度报告|情况)|(?:综合|根据|由)[^。；]{0,40}年度报告(?:汇总)?(?:编制|汇编)"
    r"|(?:涵盖|包括|包含)各?[^。；]{0,20}(?:县|市|区|部门|街道|乡镇)[^。；]{0,20}(?:部门|政府|乡镇|街道)"
    r"|全[省市县区州盟旗](?:各级|各地|行政机关|政府系统|各部门)[^。；]{0,24}(?:受理|收到|收办|办理|新收|公开)"
    r"|全[省市县区州盟旗](?:共|累计|新收|受理|收到)[^。；]{0,16}申请"
)
_HEARD: Final = ("preamble", "overview", "requests", "other")


class Scope(NamedTuple):
    """For whom a report speaks, what told so, and how sure that is."""

    scope: str
    evidence: str
    """The words that decided."""
    confidence: str
    """high, medium or low."""


def scope_of(title: str, names: tuple[str, ...], sections: Mapping[str, str]) -> Scope:
    """The scope of a report with this title, by the first name that there is of who it is from."""
    name = next((one for one in names if one), "")
    said = f"{title} {name}"
    heard = " ".join(sections.get(one, "") for one in _HEARD)
    if own := _OWN.search(title):
        return Scope(ORGAN, own[0], "high")
    if (whole := _SYSTEM.search(title)) and not _GOVERNMENT.search(said):
        return Scope(SYSTEM_AGGREGATE, whole[0], "high")
    if office := _OFFICE.search(said):
        # What an office tells of the whole town is its work of supervision, not a sum of reports.
        stands = _REPRESENTS.search(heard)
        return Scope(GOV_OWN, stands[0], "high") if stands else Scope(ORGAN, office[0], "high")
    if town := _TOWNSHIP.search(said):
        return Scope(ORGAN, town[0], "high")
    if government := _GOVERNMENT.search(said) or _PLACE_ALONE.search(title):
        if added := _ADDED_UP.search(heard):
            return Scope(GOV_AGGREGATE, f"{government[0]}; {added[0]}", "high")
        return Scope(GOV_AGGREGATE, government[0], "medium")
    if whole := _SYSTEM.search(heard):
        return Scope(SYSTEM_AGGREGATE, whole[0], "medium" if _ADDED_UP.search(heard) else "low")
    return Scope(ORGAN, name[-8:] or title[:20], "high" if name else "low")
