"""Files that stand elsewhere, behind an fsspec URL such as s3://bucket/prefix."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from foi_etl.errors import WaitAndRetry, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIRST: Final = 1 << 16
_LARGEST: Final = 1 << 22
"""Bytes of a range: one page at first, ever more for whoever reads on."""


class Far:
    """A prefix of a store. Names are below it, with slashes."""

    def __init__(self, url: str) -> None:
        import fsspec  # noqa: PLC0415  # only for those who keep something elsewhere

        try:
            self._store, root = fsspec.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise WrongUsage(f"{error}: install foi-etl[s3] for s3://", url=url) from error
        self._root, self.url = root.rstrip("/"), url.rstrip("/")

    def folders(self) -> list[str]:
        """The names of the folders in it."""
        return [path.rpartition("/")[2] for path, kind in self._listed("") if kind == "directory"]

    def files_of(self, folder: str) -> list[str]:
        """The names of the files in one of its folders, in order."""
        found = (path for path, kind in self._listed(folder) if kind == "file")
        return sorted(path.removeprefix(self._root + "/") for path in found)

    def sizes(self, folder: str) -> dict[str, int]:
        """Every file below one of its folders, by its name there, with its bytes."""
        self._store.invalidate_cache()
        with self._asked("listed", folder):
            found = self._store.find(self._path(folder), detail=True)
        start = len(self._path(folder)) + 1
        return {str(path)[start:]: int(one["size"]) for path, one in sorted(found.items())}

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        self._store.invalidate_cache()
        return bool(self._store.exists(self._path(name)))

    def put(self, path: Path, name: str) -> None:
        """Bring a file there, whole or not at all."""
        with self._asked("brought to its place", name):
            self._store.put_file(str(path), self._path(name))

    def get(self, name: str, path: Path) -> None:
        """Bring a file here."""
        with self._asked("brought here", name):
            self._store.get_file(self._path(name), str(path))

    def copy(self, name: str, other: str) -> None:
        """Give what a file says another name there, too, without bringing it here."""
        with self._asked("copied", name):
            self._store.cp_file(self._path(name), self._path(other))

    def text(self, name: str) -> str | None:
        """What a small file says; None where there is none."""
        self._store.invalidate_cache()
        with self._asked("read", name):
            try:
                return bytes(self._store.cat_file(self._path(name))).decode()
            except FileNotFoundError:
                return None

    def write(self, name: str, text: str) -> None:
        """Let a small file say something, in one step."""
        with self._asked("written", name):
            self._store.pipe_file(self._path(name), text.encode())

    def remove(self, name: str) -> None:
        """Take a file away, or a folder with all in it; it may be gone already."""
        self._store.invalidate_cache()
        with self._asked("removed", name):
            try:
                self._store.rm(self._path(name), recursive=True)
            except FileNotFoundError:
                return

    def read(self, name: str) -> io.RawIOBase:
        """A file to be read from any place in it, by ranges."""
        return _Ranges(self._store, self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")

    def _listed(self, folder: str) -> list[tuple[str, str]]:
        self._store.invalidate_cache()
        with self._asked("listed", folder):
            try:
                found = self._store.ls(self._path(folder), detail=True)
            except FileNotFoundError:
                return []
        return [(str(one["name"]).rstrip("/"), str(one["type"])) for one in found]

    @contextmanager
    def _asked(self, what: str, name: str) -> Iterator[None]:
        """Say in our words what a store says in its own: their errors have no common kind."""
        try:
            yield
        except FileNotFoundError as error:
            message = f"a file cannot be {what}: it is not there, or the bucket is not; look at the URL"
            raise WrongUsage(message, file=name, store=self.url) from error
        except PermissionError as error:
            message = f"the store does not let this be {what} ({error}): look at the credentials"
            raise WrongUsage(message, file=name, store=self.url) from error
        except Exception as error:
            message = f"a file cannot be {what} ({error}): run again, nothing is lost"
            raise WaitAndRetry(message, file=name, store=self.url) from error


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
