"""Which cells a finding about places in a document is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from foi_etl.model import Finding, Placement


def name_cells(findings: Iterable[Finding], placements: Sequence[Placement]) -> Iterator[Finding]:
    """Findings that name places only, with the cells that were placed from there named too, by table.

    What a finding says of places from which nothing was placed stays as it is.
    """
    for finding in findings:
        if finding.cells or not finding.at:
            yield finding
            continue
        places = set(finding.at)
        told = False
        for placed in placements:
            cells = tuple(cell_id for cell_id, cell in placed.cells.items() if cell.at in places)
            if cells:
                told = True
                yield replace(finding, table=placed.table, edition=placed.edition, cells=cells)
        if not told:
            yield finding
