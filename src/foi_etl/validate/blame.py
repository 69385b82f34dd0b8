"""Whose failure a failed identity is: the agency's, who printed it so; our reading's; or nobody's to say.

- `source`: both readers agree on every cell of it, one wrong cell would explain it and every failed identity
  that shares a cell with it, and nothing else says that its cells are out of place;
- `reading`: the readers differ on a cell of it, and with the second one's figures every identity of the table
  holds;
- `undecided`: everything else. The evidence says what is missing.
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
    if doubting := [other.rule for other in places if not set(one.cells).isdisjoint(other.cells)]:
        return UNDECIDED, f"{', '.join(dict.fromkeys(doubting))} is said of the same cells"
    if one.weight is Weight.NOTE:
        return UNDECIDED, "it fails only where a blank is read as zero"
    if once := [i for i in one.cells if i not in reading.agreed]:
        return UNDECIDED, f"{len(once)} of its {len(one.cells)} cells were read once only"
    beside = _beside(one, failed)
    if len(beside) > 1 and not _one_cell_explains(beside):
        return UNDECIDED, f"{', '.join(other.rule for other in beside)} fail, and no one cell explains them"
    return SOURCE, f"two readers agree on all {len(one.cells)} cells"


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
