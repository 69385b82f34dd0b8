"""`foi-etl releases`: what has been released, whether it is whole, and what changed."""

from __future__ import annotations

from typing import Annotated

import typer

from foi_etl.cli.say import Home, complain, out, settings, table
from foi_etl.publish.changes import HELD, held
from foi_etl.publish.diff import diff as compare
from foi_etl.publish.manifest import read_manifest
from foi_etl.publish.place import Place
from foi_etl.publish.verify import verify as faults
from foi_etl.schemas import layout

app = typer.Typer(help="List, show, compare and verify releases.", no_args_is_help=True)
Version = Annotated[str, typer.Argument(help="A version, such as 2026.11.23, or latest.")]


@app.command("list")
def list_releases(home: Home = None) -> None:
    """Every release, oldest first."""
    listed = Place.of(settings(home)).listed()
    rows = [
        (
            one.version,
            one.day,
            f"{one.reports:,}",
            f"{one.facts:,}",
            f"{one.findings:,}",
            f"{one.bytes:,}",
            "*" * one.is_latest,
        )
        for one in listed
    ]
    table("Releases", ("version", "day", "reports", "facts", "findings", "bytes", "latest"), rows)


@app.command()
def show(version: Version = "latest", home: Home = None) -> None:
    """The tables of a release, with rows, bytes and checksums."""
    release = Place.of(settings(home)).find(version)
    manifest = read_manifest(release)
    rows = [(one.path, f"{one.rows:,}", f"{one.bytes:,}", one.sha256[:16]) for one in manifest.tables]
    table(
        f"Release {manifest.version}, after {manifest.previous or 'none'}",
        ("file", "rows", "bytes", "sha256"),
        rows,
    )
    out.print(str(release), soft_wrap=True)


@app.command("held")
def show_held(home: Home = None) -> None:
    """What the gate has against the release it stopped last. Exit code 1 where it stopped one."""
    releases = settings(home).releases
    found = held(releases)
    if not found:
        out.print("the gate holds nothing")
        return
    for one in found:
        complain(one)
    out.print(f"the stopped release: {releases / HELD}", soft_wrap=True)
    raise typer.Exit(1)


@app.command()
def diff(old: Version, new: Version = "latest", home: Home = None) -> None:
    """The cells that one release says and another does not."""
    releases = Place.of(settings(home))
    made = compare(releases.find(old), releases.find(new), layout())
    sizes = f"{len(made.added):,} added, {len(made.removed):,} removed, {len(made.revised):,} revised"
    out.print(f"{made.old} -> {made.new}: {sizes}")
    for name, frame in (("added", made.added), ("removed", made.removed), ("revised", made.revised)):
        if len(frame):
            head = frame.head(20).fillna("")
            table(
                f"{name} (first {len(head)} of {len(frame):,})",
                list(head.columns),
                head.itertuples(index=False),
            )


@app.command()
def verify(
    version: Annotated[str, typer.Argument(help="A version, latest, or all.")] = "all", home: Home = None
) -> None:
    """Whether every file of a release is what was released. Exit code 1 where one is not."""
    releases = Place.of(settings(home))
    chosen = [one.version for one in releases.listed()] if version == "all" else [version]
    damaged = 0
    for one in chosen:
        with releases.proving(one) as release:
            found = faults(release)
        damaged += bool(found)
        out.print(f"{release.name}: {'whole' if not found else f'{len(found)} faults'}")
        for fault in found:
            complain(f"{release.name}: {fault}")
    if damaged:
        raise typer.Exit(1)
