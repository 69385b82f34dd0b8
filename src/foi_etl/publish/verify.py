"""Whether a release on disk is still what was released."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from foi_etl.errors import ReleaseDamaged
from foi_etl.publish.codebook_html import CODEBOOK_HTML
from foi_etl.publish.croissant import CROISSANT
from foi_etl.publish.manifest import (
    CHANGES,
    CHECKSUMS,
    CODEBOOK,
    DATAPACKAGE,
    MANIFEST,
    Entry,
    Manifest,
    read_manifest,
    sha256,
    version_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PAPERS = {MANIFEST, DATAPACKAGE, CROISSANT, CODEBOOK_HTML, CHANGES}
"""What describes the tables; the manifest is silent about it."""


def verify(release: Path) -> list[str]:
    """One sentence for each thing wrong with a release. Silence means it is whole."""
    if not release.is_dir():
        return [f"{release}: there is no such folder."]
    try:
        manifest = read_manifest(release)
    except ReleaseDamaged as error:
        return [f"{error}.", *_file_faults(release)]
    return [*_file_faults(release), *_manifest_faults(release, manifest), *_package_faults(release, manifest)]


def _file_faults(release: Path) -> Iterator[str]:
    """Every file against SHA256SUMS, both ways."""
    sums = _checksums(release)
    if not sums:
        yield f"{CHECKSUMS}: missing or unreadable, so no file can be proved whole."
        return
    there = {path.relative_to(release).as_posix() for path in release.rglob("*") if not path.is_dir()}
    for name in sorted(sums.keys() - there):
        yield f"{name}: the file is missing."
    for name in sorted(there - sums.keys() - {CHECKSUMS}):
        yield f"{name}: the file is no part of the release."
    for name in sorted(sums.keys() & there):
        if _digest(release / name) != sums[name]:
            yield f"{name}: the file is not what was released, its checksum differs."


def _checksums(release: Path) -> dict[str, str]:
    try:
        lines = (release / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = [line.split("  ", 1) for line in lines]
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _digest(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        return str(error)


def _manifest_faults(release: Path, manifest: Manifest) -> Iterator[str]:
    """The manifest against the folder's name, the checksums and the Parquet files themselves."""
    name = release.resolve().name
    if version_key(name) and name != manifest.version:
        yield f"{MANIFEST}: says version {manifest.version}, but the folder is {name}."
    sums = _checksums(release)
    stated = {entry.path: entry.sha256 for entry in manifest.files} | {CODEBOOK: manifest.codebook}
    for path in sorted(sums.keys() | stated.keys()):
        if path not in _PAPERS and sums.get(path) != stated.get(path):
            yield f"{path}: {MANIFEST} and {CHECKSUMS} do not state the same checksum."
    for entry in manifest.files:
        yield from _table_faults(release, entry)


def _table_faults(release: Path, entry: Entry) -> Iterator[str]:
    path = release / entry.path
    if not path.is_file():
        return
    try:
        rows = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException) as error:
        yield f"{entry.path}: cannot be read as Parquet ({str(error).splitlines()[0]})."
        return
    if rows != entry.rows:
        yield f"{entry.path}: holds {rows} rows, {MANIFEST} says {entry.rows}."


def _package_faults(release: Path, manifest: Manifest) -> Iterator[str]:
    """The data package against the manifest and the columns of the files."""
    try:
        package = json.loads((release / DATAPACKAGE).read_bytes())
        resources = {one["path"]: one for one in package["resources"]}
        stated = {path: one["hash"] for path, one in resources.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{DATAPACKAGE}: cannot be read as a data package ({error!r})."
        return
    if package.get("version") != manifest.version:
        yield f"{DATAPACKAGE}: says version {package.get('version')}, {MANIFEST} says {manifest.version}."
    entries = {entry.path: f"sha256:{entry.sha256}" for entry in manifest.files}
    for path in sorted(entries.keys() | stated.keys()):
        if entries.get(path) != stated.get(path):
            yield f"{path}: {DATAPACKAGE} and {MANIFEST} do not describe the same file."
        elif not _same_columns(release / path, resources[path]):
            yield f"{path}: {DATAPACKAGE} does not name the columns of the file."


def _same_columns(path: Path, resource: Mapping[str, dict[str, list[dict[str, str]]]]) -> bool:
    """Whether the columns are those described; a file that cannot be opened is another sentence's matter."""
    try:
        return bool(pq.read_schema(path).names == [field["name"] for field in resource["schema"]["fields"]])
    except (OSError, pa.ArrowException):
        return True
    except (KeyError, TypeError):
        return False
