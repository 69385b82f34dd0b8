"""Whose failure a failed identity is: the agency's, who printed it so; our reading's; or nobody's to say.

A document that prints wrong figures is itself the source of them, whatever befell it before we got it. What
two readers see alike in every cell, each by its own way from the bytes, is what it prints:

- `source`: both readers agree on every cell of it, blanks too, and nothing about the printing of the table
  (its labels, its rows, its columns) puts one of these cells in doubt;
- `reading`: the readers differ on a cell of it, and with the second one's figures every identity of the table
  holds;
- `undecided`: everything else. The evidence says what is missing.

Doubts about the printing (figures that would add up one place further on, a row that may be lost or stands
elsewhere, a header that lacks a column) say what went wrong there, once both readers agree: they are told
with the evidence, and excuse nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from foi_etl.forms import Form, Statute
from foi_etl.model import Finding, FormReading, Weight

SOURCE: Final = "source"
READING: Final = "reading"
UNDECIDED: Final = "undecided"
_ABOUT_VALUES: Final = frozenset({"value-type", "order", "unit-unusual", "columns-unusual", "label-mistyped"})
"""Doubts about what a figure says, and none about where it stands."""
_OF_PRINT: Final = frozenset(
    {"shifted", "rows-in-doubt", "columns-in-doubt", "rows-out-of-order", "column-missing"}
)
"""Doubts that speak of what is printed, not of how it was read."""


def blamed(
    findings: Iterable[Finding], readings: Sequence[FormReading], statute: Statute
) -> Iterator[Finding]:
    """The findings in their order, each failed identity with its blame and the evidence for it."""
    every = list(findings)
    of = {(one.table, one.edition): one for one in readings}
    ids = {identity.id for table, edition in of for identity in statute.form(table, edition).identities}
    failed = [one for one in every if one.delta and one.rule in ids and (one.table, one.edition) in of]
    if not failed:
        yield from every
        return
    places = [one for one in every if _doubts_places(one)]
    for one in every:
        if one not in failed:
            yield one
            continue
        reading, form = of[one.table, one.edition], statute.form(one.table, one.edition)
        blame, evidence = _blame(one, reading, form, failed, places)
        yield replace(one, blame=blame, evidence=evidence)


def _doubts_places(one: Finding) -> bool:
    return not one.delta and one.weight is not Weight.NOTE and one.rule not in _ABOUT_VALUES


def _blame(
    one: Finding, reading: FormReading, form: Form, failed: Sequence[Finding], places: Iterable[Finding]
) -> tuple[str, str]:
    if differing := [i for i in one.cells if i in reading.otherwise]:
        holds = _all_hold(form, reading)
        how = "every sum of the table holds" if holds else "sums fail too"
        said = f"the readers differ on {', '.join(differing)}; with the second one's figures {how}"
        return (READING if holds else UNDECIDED), said
    about = [other.rule for other in places if not set(one.cells).isdisjoint(other.cells)]
    if doubting := [rule for rule in dict.fromkeys(about) if rule not in _OF_PRINT]:
        return UNDECIDED, f"{', '.join(doubting)} is said of the same cells"
    if once := [i for i in one.cells if i not in reading.agreed]:
        return UNDECIDED, f"{len(once)} of its {len(one.cells)} cells were read once only"
    return SOURCE, "; ".join(
        [f"two readers agree on all {len(one.cells)} cells", *_besides(one, reading, failed, about)]
    )


def _besides(
    one: Finding, reading: FormReading, failed: Sequence[Finding], about: Sequence[str]
) -> Iterator[str]:
    """What a person who looks at the printed table should know too."""
    if blank := [i for i in one.cells if reading.facts[i].value is None]:
        yield f"{len(blank)} of them are printed without a number, and count as zero"
    if signs := dict.fromkeys(rule for rule in about if rule in _OF_PRINT):
        yield f"something looks misplaced where it was printed ({', '.join(signs)})"
    beside = _beside(one, failed)
    if len(beside) > 1 and not _one_cell_explains(beside):
        yield f"{', '.join(other.rule for other in beside)} fail, and no one cell explains them"


def _all_hold(form: Form, reading: FormReading) -> bool:
    values = {i: fact.value for i, fact in reading.facts.items()} | dict(reading.otherwise)
    return all(_sum(one.left, values) == _sum(one.right, values) for one in form.identities)


def _sum(cell_ids: Iterable[str], values: Mapping[str, Decimal | None]) -> Decimal:
    return sum((value for i in cell_ids if (value := values[i]) is not None), Decimal(0))


def _beside(one: Finding, failed: Sequence[Finding]) -> list[Finding]:
    """The failed identities that share a cell with this one, or with one that does, itself among them."""
    found, cells = [one], set(one.cells)
    grown = True
    while grown:
        more = [other for other in failed if other not in found and not cells.isdisjoint(other.cells)]
        found += more
        cells.update(i for other in more for i in other.cells)
        grown = bool(more)
    return found


def _one_cell_explains(failed: Sequence[Finding]) -> bool:
    """Whether some cell stands in all of them, and all are as far apart."""
    shared = set.intersection(*(set(one.cells) for one in failed))
    return bool(shared) and len({abs(Decimal(one.delta)) for one in failed}) == 1
