"""`foi-etl export`: a release in the formats that researchers use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foi_etl.cli.say import Home, out, settings


def export(
    target: Annotated[
        Path, typer.Option("--out", help="A folder for csv and dta, a file for xlsx, duckdb and sqlite.")
    ],
    format_: Annotated[str, typer.Option("--format", help="csv, xlsx, dta (Stata 118), duckdb or sqlite.")],
    version: Annotated[str, typer.Option("--release", help="A version, latest or stable.")] = "latest",
    tables: Annotated[
        list[str] | None, typer.Option("--table", help="Only this table; may be repeated.")
    ] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV files with the mark Excel needs for Chinese.")
    ] = False,
    home: Home = None,
) -> None:
    """Write a release as CSV, Excel, Stata, DuckDB or SQLite."""
    # Tables are imported where they are wanted.
    from foi_etl.publish.export.release import export as write  # noqa: PLC0415
    from foi_etl.publish.place import Place  # noqa: PLC0415
    from foi_etl.schemas import layout, words  # noqa: PLC0415

    release = Place.of(settings(home)).find(version)
    written = write(release, target, format_, layout(), words(), tables=tables or (), bom=bom)
    out.print(f"{release.name}: {', '.join(written)} written to {target}", soft_wrap=True)
