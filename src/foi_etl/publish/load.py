"""A published table as a pandas frame."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from foi_etl.errors import WrongUsage
from foi_etl.publish.catalogue import find
from foi_etl.publish.manifest import LATEST, read_manifest


def load(table: str, version: str = LATEST, home: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """A table of a release, all its years at once. Counts stay whole numbers where some are null."""
    folder = Path(home or os.environ.get("FOI_HOME") or "data") / "releases"
    release = find(folder, version)
    known = read_manifest(release).names
    if table not in known:
        raise WrongUsage(f"there is no table {table!r} in {release.name}; there are: {', '.join(known)}")
    one = release / f"{table}.parquet"
    return pd.read_parquet(one if one.exists() else release / table)
