"""Published columns, and those that a variable of the panel has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from foi_etl.variables import Variable


@dataclass(frozen=True, slots=True)
class Column:
    """One published column, described in both languages."""

    name: str
    type: str
    """string, int64, float64, bool, date32 or list<string>; binary where it is only kept."""
    nullable: bool
    label: str
    label_zh: str
    english: str
    chinese: str
    measure: str = ""
    """The measure whose value it holds, in a wide table."""
    unit_of: str = ""
    """The measure whose printed unit it holds, in a wide table."""
    unit: str = ""
    editions: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


def _written(one: Variable) -> Iterator[str]:
    """Its formulas, with the editions that share one."""
    editions: dict[str, list[str]] = {}
    for edition, formula in one.formulas.items():
        editions.setdefault(formula.written, []).append(edition)
    return (f"{', '.join(told)}: {formula}" for formula, told in editions.items())


def variable_columns(sentences: Mapping[str, str], one: Variable) -> Iterator[Column]:
    """A variable of the panel, and of a rate its numerator and denominator."""
    kind = "rate" if one.is_rate else "harmonised"
    told = {
        "formulas": "; ".join(filter(None, (*_written(one), one.prose and f"else {one.prose} of narrative"))),
        "steps": ", ".join(f"{step} {grade}" for step, grade in one.steps.items()) or "-",
    }
    english, chinese = sentences[kind].format_map(told), sentences[f"{kind}_zh"].format_map(told)
    plain = Column(
        name=one.id,
        type="int64" if one.whole else "float64",
        nullable=True,
        label=one.label,
        label_zh=one.label_zh,
        english=" ".join(filter(None, (english, one.caveat and f"Note: {one.caveat}"))),
        chinese=f"{chinese}{one.caveat_zh}",
        unit=one.unit,
        editions=tuple(one.formulas),
        articles=one.articles,
    )
    yield plain
    for end, name in (("n", "above"), ("d", "below")) if one.is_rate else ():
        yield replace(
            plain,
            name=f"{one.id}_{end}",
            type="int64",
            label=f"{sentences[name]} of {one.id}",
            label_zh=f"{one.label_zh}：{sentences[f'{name}_zh']}",
            english=sentences[f"{name}_english"].format(name=one.id),
            chinese=sentences[f"{name}_chinese"].format(name=one.id),
            unit="件",
        )
