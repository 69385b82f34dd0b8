"""Growth as sentences tell it: the percentage behind a figure, and whether it went up or down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from foi_etl.model import Statement
from foi_etl.rules import LooseRule
from foi_etl.text import fold_width

GROWTH: Final = "_growth"
"""Behind the name of a fact: by how many per cent it grew."""
_DOWN: Final = ("下降", "减少", "降低", "回落", "降幅")


def growths(
    statements: Sequence[Statement], sections: Mapping[str, str], rules: Sequence[LooseRule]
) -> Iterator[Statement]:
    """What sentences say of the growth of the facts that rules are about; below zero where they fell."""
    for rule in rules:
        for one in (each for each in statements if each.fact == rule.fact):
            sentence = sections[one.section][one.start : one.end]
            _, _, behind = fold_width(sentence).partition(fold_width(one.raw))
            found = _compiled(rule.said).search(behind)
            if found:
                yield Statement(
                    fact=f"{one.fact}{GROWTH}",
                    value=Decimal(found[2]) * (-1 if found[1] in _DOWN else 1),
                    unit="%",
                    approximate=False,
                    high=None,
                    raw=f"{found[1]}{found[2]}%",
                    section=one.section,
                    start=one.start,
                    end=one.end,
                )


@cache
def _compiled(said: str) -> re.Pattern[str]:
    return re.compile(said)
