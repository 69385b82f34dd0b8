"""The files of a release, written side by side: each is made of what another process can be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from foi_etl.publish.parquet import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from foi_etl.crew import Share
    from foi_etl.publish.layout import Layout

_LARGEST: Final = "facts/"
"""A file of it is as much work as all others of its year."""
Lot = Sequence[tuple[str, "Sheet"]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file to be: its rows, in order, when they are asked for."""

    batches: Callable[[], Iterable[pa.Table]]
    as_in: str = ""
    """The version whose file of this path was made from the same; empty where none is known."""


def write_sheets(folder: Path, sheets: Mapping[str, Sheet], layout: Layout, share: Share) -> None:
    """Write these files, by path; those of a year are made of the same, and are one piece of work."""
    for _ in share(partial(_write, folder, layout), _lots(sheets)):
        pass


def _lots(sheets: Mapping[str, Sheet]) -> list[Lot]:
    """What is written by one process, the most work first."""
    lots: dict[tuple[bool, str], list[tuple[str, Sheet]]] = defaultdict(list)
    for path, sheet in sheets.items():
        lots[path.startswith(_LARGEST), path.rpartition("/")[2]].append((path, sheet))
    return [lots[key] for key in sorted(lots, reverse=True)]


def _write(folder: Path, layout: Layout, lot: Lot) -> None:
    for path, sheet in lot:
        write(sheet.batches(), folder / path, layout.of(path))
