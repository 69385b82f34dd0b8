"""Which releases there are, in words and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foi_etl.publish.channels import STABLE
from foi_etl.publish.manifest import version_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from foi_etl.publish.channels import Decided
    from foi_etl.publish.manifest import Manifest


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
    channel: str
    is_latest: bool


def missing(known: Sequence[str], asked: str, gone: Decided | None) -> str:
    """Why a version is not there, and what there is instead."""
    if gone:
        return (
            f"release {asked} was removed on {gone.on}: {gone.because}; "
            f"`foi-etl rebuild --as-of {asked}` makes its tables again"
        )
    if not known:
        return "there is no release yet; run `foi-etl demo` or `foi-etl run` first"
    if asked == STABLE:
        return "no release is stable yet: `foi-etl releases promote VERSION --because REASON` makes one so"
    return f"there is no release {asked!r}; there are: {', '.join(known)}"


def listed(path: Path, manifest: Manifest, channel: str, *, is_latest: bool) -> Listed:
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
        channel=channel,
        is_latest=is_latest,
    )
