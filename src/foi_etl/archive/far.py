"""WARC files that stand elsewhere, behind an fsspec URL: they are read by ranges."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from foi_etl.errors import FoiError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIRST: Final = 1 << 16
_LARGEST: Final = 1 << 22
"""Bytes of a range: one page at first, ever more for whoever reads on."""


class Far:
    """A prefix of a store."""

    def __init__(self, url: str) -> None:
        import fsspec  # noqa: PLC0415  # only for those who keep their archive elsewhere

        try:
            self._store, root = fsspec.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise WrongUsage(f"{error}: install foi-etl[s3] for s3://", archive=url) from error
        self._root, self._url = root.rstrip("/"), url

    def runs(self) -> Iterator[str]:
        """The names of its folders."""
        return (path.rpartition("/")[2] for path, kind in self._listed("") if kind == "directory")

    def files_of(self, run: str) -> list[str]:
        """The names of the files in one of its folders, in order."""
        found = (path for path, kind in self._listed(run) if kind == "file")
        return sorted(path.removeprefix(self._root + "/") for path in found)

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        self._store.invalidate_cache()
        return bool(self._store.exists(self._path(name)))

    def put(self, path: Path, name: str) -> None:
        """Bring a file there, whole or not at all."""
        try:
            self._store.put_file(str(path), self._path(name))
        except Exception as error:  # each store has errors of its own, with no common kind
            message = f"a file of the archive cannot be brought to its place ({error}): run again, it is kept"
            raise FoiError(message, file=path, archive=self._url) from error

    def read(self, name: str) -> io.RawIOBase:
        """A file to be read from any place in it."""
        return _Ranges(self._store, self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")

    def _listed(self, folder: str) -> list[tuple[str, str]]:
        self._store.invalidate_cache()
        try:
            found = self._store.ls(self._path(folder), detail=True)
        except FileNotFoundError:
            return []
        return [(str(one["name"]).rstrip("/"), str(one["type"])) for one in found]


class _Ranges(io.RawIOBase):
    """As much of a file as is asked for, and a little more."""

    def __init__(self, store: Any, path: str) -> None:
        self._store, self._path = store, path
        self._size = int(store.info(path)["size"])
        self._at, self._next = 0, _FIRST

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("from the beginning only")
        self._at = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        end = min(self._size, self._at + (self._next if size < 0 else min(size, self._next)))
        if end <= self._at:
            return b""
        piece = bytes(self._store.cat_file(self._path, start=self._at, end=end))
        self._at, self._next = self._at + len(piece), min(2 * self._next, _LARGEST)
        return piece
