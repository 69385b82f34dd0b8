"""All hosts of the country: which family answers where, and what each host lets robots do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from foi_etl.forms import Statute
from foi_etl.practice import jpage, trs, xxgk
from foi_etl.practice.answers import Answer, Params, Site, missing
from foi_etl.practice.country import Country
from foi_etl.practice.places import AGENCIES_PER_HOST, family_of, host_name

Family = Callable[[Site, str, Params], Answer | None]
_FAMILIES: Mapping[str, Family] = {
    "hanweb_jpage": jpage.answer,
    "hanweb_xxgk": xxgk.answer,
    "trs": trs.answer,
}
FORBIDDEN = "/was5/"
"""What the host that forbids something forbids; no report lies there."""
_FORBIDDING_HOST = 2
_PLAIN = "text/plain; charset=UTF-8"
_EPOCH = date(2019, 1, 1)


class Portals:
    """Every portal of a country."""

    def __init__(self, country: Country, statute: Statute) -> None:
        hosts = range(-(-len(country.agencies) // AGENCIES_PER_HOST))
        self._sites = {host_name(host): Site(country, statute, host) for host in hosts}

    @property
    def hosts(self) -> tuple[str, ...]:
        """Their virtual names."""
        return tuple(self._sites)

    def answer(self, host: str, path: str, params: Params) -> Answer:
        """What a host answers; a host that does not exist answers like a gateway that cannot reach it."""
        site = self._sites.get(host)
        if site is None:
            return Answer(502, _PLAIN, f"no such host: {host}".encode(), _EPOCH)
        if path == "/robots.txt":
            return _robots(site)
        return _FAMILIES[family_of(site.host)](site, path, params) or missing(site)


def _robots(site: Site) -> Answer:
    closed = FORBIDDEN if site.host == _FORBIDDING_HOST else ""
    text = f"User-agent: *\nDisallow: {closed}\n"
    return Answer(200, _PLAIN, text.encode(), _EPOCH)
