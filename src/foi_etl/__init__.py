"""China's annual reports on open government information, as one dataset.

>>> import foi_etl
>>> requests = foi_etl.load("requests")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["load"]


def load(table: str, version: str = "latest", home: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Return a published table as a pandas frame: `load("requests")`, `load("facts", version="stable")`.

    `home` is the folder that holds `releases`; failing that the environment variable FOI_HOME, failing that
    `data`. An unknown table or version raises an error that lists what there is.
    """
    from foi_etl.publish.load import load as read  # noqa: PLC0415 - importing foi_etl need not wait for pandas

    return read(table, version, home)
