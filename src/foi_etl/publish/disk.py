"""A folder of releases: names that move in one step, files under second names, bytes the disk has."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from foi_etl.errors import ReleaseDamaged
from foi_etl.publish.manifest import LATEST, Entry, latest, read_manifest, sha256

if TYPE_CHECKING:
    from pathlib import Path


def entries(releases: Path) -> dict[str, tuple[str, Entry]]:
    """The files of the latest release by path, each with the version; none where it cannot be told."""
    version = latest(releases)
    with suppress(ReleaseDamaged):
        if version is not None:
            return {entry.path: (version, entry) for entry in read_manifest(releases / version).tables}
    return {}


def linked(releases: Path, known: tuple[str, Entry], target: Path) -> bool:
    """Give a file of an earlier release, if it is what was released, a second name."""
    version, entry = known
    held = releases / version / entry.path
    try:
        if held.stat().st_size != entry.bytes or sha256(held) != entry.sha256:
            return False
        waiting = target.with_name(f".{target.name}.shared")
        os.link(held, waiting)
        waiting.replace(target)
    except OSError:
        # Another disk, or a file system without second names: the file is written again.
        return False
    return True


def point(releases: Path, version: str) -> None:
    """Let `latest` lead to a version, in one step."""
    waiting = releases / f".{LATEST}-{os.getpid()}"
    waiting.symlink_to(version, target_is_directory=True)
    waiting.replace(releases / LATEST)
    flush_folder(releases)


def flush(folder: Path) -> None:
    """Make the disk hold every file, then every folder that names them."""
    for path in sorted(folder.rglob("*"), reverse=True):
        flush_folder(path)
    flush_folder(folder)


def flush_folder(path: Path) -> None:
    """Make the disk hold a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
