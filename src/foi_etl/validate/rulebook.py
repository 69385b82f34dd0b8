"""The rules, in the order in which a reviewer reads them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

from foi_etl.forms import Statute
from foi_etl.model import Check, Finding, FormReading, Tally
from foi_etl.validate.diagnose import diagnosed, misplaced, shifted
from foi_etl.validate.identities import disagreements, tally, test
from foi_etl.validate.values import (
    blanks_among_figures,
    nobody_natural,
    out_of_order,
    unusual_units,
    value_types,
)

VALUE_RULES: Final = (value_types, unusual_units, blanks_among_figures, out_of_order, nobody_natural)


class Doubts(NamedTuple):
    """What the rules say of a report's tables, and how its identities fared in both readings of blanks."""

    findings: tuple[Finding, ...]
    as_zero: Tally
    as_unknown: Tally
    checks: tuple[Check, ...]
    """How each identity fared with blanks as zero."""


def doubt(readings: Sequence[FormReading], statute: Statute) -> Doubts:
    """What the rules of the form, and of single values, say of a report's tables."""
    findings: list[Finding] = []
    tried = []
    for reading in readings:
        form = statute.form(reading.table, reading.edition)
        tests = test(form, reading)
        tried.extend(tests)
        broken = list(disagreements(form, reading, tests))
        findings += diagnosed(broken, reading) if broken else ()
        findings += shifted(form, reading, tests)
        findings += misplaced(form, broken) if broken else ()
        findings += chain.from_iterable(rule(form, reading) for rule in VALUE_RULES)
    return Doubts(
        findings=tuple(findings),
        as_zero=tally(one.as_zero for one in tried),
        as_unknown=tally(one.as_unknown for one in tried),
        checks=tuple(Check(one.identity.id, one.as_zero.value) for one in tried),
    )
