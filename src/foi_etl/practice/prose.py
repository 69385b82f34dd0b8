"""The sentences around the tables: our own words, with counts that agree with the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from foi_etl.forms import Section, Statute
from foi_etl.practice.facts import PracticeReport

_WORK = (
    "坚持以公开为常态、不公开为例外，把公开要求落实到办文办会的各个环节。",
    "对门户网站公开栏目作了梳理，合并重复栏目，补充遗漏内容。",
    "安排专人值守申请渠道，当面、信函和网络申请统一登记、统一编号、统一答复。",
    "组织经办人员学习条例和典型案例，全年培训两次。",
    "政策文件与解读材料一并起草、一并审签、一并发布。",
    "定期核对各科室报送的信息，过期内容及时标注失效。",
)
_PROBLEMS = (
    "一些科室报送信息不够及时，答复文书的说理还不够充分。下一步将明确报送时限，并编写答复范例供经办人员使用。",
    "政策解读形式较为单一，群众关心的细节讲得不够。今后将增加问答和图表，并在办事大厅摆放纸质材料。",
    "基层公开力量薄弱，人员更替较快。将建立带教办法，新到岗人员须先跟班办理申请三个月。",
)
_NOTHING = ("无。", "无", "本年度没有其他需要报告的事项。", "本机关全年未收取信息处理费。")


def preamble(report: PracticeReport, statute: Statute) -> str:
    """What the report is, which six parts it has, and the year it counts."""
    parts = "、".join(section.title for section in statute.sections)
    year = report.year
    return (
        f"本报告由{report.agency_name}按照《中华人民共和国政府信息公开条例》编写，由{parts}六部分组成。"
        f"所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
        "如需纸质文本，可与本机关办公室联系。"
    )


def section_text(report: PracticeReport, section: Section, rng: Random) -> list[str]:
    """The paragraphs of a section, tables left out."""
    write = _WRITERS.get(section.id)
    return write(report, rng) if write else []


def _overview(report: PracticeReport, rng: Random) -> list[str]:
    lines = rng.sample(_WORK, 3)
    lead = f"{report.year}年，{report.agency_name}继续推进政府信息公开工作。{lines[0]}"
    return [lead, f"（一）主动公开方面。{lines[1]}", f"（二）依申请公开方面。{_counts(report)}{lines[2]}"]


def _counts(report: PracticeReport) -> str:
    received, carried, left = (
        _total(report.truth, row) for row in ("new_received", "carried_in", "carried_out")
    )
    if received is None:
        return "申请办理数据见第三部分表格。"
    more = f"上年结转{carried}件，" if carried else ""
    return f"全年新收到政府信息公开申请{received}件，{more}结转下年度继续办理{left or 0}件。"


def _total(truth: Mapping[str, Decimal | None], row: str) -> Decimal | None:
    return truth[f"t3_{row}_total"]


def _problems(_report: PracticeReport, rng: Random) -> list[str]:
    return rng.sample(_PROBLEMS, 2)


def _other(_report: PracticeReport, rng: Random) -> list[str]:
    return [rng.choice(_NOTHING)]


_WRITERS: Mapping[str, Callable[[PracticeReport, Random], list[str]]] = {
    "overview": _overview,
    "problems": _problems,
    "other": _other,
}
