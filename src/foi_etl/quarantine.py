"""Refused documents: the archive keeps them, the latest release says why, and a replay tries them again."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from foi_etl.schemas import version

_RECOVERED: Final = "recovered.jsonl"
_MOST: Final = 2000
"""Recovered captures that are remembered, the newest; the releases keep what was said of the others."""
_SHOWN: Final = 5
"""Versions of the readers that a release names."""


def unread(home: Path, words: str = "") -> dict[str, str]:
    """The captures that the latest release lists as unread, and why; those whose reason has these words."""
    from foi_etl.publish.load import load  # noqa: PLC0415 - brings pandas along

    told = load("findings", home=home)
    found = told[told["rule"] == "unread"]
    rows = zip(found["capture"], found["diagnosis"].fillna(""), found["message"], strict=True)
    return {
        str(capture): f"{reason}: {message}"
        for capture, reason, message in rows
        if words in f"{reason}: {message}"
    }


def note_recovered(home: Path, found: Sequence[Mapping[str, object]]) -> None:
    """Keep what a replay recovered, with the readers that did it, for the next release to say so.

    A capture is kept once, with the readers that recovered it last; of very many, the newest are.
    """
    if not found:
        return
    kept: dict[str, Mapping[str, object]] = {one["capture"]: one for one in _noted(home)}
    for one in found:
        kept.pop(str(one["capture"]), None)
        kept[str(one["capture"])] = dict(one) | {"readers": version()}
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f".{_RECOVERED}.{os.getpid()}"
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in list(kept.values())[-_MOST:])
    draft.write_text("".join(lines), encoding="utf-8")
    draft.replace(home / _RECOVERED)


def _noted(home: Path) -> list[dict[str, str]]:
    """What the file holds. A line cut by a full disk or a kill is none."""
    path = home / _RECOVERED
    noted = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        with suppress(ValueError):
            noted.append(json.loads(line))
    return noted


def recovered(home: Path) -> str:
    """What replays recovered, in a sentence; empty where there was nothing."""
    by_readers = Counter(one["readers"][:12] for one in _noted(home))
    if not by_readers:
        return ""
    told = [f"{found} by readers {readers}" for readers, found in by_readers.items()]
    earlier = [f"{sum(list(by_readers.values())[:-_SHOWN])} by earlier ones"] if len(told) > _SHOWN else []
    return f"Recovered after they had been refused: {', '.join([*earlier, *told[-_SHOWN:]])}."
