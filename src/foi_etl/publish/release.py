"""A release is written whole or not at all, and `latest` moves last.

A draft is built beside the releases, every file and folder is flushed to disk, and one rename makes it a
release. Whatever a killed run leaves is a draft, which the next run removes, or a whole release that
`latest` does not lead to yet, which the next run completes.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from foi_etl.errors import ReleaseDamaged, WaitAndRetry
from foi_etl.publish import manifest as papers
from foi_etl.publish.manifest import CODEBOOK, LATEST, Manifest, read_manifest, version_key, versions
from foi_etl.publish.package import manifest_of, write_papers
from foi_etl.publish.parquet import write
from foi_etl.publish.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

    from foi_etl.publish.layout import Layout

_LOCK = ".lock"
_DRAFT = ".draft-"
_PATIENCE = 600  # seconds; the largest release is made in a tenth of that


@dataclass(frozen=True, slots=True)
class Release:
    """A release on disk."""

    path: Path
    manifest: Manifest

    @property
    def version(self) -> str:
        """Its number: the day, and a second number where the day has several."""
        return self.manifest.version


def publish(
    releases: Path,
    tables: Mapping[str, pa.Table],
    *,
    day: date,
    layout: Layout,
    codebook: str,
    description: str = "",
) -> Release | None:
    """Make a release of the tables; None where the latest one says exactly the same and is whole."""
    releases.mkdir(parents=True, exist_ok=True)
    with _alone(releases):
        recover(releases)
        draft = releases / f"{_DRAFT}{os.getpid()}"
        try:
            _write_tables(draft, tables, layout, codebook)
            release = _number(releases, draft, day, description)
            if _says_nothing_new(releases, release):
                return None
            write_papers(draft, release, layout)
            _flush(draft)
            draft.rename(releases / release.version)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _flush_folder(releases)
        _point(releases, release.version)
    return Release(releases / release.version, release)


def recover(releases: Path) -> None:
    """Remove what a killed run left half done, complete what it left almost done. The lock must be held."""
    for leftover in releases.glob(f"{_DRAFT}*"):
        shutil.rmtree(leftover)
    for leftover in releases.glob(f".{LATEST}-*"):
        leftover.unlink()
    current = papers.latest(releases)
    for version in reversed(versions(releases)):
        if version == current:
            return
        if not verify(releases / version):
            _point(releases, version)
            return


@contextmanager
def _alone(releases: Path) -> Iterator[None]:
    """Two releases are never made at once; the lock of a killed run falls with it."""
    try:
        with FileLock(releases / _LOCK, timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise WaitAndRetry(
            "another process is making a release; wait for it to end, then publish again",
            lock=releases / _LOCK,
        ) from error


def _write_tables(draft: Path, tables: Mapping[str, pa.Table], layout: Layout, codebook: str) -> None:
    for path, table in tables.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write(table, target, layout.of(path))
    (draft / CODEBOOK).write_text(codebook, encoding="utf-8", newline="")


def _number(releases: Path, draft: Path, day: date, description: str) -> Manifest:
    return manifest_of(draft, _next_version(releases, day), papers.latest(releases), description)


def _next_version(releases: Path, day: date) -> str:
    """The number after all others: a clock that was set back does not put a new release before an old one."""
    keys = [version_key(version) for version in versions(releases)]
    today = max([(day.year, day.month, day.day), *(key[:3] for key in keys)])
    stem = "{:04}.{:02}.{:02}".format(*today)
    taken = [key[3] for key in keys if key[:3] == today]
    return f"{stem}.{max(taken) + 1}" if taken else stem


def _says_nothing_new(releases: Path, release: Manifest) -> bool:
    """Whether the latest release holds the same bytes, as its manifest says and as its files prove."""
    if release.previous is None:
        return False
    previous = releases / release.previous
    try:
        same = read_manifest(previous).contents == release.contents
    except ReleaseDamaged:
        return False
    return same and not verify(previous)


def _point(releases: Path, version: str) -> None:
    """Let `latest` lead to a version, in one step."""
    waiting = releases / f".{LATEST}-{os.getpid()}"
    waiting.symlink_to(version, target_is_directory=True)
    waiting.replace(releases / LATEST)
    _flush_folder(releases)


def _flush(folder: Path) -> None:
    """Make the disk hold every file, then every folder that names them."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _flush_folder(path)
    _flush_folder(folder)


def _flush_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
