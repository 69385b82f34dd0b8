"""Rules that hold what a report says against more than its own sums, as read from `schemas/rules.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from foi_etl.errors import TeachTheReader
from foi_etl.model import Weight

_TERM: Final = re.compile(r"\s*([+-]?)\s*(before:)?([a-z0-9_]+)\s*")
_BEFORE: Final = "before:"
_LOOSE: Final = ("misfill", "amounts", "outliers", "peers", "sizes", "copies", "power", "growth")


@dataclass(frozen=True, slots=True)
class Term:
    """A cell of a sum, added or taken away."""

    cell: str
    sign: int = 1
    before: bool = False
    """Of the year before."""

    @property
    def name(self) -> str:
        """The cell, with its year where that is the one before."""
        return f"{_BEFORE}{self.cell}" if self.before else self.cell


Sum = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ProseRule:
    """What a sentence says of a fact is one of several sums of cells."""

    id: str
    fact: str
    weight: Weight
    english: str
    chinese: str
    note: str
    admits: tuple[Sum, ...]
    instead: str = ""
    """Another fact that, told by the same figure, is tested instead."""

    @property
    def formula(self) -> str:
        """What is held against what, in one line."""
        return f"{self.fact} in {{{', '.join(written(one) for one in self.admits)}}}"


@dataclass(frozen=True, slots=True)
class CrossRule:
    """Two sums of cells of one agency, over two years that follow each other."""

    id: str
    weight: Weight
    english: str
    chinese: str
    note: str
    left: Sum
    right: Sum

    @property
    def formula(self) -> str:
        """What is held against what, in one line."""
        return f"{written(self.left)} = {written(self.right)}"

    @property
    def terms(self) -> Sum:
        """Left side, then right side."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class LooseRule:
    """A rule about one cell, or about a report whole, that is a matter of degree."""

    id: str
    kind: str
    """misfill, amounts, outliers, peers, sizes, copies, power or growth: how it is tested."""
    weight: Weight
    english: str
    chinese: str
    note: str
    cell: str = ""
    left: Sum = ()
    right: Sum = ()
    change: str = ""
    bounds: tuple[tuple[str, float], ...] = ()
    """The numbers of the file by name."""
    makes: tuple[str, ...] = ()
    """Level and kind of the bodies that may have it."""
    fact: str = ""
    """What the sentence is about."""
    said: str = ""
    """What it says, as a regular expression."""
    admits: tuple[Sum, ...] = ()

    def bound(self, name: str) -> float:
        """One of its numbers."""
        return dict(self.bounds)[name]

    def has(self, name: str) -> bool:
        """Whether it has a number of that name."""
        return name in dict(self.bounds)

    @property
    def formula(self) -> str:
        """What is tested, in one line."""
        told = ", ".join(f"{name} {value:g}" for name, value in self.bounds)
        what = self.cell or (f"{written(self.left)} != {written(self.right)}" if self.left else "")
        if self.admits:
            what = f"growth of {self.fact} in that of {{{', '.join(written(one) for one in self.admits)}}}"
        return "; ".join(filter(None, (what, told)))


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the order of the file."""

    prose: tuple[ProseRule, ...] = ()
    cross: tuple[CrossRule, ...] = ()
    loose: tuple[LooseRule, ...] = ()

    def of(self, kind: str) -> tuple[LooseRule, ...]:
        """The loose rules of a kind."""
        return tuple(rule for rule in self.loose if rule.kind == kind)

    @property
    def cells(self) -> frozenset[str]:
        """The cells that rules over several reports speak of."""
        terms = [term for rule in self.cross for term in rule.terms]
        terms += [term for rule in self.loose for term in (*rule.left, *rule.right, *chain(*rule.admits))]
        named = {name for rule in self.loose for name in (rule.cell, rule.change) if name}
        return frozenset(named | {term.cell for term in terms})


NO_RULES: Final = Rules()


def written(total: Sum) -> str:
    """A sum as a person writes it."""
    text = " ".join(f"{'-' if term.sign < 0 else '+'} {term.name}" for term in total)
    return text.removeprefix("+ ")


def read_rules(text: str) -> Rules:
    """The rules from the text of `schemas/rules.toml`."""
    raw = tomllib.loads(text)
    sums: Mapping[str, str] = raw.get("sums", {})
    return Rules(
        prose=tuple(_prose(one, sums) for one in raw.get("prose", ())),
        cross=tuple(rule for one in raw.get("cross", ()) for rule in _cross(one)),
        loose=tuple(rule for kind in _LOOSE for one in raw.get(kind, ()) for rule in _loose(kind, one)),
    )


def _prose(raw: Mapping[str, Any], sums: Mapping[str, str]) -> ProseRule:
    return ProseRule(
        id=raw["id"],
        fact=raw["fact"],
        weight=Weight(raw["weight"]),
        english=raw["english"],
        chinese=raw["chinese"],
        note=raw["note"],
        admits=tuple(_sum(one.format_map(sums)) for one in raw["admits"]),
        instead=raw.get("instead", ""),
    )


def _cross(raw: Mapping[str, Any]) -> Iterator[CrossRule]:
    for each in raw.get("over", [""]):
        yield CrossRule(
            id=raw["id"].format(each=each),
            weight=Weight(raw["weight"]),
            english=raw["english"],
            chinese=raw["chinese"],
            note=raw["note"],
            left=_sum(raw["left"].format(each=each)),
            right=_sum(raw["right"].format(each=each)),
        )


def _loose(kind: str, raw: Mapping[str, Any]) -> Iterator[LooseRule]:
    numbers = tuple((name, float(value)) for name, value in raw.items() if isinstance(value, int | float))
    for each in raw.get("over", [""]):
        yield LooseRule(
            id=raw["id"].format(each=each),
            kind=kind,
            weight=Weight(raw["weight"]),
            english=raw["english"],
            chinese=raw["chinese"],
            note=raw["note"],
            cell=raw.get("cell", "").format(each=each),
            left=_sum(raw.get("left", "").format(each=each)),
            right=_sum(raw.get("right", "").format(each=each)),
            change=raw.get("change", "").format(each=each),
            bounds=numbers,
            makes=tuple(raw.get("makes", ())),
            fact=raw.get("fact", "").format(each=each),
            said=raw.get("said", ""),
            admits=tuple(_sum(one) for one in raw.get("admits", ())),
        )


def _sum(text: str) -> Sum:
    terms, at = [], 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            raise TeachTheReader("a rule holds something that is no sum of cells", rule=text, at=at)
        terms.append(Term(found[3], -1 if found[1] == "-" else 1, bool(found[2])))
        at = found.end()
    return tuple(terms)
