"""Where practice portals stand: which host, which family, which column."""

from __future__ import annotations

from typing import Final

AGENCIES_PER_HOST: Final = 4
FAMILIES: Final = ("hanweb_jpage", "hanweb_xxgk", "trs")
_HOSTS = {"hanweb_jpage": "hanweb", "hanweb_xxgk": "xxgk", "trs": "trs"}
_PORTALS = {
    "hanweb_jpage": "/col/col{column}/index.html",
    "hanweb_xxgk": "/module/xxgk/xxgkAnnualReport.jsp?area={unit}",
    "trs": "/zwgk/bm{column}/zfxxgknb/index.html",
}


def family_of(host: int) -> str:
    """Hosts take turns."""
    return FAMILIES[host % len(FAMILIES)]


def host_name(host: int) -> str:
    """The virtual name of a host."""
    return f"{_HOSTS[family_of(host)]}-{host // len(FAMILIES) + 1:02d}.practice.invalid"


def column_of(index: int) -> int:
    """The column number an agency's list stands under."""
    return 100 + index


def unit_of(index: int) -> str:
    """An agency's unit code, in the eighteen characters of a social credit code."""
    return f"1137{index:07d}434159{index % 10}"


def portal_of(index: int) -> str:
    """The url of an agency's list of reports."""
    host = index // AGENCIES_PER_HOST
    path = _PORTALS[family_of(host)].format(column=column_of(index), unit=unit_of(index))
    return f"http://{host_name(host)}{path}"
