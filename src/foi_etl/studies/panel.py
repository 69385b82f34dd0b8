"""The panel: one row for each report owed, with every variable that is comparable over the editions.

All reports of a year at once: a column is an array over them, and NaN stands for what no report prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foi_etl.model import Agency
from foi_etl.owed import FIRST_YEAR, Owing, Place
from foi_etl.publish.across import Published
from foi_etl.publish.additions import Addition
from foi_etl.studies.coverage import COVERAGE
from foi_etl.studies.figures import COUNTS, FORMS, Floats, Objects, Year, places
from foi_etl.studies.within import within
from foi_etl.variables import Sum, Variable

if TYPE_CHECKING:
    from foi_etl.forms import Statute

_OF_AGENCY: Final = ("name_en", "level", "kind", "parent", "credit_code")
PANEL: Final = "panel"
WHY: Final = ("zero_below", "few_below", "unprinted")
"""Columns that name the variables which are missing, by the reason."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Worked:
    """A variable worked out: its values, and of a rate what stands above and below."""

    value: Floats
    above: Floats
    below: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Printed:
    """What a year's reports print, in the order of the rows of coverage."""

    year: int
    owed: pa.Table
    names: Objects
    scopes: Objects
    worked: dict[str, pa.Array]


def paneled(seen: Published, owing: Owing, statute: Statute) -> Iterator[Addition]:
    """The panel of every year that has a row in coverage."""
    agencies = {one.id: one for one in owing.agencies}
    above = {one.id: one.parent for one in owing.agencies}
    last = max([*seen.years, owing.as_of.year - 1 if owing.as_of else 0])
    years = range(min([*seen.years, FIRST_YEAR]), last + 1)
    act = partial(_printed, variables=statute.variables, where=places(statute))
    for one in seen.each(act, years):
        if one is not None:
            yield Addition(PANEL, one.year, _with_agencies(one, agencies, above, owing))


def _printed(
    seen: Published, year: int, variables: Sequence[Variable], where: Mapping[str, tuple[str, str, str]]
) -> _Printed | None:
    owed = seen.rows(COVERAGE, year)
    if not owed.num_rows:
        return None
    told = Year(seen, year, owed["agency_id"].combine_chunks(), where)
    return _Printed(year, owed, told.word("agency_name"), told.word("scope"), _worked(told, variables))


def _with_agencies(
    one: _Printed, agencies: Mapping[str, Agency], above: Mapping[str, str], owing: Owing
) -> pa.Table:
    """The rows of a year, with what is known of each agency."""
    names = zip(one.owed["agency_id"].to_pylist(), one.names, strict=True)
    known = [agencies.get(name) or Agency(name, called, "", "") for name, called in names]
    stand = [owing.place(body.division_code, one.year) if body.division_code else Place() for body in known]
    columns: dict[str, pa.Array | pa.ChunkedArray] = {name: one.owed[name] for name in one.owed.column_names}
    columns |= {
        "agency_name": pa.array([owing.names.get((body.id, one.year), body.name) for body in known]),
        **{name: _words(getattr(body, name) for body in known) for name in _OF_AGENCY},
        "division_code": _words(place.division_code for place in stand),
        "division_code_2020": _words(place.division_code_2020 for place in stand),
        "within": _words(within(known, [place.division_code for place in stand], one.scopes, above)),
    }
    return pa.table(columns | one.worked)


def _worked(year: Year, variables: Sequence[Variable]) -> dict[str, pa.Array]:
    """Every variable as a column, with the words of the report, its counts, and what is missing and why."""
    made: dict[str, Worked] = {}
    cells: dict[str, Floats] = {}

    def value(name: str) -> Floats:
        if name in made:
            return made[name].value
        if name not in cells:
            cells[name] = year.number(name)
        return cells[name]

    editions = {form: year.word(f"edition_{form}") for form in FORMS}
    missing: dict[str, Objects] = {why: np.full(year.height, "", object) for why in WHY}
    for one in variables:
        made[one.id], held = _work(one, editions, value, year)
        for why, mask in _reasons(one, made[one.id], held).items():
            missing[why] = np.where(mask, missing[why] + f" {one.id}", missing[why])
    columns = {name: column for one in variables for name, column in _columns(one, made[one.id])}
    columns |= {name: _words(year.word(name)) for name in ("scope", "scope_confidence")}
    columns |= {f"edition_{form}": _words(editions[form]) for form in FORMS}
    columns |= {name: _whole(year.number(name)) for name in COUNTS}
    return columns | {why: _words(text.strip() for text in told) for why, told in missing.items()}


def _work(
    one: Variable, editions: Mapping[str, Objects], value: Callable[[str], Floats], year: Year
) -> tuple[Worked, Mask]:
    """A variable, and whose form has it."""
    shape = np.full(year.height, np.nan)
    above, below, held = shape.copy(), shape.copy(), np.zeros(year.height, bool)
    for edition, formula in one.formulas.items():
        mine = _of_edition(one, edition, editions, year)
        held |= mine
        above = np.where(mine, _added(formula.above, value), above)
        below = np.where(mine, _added(formula.below, value) if formula.below else 1.0, below)
    if one.prose:
        told = year.told(one.prose)
        use = np.isnan(above) & ~held
        above, below = np.where(use, told, above), np.where(use, 1.0, below)
    given = below > 0
    if one.least:
        given &= below >= one.least
    with np.errstate(invalid="ignore"):
        made = np.divide(above, below, out=shape.copy(), where=given)
    return Worked(made, above, below), held


def _of_edition(one: Variable, edition: str, editions: Mapping[str, Objects], year: Year) -> Mask:
    if not one.table:
        return np.asarray(year.word("scope") != None, dtype=bool)  # noqa: E711 - each of an array
    form = "s" if edition == "e2014" else one.table
    return np.asarray(editions[form] == edition, dtype=bool)


def _reasons(one: Variable, worked: Worked, held: Mask) -> dict[str, Mask]:
    """Where a variable is missing though the form has it, and why."""
    printed = ~np.isnan(worked.above) & ~np.isnan(worked.below)
    zero = held & printed & (worked.below == 0)
    few = held & printed & (worked.below > 0) & (worked.below < one.least)
    return dict(zip(WHY, (zero, few, held & ~printed), strict=True))


def _columns(one: Variable, worked: Worked) -> Iterator[tuple[str, pa.Array]]:
    if not one.is_rate:
        yield one.id, _whole(worked.value) if one.whole else _plain(worked.value)
        return
    yield one.id, _plain(worked.value)
    yield f"{one.id}_n", _whole(worked.above)
    yield f"{one.id}_d", _whole(worked.below)


def _added(total: Sum, value: Callable[[str], Floats]) -> Floats:
    added: Floats = np.sum([sign * value(name) for sign, name in total], axis=0)
    return added


def _whole(values: Floats) -> pa.Array:
    whole = ~np.isnan(values) & (values == np.floor(values))
    return pa.array(np.where(whole, values, 0).astype(np.int64), mask=~whole)


def _plain(values: Floats) -> pa.Array:
    return pa.array(values, from_pandas=True)


def _words(values: Iterable[str | None]) -> pa.Array:
    return pa.array([value or None for value in values], pa.string())
