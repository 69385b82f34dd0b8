"""`foi-etl rebuild`: a release of all there is, read anew; or an earlier one, as it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foi_etl import making
from foi_etl.cli.run import Accept, Cluster, Wait, Workers, publish, with_readers
from foi_etl.cli.say import Home, bar, complain, out, settings
from foi_etl.errors import WrongUsage


def rebuild(
    as_of: Annotated[
        str, typer.Option(help="Make this release again, of what there was then, and compare the bytes.")
    ] = "",
    target: Annotated[
        Path | None,
        typer.Option("--out", help="With --as-of, a folder to leave it in; it must be new."),
    ] = None,
    workers: Workers = 0,
    cluster: Cluster = "",
    wait: Wait = 0.0,
    accept: Accept = "",
    home: Home = None,
) -> None:
    """Read the whole archive again and release it, without network: same archive, same bytes.

    With --as-of an earlier release, also a removed one, is made again beside the home; exit code 1 where
    a file of it is not the same bytes, with what differs from then.
    """
    here = with_readers(settings(home), workers)
    if target and not as_of:
        raise WrongUsage("--out goes with --as-of: a release of all there is goes to the others")
    if not as_of:
        if publish(here, wait, anew=True, cluster=cluster, accept=accept).refused:
            raise typer.Exit(1)
        return
    with bar("reading reports", 0) as progress:
        made = making.rebuild(here, as_of, target, cluster=cluster, begin=progress.total, step=progress.step)
    for one in made.otherwise:
        complain(one)
    told, files = made.manifest, len(made.manifest.sums)
    origin = told.made_from
    out.print(f"release {told.version}: made again of {origin.captures:,} captures up to {origin.until}")
    if target:
        out.print(f"it is in {target}", soft_wrap=True)
    if not made.differing:
        out.print(f"all {files:,} files are the same bytes")
        return
    for path in made.differing:
        complain(f"{path}: not the bytes of the release")
    out.print(f"{len(made.differing):,} files are not the same bytes")
    raise typer.Exit(1)
