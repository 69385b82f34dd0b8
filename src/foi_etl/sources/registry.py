"""The register: portals by host in YAML, agencies in CSV, both edited by hand and read with their lines."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from foi_etl.errors import FixTheRegistry
from foi_etl.model import Agency, Portal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PORTALS: Final = "portals.yaml"
AGENCIES: Final = "agencies.csv"
FILES: Final = (f"data/{PORTALS}", f"data/{AGENCIES}")
COLUMNS: Final = (
    "id", "name", "name_en", "division_code", "level", "kind", "parent", "portal", "since", "until", "note",
    "credit_code",
)  # fmt: skip
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one, where the library was built with it."""
_YOUNGER: Final = 1
"""How many of them, the last ones, an older register may lack."""
_FIRST_LINE = 2
"""The first line of a file that is an agency; the one before names the columns."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the agencies as it stands there, before anything is made of it."""

    number: int
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Register:
    """Who owes reports and where they are published, and on which lines that is written."""

    agencies: tuple[Agency, ...]
    portals: tuple[Portal, ...]
    """As often as they are written: a host that stands there twice is here twice."""
    lines: tuple[Line, ...] = ()
    places: tuple[int, ...] = ()
    """The line each portal begins on."""
    files: tuple[str, str] = FILES

    @property
    def by_host(self) -> Mapping[str, Portal]:
        """The portals by their host."""
        return {portal.host: portal for portal in self.portals}


class _Entry(BaseModel):
    """What may be said of a portal."""

    model_config = ConfigDict(extra="forbid")

    family: str
    parameters: dict[str, str] = {}
    pace: float | None = None
    tls: str = ""
    practice: bool = False
    evidence: str = ""


@lru_cache(maxsize=1)
def read_register(portals_yaml: str, agencies_csv: str, files: tuple[str, str] = FILES) -> Register:
    """The register two files hold. FixTheRegistry names the line of a file that cannot be read at all.

    What can be read and is wrong all the same is for `complaints` to tell.
    """
    entries = list(_portals(portals_yaml, files[0]))
    known = {portal.host: portal for _, portal in entries}
    lines = tuple(_lines(agencies_csv, files[1]))
    return Register(
        agencies=tuple(_agency(line.words, known) for line in lines),
        portals=tuple(portal for _, portal in entries),
        lines=lines,
        places=tuple(number for number, _ in entries),
        files=files,
    )


def register_files(portals: Iterable[Portal], agencies: Iterable[Agency]) -> tuple[str, str]:
    """The two files that read back as these portals and agencies."""
    return portals_yaml(portals), agencies_csv(agencies)


def agencies_csv(agencies: Iterable[Agency]) -> str:
    """The lines that read back as these agencies."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(agency, column) for column in COLUMNS] for agency in agencies)
    return out.getvalue()


def portals_yaml(portals: Iterable[Portal]) -> str:
    """The entries that read back as these portals; what is usual is left out."""
    made = {portal.host: _said(portal) for portal in portals}
    return yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=110) if made else ""


def _said(portal: Portal) -> dict[str, object]:
    words: dict[str, object] = {"family": portal.family, "parameters": dict(portal.parameters)}
    words |= {"pace": portal.pace, "tls": portal.tls, "practice": portal.practice}
    return {name: word for name, word in (words | {"evidence": portal.evidence}).items() if word}


def _portals(text: str, file: str) -> Iterator[tuple[int, Portal]]:
    """Each portal with the line it begins on."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FixTheRegistry(f"this is no YAML ({error.problem}): mend it", file=file, line=line) from error
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise FixTheRegistry("write one entry for each host, `host:` and its family below", file=file, line=1)
    for key, value in root.value:
        line = key.start_mark.line + 1
        said = yaml.constructor.SafeConstructor().construct_document(value)
        yield line, _portal(str(key.value), said, file, line)


def _portal(host: str, said: object, file: str, line: int) -> Portal:
    try:
        entry = _Entry.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"]) or "the entry"
        message = f"{host}: {at}: {first['msg']}; an entry has {', '.join(_Entry.model_fields)}"
        raise FixTheRegistry(message, file=file, line=line) from error
    return Portal(
        host=host,
        family=entry.family,
        parameters=tuple(entry.parameters.items()),
        pace=entry.pace,
        tls=entry.tls,
        practice=entry.practice,
        evidence=entry.evidence,
    )


def _lines(text: str, file: str) -> Iterator[Line]:
    """Each agency stands on a line of its own."""
    written = text.removeprefix("\ufeff").splitlines()
    header = tuple(next(csv.reader(written[:1]), []))
    if header not in (COLUMNS, COLUMNS[:-_YOUNGER]):
        raise FixTheRegistry(f"the first line must be `{','.join(COLUMNS)}`", file=file, line=1)
    for number, line in enumerate(written[1:], _FIRST_LINE):
        words = next(csv.reader([line]), [])
        if len(words) != len(header):
            remedy = "quote a field that holds a comma, and leave no line empty"
            message = f"the line has {len(words)} fields instead of {len(header)}: {remedy}"
            raise FixTheRegistry(message, file=file, line=number)
        yield Line(number, dict.fromkeys(COLUMNS, "") | dict(zip(header, words, strict=True)))


def _agency(line: Mapping[str, str], portals: Mapping[str, Portal]) -> Agency:
    """The agency of a line; what its portal knows is handed to it."""
    words = {name: word.strip() for name, word in line.items()}
    portal = portals.get(host_of(words["portal"]))
    return Agency(
        id=words["id"],
        name=words["name"],
        family=portal.family if portal else "",
        portal=words["portal"],
        name_en=words["name_en"],
        practice=portal.practice if portal else False,
        note=words["note"],
        parameters=portal.parameters if portal else (),
        division_code=words["division_code"],
        level=words["level"],
        kind=words["kind"],
        parent=words["parent"],
        since=words["since"],
        until=words["until"],
        credit_code=words["credit_code"],
    )


def host_of(url: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def unplaced(agencies: Sequence[Agency], file: str = FILES[0]) -> None:
    """Raise where an agency's host is not among the portals: nobody would know how to read it."""
    for agency in agencies:
        if not agency.family:
            host = host_of(agency.portal)
            raise FixTheRegistry(f"{agency.id}: the host {host} has no entry: write one", file=file)
