"""Which document of a report is published, where it comes as a page and files beside it.

The rule, each line deciding where those above tie: the document that states the most cells; with the fewest
findings that block; with the fewest that doubt; that was not recognised from a picture; that stands first
(the page before its files). The others are compared with it, and what they state otherwise is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from foi_etl.model import Fact, Finding, FormReading, State, Verdict, Weight

_SHOWN: Final = 6
_NOTHING: Final = frozenset({State.MISSING_CELL, State.UNREADABLE})


def choose(verdicts: Sequence[Verdict]) -> tuple[int, tuple[Finding, ...]]:
    """Which of the readings of one report to publish, by its place, and where the others differ from it."""
    best = max(range(len(verdicts)), key=lambda at: (*_reads(verdicts[at]), -at))
    others = (other for at, other in enumerate(verdicts) if at != best)
    return best, tuple(finding for other in others for finding in _differences(verdicts[best], other))


def _reads(verdict: Verdict) -> tuple[int, int, int, bool]:
    """How well a document reads: the more, the better."""
    facts = [fact for reading in verdict.tables for fact in reading.facts.values()]
    weights = [finding.weight for finding in verdict.findings]
    return (
        sum(fact.state not in _NOTHING for fact in facts),
        -weights.count(Weight.BLOCK),
        -weights.count(Weight.DOUBT),
        verdict.document.kind != "scan",
    )


def _differences(best: Verdict, other: Verdict) -> Iterator[Finding]:
    name, kind = other.document.name, other.document.kind
    read = {reading.table: reading for reading in other.tables}
    for reading in best.tables:
        against = read.get(reading.table)
        if against is None:
            continue
        if against.edition != reading.edition:
            message = f"the same report as {kind} ({name}) prints {reading.table} as {against.edition}"
            yield Finding("documents-differ", Weight.DOUBT, message, reading.table, reading.edition)
            continue
        unlike = [(fact, said) for fact, said in _pairs(reading, against) if fact.value != said.value]
        if unlike:
            shown = "; ".join(
                f"{fact.cell_id}: {fact.raw!r}, there {said.raw!r}" for fact, said in islice(unlike, _SHOWN)
            )
            message = f"the same report as {kind} ({name}) states {len(unlike)} cells otherwise: {shown}"
            ids = tuple(fact.cell_id for fact, _ in unlike)
            at = tuple(fact.at for fact, _ in unlike)
            yield Finding("documents-differ", Weight.DOUBT, message, reading.table, reading.edition, ids, at)


def _pairs(reading: FormReading, against: FormReading) -> Iterator[tuple[Fact, Fact]]:
    """The cells that both documents have."""
    for cell_id, fact in reading.facts.items():
        said = against.facts[cell_id]
        if fact.state not in _NOTHING and said.state not in _NOTHING:
            yield fact, said
