"""Real figures of published reports. Facts carry over; their pages and sentences do not."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from foi_etl.forms import Statute

Printed = Mapping[str, str]


@cache
def real_figures() -> Mapping[tuple[str, str], Mapping[int, Printed]]:
    """Agency id and name, to year, to what is printed in each cell; in the order of the file."""
    known: dict[tuple[str, str], dict[int, dict[str, str]]] = {}
    text = (files(__package__) / "figures.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        years = known.setdefault((row["agency"], row["name"]), {})
        years.setdefault(int(row["year"]), {})[row["cell_id"]] = row["printed"]
    return known


def editions_of(printed: Printed, statute: Statute) -> dict[str, str]:
    """Table to the edition whose cells are printed; where several fit, that of the first table."""
    editions: dict[str, str] = {}
    for table in statute.tables:
        fitting = [form.edition for form in statute.editions(table) if form.cells.keys() <= printed.keys()]
        if not fitting:
            continue
        first = next(iter(editions.values()), "")
        editions[table] = first if first in fitting else fitting[-1]
    return editions
