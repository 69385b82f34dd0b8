"""What the latest release was made from, as it is left for the next night. It may be deleted."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from foi_etl.errors import ReleaseDamaged
from foi_etl.publish.manifest import LATEST, latest, read_manifest


@dataclass(frozen=True, slots=True)
class Told:
    """What the latest release was made from."""

    inputs: str = ""
    version: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    refused: int = 0

    @classmethod
    def read(cls, path: Path, releases: Path) -> Told:
        """What the state says, if it speaks of the latest release and that is there."""
        try:
            told = cls(**json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return cls()
        return told if told.version and told.version == latest(releases) and _there(releases) else cls()

    def write(self, path: Path) -> None:
        """Leave it for the next night."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps({name: getattr(self, name) for name in self.__slots__}), encoding="utf-8")
        draft.replace(path)


def _there(releases: Path) -> bool:
    """Whether the latest release has all its files, as far as their sizes tell."""
    folder = releases / LATEST
    try:
        return all((folder / one.path).stat().st_size == one.bytes for one in read_manifest(folder).files)
    except (OSError, ReleaseDamaged):
        return False
