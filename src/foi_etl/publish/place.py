"""Where releases are read: in a folder, or behind a URL, with copies in a folder."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from foi_etl.errors import ReleaseDamaged, WrongUsage
from foi_etl.far import Far
from foi_etl.publish import catalogue
from foi_etl.publish import manifest as papers
from foi_etl.publish.channels import CHANNELS, REMOVED, STABLE, read_channels
from foi_etl.publish.disk import DRAFT, alone, point, say
from foi_etl.publish.manifest import LATEST, MANIFEST, manifest_from, read_manifest
from foi_etl.publish.mirror import Mirror
from foi_etl.publish.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from foi_etl.publish.catalogue import Listed
    from foi_etl.publish.channels import Channels, Decided
    from foi_etl.publish.manifest import Manifest
    from foi_etl.settings import Settings

_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """The releases of a home."""

    near: Path
    """The folder they are in, or the copies."""
    url: str = ""
    """A prefix behind fsspec, such as s3://bucket/prefix; empty where they are in the folder."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The place of these settings."""
        return cls(settings.releases, settings.far_releases)

    @property
    def mirror(self) -> Mirror | None:
        """What keeps the copies, where they are copies."""
        return Mirror(self.near, Far(self.url)) if self.url else None

    @property
    def versions(self) -> list[str]:
        """Every version, oldest first; one that is being brought there is among them."""
        return mirror.versions() if (mirror := self.mirror) else papers.versions(self.near)

    @property
    def latest(self) -> str | None:
        """The newest version, by the name `latest`."""
        return mirror.latest() if (mirror := self.mirror) else papers.latest(self.near)

    @property
    def channels(self) -> Channels:
        """What became of the releases."""
        return read_channels(self._said(CHANNELS), f"{self.url or self.near}/{CHANNELS}")

    @property
    def removed(self) -> list[Decided]:
        """The releases that are no longer there, and why."""
        there = set(self.versions)
        return [one for one in self.channels.removed if one.version not in there]

    def find(self, version: str = LATEST) -> Path:
        """The folder of a version, `latest` and `stable` included, or a copy of it.

        WrongUsage says what there is.
        """
        name = self.named(version)
        return mirror.fetch(name) if (mirror := self.mirror) else self.near / name

    def named(self, version: str) -> str:
        """The version that is asked for, which is there; WrongUsage says what there is instead."""
        asked = {LATEST: lambda: self.latest, STABLE: lambda: self.channels.stable}
        name = asked[version]() if version in asked else version
        known = self.versions
        if name in known:
            return str(name)
        gone = {one.version: one for one in self.removed}
        raise WrongUsage(
            catalogue.missing(known, version, gone.get(version)), folder=self.url or str(self.near)
        )

    def manifest(self, version: str) -> Manifest:
        """What a release says of itself, also one that was taken away."""
        there = version in {LATEST, STABLE, *self.versions}
        if not there and (gone := self._manifest(f"{REMOVED}/{version}.json")):
            return gone
        name = self.named(version)
        found = self._manifest(f"{name}/{MANIFEST}") if self.url else read_manifest(self.near / name)
        if found is None:
            raise WrongUsage("this release is being brought there, or was not to its end", version=name)
        return found

    def manifests(self) -> dict[str, Manifest]:
        """What every release says of itself, oldest first. ReleaseDamaged where one does not."""
        known = self.versions
        if not self.url:
            return {version: read_manifest(self.near / version) for version in known}
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            found = zip(
                known, readers.map(lambda one: self._manifest(f"{one}/{MANIFEST}"), known), strict=True
            )
            return {version: said for version, said in found if said}  # otherwise it is being brought there

    def listed(self) -> list[Listed]:
        """Every release, oldest first. One without a readable manifest raises ReleaseDamaged."""
        told, current = self.channels, self.latest
        return [
            catalogue.listed(self.near / version, said, told.of(version), is_latest=version == current)
            for version, said in self.manifests().items()
        ]

    @contextmanager
    def proving(self, version: str) -> Iterator[Path]:
        """The folder of a version as it stands there now, while the block lasts."""
        if mirror := self.mirror:
            with mirror.proving(self.named(version)) as folder:
                yield folder
        else:
            yield self.find(version)

    def tables(self, version: str = LATEST) -> tuple[str, Manifest]:
        """The address that a version's tables are read below, and its manifest; nothing is copied."""
        name = self.named(version)
        return f"{self.url.rstrip('/') or self.near}/{name}", self.manifest(name)

    def promote(self, version: str, day: date, because: str) -> str:
        """Let `stable` lead to a version, which it is; ReleaseDamaged where that is not what was released."""
        name = self.named(version)
        with alone(self.near):
            told = self.channels
            if told.stable != name:
                with self.proving(name) as folder:
                    for fault in verify(folder)[:1]:
                        message = "this release is not what was released, so it is not promoted"
                        raise ReleaseDamaged(message, version=name, fault=fault)
                self._say(CHANNELS, told.promoting(name, day, because).written())
            if mirror := self.mirror:
                mirror.far.write(STABLE, f"{name}\n")
            else:
                point(self.near, name, STABLE)
        return name

    def remove(self, version: str, day: date, because: str) -> None:
        """Take a release away. That it is gone and why is said first; the lock must be held."""
        if said := self._said(f"{version}/{MANIFEST}"):
            self._say(f"{REMOVED}/{version}.json", said)
        self._say(CHANNELS, self.channels.removing(version, day, because).written())
        if mirror := self.mirror:
            mirror.far.remove(f"{version}/{MANIFEST}")
            mirror.far.remove(version)
        if (here := self.near / version).is_dir():
            leaving = self.near / f"{DRAFT}{version}"
            here.rename(leaving)
            shutil.rmtree(leaving)

    def _manifest(self, name: str) -> Manifest | None:
        said = self._said(name)
        return None if said is None else manifest_from(said, f"{self.url or self.near}/{name}")

    def _said(self, name: str) -> str | None:
        """What a small file beside the releases, or in one, says; None where there is none."""
        if mirror := self.mirror:
            return mirror.far.text(name)
        path = self.near / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def _say(self, name: str, text: str) -> None:
        if mirror := self.mirror:
            mirror.far.write(name, text)
        else:
            say(self.near / name, text)
