"""Releases that stand elsewhere, and the copies of some of them here.

There, a version is a folder as it is here, and `latest` is a small file that holds the number of the newest.
A release is made among the copies and brought there: its files first, then its manifest, `latest` last.
What a killed run leaves there is a version without a manifest, which the next run completes or removes, or a
whole one that `latest` does not name yet, which the next run lets it name. The copies may be deleted.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from foi_etl.errors import ReleaseDamaged, WaitAndRetry
from foi_etl.far import Far
from foi_etl.publish.disk import linked, point
from foi_etl.publish.manifest import LATEST, MANIFEST, Entry, read_manifest, version_key, versions
from foi_etl.publish.verify import verify

_AT_ONCE: Final = 8
"""Files on their way at the same time."""
_KEPT: Final = 2
"""Copies that stay: what a new release says anew is told by the one before."""
_WHILE: Final = 24 * 3600
"""Seconds for which a copy stays that somebody asked for."""
_DRAFT: Final = ".fetch-"


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder of copies, and where the releases are that they are copies of."""

    near: Path
    far: Far

    def versions(self) -> list[str]:
        """Every version there, oldest first; one that is being brought there is among them."""
        return sorted(filter(version_key, self.far.folders()), key=version_key)

    def latest(self) -> str | None:
        """The version that `latest` names there."""
        return (self.far.text(LATEST) or "").strip() or None

    def fetch(self, version: str) -> Path:
        """A copy of a version, as far as it is there."""
        copy = self.near / version
        if _sizes(copy) != self.far.sizes(version):
            self._fetched(version, copy, shared=True)
        return copy

    @contextmanager
    def proving(self, version: str) -> Iterator[Path]:
        """A copy for which every byte was brought here anew, while the block lasts."""
        folder = self.near / f"{_DRAFT}{os.getpid()}-proof"
        try:
            self._fetched(version, folder / version, shared=False)
            yield folder / version
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def catch_up(self) -> None:
        """Complete or remove what a killed run left there, and have a whole copy of the latest release.

        Nobody else may be making a release meanwhile.
        """
        self.near.mkdir(parents=True, exist_ok=True)
        named = self.latest()
        current = self._current(named)
        if current is None:
            (self.near / LATEST).unlink(missing_ok=True)
            return
        if verify(self.near / current):
            self._fetched(current, self.near / current, shared=True)
        self._bring(current)
        self._name(current, named)
        point(self.near, current)
        self._prune(current)

    def send(self, version: str) -> None:
        """Bring a release there that was made here after the latest one, and let `latest` name it."""
        self._bring(version)
        self._name(version, read_manifest(self.near / version).previous)

    def _current(self, named: str | None) -> str | None:
        """The version that is to be the latest: the newest whole one, if that is newer than the named one."""
        for version in sorted({*self.versions(), *versions(self.near)}, key=version_key, reverse=True):
            if version == named:
                return version
            if self.far.holds(f"{version}/{MANIFEST}"):
                if not verify(self.fetch(version)):
                    return version
            elif not verify(self.near / version):
                return version
            else:
                self.far.remove(version)
                shutil.rmtree(self.near / version, ignore_errors=True)
        return None

    def _bring(self, version: str) -> None:
        """Bring there what is not there yet. What an earlier release holds already does not travel."""
        here, there = _sizes(self.near / version), self.far.sizes(version)
        missing = [name for name, size in here.items() if there.get(name) != size]
        manifest = read_manifest(self.near / version)
        before = self._contents(manifest.previous) if manifest.previous else {}
        sums = {entry.path: entry.sha256 for entry in manifest.files}

        def bring(name: str) -> None:
            held = before.get(sums.get(name, ""))
            if held:
                self.far.copy(held, f"{version}/{name}")
            else:
                self.far.put(self.near / version / name, f"{version}/{name}")

        _all_at_once(bring, [name for name in missing if name != MANIFEST])
        if MANIFEST in missing:
            for name in there.keys() - here.keys():
                self.far.remove(f"{version}/{name}")
            bring(MANIFEST)

    def _contents(self, version: str) -> dict[str, str]:
        """The files of a version there by what they say."""
        with suppress(ReleaseDamaged):
            listed = read_manifest(self.near / version).files
            there = self.far.sizes(version)
            return {one.sha256: f"{version}/{one.path}" for one in listed if there.get(one.path) == one.bytes}
        return {}

    def _name(self, version: str, before: str | None) -> None:
        """Let `latest` name a version, if it names what it named before."""
        if (named := self.latest()) not in {before, version}:
            message = "somebody else released to this place meanwhile: only one home may; run again"
            raise WaitAndRetry(message, store=self.far.url, latest=named, expected=before)
        if named != version:
            self.far.write(LATEST, f"{version}\n")

    def _fetched(self, version: str, target: Path, *, shared: bool) -> None:
        """Bring a version here; what another copy holds, if it may be `shared`, is that file."""
        draft = target.with_name(f"{_DRAFT}{os.getpid()}-{version}")
        shutil.rmtree(draft, ignore_errors=True)
        there = self.far.sizes(version)
        for folder in {(draft / name).parent for name in (MANIFEST, *there)}:
            folder.mkdir(parents=True, exist_ok=True)
        held = self._held() if shared else {}
        sums: dict[str, str] = {}
        if MANIFEST in there:
            self.far.get(f"{version}/{MANIFEST}", draft / MANIFEST)
            with suppress(ReleaseDamaged):
                sums = {entry.path: entry.sha256 for entry in read_manifest(draft).files}

        def fetch(name: str) -> None:
            known = held.get(sums.get(name, ""))
            if not (known and linked(self.near, known, draft / name)):
                self.far.get(f"{version}/{name}", draft / name)

        _all_at_once(fetch, [name for name in there if name != MANIFEST])
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)

    def _held(self) -> dict[str, tuple[str, Entry]]:
        """The files of all copies by what they say."""
        held: dict[str, tuple[str, Entry]] = {}
        for version in versions(self.near):
            with suppress(ReleaseDamaged):
                held |= {one.sha256: (version, one) for one in read_manifest(self.near / version).files}
        return held

    def _prune(self, current: str) -> None:
        """Take copies away that nobody needs, and what a killed run left of others."""
        done = [version for version in versions(self.near) if version_key(version) <= version_key(current)]
        unneeded = [self.near / version for version in done[:-_KEPT]]
        for copy in (*unneeded, *self.near.glob(f"{_DRAFT}*")):
            if time.time() - copy.stat().st_mtime > _WHILE:
                shutil.rmtree(copy, ignore_errors=True)


def _sizes(folder: Path) -> dict[str, int]:
    """Every file below a folder, by its name there, with its bytes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}


def _all_at_once(do: Callable[[str], None], names: list[str]) -> None:
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="mirror") as carriers:
        for done in [carriers.submit(partial(do, name)) for name in names]:
            done.result()
