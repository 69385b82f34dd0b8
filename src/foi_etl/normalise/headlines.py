"""The few headline facts of an old report without a table that a form knows: told by its sentences alone.

Reports of before 2019 were free in their form. What they are mostly asked for (domain.md 1.4) is taken from
the first sentence that states it, and marked as of low confidence: nothing holds it against a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from foi_etl.model import Document, Finding, Statement, Weight
from foi_etl.normalise.narrative import narrate
from foi_etl.prose import Prose

FACTS: Final = frozenset(
    [
        "f_disclosed_items",
        "f_received",
        "f_replied",
        "f_granted",
        "f_partial",
        "f_denied",
        "f_review",
        "f_suit",
    ]
)
LOW: Final = "low"
WHOLE: Final = "whole"
"""The section that an old report is: all it says, for its own headings are free too."""
_ENOUGH: Final = 2
"""Headline facts that make a text a report: a notice about one has none, or mentions one."""


def headlines(document: Document, prose: Prose) -> tuple[tuple[Statement, ...], tuple[Finding, ...]]:
    """What an old report states of the headline facts, each once, and a finding that says how it was read.

    Nothing, where the text states so few of them that it may be no report at all.
    """
    told = narrate({WHOLE: document.whole}, prose, document.year)
    by_fact: dict[str, list[Statement]] = {}
    for one in told:
        if FACTS.issuperset(one.fact.split("+")):
            by_fact.setdefault(one.fact, []).append(one)
    if len({name for fact in by_fact for name in fact.split("+")}) < _ENOUGH:
        return (), ()
    kept = tuple(replace(min(ones, key=lambda one: one.start), confidence=LOW) for ones in by_fact.values())
    message = (
        f"no table of any form stands in this report of {document.year}: "
        f"{len(kept)} headline facts were read from its sentences, with low confidence"
    )
    return kept, (Finding("free-form", Weight.DOUBT, "; ".join([message, *_several(by_fact)])),)


def _several(by_fact: dict[str, list[Statement]]) -> Iterator[str]:
    """The facts that sentences state more than once and otherwise: the parts of a sum, or the year before."""
    for fact, ones in by_fact.items():
        values = dict.fromkeys(f"{one.value:f}" for one in sorted(ones, key=lambda one: one.start))
        if len(values) > 1:
            yield f"{fact} is stated as {', '.join(values)}; the first is taken"
