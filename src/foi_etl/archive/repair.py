"""Setting an archive right after a kill, a crash or a power failure.

What may be on disk after a kill at any byte: a `.open` file that ends anywhere; an index that lacks the last
exchange, or ends in half a line. A closed file is whole, and so are its lines: they are made to last before
it gets its name. So: cut each `.open` file behind its last sealed exchange, write the index anew with
the lines of those files read from the files, and only then give them their last names. Killed in
the middle of that, it is simply done again.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from foi_etl.archive.index import INDEX, OPEN, lines_of, read_line, write_line
from foi_etl.archive.writer import files_in, number_of, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

_Lines = dict[str, list[str]]


def needs_mending(folder: Path) -> bool:
    """Whether a writer was killed here, or the index does not know a file."""
    files = files_in(folder)
    return any(path.name.endswith(OPEN) for path in files) or not {path.name for path in files} <= set(
        _known(folder)
    )


def mend(folder: Path) -> None:
    """Make every file whole and the index true. The caller holds the lock."""
    lines = _known(folder)
    for path in files_in(folder):
        if path.name.endswith(OPEN):
            lines.pop(path.name.removesuffix(OPEN), None)
            _cut(path)
    for path in files_in(folder):
        if path.name.removesuffix(OPEN) not in lines:
            lines[path.name.removesuffix(OPEN)] = _read(path)
    _write_index(folder, lines)
    for path in files_in(folder):
        path.rename(path.with_name(path.name.removesuffix(OPEN)))
    sync_folder(folder)


def rebuild_index(folder: Path) -> None:
    """Write the index anew from the WARC files alone. The caller holds the lock."""
    _write_index(folder, {path.name.removesuffix(OPEN): _read(path) for path in files_in(folder)})


def _read(path: Path) -> list[str]:
    return [write_line(line) for line, _ in lines_of(path)]


def _known(folder: Path) -> _Lines:
    """The lines of the index by file; nothing at all where a line is torn or there is no index."""
    lines: _Lines = {}
    if not (folder / INDEX).exists():
        return lines
    with (folder / INDEX).open(encoding="utf-8", newline="\n") as index:
        for text in index:
            try:
                line = read_line(text)
            except ValueError:
                return {}
            lines.setdefault(line.warc, []).append(text)
    return lines


def _cut(path: Path) -> None:
    """Cut the file behind its last sealed record; away with it where nothing was sealed."""
    end = max((end for _, end in lines_of(path)), default=0)
    if not end:
        path.unlink()
        return
    with path.open("r+b") as stream:
        stream.truncate(end)
        os.fsync(stream.fileno())


def _write_index(folder: Path, lines: _Lines) -> None:
    """Whole or not at all."""
    draft = folder / f"{INDEX}.part"
    with draft.open("w", encoding="utf-8", newline="\n") as index:
        for name in sorted(lines, key=number_of):
            index.writelines(lines[name])
        index.flush()
        os.fsync(index.fileno())
    draft.replace(folder / INDEX)
    sync_folder(folder)
