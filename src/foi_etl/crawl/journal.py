"""What a run asked and what came of it, written down line by line as it is known.

A line is written with one call to the system, so a run that is killed leaves whole lines, or at worst half
of a last one, which is passed over when they are read.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUTCOMES = "outcomes.jsonl"
Line = dict[str, object]


class Journal:
    """The outcomes of one run. Safe among threads; a run that is gone on with writes on."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(folder / OUTCOMES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._guard = threading.Lock()
        self._end_torn_line(folder / OUTCOMES)

    def write(self, **line: object) -> None:
        """One more line."""
        blob = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        with self._guard:
            os.write(self._handle, blob)

    def close(self) -> None:
        """Nothing more will be written."""
        os.close(self._handle)

    def _end_torn_line(self, path: Path) -> None:
        with path.open("rb") as written:
            if written.seek(0, os.SEEK_END):
                written.seek(-1, os.SEEK_END)
                if written.read() != b"\n":
                    os.write(self._handle, b"\n")


def lines_of_run(folder: Path) -> Iterator[Line]:
    """What a run wrote down, in its order; half lines are passed over."""
    with (folder / OUTCOMES).open(encoding="utf-8", errors="replace") as written:
        for text in written:
            with suppress(ValueError):
                yield dict(json.loads(text))


def runs_in(folder: Path) -> list[Path]:
    """The runs that wrote something, oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{OUTCOMES}"))
