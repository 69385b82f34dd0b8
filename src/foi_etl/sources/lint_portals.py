"""What can be wrong with the entry of a portal."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from foi_etl.model import TLS_EXCEPTIONS
from foi_etl.sources.reach import PRACTICE
from foi_etl.sources.registry import host_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from foi_etl.model import Portal
    from foi_etl.sources.registry import Register

PARAMETERS: Final = frozenset({"dialect"})
"""What a family may be told of a portal; no reader needs it, people and practice portals do."""
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}")
_LONGEST_PACE: Final = 600.0
_INTERMEDIATE = re.compile(r"intermediate:[\w.-]+")


def faults_of_portals(register: Register, families: Collection[str]) -> Iterator[str]:
    """One sentence for each thing wrong with an entry."""
    times = Counter(portal.host for portal in register.portals)
    used = {host_of(agency.portal) for agency in register.agencies}
    for portal, line in zip(register.portals, register.places, strict=True):
        faults = [*_faults_of_host(portal), *_faults_of_family(portal, families), *_faults_of_manners(portal)]
        if times[portal.host] > 1:
            faults.append(f"the host stands {times[portal.host]} times: keep one entry")
        if portal.host not in used and not portal.practice:
            faults.append(f"no agency of {register.files[1]} publishes there: add one, or take the entry out")
        yield from (f"{register.files[0]}:{line}: {portal.host}: {fault}" for fault in faults)


def _faults_of_host(portal: Portal) -> Iterator[str]:
    if not _HOST.fullmatch(portal.host):
        yield "this is no host name: small letters, without scheme, port or path"
    if portal.practice != portal.host.endswith(PRACTICE):
        yield f"practice portals, and no others, live in *{PRACTICE}: mend `practice` or the host"
    if not portal.evidence and not portal.practice:
        yield "`evidence` is missing: say where the portal and its family are known from"


def _faults_of_family(portal: Portal, families: Collection[str]) -> Iterator[str]:
    if portal.family not in families:
        yield f"there is no family {portal.family!r}: choose one of {', '.join(sorted(families))}"
    for name, _ in portal.parameters:
        if name not in PARAMETERS:
            known = ", ".join(sorted(PARAMETERS))
            yield f"the family {portal.family} knows no parameter {name!r}: only {known}"


def _faults_of_manners(portal: Portal) -> Iterator[str]:
    slowest, quickest = _LONGEST_PACE, 0.0 if portal.practice else 1.0
    if portal.pace is not None and not quickest <= portal.pace <= slowest:
        yield f"a pace of {portal.pace:g} seconds is out of range: between {quickest:g} and {slowest:g}"
    for name in filter(None, portal.tls.split("+")):
        if name not in TLS_EXCEPTIONS and not _INTERMEDIATE.fullmatch(name):
            known = ", ".join(sorted(TLS_EXCEPTIONS))
            yield f"there is no TLS exception {name!r}: {known}, or intermediate:<file>"
