"""What a practice report states, what is true of it, and which identities it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foi_etl.forms import Form, Statute

_LEADING = re.compile(r"[+-]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Injected:
    """An identity that the printed figures break, blanks counted as zero."""

    identity: str
    table: str
    cells: tuple[str, ...]
    """Left side, then right side."""
    left: Decimal
    right: Decimal


@dataclass(frozen=True, slots=True)
class PracticeReport:
    """One report of the practice country, and everything there is to know about it."""

    agency_id: str
    agency_name: str
    year: int
    title: str
    published: date
    editions: Mapping[str, str]
    """Table to edition. The labels of table 4 are the same in both editions, so no page can tell its own."""
    printed: Mapping[str, str]
    """What the page prints in each cell before a style dresses it: "" is a blank, "/" a mark for nothing."""
    truth: Mapping[str, Decimal | None]
    """The number each cell states; None where it states none."""
    injected: tuple[Injected, ...]

    def forms(self, statute: Statute) -> tuple[Form, ...]:
        """The forms it is printed on, in the order of the report."""
        return tuple(statute.form(table, edition) for table, edition in sorted(self.editions.items()))


def number(printed: str) -> Decimal | None:
    """The number a cell begins with, or None: units and notes stand behind it, never before."""
    found = _LEADING.match(printed)
    return Decimal(found[0]) if found else None


def broken(forms: Iterable[Form], truth: Mapping[str, Decimal | None]) -> Iterator[Injected]:
    """Every identity of the forms that the figures break, by plain sums in which a blank is zero."""
    for form in forms:
        for one in form.identities:
            left, right = (_sum(truth, side) for side in (one.left, one.right))
            if left != right:
                yield Injected(one.id, form.table, one.cells, left, right)


def _sum(truth: Mapping[str, Decimal | None], cells: Iterable[str]) -> Decimal:
    return sum((truth[cell] or Decimal(0) for cell in cells), Decimal(0))
