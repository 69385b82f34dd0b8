"""The cells of all published reports as one grid, read from the wide tables year by year.

Only the cells that a rule names are held for all years. What all figures of a report come down to is taken
from each year on its own, so that what is held does not grow with the forms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.normalise.growth import GROWTH
from foi_etl.publish.across import Published
from foi_etl.publish.layout import TableLayout
from foi_etl.rules import Rules
from foi_etl.validate.copies import Figures, figures
from foi_etl.validate.cross import Said
from foi_etl.validate.grid import Grid, assembled
from foi_etl.validate.sketches import NOTHING, PLACES, Sketch

_APPLICANT = "applicant"
_UNDER_STATUTE = {"t2", "t3", "t4"}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """Every published report, a row each, by agency and year."""

    grid: Grid
    figures: Figures
    sketches: Sketch
    captures: list[str]
    said: Said
    """What sentences say of growth."""


def reports(seen: Published, rules: Rules) -> Reports:
    """All that is published, with the cells that the rules speak of."""
    wanted = sorted(rules.cells)
    facts = frozenset(rule.fact for rule in rules.of("growth"))
    told = {one.year: one for one in seen.each(partial(_of_year, wanted=wanted, facts=facts), seen.years)}
    years = [told[year] for year in seen.years]
    agency = [name for one in years for name in one.agencies]
    year = np.repeat(np.array(seen.years, np.int64), [len(one.agencies) for one in years])
    order = sorted(range(len(agency)), key=lambda at: (agency[at], year[at]))
    agencies = [agency[at] for at in order]
    values = np.concatenate([one.values for one in years] or [np.empty((0, len(wanted)))])[order]
    scopes = [scope for one in years for scope in one.scopes]
    grid = assembled(
        agencies,
        year[order],
        {cell: place for place, cell in enumerate(wanted)},
        values,
        {(agency[at], int(year[at])): scopes[at] for at in order},
    )
    words = [word for one in years for word in one.figures.words]
    counts = np.concatenate([one.figures.counts for one in years] or [np.empty(0, np.int64)])
    sketches = np.concatenate([one.sketches for one in years] or [np.empty((0, PLACES), np.uint16)])
    captures = [capture for one in years for capture in one.captures]
    return Reports(
        grid,
        Figures([words[at] for at in order], counts[order]),
        sketches[order],
        [captures[at] for at in order],
        _said(years, grid),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Year:
    year: int
    agencies: list[str]
    scopes: list[str]
    captures: list[str]
    values: Floats
    figures: Figures
    sketches: Sketch
    said: list[tuple[str, str, float]]
    """Agencies, facts, and their growth as a sentence tells it."""


def _of_year(seen: Published, year: int, wanted: Sequence[str], facts: Set[str]) -> _Year:
    told = seen.rows("reports", year, ["agency_id", "scope", "capture"])
    listed = pa.array(told["agency_id"].to_pylist(), pa.string())
    place = {cell: at for at, cell in enumerate(wanted)}
    values = np.full((len(listed), len(wanted)), np.nan)
    blocks = []
    for layout in seen.layout.tables.values():
        if layout.form not in _UNDER_STATUTE:
            continue
        cells, block = _wide(seen, layout, year, listed)
        blocks.append(block)
        for at, cell in enumerate(cells):
            if cell in place:
                values[:, place[cell]] = block[:, at]
    counted = figures(np.concatenate(blocks, axis=1))
    _fill(seen, year, listed, place, values)
    scopes, captures = (told[name].to_pylist() for name in ("scope", "capture"))
    sketches, said = _sketches(seen, year, listed), _growth(seen, year, facts)
    return _Year(year, listed.to_pylist(), scopes, captures, values, counted, sketches, said)


def _wide(seen: Published, layout: TableLayout, year: int, listed: pa.Array) -> tuple[list[str], Floats]:
    """The cells of a wide table, and what each report has in them."""
    measures = [column for column in layout.columns if column.measure]
    by_applicant = any(column.name == _APPLICANT for column in layout.columns)
    keys = ["agency_id", _APPLICANT] if by_applicant else ["agency_id"]
    rows = seen.rows(layout.name, year, [*keys, *(one.name for one in measures)])
    at = _places(rows["agency_id"], listed)
    groups = list(_groups(rows, by_applicant=by_applicant))
    cells = [f"{layout.form}_{one.measure}{'_' if who else ''}{who}" for who, _ in groups for one in measures]
    block = np.full((len(listed), len(cells)), np.nan)
    for number, one in enumerate(measures):
        found = rows[one.name].cast(pa.float64()).to_numpy()
        for turn, (_, chosen) in enumerate(groups):
            block[at[chosen], turn * len(measures) + number] = found[chosen]
    return cells, block


def _groups(rows: pa.Table, *, by_applicant: bool) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    """Whose rows are which: of each applicant, or all of them."""
    if not by_applicant:
        yield "", np.arange(rows.num_rows)
        return
    applicants = rows[_APPLICANT].cast(pa.string())
    for who in sorted(applicants.unique().to_pylist()):
        yield who, np.flatnonzero(pc.equal(applicants, who).to_numpy())


def _fill(seen: Published, year: int, listed: pa.Array, place: dict[str, int], values: Floats) -> None:
    """What is not printed and follows by arithmetic."""
    drawn = seen.rows("inferences", year, ["agency_id", "cell_id", "value"])
    wanted = pa.array(list(place), pa.string())
    drawn = drawn.filter(pc.is_in(drawn["cell_id"].cast(pa.string()), wanted))
    rows, cells = _places(drawn["agency_id"], listed), _places(drawn["cell_id"], wanted)
    blank = np.isnan(values[rows, cells])
    values[rows[blank], cells[blank]] = drawn["value"].to_numpy()[blank]


def _sketches(seen: Published, year: int, listed: pa.Array) -> Sketch:
    drawn = seen.rows("sketches", year, ["agency_id", "sketch"])
    made: Sketch = np.full((len(listed), PLACES), NOTHING, np.uint16)
    if drawn.num_rows:
        joined = b"".join(drawn["sketch"].to_pylist())
        made[_places(drawn["agency_id"], listed)] = np.frombuffer(joined, np.uint16).reshape(-1, PLACES)
    return made


def _growth(seen: Published, year: int, facts: Set[str]) -> list[tuple[str, str, float]]:
    """What sentences say of the growth of these facts."""
    wanted = {f"{fact}{GROWTH}": fact for fact in facts}
    if not wanted:
        return []
    rows = seen.rows("narrative", year, ["agency_id", "fact", "value"])
    rows = rows.filter(pc.is_in(rows["fact"].cast(pa.string()), pa.array(list(wanted), pa.string())))
    told = zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True)
    return [(agency, wanted[fact], value) for agency, fact, value in told]


def _said(years: Iterable[_Year], grid: Grid) -> Said:
    """What sentences say of growth, by fact and by the row of their report."""
    row_of = {key: row for row, key in enumerate(zip(grid.agencies, grid.years.tolist(), strict=True))}
    told: dict[str, dict[int, tuple[float, ...]]] = defaultdict(dict)
    for one in years:
        for agency, fact, value in one.said:
            of, row = told[fact], row_of[agency, one.year]
            of[row] = (*of.get(row, ()), value)
    return told


def _places(words: pa.ChunkedArray, listed: pa.Array) -> npt.NDArray[np.int64]:
    found = pc.index_in(words.cast(pa.string()), value_set=listed)
    return np.asarray(found.to_numpy(), dtype=np.int64)
