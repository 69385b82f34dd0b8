"""What a run asked and what came of it, written down line by line as it is known.

A line is written with one call to the system, so a run that is killed leaves whole lines, or at worst half
of a last one, which is passed over when they are read.
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foi_etl.errors import FoiError
    from foi_etl.model import Agency, Capture

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


def line_of_ask(
    agency: Agency,
    purpose: str,
    url: str,
    began: float,
    *,
    capture: Capture | None = None,
    sign: str = "",
    status: int = 0,
    error: FoiError | None = None,
) -> Line:
    """What a run says of one request that began at that moment of the monotonic clock."""
    came = "as before" if capture and capture.revisit_of else "new"
    if sign or capture is None:
        came = "refused" if sign else "trouble"
    return {
        "kind": "ask",
        "agency": agency.id,
        "purpose": purpose,
        "url": url,
        "status": status,
        "outcome": came,
        "sign": sign or (str(error) if error else ""),
        "capture": capture.id if capture else "",
        "bytes": capture.size if capture else 0,
        "seconds": round(time.monotonic() - began, 3),
    }


def lines_of_run(folder: Path) -> Iterator[Line]:
    """What a run wrote down, in its order; half lines are passed over."""
    with (folder / OUTCOMES).open(encoding="utf-8", errors="replace") as written:
        for text in written:
            with suppress(ValueError):
                yield dict(json.loads(text))


def runs_in(folder: Path) -> list[Path]:
    """The runs that wrote something, oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{OUTCOMES}"))
