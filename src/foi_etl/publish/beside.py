"""Two releases side by side, as the gate looks at them: what the same reports say in both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from foi_etl.publish.layout import Layout
    from foi_etl.publish.manifest import Entry

REPORT: Final = ["agency_id", "year"]


class Side:
    """A release as the gate sees it, of its own or while it is made."""

    def __init__(self, folder: Path, entries: Sequence[Entry]) -> None:
        self.folder = folder
        self.files = {entry.path: entry for entry in entries}

    def rows(self, table: str, columns: Sequence[str], years: Sequence[str] | None = None) -> pd.DataFrame:
        """Some columns of a table, of some of its files or all; those that a file lacks are left out."""
        parts = []
        for path, entry in self.files.items():
            if entry.table == table and (years is None or path in years):
                names = pq.read_schema(self.folder / path).names
                wanted = [name for name in columns if name in names]
                parts.append(pq.read_table(self.folder / path, columns=wanted).to_pandas())
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))


class Pair:
    """Two releases, the files that are not the same in both, and the delta between them."""

    def __init__(self, before: Side, after: Side, delta: Path, layout: Layout) -> None:
        self.before, self.after, self.delta, self.layout = before, after, delta, layout

    def changed(self, table: str) -> list[str]:
        """The files of a table that are not the same bytes in both; one may be in one of them only."""
        before, after = (
            {path: entry.sha256 for path, entry in side.files.items() if entry.table == table}
            for side in (self.before, self.after)
        )
        return sorted({path for path, _ in before.items() ^ after.items()})

    @cached_property
    def reports(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The reports of both, before and after."""
        wanted = [*REPORT, "agency_name", *(f"edition_{form}" for form in ("s", "t2", "t3", "t4"))]
        wanted += ["cells_agreed", "cells_differ"]
        return self.before.rows("reports", wanted), self.after.rows("reports", wanted)

    @cached_property
    def same_reports(self) -> pd.DataFrame:
        """The keys of the reports that both have."""
        before, after = self.reports
        return before[REPORT].merge(after[REPORT], on=REPORT)

    def both(self, table: str, columns: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows about the same reports, of the files of a table that changed."""
        changed = self.changed(table)
        sides = (side.rows(table, columns, changed) for side in (self.before, self.after))
        first, second = (rows.merge(self.same_reports, on=REPORT) if len(rows) else rows for rows in sides)
        return first, second
