"""`foi-etl releases`: what has been released, whether it is whole, and what changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from foi_etl import night
from foi_etl.cli.say import Home, complain, out, settings, table
from foi_etl.errors import WrongUsage
from foi_etl.publish.apply import apply as apply_delta
from foi_etl.publish.changes import HELD, held
from foi_etl.publish.channels import STABLE
from foi_etl.publish.diff import diff as compare
from foi_etl.publish.manifest import LATEST, MANIFEST, read_manifest, version_key
from foi_etl.publish.place import Place
from foi_etl.publish.retention import Kept, spared
from foi_etl.publish.retention import prune as prune_releases
from foi_etl.publish.verify import verify as faults
from foi_etl.schemas import layout, statute

app = typer.Typer(help="List, show, compare, verify, promote and prune releases.", no_args_is_help=True)
Version = Annotated[str, typer.Argument(help="A version, such as 2026.11.23, latest or stable.")]

Release = Annotated[str, typer.Argument(help="A version of this home, or the folder of a release.")]


@app.command("list")
def list_releases(home: Home = None) -> None:
    """Every release, oldest first, and those that were removed."""
    place = Place.of(settings(home))
    stable = place.channels.stable
    rows = [
        (
            one.version,
            f"{one.reports:,}",
            f"{one.facts:,}",
            f"{one.findings:,}",
            f"{one.bytes:,}",
            one.channel,
            " ".join([LATEST] * one.is_latest + [STABLE] * (one.version == stable)),
        )
        for one in place.listed()
    ]
    columns = ("version", "reports", "facts", "findings", "bytes", "channel", "named")
    table("Releases", columns, rows)
    if gone := place.removed:
        table("Removed", ("version", "on", "because"), [(one.version, one.on, one.because) for one in gone])


@app.command()
def promote(
    version: Version,
    because: Annotated[str, typer.Option(help="Why it is stable; it is told with the release.")],
    home: Home = None,
) -> None:
    """Make a release stable: `stable` leads to it, and it is never removed."""
    if not because.strip():
        raise WrongUsage("say with --because why this release is stable")
    name = Place.of(settings(home)).promote(version, _today(), because.strip())
    out.print(f"{STABLE}: {name}")


@app.command()
def prune(
    keep_days: Annotated[
        int | None,
        typer.Option(min=1, help="Days for which every nightly is kept. [default: FOI_KEEP_DAYS]"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing: show what would be.")] = False,
    home: Home = None,
) -> None:
    """Remove older nightlies, but for the last of each month and what the deltas of others are about."""
    here = settings(home)
    days = keep_days or here.keep_days
    if days < 1:
        raise WrongUsage("say with --keep-days, or FOI_KEEP_DAYS, for how many days every nightly is kept")
    place, rule = Place.of(here), Kept(days, _today())
    if dry_run:
        kept, unneeded = spared(place, rule)
        why = kept | dict.fromkeys(unneeded, f"would be removed: {rule.rule}")
        table("Releases", ("version", "why"), [(one, why[one]) for one in sorted(why, key=version_key)])
        return
    with night.releasing(here):
        removed = prune_releases(place, rule)
    out.print(f"removed: {', '.join(removed) or 'none'}")


@app.command()
def show(version: Version = LATEST, home: Home = None) -> None:
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
def diff(old: Version, new: Version = LATEST, home: Home = None) -> None:
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
def apply(
    old: Release,
    new: Release,
    target: Annotated[Path, typer.Option("--out", help="A folder for the facts; it must be new.")],
    home: Home = None,
) -> None:
    """Make the facts of a release from those of the one before and its delta, and prove them.

    Of NEW no more is needed than `_manifest.json` and `delta.parquet`. Exit code 1 where a file is not the
    bytes that were released.
    """
    place = Place.of(settings(home))
    before, after = (Path(one) if (Path(one) / MANIFEST).is_file() else place.find(one) for one in (old, new))
    differing = apply_delta(before, after, target, statute(), layout())
    for path in differing:
        complain(f"{path}: not the bytes of the release")
    if differing:
        raise typer.Exit(1)
    out.print(f"the facts of {read_manifest(after).version} are in {target}, every byte", soft_wrap=True)


@app.command()
def verify(
    version: Annotated[str, typer.Argument(help="A version, latest, stable or all.")] = "all",
    home: Home = None,
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


def _today() -> date:
    return datetime.now(UTC).date()
