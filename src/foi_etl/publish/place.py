"""Where releases are read: in a folder, or behind a URL, with copies in a folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from foi_etl.errors import WrongUsage
from foi_etl.far import Far
from foi_etl.publish import catalogue
from foi_etl.publish.manifest import LATEST, MANIFEST, manifest_from, read_manifest
from foi_etl.publish.mirror import Mirror

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foi_etl.publish.catalogue import Listed
    from foi_etl.publish.manifest import Manifest
    from foi_etl.settings import Settings


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

    def find(self, version: str = LATEST) -> Path:
        """The folder of a version, `latest` included, or a copy of it; WrongUsage says what there is."""
        if mirror := self.mirror:
            return mirror.fetch(self._version(mirror, version))
        return catalogue.find(self.near, version)

    def listed(self) -> list[Listed]:
        """Every release, oldest first. One without a readable manifest raises ReleaseDamaged."""
        mirror = self.mirror
        if mirror is None:
            return catalogue.catalogue(self.near)
        current, known = mirror.latest(), mirror.versions()
        with ThreadPoolExecutor() as readers:
            found = zip(known, readers.map(partial(_manifest, mirror), known), strict=True)
            return [
                catalogue.listed(self.near / version, manifest, is_latest=version == current)
                for version, manifest in found
                if manifest  # otherwise it is being brought there
            ]

    @contextmanager
    def proving(self, version: str) -> Iterator[Path]:
        """The folder of a version as it stands there now, while the block lasts."""
        if mirror := self.mirror:
            with mirror.proving(self._version(mirror, version)) as folder:
                yield folder
        else:
            yield self.find(version)

    def tables(self, version: str = LATEST) -> tuple[str, Manifest]:
        """The address that a version's tables are read below, and its manifest; nothing is copied."""
        if mirror := self.mirror:
            name = self._version(mirror, version)
            manifest = _manifest(mirror, name)
            if manifest is None:
                raise WrongUsage("this release is being brought there, or was not to its end", version=name)
            return f"{mirror.far.url}/{name}", manifest
        folder = self.find(version)
        return str(folder), read_manifest(folder)

    def _version(self, mirror: Mirror, version: str) -> str:
        name = mirror.latest() if version == LATEST else version
        return catalogue.one_of(mirror.versions(), name, version, mirror.far.url)


def _manifest(mirror: Mirror, version: str) -> Manifest | None:
    said = mirror.far.text(f"{version}/{MANIFEST}")
    return None if said is None else manifest_from(said, f"{mirror.far.url}/{version}/{MANIFEST}")
