"""A folder of releases: names that move in one step, files under second names, bytes the disk has."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from foi_etl.errors import ReleaseDamaged, WaitAndRetry
from foi_etl.publish.manifest import LATEST, Entry, latest, read_manifest, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DRAFT: Final = ".draft-"
"""Begins the names of folders that are on their way to be releases, or no longer to be."""
_LOCK: Final = ".lock"
_PATIENCE: Final = 600
"""Seconds; the largest release is made in a tenth of that."""


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


def point(releases: Path, version: str, name: str = LATEST) -> None:
    """Let `latest`, or another name, lead to a version, in one step."""
    waiting = releases / f".{name}-{os.getpid()}"
    waiting.unlink(missing_ok=True)
    waiting.symlink_to(version, target_is_directory=True)
    waiting.replace(releases / name)
    flush_folder(releases)


def say(path: Path, text: str) -> None:
    """Let a small file say something, in one step and for good."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    flush_folder(draft)
    draft.replace(path)
    flush_folder(path.parent)


@contextmanager
def alone(releases: Path) -> Iterator[None]:
    """Two releases are never made at once; the lock of a killed run falls with it."""
    releases.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(releases / _LOCK, timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise WaitAndRetry(
            "another process is making a release; wait for it to end, then publish again",
            lock=releases / _LOCK,
        ) from error


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
