"""A published table as a pandas frame."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from foi_etl.errors import WrongUsage
from foi_etl.publish.manifest import LATEST
from foi_etl.publish.place import Place
from foi_etl.settings import Settings


def load(table: str, version: str = LATEST, home: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """A table of a release, all its years at once. Counts stay whole numbers where some are null."""
    here = Settings.here(Path(home) if home else None)
    address, manifest = Place.of(here).tables(version)
    files = [entry.path for entry in manifest.files if entry.table == table]
    if not files:
        known = ", ".join(manifest.names)
        raise WrongUsage(f"there is no table {table!r} in {manifest.version}; there are: {known}")
    return pd.read_parquet(f"{address}/{files[0].split('/')[0]}")
