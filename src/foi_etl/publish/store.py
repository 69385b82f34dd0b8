"""The pieces of a home: kept until they are merged, and joined so that they stay few.

They are derived. Whatever is missing or damaged is read again from the archive, so nothing here is made to
last through a power failure; checksums tell what did not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
from filelock import FileLock

from foi_etl.publish.card import CARD, Group
from foi_etl.publish.pieces import NO_YEAR, Files, Piece, PieceDamaged, cut, packed
from foi_etl.publish.tables import only, settled, whose

if TYPE_CHECKING:
    from foi_etl.publish.layout import Layout, TableLayout

_FEW: Final = 32
"""Small pieces of one size that are joined, so that they stay few."""
_MOST: Final = 2000
"""Captures in a joined piece at most: so much is held while it is made, however large the corpus is.
A piece that has a quarter of them is not small, and stays as it is."""


@dataclass(frozen=True, slots=True)
class PieceStore:
    """A folder of pieces, each in a folder named by what is in it."""

    folder: Path
    version: str
    """Of the readers: pieces of another one are as good as none."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody joins or removes pieces meanwhile; pieces may be added."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / ".lock"):
            yield

    def pieces(self) -> list[Piece]:
        """Every piece of this version, oldest first; one that cannot be read is removed."""
        found: list[tuple[int, str, Piece]] = []
        for folder in self.folder.glob("[0-9a-f]*") if self.folder.is_dir() else ():
            try:
                one = Piece.at(folder)
            except PieceDamaged:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            if one.card.version == self.version:
                found.append(((folder / CARD).stat().st_mtime_ns, folder.name, one))
        return [one for _, _, one in sorted(found, key=lambda each: each[:2])]

    def held(self, but: str) -> dict[str, str]:
        """What the pieces have of each capture, by what it was made from, but for refusals of one reason."""
        held: dict[str, str] = {}
        for one in self.pieces():
            with _removing(one):
                index = one.index
                kept = index.filter(pc.not_equal(pc.fill_null(index["reason"], ""), but))
                held.update(zip(kept["capture"].to_pylist(), kept["made_from"].to_pylist(), strict=True))
        return held

    def keep(self, files: Files) -> Piece:
        """Keep a piece. The same piece again takes the place of the one before."""
        name = hashlib.sha256(files[CARD]).hexdigest()[:16]
        draft, target = self.folder / f".draft-{os.getpid()}-{name}", self.folder / name
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for file, body in files.items():
            (draft / file).write_bytes(body)
        shutil.rmtree(target, ignore_errors=True)
        try:
            draft.rename(target)
        except OSError:
            # Another process kept the same piece just now.
            shutil.rmtree(draft, ignore_errors=True)
        return Piece.at(target)

    def remove(self, folder: str) -> None:
        """Remove a piece, by its folder."""
        if Path(folder).parent == self.folder:
            shutil.rmtree(folder, ignore_errors=True)

    def tidy(self, layout: Layout, live: Mapping[str, str]) -> None:
        """Remove what no release will ask for, and join small pieces. `alone` must be held."""
        self._sweep(live)
        for same in self._too_many():
            joined = _joined(same, layout, live, self.version)
            for one in same:
                _remove(one)
            if joined is not None:
                self.keep(joined)

    def _sweep(self, live: Mapping[str, str]) -> None:
        known = {one.folder for one in self.pieces()}
        for folder in self.folder.glob("*"):
            if folder.is_dir() and folder not in known:
                shutil.rmtree(folder, ignore_errors=True)
        served: set[str] = set()
        for one in reversed(self.pieces()):
            captures = one.index["capture"].to_pylist()
            made_from = one.index["made_from"].to_pylist()
            # What somebody else archived meanwhile is not ours to judge.
            fresh = {c for c, m in zip(captures, made_from, strict=True) if live.get(c, m) == m} - served
            if not fresh:
                _remove(one)
            served |= fresh

    def _too_many(self) -> Iterator[list[Piece]]:
        sizes: dict[int, list[Piece]] = defaultdict(list)
        for one in self.pieces():
            if one.card.captures * 4 < _MOST:
                sizes[len(f"{one.card.captures:x}")].append(one)
        for same in sizes.values():
            if len(same) >= _FEW:
                yield from _lots(sorted(same, key=_first_agency))


def _lots(listed: Iterable[Piece]) -> Iterator[list[Piece]]:
    """As many pieces as make no joined one too large, again and again."""
    lot: list[Piece] = []
    captures = 0
    for one in listed:
        if captures + one.card.captures > _MOST:
            yield lot
            lot, captures = [], 0
        lot.append(one)
        captures += one.card.captures
    yield lot


def _joined(same: Sequence[Piece], layout: Layout, live: Mapping[str, str], version: str) -> Files | None:
    """Several pieces as one, without what was read anew since."""
    kept: dict[str, int] = {}
    for at, one in enumerate(same):
        for capture, made_from in zip(
            *(one.index[name].to_pylist() for name in ("capture", "made_from")), strict=True
        ):
            if live.get(capture, made_from) == made_from:
                kept[capture] = at
    if not kept:
        return None
    mine = [{capture for capture, at in kept.items() if at == number} for number in range(len(same))]
    index = pa.concat_tables([only(one.index, "capture", mine[at]) for at, one in enumerate(same)])
    tables = {name: _regrouped(same, mine, table) for name, table in layout.read.items()}
    return packed(index, tables, version, {})


def _regrouped(
    same: Sequence[Piece], mine: Sequence[set[str]], table: TableLayout
) -> Iterator[tuple[Group, pa.Table]]:
    """The row groups of a table of the joined piece, made a year at a time."""
    for year in sorted(_years(same, table.name), key=lambda one: (one == NO_YEAR, one)):
        parts = [
            only(part, whose(table), mine[at])
            for at, one in enumerate(same)
            for part in one.rows(table.name, year)
        ]
        if rows := [part for part in parts if part.num_rows]:
            yield from cut(settled(rows, table), year)


def _years(same: Sequence[Piece], table: str) -> set[int]:
    return {year for one in same for year, _, _, _ in one.card.groups.get(table, ())}


def _first_agency(one: Piece) -> str:
    return min((low for groups in one.card.groups.values() for _, _, low, _ in groups), default="")


def _remove(one: Piece) -> None:
    if one.folder is not None:
        shutil.rmtree(one.folder, ignore_errors=True)


@contextmanager
def _removing(one: Piece) -> Iterator[None]:
    """A piece that proves damaged is removed, and its captures are as if never read."""
    with suppress(PieceDamaged):
        try:
            yield
        except PieceDamaged:
            _remove(one)
            raise
