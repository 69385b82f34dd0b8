"""Two readings of one table, held against each other cell by cell. Nothing is averaged.

The rule, as CONTRIBUTING tells it too:

- where both say the same, the cell is agreed;
- a text that only one of them saw in the table is withheld, with a finding that quotes both;
- a text that both saw, but in different cells, stands where the labels put it, and is doubted;
- a cell that the second reader did not reach is neither: it was read once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from foi_etl.forms import Form
from foi_etl.model import Fact, Finding, FormReading, State, Weight
from foi_etl.normalise.grammar import read_number

_INSIDE_WORDS: Final = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_SHOWN: Final = 6


def agree(
    reading: FormReading, form: Form, again: Mapping[str, str]
) -> tuple[FormReading, tuple[Finding, ...]]:
    """The reading with what the second one makes of each cell, and a finding where the two differ."""
    facts = {i: reading.facts[i] for i in again if reading.facts[i].at and _is_placed(reading.facts[i])}
    first = {i: _plain(fact.raw) for i, fact in facts.items()}
    second = {i: _plain(again[i]) for i in facts}
    agreed = {i: first[i] == second[i] for i in facts}
    differing = [i for i, same in agreed.items() if not same]
    if not differing:
        return replace(reading, agreed=agreed), ()
    alone = Counter(first.values()) - Counter(second.values())
    withheld = [i for i in differing if alone[first[i]]]
    moved = [i for i in differing if i not in set(withheld)]
    findings = [
        *_finding(
            withheld, Weight.BLOCK, "was seen by one reader only and is not published", facts, again, form
        ),
        *_finding(moved, Weight.DOUBT, "stands elsewhere for the second reader", facts, again, form),
    ]
    unread = {i: facts[i]._replace(value=None, state=State.UNREADABLE) for i in withheld}
    otherwise = {i: read_number(again[i], form.cells[i].type).value for i in differing}
    both = replace(reading, facts=reading.facts | unread, agreed=agreed, otherwise=otherwise)
    return both, tuple(findings)


def _is_placed(fact: Fact) -> bool:
    """Whether the first reader had a box for it: a withheld cell has only the place of its row."""
    return fact.state is not State.MISSING_CELL and "/c" in fact.at


def _plain(text: str) -> str:
    """What is printed, whatever spaces stand beside words; a space between digits parts two numbers."""
    return text if text.isdecimal() else _INSIDE_WORDS.sub("", text)


def _finding(
    cells: list[str],
    weight: Weight,
    what: str,
    facts: Mapping[str, Fact],
    again: Mapping[str, str],
    form: Form,
) -> list[Finding]:
    if not cells:
        return []
    said = "; ".join(f"{i}: {facts[i].raw[:40]!r} and {again[i][:40]!r}" for i in cells[:_SHOWN])
    message = f"the two readers differ in {len(cells)} cells of {form.name}; what is printed {what}: {said}"
    at = tuple(facts[i].at for i in cells)
    return [Finding("readers-differ", weight, message, form.table, form.edition, tuple(cells), at)]
