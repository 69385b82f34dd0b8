"""The register, checked like code: one sentence for each thing wrong, with its line and its remedy."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Final

from foi_etl.sources.credit import holds
from foi_etl.sources.divisions import level_of
from foi_etl.sources.lint_portals import faults_of_portals
from foi_etl.sources.reach import PRACTICE
from foi_etl.sources.registry import host_of
from foi_etl.text import fold_width

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from foi_etl.model import Agency
    from foi_etl.sources.divisions import Divisions
    from foi_etl.sources.registry import Line, Register

LEVELS: Final = ("nation", "province", "prefecture", "county", "township")
KINDS: Final = (
    "gov", "gov_office", "department", "street_office", "township_gov", "dev_zone", "vertical",
    "public_institution",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2}")
_CODE = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}(?:\d{3}(?:\d{3})?)?")
_PLAIN = ("id", "division_code", "level", "kind", "parent", "portal", "since", "until", "credit_code")
"""Columns that hold nothing but ASCII."""


def complaints(
    register: Register, families: Collection[str], divisions: Divisions | None = None
) -> Iterator[str]:
    """One sentence for each thing wrong with the register, remedy included. Silence means it is sound.

    Without divisions, a code is only looked at, not looked up.
    """
    yield from faults_of_portals(register, families)
    met: Counter[str] = Counter(agency.id for agency in register.agencies)
    above = {agency.id: agency.parent for agency in register.agencies}
    listed = _listed(register.agencies)
    for agency, line in zip(register.agencies, register.lines, strict=True):
        faults = [
            *_faults_of_writing(line),
            *_faults_of_id(agency, register.agencies, met),
            *_faults_of_words(agency),
            *_faults_of_place(agency, above),
            *_faults_of_codes(agency, divisions),
            *_faults_of_time(agency),
            *_faults_of_address(agency, register),
        ]
        if listed[_column(agency)] > 1:
            faults.append("the same agency is listed twice on the same column: keep the older id")
        name = agency.id or "(no id)"
        yield from (f"{register.files[1]}:{line.number}: {name}: {fault}" for fault in faults)


def _listed(agencies: Sequence[Agency]) -> Counter[tuple[str, str]]:
    return Counter(_column(agency) for agency in agencies)


def _column(agency: Agency) -> tuple[str, str]:
    """An agency and its column, the scheme left out."""
    return agency.name, re.sub(r"^https?:", "", agency.portal)


def _faults_of_writing(line: Line) -> Iterator[str]:
    for name, word in line.words.items():
        if word != word.strip() or "\u3000" in word:
            yield f"`{name}` begins or ends with a space, or holds a full-width one: take it out"
        elif name in _PLAIN and fold_width(word) != word:
            yield f"`{name}` holds full-width characters: write {fold_width(word)!r}"


def _faults_of_id(agency: Agency, agencies: Sequence[Agency], met: Counter[str]) -> Iterator[str]:
    if not _ID.fullmatch(agency.id):
        yield f"the id {agency.id!r} must be small letters, digits and single hyphens: rename it"
    if met[agency.id] > 1:
        if any(other.until for other in agencies if other.id == agency.id):
            yield "the id was another line's until that agency ended: ids are never used again"
        else:
            yield f"the id stands {met[agency.id]} times: ids are never shared, give this one its own"


def _faults_of_words(agency: Agency) -> Iterator[str]:
    if not _CHINESE.search(agency.name):
        yield "the Chinese name is missing: write it as the agency itself prints it"
    if not agency.name_en and not agency.practice:
        yield "the English name is missing: translate the name"
    elif _CHINESE.search(agency.name_en):
        yield "the English name is in Chinese: translate the name"
    if agency.level not in {*LEVELS, *([""] if agency.practice else [])}:
        yield f"there is no level {agency.level!r}: choose one of {', '.join(LEVELS)}"
    if agency.kind not in {*KINDS, *([""] if agency.practice else [])}:
        yield f"there is no kind {agency.kind!r}: choose one of {', '.join(KINDS)}"


def _faults_of_place(agency: Agency, above: Mapping[str, str]) -> Iterator[str]:
    if agency.division_code and not _CODE.fullmatch(agency.division_code):
        yield f"{agency.division_code!r} is no division code: write its 6, 9 or 12 digits, or nothing"
    if agency.parent == agency.id:
        yield "it is its own parent: name the agency above it, or none"
    elif agency.parent and agency.parent not in above:
        yield f"its parent {agency.parent!r} is not in the register: add it first, or leave the field empty"
    elif _in_a_circle(agency.id, above):
        yield "its parents lead back to itself: find the wrong one among them"


def _faults_of_codes(agency: Agency, divisions: Divisions | None) -> Iterator[str]:
    if agency.credit_code and not holds(agency.credit_code):
        yield f"{agency.credit_code!r} is no social credit code, by its check character: mend it"
    code = agency.division_code
    if divisions is None or not _CODE.fullmatch(code):
        return
    if code not in divisions:
        yield f"no list has a division {code}: look it up in data/divisions/"
    elif agency.level and level_of(code) != agency.level:
        yield f"the division {code} is a {level_of(code)}, and the agency's level is {agency.level}: mend one"


def _in_a_circle(start: str, above: Mapping[str, str]) -> bool:
    met, here = {start}, above.get(start, "")
    while here and here not in met:
        met.add(here)
        here = above.get(here, "")
    return bool(here) and here == start


def _faults_of_time(agency: Agency) -> Iterator[str]:
    days: list[date] = []
    for name, word in (("since", agency.since), ("until", agency.until)):
        try:
            days += [date.fromisoformat(word)] if word else []
        except ValueError:
            yield f"`{name}` is {word!r}, and no date: write YYYY-MM-DD, or nothing"
    if agency.since and agency.until and days != sorted(days):
        yield "it ends before it begins: mend `since` or `until`"


def _faults_of_address(agency: Agency, register: Register) -> Iterator[str]:
    host = host_of(agency.portal)
    if not re.match(r"https?://[^/?#]", agency.portal) or not host:
        yield f"the portal {agency.portal!r} is no web address: paste that of the column page, http and all"
        return
    if host not in register.by_host:
        yield f"the host {host} has no entry in {register.files[0]}: write one, with its family"
    if "#" in agency.portal and not re.search(r"/gkmlpt/index#\d+$", agency.portal):
        yield "the portal has a fragment, which is never sent: cut it off at the #"
    if not agency.note and re.search(r":\d", agency.portal.split("//", 1)[-1].split("/")[0]):
        yield "the portal names a port: paste the public address, or say in the note why this one"
    if not host.endswith((".gov.cn", PRACTICE)) and not agency.note:
        yield f"the host {host} is not under gov.cn: say in the note why it is theirs, or mend the portal"
