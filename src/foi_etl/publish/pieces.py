"""A piece: the published rows of some captures, in Arrow, before it is known which of them are published.

Each table of a piece is one file of streams, one behind the other, cut by year and in the order of the
agencies, so that whoever wants one year of some agencies reads little else. `piece.json` says what stands
where, and what each capture was read from; a capture whose reading would be made from something else today
is not in it.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from foi_etl.errors import FoiError
from foi_etl.model import Capture, Judged, Refusal
from foi_etl.publish import streams
from foi_etl.publish.card import CARD, Card, Group
from foi_etl.publish.tables import parts, refuse_repeats, settled, whose, years_of

if TYPE_CHECKING:
    from foi_etl.forms import Statute
    from foi_etl.publish.layout import Layout, TableLayout

INDEX: Final = "_captures.arrow"
NO_YEAR: Final = -1
_LAST: Final = "\U0010ffff"
_GROUP: Final = 1 << 16
"""Rows of a stream at most."""
_BATCH: Final = 100
"""Reports held as objects at once; behind them there are only columns."""
_FACTS: Final = "facts"
"""It needs no check of its own: each of its readings has its row, or rows, in a wide table."""
_SCHEMA: Final = pa.schema(
    [
        ("capture", pa.string()),
        ("made_from", pa.string()),
        ("agency_id", pa.string()),
        ("year", pa.int64()),
        ("fetched_at", pa.string()),
        ("url", pa.string()),
        ("reason", pa.string()),
        ("message", pa.string()),
    ]
)

Files = dict[str, bytes]
"""A piece as it travels: its files by name."""
Result = Judged | tuple[Capture, Refusal]


class PieceDamaged(FoiError):
    """A file of a piece is not what was written. The piece is deleted, and its captures are read again."""


class Piece:
    """A piece that can be read: from its folder, or from memory where it has not been kept."""

    def __init__(
        self, card: Card | None, *, folder: Path | None = None, files: Mapping[str, bytes] | None = None
    ) -> None:
        self._card = card
        self.folder = folder
        self._files = files
        self._proved: set[str] = set()

    @classmethod
    def at(cls, folder: Path) -> Piece:
        """The piece in a folder; PieceDamaged where there is no readable one."""
        found = cls(None, folder=folder)
        _ = found.card
        return found

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Piece:
        """The piece these files are."""
        return cls(Card.read(files[CARD]), files=files)

    def __reduce__(self) -> tuple[Callable[..., Piece], tuple[object, ...]]:
        """A kept piece is sent as its folder; whoever gets it opens it once."""
        return (_kept, (self.folder,)) if self._files is None else (Piece.of, (self._files,))

    @property
    def card(self) -> Card:
        """What the piece says of itself."""
        if self._card is None:
            folder = self.folder or Path()
            try:
                self._card = Card.read((folder / CARD).read_bytes())
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise PieceDamaged("no readable piece: it is made again", folder=folder) from error
        return self._card

    @property
    def index(self) -> pa.Table:
        """One row per capture: what it was read from, and which report it is or why it is none."""
        return self._read(INDEX, [0])[0]

    def rows(
        self, table: str, year: int, first: str = "", last: str = _LAST, columns: Sequence[str] | None = None
    ) -> list[pa.Table]:
        """The streams of a year that hold agencies from the first to the last, others beside them."""
        groups, starts = self.card.groups.get(table, ()), self.card.starts.get(table, ())
        wanted = [
            start
            for (of, _, low, high), start in zip(groups, starts, strict=True)
            if of == year and low <= last and first <= high
        ]
        return self._read(f"{table}.arrow", wanted, columns) if wanted else []

    def _read(self, name: str, starts: Iterable[int], columns: Sequence[str] | None = None) -> list[pa.Table]:
        """What begins at these places of a file."""
        try:
            body = self._opened(name)
            return [streams.read(body.slice(start), columns) for start in starts]
        except (OSError, KeyError, pa.ArrowException) as error:
            raise PieceDamaged("a piece cannot be read", folder=self.folder) from error

    def _opened(self, name: str) -> pa.Buffer:
        """A file of the piece, proved by its checksum the first time it is asked for."""
        if self._files is not None:
            return pa.py_buffer(self._files[name])
        path = (self.folder or Path()) / name
        if name not in self._proved:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != self.card.files[name]:
                    raise PieceDamaged("a piece is not what was written", folder=self.folder)
            self._proved.add(name)
        with pa.memory_map(str(path)) as file:
            return file.read_buffer()


@cache
def _kept(folder: Path) -> Piece:
    """A piece that another process kept; it is not looked at before it is asked."""
    return Piece(None, folder=folder)


def piece(results: Iterable[tuple[str, Result]], statute: Statute, layout: Layout, version: str) -> Files:
    """The piece of what came of some captures; with each, what it was made from."""
    index: list[dict[str, object]] = []
    made: dict[str, list[pa.Table]] = defaultdict(list)
    tally: Counter[str] = Counter()

    def take(judged: Sequence[Judged], refusals: Sequence[tuple[Capture, Refusal]]) -> None:
        for name, tables in parts(judged, refusals, statute, layout).items():
            made[name] += tables

    judged: list[Judged] = []
    refused: list[tuple[Capture, Refusal]] = []
    for made_from, result in results:
        index.append(_indexed(made_from, result))
        if isinstance(result, Judged):
            judged.append(result)
            _count(tally, result)
        else:
            refused.append(result)
        if len(judged) >= _BATCH:
            take(judged, ())
            judged.clear()
    take(judged, refused)
    grouped = {name: _cut(tables, layout.read[name]) for name, tables in made.items()}
    return packed(pa.Table.from_pylist(index, _SCHEMA), grouped, version, tally)


def packed(
    index: pa.Table,
    tables: Mapping[str, Iterable[tuple[Group, pa.Table]]],
    version: str,
    tally: Mapping[str, int],
) -> Files:
    """A piece of an index and of tables that are already cut; one stream is held at a time."""
    files, groups, starts = {INDEX: streams.written([index])[0]}, {}, {}
    for name, cut in tables.items():
        told: list[Group] = []
        body, begun = streams.written(_noting(cut, told))
        if told:
            groups[name], starts[name], files[f"{name}.arrow"] = tuple(told), begun, body
    sums = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    return files | {CARD: Card(version, index.num_rows, groups, starts, sums, dict(tally)).written()}


def _noting(cut: Iterable[tuple[Group, pa.Table]], told: list[Group]) -> Iterator[pa.Table]:
    """The tables; which they are is told meanwhile."""
    for group, table in cut:
        told.append(group)
        yield table


def cut(table: pa.Table, year: int) -> Iterator[tuple[Group, pa.Table]]:
    """Rows of one year, in order, as streams."""
    for start in range(0, table.num_rows, _GROUP):
        some = table.slice(start, _GROUP)
        agencies = some["agency_id"].unique().cast(pa.string()).to_pylist()
        known = [one or "" for one in agencies]
        yield (year, some.num_rows, min(known), max(known)), some


def _cut(tables: Sequence[pa.Table], layout: TableLayout) -> Iterator[tuple[Group, pa.Table]]:
    """The parts of one table, settled and cut by year."""
    table = settled(tables, layout)
    if layout.name != _FACTS:
        refuse_repeats(table, layout, tuple(dict.fromkeys((*layout.key, whose(layout)))))
    years = years_of(table)
    for year in sorted(set(years.tolist()), key=lambda one: (one == NO_YEAR, one)):
        yield from cut(table.take(pa.array(np.flatnonzero(years == year))), year)


def _indexed(made_from: str, result: Result) -> dict[str, object]:
    capture = result.capture if isinstance(result, Judged) else result[0]
    told: dict[str, object] = {
        "capture": capture.id,
        "made_from": made_from,
        "agency_id": capture.agency_id,
        "fetched_at": capture.fetched_at,
        "url": capture.url,
    }
    if isinstance(result, Judged):
        return told | {"agency_id": result.report.agency_id, "year": result.report.year}
    return told | {"reason": result[1].reason, "message": result[1].message}


def _count(tally: Counter[str], judged: Judged) -> None:
    verdict = judged.verdict
    tally["reports"] += 1
    tally["inferences"] += len(verdict.inferences)
    tally.update(f"findings: {finding.weight}" for finding in verdict.findings)
    tally.update(f"cells: {fact.state}" for reading in verdict.tables for fact in reading.facts.values())
