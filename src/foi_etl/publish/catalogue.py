"""Which releases there are, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foi_etl.errors import WrongUsage
from foi_etl.publish.manifest import LATEST, Manifest, latest, read_manifest, version_key, versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Listed:
    """One release, as a list of releases shows it."""

    version: str
    path: Path
    day: str
    """ISO 8601."""
    reports: int
    facts: int
    findings: int
    captures: int
    bytes: int
    """Of its tables."""
    is_latest: bool


def catalogue(releases: Path) -> list[Listed]:
    """Every release, oldest first. A folder without a readable manifest raises ReleaseDamaged."""
    current = latest(releases)
    found = ((version, releases / version) for version in versions(releases))
    return [listed(path, read_manifest(path), is_latest=version == current) for version, path in found]


def find(releases: Path, version: str = LATEST) -> Path:
    """The folder of a version, `latest` included; WrongUsage says what there is instead."""
    name = latest(releases) if version == LATEST else version
    return releases / one_of(versions(releases), name, version, releases)


def one_of(known: Sequence[str], name: str | None, asked: str, where: object) -> str:
    """A version that is there; WrongUsage says what there is instead."""
    if name in known:
        return str(name)
    if not known:
        raise WrongUsage("there is no release yet; run `foi-etl demo` or `foi-etl run` first", folder=where)
    raise WrongUsage(f"there is no release {asked!r}; there are: {', '.join(known)}", folder=where)


def listed(path: Path, manifest: Manifest, *, is_latest: bool) -> Listed:
    """A release as a list of releases shows it."""
    rows = dict.fromkeys(("reports", "facts", "findings", "captures"), 0)
    for entry in manifest.tables:
        if entry.table in rows:
            rows[entry.table] += entry.rows
    year, month, day = version_key(path.name)[:3]
    size = sum(entry.bytes for entry in manifest.tables)
    return Listed(
        version=path.name,
        path=path,
        day=f"{year:04}-{month:02}-{day:02}",
        **rows,
        bytes=size,
        is_latest=is_latest,
    )
