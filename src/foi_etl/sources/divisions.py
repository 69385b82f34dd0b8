"""Administrative divisions through the years: what a code meant in one, and what it is called in another.

The lists are from known days (`data/divisions/README.md`). What changed between two of them changed on a
day that they do not tell, so a change has two dates: the last list of the old and the first of the new.
"""

from __future__ import annotations

import csv
import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

FILES: Final = ("counties.csv", "townships.csv.gz")
FIXED: Final = "2020-06-30"
"""The list whose codes do not change from year to year."""
LEVELS: Final = {2: "province", 4: "prefecture", 6: "county", 9: "township"}
PSEUDO: Final = re.compile(r"市辖区|县|市|(?:自治区|省)直辖(?:县级)?行政(?:区划|单位)")
"""Lines of the lists that only gather counties; nobody governs them."""
_KIND: Final = re.compile(r"(?:自治县|自治州|自治旗|地区|街道|新区|[市县区旗盟镇乡])$")


class Spell(NamedTuple):
    """A code under one name."""

    code: str
    name: str
    name_en: str
    first: str
    """The first list that has it."""
    last: str
    """The last list that has it."""


class Change(NamedTuple):
    """What two lists that follow each other have differently."""

    after: str
    """The last list before."""
    by: str
    """The first list after."""
    kind: str
    """renamed, recoded, began or ended; what was merged or split has ended, into what is not told."""
    code: str
    name: str
    new_code: str = ""
    new_name: str = ""


