"""What one release says that another did not, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from foi_etl.publish.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEY = ["agency_id", "year", "cell_id"]
_SAID = ["value", "state", "raw", "unit"]
"""What a cell says. Where it was read from may change without anything being said anew."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The cells that differ, in the order of year, agency and cell."""

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


def diff(old: Path, new: Path) -> Diff:
    """Compare the facts of two releases. Years whose files are the same bytes are not opened."""
    before, after = _facts_files(old), _facts_files(new)
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    # Where nothing changed, comparing a year that neither has still gives the columns.
    years = [_joined(old / path, new / path) for path in changed or ["facts/none"]]
    joined = pd.concat(years, ignore_index=True)
    old_names, new_names = [f"old_{name}" for name in _SAID], [f"new_{name}" for name in _SAID]
    return Diff(
        old=old.resolve().name,
        new=new.resolve().name,
        added=_side(joined, "right_only", new_names),
        removed=_side(joined, "left_only", old_names),
        revised=joined.loc[joined["_merge"] == "both", [*_KEY, *old_names, *new_names]].reset_index(
            drop=True
        ),
    )


def _facts_files(release: Path) -> dict[str, str]:
    return {e.path: e.sha256 for e in read_manifest(release).tables if e.path.startswith("facts/")}


def _joined(old: Path, new: Path) -> pd.DataFrame:
    """The cells of one year that are not the same on both sides."""
    both = _read(old).merge(_read(new), how="outer", on=_KEY, suffixes=("_old", "_new"), indicator=True)
    both = both.rename(
        columns={f"{name}_{side}": f"{side}_{name}" for name in _SAID for side in ("old", "new")}
    )
    differs = both["_merge"] != "both"
    for left, right in _pairs(both):
        differs |= ~((left == right) | (left.isna() & right.isna()))
    return both[differs]


def _pairs(both: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
    for name in _SAID:
        yield both[f"old_{name}"], both[f"new_{name}"]


def _read(path: Path) -> pd.DataFrame:
    if path.is_file():
        return pd.read_parquet(path, columns=[*_KEY, *_SAID])
    strings = dict.fromkeys(("agency_id", "cell_id", "state", "raw", "unit"), "str")
    types = {"year": "int64", "value": "float64"} | strings
    return pd.DataFrame({name: pd.Series(dtype=types[name]) for name in (*_KEY, *_SAID)})


def _side(joined: pd.DataFrame, which: str, names: list[str]) -> pd.DataFrame:
    plain = {name: name.split("_", 1)[1] for name in names}
    return joined.loc[joined["_merge"] == which, [*_KEY, *names]].rename(columns=plain).reset_index(drop=True)
