"""What became of agencies: renamed, merged, closed, split. `data/changes.csv`, read with its lines."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.errors import FixTheRegistry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foi_etl.model import Agency

CHANGES: Final = "changes.csv"
COLUMNS: Final = ("agency_id", "kind", "after", "by", "was", "is", "into", "evidence")
KINDS: Final = ("renamed", "merged", "closed", "split")
_DAY: Final = re.compile(r"(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?)?")


class Became(NamedTuple):
    """One change of one agency."""

    agency_id: str
    kind: str
    after: str
    """The last day it is known not to have happened, as exactly as is known; empty where `by` is the day."""
    by: str
    """The day it happened, or the first on which it is known to have."""
    was: str
    """Its name before."""
    now: str
    """Its name since."""
    into: str
    """Who does its work since, ids with spaces between them."""
    evidence: str
    line: int = 0


def read_changes(text: str, file: str = f"data/{CHANGES}") -> tuple[Became, ...]:
    """Every line; FixTheRegistry where one cannot be read at all."""
    lines = csv.reader(text.splitlines())
    header = tuple(next(lines, ()))
    if header != COLUMNS:
        raise FixTheRegistry(f"the first line must be `{','.join(COLUMNS)}`", file=file, line=1)
    made = []
    for number, words in enumerate(lines, 2):
        if len(words) != len(COLUMNS):
            message = f"the line has {len(words)} fields instead of {len(COLUMNS)}"
            raise FixTheRegistry(message, file=file, line=number)
        made.append(Became._make([*(word.strip() for word in words), number]))
    return tuple(made)


def faults_of_changes(
    changes: Iterable[Became], agencies: Iterable[Agency], file: str = f"data/{CHANGES}"
) -> Iterator[str]:
    """One sentence for each thing wrong, remedy included."""
    known = {agency.id: agency for agency in agencies}
    for one in changes:
        for fault in _faults(one, known.get(one.agency_id), known.keys()):
            yield f"{file}:{one.line}: {one.agency_id}: {fault}"


def name_in(agency: Agency, year: int, changes: Iterable[Became]) -> str:
    """What the agency was called at the end of a year; between two dates it has its older name."""
    name, end = agency.name, f"{year}-12-31"
    renamed = (one for one in changes if one.agency_id == agency.id and one.kind == "renamed")
    for one in sorted(renamed, key=lambda each: each.by, reverse=True):
        if one.by > end and one.now == name:
            name = one.was
    return name


def _faults(one: Became, agency: Agency | None, known: Iterable[str]) -> Iterator[str]:
    if agency is None:
        yield "no agency has this id: mend it, or add the agency"
        return
    if one.kind not in KINDS:
        yield f"there is no kind {one.kind!r}: choose one of {', '.join(KINDS)}"
    if not _DAY.fullmatch(one.by) or (one.after and not _DAY.fullmatch(one.after)) or one.after > one.by:
        yield "`by` is the day it happened, `after` one before it: write YYYY-MM-DD, YYYY-MM or YYYY"
    if one.kind == "renamed" and not (one.was and one.now):
        yield "a new name has an old one: fill in `was` and `is`"
    if one.kind != "renamed" and agency.until[:4] != one.by[:4]:
        yield f"it ended in {one.by[:4]}, and the register says {agency.until or 'nothing'}: mend `until`"
    if missing := [each for each in one.into.split() if each not in set(known)]:
        yield f"`into` names {', '.join(missing)}, who are not in the register: add them first"
    if not one.evidence:
        yield "say where it is known from"