@dataclass(frozen=True)
class Divisions:
    """Every code that the lists know."""

    spells: Mapping[str, tuple[Spell, ...]]
    """By code, oldest first."""
    digest: str = ""
    """Of the lists they were read from."""

    def __contains__(self, code: object) -> bool:
        return short(str(code)) in self.spells

    def at(self, code: str, year: int) -> Spell | None:
        """What the code means in that year; None where no list of that time has it.

        The youngest list speaks for the years behind it, and the oldest of its level for those before.
        """
        day = self._listed(short(code), year)
        return next((one for one in self.spells.get(short(code), ()) if one.first <= day <= one.last), None)

    def code_in(self, code: str, year: int) -> str:
        """The code that the division has in that year; empty where the lists do not tell."""
        return self._code_on(short(code), self._listed(short(code), year))

    def fixed(self, code: str) -> str:
        """The code that the division has in the list of 2020; empty where the lists do not tell."""
        return self._code_on(short(code), FIXED)

    @cached_property
    def lists(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The days of the lists: of counties, and of townships."""
        days: tuple[set[str], set[str]] = (set(), set())
        for code, told in self.spells.items():
            for one in told:
                days[len(code) > 6].update((one.first, one.last))
        return tuple(sorted(days[0])), tuple(sorted(days[1]))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Everything that two lists have differently, oldest first, counties before townships."""
        made: list[Change] = []
        moved: dict[tuple[str, str], str] = {}
        for deep in (False, True):
            for after, by in zip(self.lists[deep], self.lists[deep][1:], strict=False):
                for change in self._between(after, by, moved, deep=deep):
                    made.append(change)
                    if change.kind == "recoded":
                        moved[change.by, change.code] = change.new_code
        return tuple(made)

    @cached_property
    def _ends(self) -> Mapping[tuple[bool, str], list[Spell]]:
        return self._filed(lambda one: one.last)

    @cached_property
    def _begins(self) -> Mapping[tuple[bool, str], list[Spell]]:
        return self._filed(lambda one: one.first)

    def _filed(self, day: Callable[[Spell], str]) -> Mapping[tuple[bool, str], list[Spell]]:
        """The spells by a day of theirs, townships apart; without what nobody governs."""
        filed: dict[tuple[bool, str], list[Spell]] = defaultdict(list)
        for code, told in self.spells.items():
            for one in told:
                if not PSEUDO.fullmatch(one.name):
                    filed[len(code) > 6, day(one)].append(one)
        return filed

    @cached_property
    def _recoded(self) -> Mapping[str, tuple[Change, ...]]:
        """The changes of code that a code took part in."""
        took: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            if change.kind == "recoded":
                took[change.code].append(change)
                took[change.new_code].append(change)
        return {code: tuple(changes) for code, changes in took.items()}

    def _code_on(self, code: str, day: str) -> str:
        met = set()
        while code not in met:
            told = self.spells.get(code, ())
            if any(one.first <= day <= one.last for one in told):
                return code
            met.add(code)
            for change in self._recoded.get(code, ()):
                if change.code == code and change.by <= day:
                    code = change.new_code
                elif change.new_code == code and change.after >= day:
                    code = change.code
        return ""

    def _listed(self, code: str, year: int) -> str:
        """The day of the list that speaks for a year: the last one of it, or before it."""
        days = self.lists[len(code) > 6]
        return days[max(bisect_right(days, f"{year}-12-31") - 1, 0)] if days else ""

    def _between(
        self, after: str, by: str, moved: Mapping[tuple[str, str], str], *, deep: bool
    ) -> Iterator[Change]:
        olds = {one.code: one for one in self._ends.get((deep, after), ())}
        news = {one.code: one for one in self._begins.get((deep, by), ())}
        for code in sorted(olds.keys() & news.keys()):
            yield Change(after, by, "renamed", code, olds[code].name, code, news[code].name)
        gone = [one for code, one in olds.items() if code not in news]
        come = [one for code, one in news.items() if code not in olds]
        pairs = self._pairs(gone, come, by, moved)
        taken = set(pairs.values())
        for one in gone:
            new = pairs.get(one)
            kind = "recoded" if new else "ended"
            yield Change(
                after, by, kind, one.code, one.name, new.code if new else "", new.name if new else ""
            )
        for one in come:
            if one not in taken:
                yield Change(after, by, "began", "", "", one.code, one.name)

    def _pairs(
        self, gone: Sequence[Spell], come: Sequence[Spell], by: str, moved: Mapping[tuple[str, str], str]
    ) -> dict[Spell, Spell]:
        """Who has only changed its code: one of its name went, and one came."""
        went, came = defaultdict(list), defaultdict(list)
        for one in gone:
            above = moved.get((by, one.code[:6]), one.code[:6])
            went[_place(one, above)].append(one)
        for one in come:
            came[_place(one, one.code[:6])].append(one)
        return {
            old[0]: came[place][0]
            for place, old in went.items()
            if len(old) == 1 and len(came.get(place, ())) == 1
        }


def _place(one: Spell, county: str) -> tuple[str, str, int]:
    """What a division keeps when its code changes: a township its county, others their province."""
    deep = len(one.code) > 6
    level = 9 if deep else len(trimmed(one.code))
    return county if deep else one.code[:2], _KIND.sub("", one.name) or one.name, level


def read_divisions(*texts: str) -> Divisions:
    """The divisions that these lists hold."""
    spells: dict[str, list[Spell]] = defaultdict(list)
    for text in texts:
        lines = csv.reader(text.splitlines())
        next(lines, None)
        for line in lines:
            spells[line[0]].append(Spell(*line))
    digest = hashlib.sha256("".join(texts).encode()).hexdigest()[:16]
    return Divisions({code: tuple(told) for code, told in spells.items()}, digest)


def short(code: str) -> str:
    """A code as the lists write it: 6 digits down to counties, 9 for a township."""
    if len(code) == 12:
        code = code[:9]
    return code[:6] if len(code) == 9 and code.endswith("000") else code


def trimmed(code: str) -> str:
    """Its digits without the zeros that stand for no further division."""
    code = short(code)
    while len(code) > 2 and len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code


def level_of(code: str) -> str:
    """province, prefecture, county or township; empty for no code."""
    return LEVELS.get(len(trimmed(code)), "") if code else ""


def above(code: str) -> Iterable[str]:
    """The codes of the divisions that one lies in, from the province down, its own left out."""
    digits = trimmed(code)
    return [digits[:length].ljust(6, "0") for length in (2, 4, 6) if length < len(digits)]
