"""The hard identities of a form, against the facts: what disagrees, shown with its arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from foi_etl.forms import Form, Identity
from foi_etl.model import Fact, Finding, FormReading, State, Tally, Weight

_SILENT: Final = (State.BLANK, State.NA_MARK)
_NOTHING: Final = Decimal(0)


class Outcome(Enum):
    """How an identity fares in one reading of the blanks."""

    HELD = "held"
    FAILED = "failed"
    UNTESTABLE = "untestable"


@dataclass(frozen=True, slots=True)
class Test:
    """One identity, tried: blanks read as zero, and blanks read as unknown."""

    identity: Identity
    as_zero: Outcome
    as_unknown: Outcome
    left: Decimal = _NOTHING
    right: Decimal = _NOTHING
    blanks: int = 0

    @property
    def delta(self) -> Decimal:
        """Left minus right."""
        return self.left - self.right


def test(form: Form, reading: FormReading) -> list[Test]:
    """Every identity of the form, tried in both readings of a blank."""
    return list(tried(form.identities, reading.facts))


def tried(identities: Iterable[Identity], facts: Mapping[str, Fact]) -> Iterator[Test]:
    """Each identity, tried when it is asked for: whoever looks for a failure may stop at the first."""
    for identity in identities:
        yield _test(identity, facts)


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """How many held, failed and could not be tested."""
    seen = list(outcomes)
    return Tally(seen.count(Outcome.HELD), seen.count(Outcome.FAILED), seen.count(Outcome.UNTESTABLE))


def _test(identity: Identity, facts: Mapping[str, Fact]) -> Test:
    """An identity with an unread, missing or text cell is judged in neither reading."""
    known_left = [value for i in identity.left if (value := facts[i].value) is not None]
    known_right = [value for i in identity.right if (value := facts[i].value) is not None]
    blank_left, blank_right = len(identity.left) - len(known_left), len(identity.right) - len(known_right)
    blanks = blank_left + blank_right
    if blanks and any(facts[i].value is None and facts[i].state not in _SILENT for i in identity.cells):
        return Test(identity, Outcome.UNTESTABLE, Outcome.UNTESTABLE)
    left, right = sum(known_left, _NOTHING), sum(known_right, _NOTHING)
    as_zero = Outcome.HELD if left == right else Outcome.FAILED
    as_unknown = _with_unknowns(left, right, blank_left, blank_right) if blanks else as_zero
    return Test(identity, as_zero, as_unknown, left, right, blanks)


def _with_unknowns(left: Decimal, right: Decimal, blank_left: int, blank_right: int) -> Outcome:
    """Unknown counts are never negative: a side that is too large already stays too large."""
    beyond = (left > right and not blank_right) or (right > left and not blank_left)
    return Outcome.FAILED if beyond else Outcome.UNTESTABLE


def disagreements(form: Form, reading: FormReading, tests: Iterable[Test]) -> Iterator[Finding]:
    """A finding for each identity that fails with blanks as zero.

    It is a doubt where the printed numbers alone disagree, and a note where it rests on reading a blank as
    zero: the blank may be what is wrong.
    """
    facts = reading.facts
    for one in tests:
        if one.as_zero is not Outcome.FAILED:
            continue
        stated = one.as_unknown is Outcome.FAILED
        blanks = "" if not one.blanks else f" ({one.blanks} blank, read as zero)"
        identity = one.identity
        yield Finding(
            rule=identity.id,
            weight=Weight.DOUBT if stated else Weight.NOTE,
            message=f"{identity.english}: {one.left} on the left, {one.right} on the right, "
            f"{one.delta:+} apart{blanks}",
            table=form.table,
            edition=form.edition,
            cells=identity.cells,
            at=tuple(facts[i].at for i in identity.cells),
            left=_side(identity.left, facts),
            right=_side(identity.right, facts),
            delta=f"{one.delta}",
        )


def _side(cell_ids: Iterable[str], facts: Mapping[str, Fact]) -> str:
    """The cells of a side with their values, zeros and blanks left out where there are other terms."""
    terms = [f"{i}={facts[i].value}" for i in cell_ids if facts[i].value]
    return " + ".join(terms) or "0"
