"""What one release says that another did not, as frames a person looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from foi_etl.publish.delta import ADDED, KEY, REMOVED, REVISED, delta
from foi_etl.publish.layout import SAID
from foi_etl.publish.parquet import schema

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from foi_etl.publish.layout import Layout


@dataclass(frozen=True, slots=True)
class Diff:
    """The cells that say something else, in the order of year, agency and cell."""

    old: str
    new: str
    added: pd.DataFrame
    """Keys, and what they say now."""
    removed: pd.DataFrame
    """Keys, and what they said."""
    revised: pd.DataFrame
    """Keys, and each of value, state, raw and unit as `old_…` and `new_…`."""

    @property
    def is_additive(self) -> bool:
        """True when nobody's earlier query can change its answer about an earlier report."""
        return self.removed.empty and self.revised.empty


def diff(old: Path, new: Path, layout: Layout) -> Diff:
    """Compare the facts of two releases. Years whose files are the same bytes are not opened."""
    empty = schema(layout.delta).empty_table()
    changes = pa.concat_tables([empty, *(one.cast(empty.schema) for one in delta(old, new, layout))])
    rows = changes.to_pandas().sort_values(["year", "agency_id", "cell_id"], ignore_index=True)
    plain = [*KEY, *SAID]
    revised = rows.loc[rows["change"] == REVISED, [*KEY, *(f"old_{name}" for name in SAID), *SAID]]
    return Diff(
        old=old.resolve().name,
        new=new.resolve().name,
        added=rows.loc[rows["change"] == ADDED, plain].reset_index(drop=True),
        removed=rows.loc[rows["change"] == REMOVED, plain].reset_index(drop=True),
        revised=revised.rename(columns={name: f"new_{name}" for name in SAID}).reset_index(drop=True),
    )
