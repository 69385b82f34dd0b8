"""The facts of a release from those of the one before and its delta, for whoever has no more than these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foi_etl.errors import ReleaseDamaged, WrongUsage
from foi_etl.publish.delta import DELTA, write_applied
from foi_etl.publish.manifest import read_manifest, sha256

if TYPE_CHECKING:
    from pathlib import Path

    from foi_etl.forms import Statute
    from foi_etl.publish.layout import Layout
    from foi_etl.publish.manifest import Entry

_FACTS = "facts"


def apply(old: Path, new: Path, out: Path, statute: Statute, layout: Layout) -> list[str]:
    """Write the facts of `new` into a folder, and name the files that are not the bytes of that release.

    Of `new` its manifest and its delta are read, of `old` its manifest and its facts, all proved first.
    """
    before, after = read_manifest(old), read_manifest(new)
    if after.delta is None or after.since != before.version:
        message = f"the delta of {after.version} is about {after.since or 'no release'}: get that one"
        raise WrongUsage(message, old=before.version)
    if out.exists():
        raise WrongUsage("there is something at this place already: name another one", out=out)
    for folder, entry in ((new, after.delta.file), *((old, entry) for entry in _facts(before.tables))):
        _prove(folder, entry)
    written = write_applied(old, new / DELTA, out, statute, layout)
    made = {path.relative_to(out).as_posix(): sha256(path) for path in written}
    wanted = {entry.path: entry.sha256 for entry in _facts(after.tables)}
    return sorted({path for path, _ in made.items() ^ wanted.items()})


def _facts(entries: tuple[Entry, ...]) -> list[Entry]:
    return [entry for entry in entries if entry.table == _FACTS]


def _prove(folder: Path, entry: Entry) -> None:
    path = folder / entry.path
    if not path.is_file() or sha256(path) != entry.sha256:
        raise ReleaseDamaged("this file is not what was released: get it again", file=path)
