"""Sentences against tables: a figure that none of its honest readings explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

from foi_etl.model import Check, Fact, Finding, FormReading, Inference, Statement
from foi_etl.rules import ProseRule, Sum, written
from foi_etl.validate.identities import Outcome

_NOTHING: Final = Decimal(0)
_CLOSE: Final = Decimal("0.005")
"""A figure in 万 or 亿 is rounded; so much of it may be."""
Found = tuple[str, Finding | None, Outcome]


def against_tables(
    statements: Sequence[Statement],
    readings: Iterable[FormReading],
    inferences: Iterable[Inference],
    rules: Sequence[ProseRule],
) -> tuple[tuple[Finding, ...], tuple[Check, ...]]:
    """What no reading of the tables explains, and how each rule fared.

    A fact that is told several times is held to be told right where any of its figures is. A blank that was
    proved to be zero, or a total that follows from its parts, counts as known.
    """
    tables = {cell: reading for reading in readings for cell in reading.facts}
    facts = {cell: reading.facts[cell] for cell, reading in tables.items()}
    known = {one.cell_id: one.value for one in inferences}
    known |= {cell: fact.value for cell, fact in facts.items() if fact.value is not None}
    by_fact = {rule.fact: rule for rule in rules}
    findings: list[Finding] = []
    checks = []
    told = {fact: [one for one in statements if one.fact == fact] for fact in _facts(statements)}
    for fact, ones in told.items():
        parts = [by_fact[name] for name in fact.split("+") if name in by_fact]
        if len(parts) != fact.count("+") + 1:
            continue
        figures = [one for one in ones if not _told_otherwise(one, parts, told)]
        outcome, explained = _judge(figures, parts, known, facts)
        checks.append(Check("+".join(rule.id for rule in parts), outcome.value))
        if outcome is Outcome.FAILED:
            findings.append(_finding(figures[0], parts, explained, tables))
    tested = {name for check in checks for name in check.rule.split("+")}
    checks += [Check(rule.id, Outcome.UNTESTABLE.value) for rule in rules if rule.id not in tested]
    return tuple(findings), tuple(checks)


def _facts(statements: Iterable[Statement]) -> Iterator[str]:
    yield from dict.fromkeys(one.fact for one in statements)


def _told_otherwise(
    one: Statement, parts: Sequence[ProseRule], told: Mapping[str, Sequence[Statement]]
) -> bool:
    others = (other for rule in parts if rule.instead for other in told.get(rule.instead, ()))
    return any((other.start, other.words) == (one.start, one.words) for other in others)


Reading = tuple[Decimal, Sum]


def _judge(
    figures: Sequence[Statement],
    parts: Sequence[ProseRule],
    known: Mapping[str, Decimal],
    facts: Mapping[str, Fact],
) -> tuple[Outcome, list[Reading]]:
    """How the figures fare against every admitted reading, and the readings."""
    if not figures:
        return Outcome.UNTESTABLE, []
    sums = [sum(chosen, ()) for chosen in product(*(rule.admits for rule in parts))]
    # A cell of another edition is no reading of this table.
    printed = [one for one in sums if all(term.cell in facts for term in one)]
    readings = [
        (sum((term.sign * known[term.cell] for term in one), _NOTHING), one)
        for one in printed
        if all(term.cell in known for term in one)
    ]
    if any(_is(figure, value) for figure in figures for value, _ in readings):
        return Outcome.HELD, readings
    if any(figure.value == 0 for figure in figures) and any(_silent(one, known, facts) for one in printed):
        return Outcome.HELD, readings
    whole = printed and len(readings) == len(printed) and not all(figure.weak for figure in figures)
    return (Outcome.FAILED if whole else Outcome.UNTESTABLE), readings


def _silent(total: Sum, known: Mapping[str, Decimal], facts: Mapping[str, Fact]) -> bool:
    """Whether nothing but blanks and zeros stands there: none is what the sentence says as well."""
    return all(not known.get(term.cell) and not facts[term.cell].value for term in total)


def _is(figure: Statement, value: Decimal) -> bool:
    """Whether a figure is told as this value: exactly, or as near as its words claim."""
    if figure.high is not None:
        return figure.value <= value <= figure.high
    if figure.approximate:
        return abs(value - figure.value) < max(_step(figure.value), figure.value / 10)
    rounded = any(scale in figure.raw for scale in "万亿")
    return abs(value - figure.value) <= (figure.value * _CLOSE if rounded else 0)


def _step(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 300余 is less than 400."""
    digits = value.normalize().as_tuple().exponent
    return Decimal(10) ** max(int(digits), 0) if value else Decimal(1)


def _finding(
    figure: Statement,
    parts: Sequence[ProseRule],
    readings: Sequence[Reading],
    tables: Mapping[str, FormReading],
) -> Finding:
    nearest, total = min(readings, key=lambda one: abs(one[0] - figure.value))
    cells = tuple(dict.fromkeys(term.cell for _, one in readings for term in one))
    reading = tables[cells[0]]
    said = ", ".join(dict.fromkeys(f"{value}" for value, _ in readings))
    message = (
        f"{'; '.join(rule.english for rule in parts)}: the sentence says {figure.raw} "
        f"({figure.words.replace('#', figure.raw)!r}), the table {said}"
    )
    return Finding(
        rule="+".join(rule.id for rule in parts),
        weight=max((rule.weight for rule in parts), key=lambda one: one == "doubt"),
        message=message,
        table=reading.table,
        edition=reading.edition,
        cells=cells,
        at=tuple(at for cell in cells if (at := tables[cell].facts[cell].at)),
        left=f"{figure.fact}={figure.value}",
        right=f"{written(total)}={nearest}",
        delta=f"{figure.value - nearest}",
    )
