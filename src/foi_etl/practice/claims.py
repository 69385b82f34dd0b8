"""What sentences say of a report's figures: on any honest basis, or with one that no basis explains."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from foi_etl.practice.invent import Figures

_TEXT: Final = (
    "坚持规范严格落实持续推进完善健全强化优化提升加强细化统筹协调压实明确建立聚焦围绕制度机制流程栏目"
    "平台渠道队伍能力水平质量效率责任任务重点领域民生群众企业需求服务基层部门单位人员业务学习检查督促"
    "整改保密审查目录指南档案资料场所大厅窗口宣传引导互动回应关切政策文稿图表视频问答简明及时准确全面"
    "稳妥有序扎实深入不断逐步切实主动认真积极定期分类逐项对照要求标准清单台账闭环监督评议考评通报经验"
    "短板不足差距原因"
)
_WORDS: Final = tuple(_TEXT[at : at + 2] for at in range(0, len(_TEXT), 2))
WRONG: Final = (
    "P1_received",
    "P2_granted",
    "P2_denied",
    "P3_carried_out",
    "P4_review",
    "P5_suit",
    "P9_received",
)
"""Rules that a figure of a sentence may be made to break."""
_GROUNDS: Final = ("denied_", "unable_", "noproc_", "other")


class Claims(NamedTuple):
    """What the sentences of a report say, and which rule they break."""

    text: str
    broken: str = ""


def body(rng: Random, length: int = 600) -> str:
    """Words that are nobody else's and say no figure."""
    return "".join(rng.choice(_WORDS) + ("，" if n % 7 == 6 else "") for n in range(length)) + "。"


def claims(now: Figures, before: Figures, wrong: str, habit: Random) -> Claims:
    """Sentences on these figures, in an agency's own habit; the one named `wrong` is told otherwise."""
    if "t3_new_received_total" not in now:
        return Claims("")
    told = _told(now, habit)
    growth = _growth(now, before, told["basis"], habit)
    broken = ""
    if wrong == "P9_received":
        if growth is not None:
            growth, broken = growth + 37, wrong
    elif wrong:
        told[wrong], broken = sum(_counts(now).values(), Decimal(3)), wrong
    received = told["P1_received"]
    asked = f"全年共收到政府信息公开申请{received}件" if received else "全年未收到政府信息公开申请"
    if growth is not None and received:
        asked += f"，同比{'增长' if growth >= 0 else '下降'}{abs(growth)}%"
    elif wrong == "P9_received":
        broken = ""
    outcomes = "".join(
        f"{name}{told[rule]}件、"
        for name, rule in (
            ("予以公开", "P2_granted"),
            ("部分公开", "P2_partial"),
            ("不予公开", "P2_denied"),
            ("无法提供", "P2_unable"),
            ("不予处理", "P2_noproc"),
            ("其他处理", "P2_other"),
        )
    )
    left = f"结转下年度继续办理{told['P3_carried_out']}件"
    fought = f"因政府信息公开申请行政复议{told['P4_review']}件，行政诉讼{told['P5_suit']}件。"
    return Claims(f"{asked}。其中{outcomes}{left}。{fought}", broken)


def _counts(now: Figures) -> Figures:
    return {cell: value for cell, value in now.items() if cell[:3] in {"t3_", "t4_"}}


def _told(now: Figures, habit: Random) -> dict[str, Decimal]:
    """Each figure on one of its honest bases; an agency keeps to its own."""
    total = {
        cell[3:-6]: value for cell, value in now.items() if cell.startswith("t3_") and cell.endswith("_total")
    }
    new, carried = total["new_received"], total["carried_in"]
    groups = {g: sum((v for row, v in total.items() if row.startswith(g)), Decimal(0)) for g in _GROUNDS}
    pending = habit.random() < 0.3
    suits = ("t4_suit_direct", "t4_suit_after")
    fought = {
        "P4_review": now["t4_review_total"] - (now["t4_review_pending"] if pending else 0),
        "P5_suit": sum(
            (now[f"{one}_total"] - (now[f"{one}_pending"] if pending else 0) for one in suits), Decimal(0)
        ),
    }
    basis = new + carried if habit.random() < 0.4 else new
    return fought | {
        "basis": Decimal(basis != new),
        "P1_received": basis,
        "P2_granted": total["granted"],
        "P2_partial": total["partial"],
        "P2_denied": groups["denied_"],
        "P2_unable": groups["unable_"],
        "P2_noproc": groups["noproc_"],
        "P2_other": groups["other"],
        "P3_carried_out": total["carried_out"],
    }


def _growth(now: Figures, before: Figures, carried: Decimal, habit: Random) -> Decimal | None:
    """By how much requests grew, in per cent with two places; None where an agency does not say."""
    says, cells = habit.random() < 0.5, ["t3_new_received_total"]
    cells += ["t3_carried_in_total"] if carried else []
    then = sum((before.get(cell, Decimal(0)) for cell in cells), Decimal(0))
    if not says or not then or "t3_new_received_total" not in before:
        return None
    share = 100 * (sum((now[cell] for cell in cells), Decimal(0)) / then - 1)
    return share.quantize(Decimal("0.01"))


def changed(printed: Mapping[str, Decimal], rng: Random) -> tuple[str, Decimal]:
    """A cell of table 2 and the number that an earlier version had in it."""
    cell = rng.choice(sorted(cell for cell in printed if cell.endswith("_decisions")))
    return cell, printed[cell] + rng.randint(1, 9)
