"""What reports state in their sentences, as read from `schemas/narrative.toml`.

A topic is one thing a sentence may put a figure to, told by the words around the figure. The rules that
hold those figures against the tables are read from `schemas/rules.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Cue = re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """One thing a sentence may put a figure to. What each kind of cue means, the file itself says."""

    id: str
    label: str
    label_zh: str
    units: frozenset[str]
    weak_units: frozenset[str]
    """Those that a figure may have where only a weak cue is found: all of `units` if none are named."""
    group: str
    cues: tuple[Cue, ...]
    weak: tuple[Cue, ...]
    unless: tuple[Cue, ...]
    within: tuple[Cue, ...]
    weak_within: tuple[Cue, ...]
    never: tuple[Cue, ...]
    zero: tuple[Cue, ...]
    zero_unless: tuple[Cue, ...]
    all: tuple[Cue, ...]
    under: frozenset[str]
    under_is: str
    """Which of `under` it must have been that came last; empty for any."""
    under_or: tuple[Cue, ...]
    apart: frozenset[str]
    adds: bool
    alone: str
    yields: str


@dataclass(frozen=True, slots=True, eq=False)
class Trap:
    """What a sentence says around a figure by which that is none of this report's year."""

    cue: Cue
    spares: frozenset[str]
    """Topics that are spoken of so all the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """All topics, in the order in which they are published."""

    topics: tuple[Topic, ...] = ()
    negated: Cue = re.compile(r"(?!)")
    traps: tuple[Trap, ...] = ()
    filler: Cue = re.compile("")
    """Words that may stand between a thing and its figure and say nothing."""


SILENT: Final = Prose()
"""No topics: nothing is read from sentences."""
_NAMED: Final = re.compile(r"\{(\w*[a-z]\w*)\}")
_CUES: Final = (
    "cues",
    "weak",
    "unless",
    "within",
    "weak_within",
    "never",
    "zero",
    "zero_unless",
    "all",
    "under_or",
)


def read_scopes(text: str) -> dict[str, Cue]:
    """The words that tell for whom a report speaks, from the text of `schemas/scopes.toml`."""
    raw = tomllib.loads(text)
    return {name: re.compile(cue.format_map(raw["words"])) for name, cue in raw["cues"].items()}


def read_prose(text: str) -> Prose:
    """The topics from the text of `schemas/narrative.toml`."""
    raw = tomllib.loads(text)
    words: dict[str, str] = {}
    for name, word in raw["words"].items():
        words[name] = _NAMED.sub(lambda found: words[found[1]], word)
    topics = tuple(_topic(one, words) for one in raw["topics"])
    traps = tuple(
        Trap(re.compile(cue.format_map(words)), frozenset(one.get("spares", ())))
        for one in raw["traps"]
        for cue in one["cues"]
    )
    return Prose(topics, re.compile(words["negated"]), traps, re.compile(words["fill"]))


def _topic(raw: Mapping[str, Any], words: Mapping[str, str]) -> Topic:
    cues = {kind: tuple(re.compile(cue.format_map(words)) for cue in raw.get(kind, ())) for kind in _CUES}
    return Topic(
        id=raw["id"],
        label=raw["label"],
        label_zh=raw["label_zh"],
        units=frozenset(raw["units"]),
        weak_units=frozenset(raw.get("weak_units", raw["units"])),
        group=raw.get("group", ""),
        under=frozenset(raw.get("under", ())),
        under_is=raw.get("under_is", ""),
        apart=frozenset(raw.get("apart", ())),
        adds=raw.get("adds", False),
        alone=raw.get("alone", ""),
        yields=raw.get("yields", ""),
        **cues,
    )
