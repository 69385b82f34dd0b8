"""A release is written whole or not at all, and `latest` moves last.

A draft is built beside the releases, every file and folder is flushed to disk, and one rename makes it a
release. Whatever a killed run leaves is a draft, which the next run removes, or a whole release that
`latest` does not lead to yet, which the next run completes. A file that says what the release before said
is that file, under a second name: a release takes the room of what it changed.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foi_etl.crew import Share, here
from foi_etl.errors import ReleaseDamaged
from foi_etl.publish import manifest as papers
from foi_etl.publish.changes import compared
from foi_etl.publish.channels import CHANNELS, STABLE
from foi_etl.publish.disk import DRAFT, alone, entries, flush, flush_folder, linked, point
from foi_etl.publish.manifest import CODEBOOK, LATEST, Manifest, Source, read_manifest, version_key, versions
from foi_etl.publish.package import manifest_of, write_papers
from foi_etl.publish.sheets import write_sheets
from foi_etl.publish.verify import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from foi_etl.publish.gate import Check
    from foi_etl.publish.layout import Layout
    from foi_etl.publish.sheets import Sheet

NOTHING: Final = Source()
"""What a release was made from, where nobody knows."""


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
    sheets: Mapping[str, Sheet],
    *,
    day: date,
    layout: Layout,
    codebook: str,
    description: str = "",
    made_from: Source = NOTHING,
    checks: Sequence[Check] = (),
    accept: str = "",
    share: Share = here,
) -> Release | None:
    """Make a release of the sheets, by path; None where the latest one says exactly the same and is whole.

    Writing and comparing are shared out. ReleaseStopped where one of the checks of the gate objects,
    unless a person accepts it with a reason.
    """
    with alone(releases):
        recover(releases)
        draft = releases / f"{DRAFT}{os.getpid()}"
        try:
            _write_tables(draft, sheets, layout, codebook, share)
            release = _number(releases, draft, day, description, made_from)
            if _says_nothing_new(releases, release):
                return None
            _link_same(draft, release)
            release = compared(draft, release, layout, checks, accept, share)
            write_papers(draft, release, layout)
            flush(draft)
            draft.rename(releases / release.version)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        flush_folder(releases)
        point(releases, release.version)
    return Release(releases / release.version, release)


def recover(releases: Path) -> None:
    """Remove what a killed run left half done, complete what it left almost done. The lock must be held."""
    for leftover in releases.glob(f"{DRAFT}*"):
        shutil.rmtree(leftover)
    for name in (LATEST, STABLE, CHANNELS):
        for leftover in releases.glob(f".{name}-*"):
            leftover.unlink()
    current = papers.latest(releases)
    for version in reversed(versions(releases)):
        if version == current:
            return
        if not verify(releases / version):
            point(releases, version)
            return


def _write_tables(
    draft: Path, sheets: Mapping[str, Sheet], layout: Layout, codebook: str, share: Share
) -> None:
    before = entries(draft.parent)
    due: dict[str, Sheet] = {}
    for path, sheet in sheets.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        known = before.get(path)
        if known is None or sheet.as_in != known[0] or not linked(draft.parent, known, target):
            due[path] = sheet
    write_sheets(draft, due, layout, share)
    (draft / CODEBOOK).write_text(codebook, encoding="utf-8", newline="")


def _link_same(draft: Path, release: Manifest) -> None:
    """Files that turned out as they were before are not kept twice."""
    before = entries(draft.parent)
    for entry in release.tables:
        known = before.get(entry.path)
        target = draft / entry.path
        if known and known[1].sha256 == entry.sha256 and target.stat().st_nlink == 1:
            linked(draft.parent, known, target)


def _number(releases: Path, draft: Path, day: date, description: str, made_from: Source) -> Manifest:
    return manifest_of(draft, _next_version(releases, day), papers.latest(releases), description, made_from)


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
