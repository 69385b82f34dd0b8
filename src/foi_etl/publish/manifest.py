"""What a release says of itself in `_manifest.json`, and how its files are told by their bytes."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from foi_etl.errors import ReleaseDamaged

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "_manifest.json"
"""With the underscore: a `manifest.json` beside Parquet files breaks a plain read of the folder."""
DATAPACKAGE = "datapackage.json"
CODEBOOK = "codebook.csv"
CHANGES = "CHANGES.md"
CHECKSUMS = "SHA256SUMS"
LATEST = "latest"

_VERSION = re.compile(r"(\d{4})\.(\d\d)\.(\d\d)(?:\.([1-9]\d*))?")


class Entry(BaseModel):
    """One table file of a release."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    rows: int
    bytes: int
    sha256: str

    @property
    def table(self) -> str:
        """The table it is a file of."""
        return table_of(self.path)


class Source(BaseModel):
    """What a release was made from, and by. It says so that the release can be made again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    captures: int = 0
    code: str = ""
    """Version of foi-etl."""
    commit: str = ""
    """Of its source tree, with a `+` where that had been changed; empty where it was not known."""
    readers: str = ""
    """A digest of everything that turns bytes into rows."""
    python: str = ""
    libraries: dict[str, str] = {}
    until: str = ""
    """The moment up to which was looked: of the last capture, visit or beginning of a run. UTC ISO 8601."""
    archive: str = ""
    """A digest of every capture that was read, and of what it was read with."""
    runs: int = 0
    files: dict[str, str] = {}
    """A digest of each file that a person writes."""


class Accepted(BaseModel):
    """Why a release was published although the gate objected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    objections: tuple[str, ...]


class Compared(BaseModel):
    """What differs from an earlier release."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: str | None
    """The release before it that was whole."""
    file: Entry


class Manifest(BaseModel):
    """The whole of `_manifest.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    previous: str | None
    description: str
    made_from: Source
    tables: tuple[Entry, ...]
    codebook: str
    """SHA-256 of codebook.csv."""
    delta: Compared | None = None
    accepted: Accepted | None = None

    @property
    def contents(self) -> tuple[object, ...]:
        """What makes two releases the same release: every byte of data, and nothing of its circumstances."""
        return self.tables, self.codebook, self.description

    @property
    def sums(self) -> dict[str, str]:
        """The checksum of each table file, and of the codebook."""
        return {entry.path: entry.sha256 for entry in self.tables} | {CODEBOOK: self.codebook}

    @property
    def since(self) -> str | None:
        """The release that its delta is about."""
        return self.delta.since if self.delta else None

    @property
    def files(self) -> tuple[Entry, ...]:
        """Every Parquet file: the tables, and what differs from the release before."""
        return (*self.tables, self.delta.file) if self.delta else self.tables

    @property
    def names(self) -> list[str]:
        """The tables it holds, without year or ending."""
        return sorted({entry.table for entry in self.tables})


def table_of(path: str) -> str:
    """The table a file of a release belongs to: `facts/2019.parquet`, `reports.parquet/2019.parquet`."""
    return path.split("/", 1)[0].removesuffix(".parquet")


def read_manifest(release: Path) -> Manifest:
    """The manifest of a release, or ReleaseDamaged."""
    try:
        said = (release / MANIFEST).read_bytes()
    except OSError as error:
        raise _unreadable(release / MANIFEST, error) from error
    return manifest_from(said, release / MANIFEST)


def manifest_from(said: str | bytes, file: object) -> Manifest:
    """The manifest that a file holds, or ReleaseDamaged."""
    try:
        return Manifest.model_validate_json(said)
    except ValidationError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: object, error: Exception) -> ReleaseDamaged:
    message = "no readable manifest; delete the folder and rebuild from the archive"
    return ReleaseDamaged(message, file=file, reason=str(error).splitlines()[0])


def version_key(name: str) -> tuple[int, ...]:
    """A version as numbers, for putting in order; empty where the name is no version."""
    parts = _VERSION.fullmatch(name)
    return tuple(int(part or 0) for part in parts.groups()) if parts else ()


def before(version: str) -> str:
    """The number before this one on its day; empty for the first."""
    *_, number = version_key(version)
    stem = ".".join(version.split(".")[:3])
    return (f"{stem}.{number - 1}" if number > 1 else stem) if number else ""


def versions(releases: Path) -> list[str]:
    """Every released version in the folder, oldest first."""
    if not releases.is_dir():
        return []
    return sorted((one.name for one in releases.iterdir() if version_key(one.name)), key=version_key)


def latest(releases: Path) -> str | None:
    """The version that `latest` leads to, if it leads to one."""
    target = releases / LATEST
    return target.resolve().name if target.is_dir() else None


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
