"""Where the WARC files of an archive stand, and under which names.

A run has a folder, named by the moment it began, and in it a file for each host it heard from:
`20261123T205500Z/www.example.gov.cn-0001.warc.gz`. A file that is being written ends in `.open`. Files of
earlier versions, `foi-<stamp>-<number>.warc.gz`, stand beside the folders and are read like the others.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from foi_etl.far import Far

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN: Final = ".open"
"""Behind the name of a file that is being written."""
ENDING: Final = ".warc.gz"
_RUN = re.compile(r"\d{8}T\d{6}Z")
_OLD = re.compile(r"foi-\d{8}T\d{6}Z-\d{6}\.warc\.gz(\.open)?")


_far = cache(Far)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The place of the files. It can be handed to another process."""

    folder: Path
    remote: str = ""
    """An fsspec URL: a file is brought there when it is closed, and read from there. Empty where it stays."""

    def runs(self) -> set[str]:
        """The runs that wrote here; an empty name stands for the files of earlier versions."""
        with os.scandir(self.folder) as entries:
            names = [(one.name, one.is_dir()) for one in entries]
        runs = {name for name, is_folder in names if is_folder and _RUN.fullmatch(name)}
        runs |= {"" for name, is_folder in names if not is_folder and _OLD.fullmatch(name)}
        return runs | ({run for run in self._far.folders() if _RUN.fullmatch(run)} if self.remote else set())

    def files_of(self, run: str) -> Iterator[str]:
        """The names of a run's closed files, in order."""
        near = [self._name(path) for path in self._paths(run) if path.name.endswith(ENDING)]
        far = self._far.files_of(run) if self.remote and run else []
        yield from sorted({*near, *(name for name in far if name.endswith(ENDING))})

    def open_files_of(self, run: str) -> Iterator[str]:
        """The names of a run's files that were not closed, without the sign of it, in order."""
        for path in self._paths(run):
            if path.name.endswith(ENDING + OPEN):
                yield self._name(path).removesuffix(OPEN)

    def holds(self, name: str) -> bool:
        """Whether there is a closed file of this name."""
        return (self.folder / name).exists() or bool(self.remote and self._far.holds(name))

    def path_of_open(self, name: str) -> Path:
        """Where a file lies while it is written."""
        return self.folder / (name + OPEN)

    def read(self, name: str) -> BinaryIO:
        """A file, under its open or its last name: a writer may be giving it its last name just now."""
        path = self.folder / name
        for one in (path, self.path_of_open(name)):
            with suppress(FileNotFoundError):
                return one.open("rb")
        return cast("BinaryIO", self._far.read(name)) if self.remote else path.open("rb")

    def close(self, name: str) -> None:
        """Give a file its last name, and bring it to its place. Its bytes were made to last before."""
        near = self.folder / name
        with suppress(FileNotFoundError):
            self.path_of_open(name).rename(near)
        if self.remote and near.exists():
            self._far.put(near, name)
            near.unlink()

    def tidy(self, run: str) -> None:
        """Take the folder of a run away where nothing is left in it. Nobody may be writing there."""
        with suppress(OSError):
            (self.folder / run).rmdir()

    def settle(self, run: str) -> None:
        """Make the names of a run's files last through a power failure."""
        for folder in {self.folder / run, self.folder}:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @property
    def _far(self) -> Far:
        return _far(self.remote)

    def _paths(self, run: str) -> list[Path]:
        folder = self.folder / run
        paths = folder.iterdir() if folder.is_dir() else ()
        return sorted(path for path in paths if run or _OLD.fullmatch(path.name))

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.folder))
