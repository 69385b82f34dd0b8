"""Refused documents: the archive keeps them, the latest release says why, and a replay tries them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from foi_etl.schemas import version

_RECOVERED: Final = "recovered.jsonl"


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
    """Keep what a replay recovered, with the readers that did it, for the next release to say so."""
    if found:
        home.mkdir(parents=True, exist_ok=True)
        with (home / _RECOVERED).open("a", encoding="utf-8") as lines:
            lines.writelines(
                json.dumps(dict(one) | {"readers": version()}, ensure_ascii=False) + "\n" for one in found
            )


def recovered(home: Path) -> str:
    """What replays recovered, in a sentence; empty where there was nothing."""
    path = home / _RECOVERED
    if not path.is_file():
        return ""
    by_readers: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        by_readers.setdefault(one["readers"][:12], set()).add(one["capture"])
    told = ", ".join(f"{len(found)} by readers {readers}" for readers, found in by_readers.items())
    return f"Recovered after they had been refused: {told}."
