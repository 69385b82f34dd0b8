"""Which releases there are, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foi_etl.errors import WrongUsage
from foi_etl.publish.manifest import LATEST, latest, read_manifest, version_key, versions

if TYPE_CHECKING:
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
    return [_listed(releases / version, is_latest=version == current) for version in versions(releases)]


def find(releases: Path, version: str = LATEST) -> Path:
    """The folder of a version, `latest` included; WrongUsage says what there is instead."""
    known = versions(releases)
    name = latest(releases) if version == LATEST else version
    if name in known:
        return releases / str(name)
    if not known:
        raise WrongUsage(
            "there is no release yet; run `foi-etl demo` or `foi-etl run` first", folder=releases
        )
    raise WrongUsage(f"there is no release {version!r}; there are: {', '.join(known)}", folder=releases)


def _listed(release: Path, *, is_latest: bool) -> Listed:
    manifest = read_manifest(release)
    rows = dict.fromkeys(("reports", "facts", "findings", "captures"), 0)
    for entry in manifest.tables:
        if entry.table in rows:
            rows[entry.table] += entry.rows
    year, month, day = version_key(release.name)[:3]
    size = sum(entry.bytes for entry in manifest.tables)
    return Listed(
        version=release.name,
        path=release,
        day=f"{year:04}-{month:02}-{day:02}",
        **rows,
        bytes=size,
        is_latest=is_latest,
    )
