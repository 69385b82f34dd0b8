"""The register of agencies: one line for each body that owes reports, checked like code."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from foi_etl.errors import FixTheRegistry
from foi_etl.model import Agency

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

FILE = "data/agencies.csv"
COLUMNS = ("id", "name", "name_en", "family", "portal", "practice", "note")
_FIRST_LINE = 2
"""The first line of a file that is an agency; the one before names the columns."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TRUTH = {"": False, "no": False, "yes": True}
_PRACTICE = ".practice.invalid"


def read_agencies(text: str, file: str = FILE) -> tuple[Agency, ...]:
    """Every agency of a register, in its order; each stands on a line of its own."""
    lines = text.removeprefix("\ufeff").splitlines()
    header = tuple(next(csv.reader(lines[:1]), []))
    if header != COLUMNS:
        raise FixTheRegistry(f"the first line must be `{','.join(COLUMNS)}`", file=file, line=1)
    return tuple(_agency(line, file, number) for number, line in enumerate(lines[1:], _FIRST_LINE))


def _agency(line: str, file: str, number: int) -> Agency:
    words = [word.strip() for word in next(csv.reader([line]), [])]
    if len(words) != len(COLUMNS):
        remedy = "quote a field that holds a comma, and leave no line empty"
        raise FixTheRegistry(
            f"the line has {len(words)} fields instead of {len(COLUMNS)}: {remedy}", file=file, line=number
        )
    row = dict(zip(COLUMNS, words, strict=True))
    practice = _TRUTH.get(row.pop("practice"))
    if practice is None:
        raise FixTheRegistry("`practice` must be yes, no or empty", file=file, line=number)
    return Agency(practice=practice, **row)


def agencies_csv(agencies: Sequence[Agency]) -> str:
    """The register that reads back as these agencies."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for agency in agencies:
        words = {field.name: getattr(agency, field.name) for field in fields(agency)}
        words["practice"] = "yes" if agency.practice else ""
        writer.writerow(words[column] for column in COLUMNS)
    return out.getvalue()


def complaints(agencies: Sequence[Agency], families: Collection[str], file: str = FILE) -> Iterator[str]:
    """One sentence for each thing wrong with the register, remedy included. Silence means it is sound."""
    times = Counter(agency.id for agency in agencies)
    for number, agency in enumerate(agencies, _FIRST_LINE):
        faults = [*_faults_of_name(agency), *_faults_of_portal(agency)]
        if times[agency.id] > 1:
            faults.append(
                f"the id stands {times[agency.id]} times: ids are never shared, give this one its own"
            )
        if agency.family not in families:
            known = ", ".join(sorted(families))
            faults.append(f"there is no family {agency.family!r}: choose one of {known}")
        yield from (f"{file}:{number}: {agency.id or '(no id)'}: {fault}" for fault in faults)


def _faults_of_name(agency: Agency) -> Iterator[str]:
    if not _ID.fullmatch(agency.id):
        yield f"the id {agency.id!r} must be small letters, digits and single hyphens: rename it"
    if not agency.name:
        yield "the name is missing: write it as the agency itself prints it, in Chinese"


def _faults_of_portal(agency: Agency) -> Iterator[str]:
    parts = urlsplit(agency.portal)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        yield f"the portal {agency.portal!r} is no web address: paste that of the column page, http and all"
        return
    if agency.practice != host.endswith(_PRACTICE):
        yield f"practice agencies, and no others, live on hosts in *{_PRACTICE}: mend `practice` or portal"
    if not agency.practice and not host.endswith((".gov.cn", _PRACTICE)) and not agency.note:
        yield f"the host {host} is not under gov.cn: say in the note why it is theirs, or mend the portal"
