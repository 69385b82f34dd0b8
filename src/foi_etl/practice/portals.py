"""All hosts of the country: which family answers where, and what each host lets robots do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from foi_etl.forms import Statute
from foi_etl.practice import (
    epoint,
    gkmlpt,
    jpaas,
    jpage,
    lonsun,
    nfcms,
    openness,
    tree,
    trs,
    truecms,
    ucap,
    ucap_json,
    xxgk,
)
from foi_etl.practice.answers import EPOCH, HTML, Answer, Asked, Site, missing, page, shell
from foi_etl.practice.articles import Desk, Family
from foi_etl.practice.country import Country
from foi_etl.practice.places import column_of, twin_of

FAMILIES: Final[Mapping[str, Family]] = {
    "hanweb_jpage": jpage.FAMILY,
    "hanweb_xxgk": xxgk.FAMILY,
    "hanweb_jpaas": jpaas.FAMILY,
    "trs": trs.FAMILY,
    "gkmlpt": gkmlpt.FAMILY,
    "nfcms": nfcms.FAMILY,
    "ucap": ucap.FAMILY,
    "ucap_json": ucap_json.FAMILY,
    "chinatax": ucap_json.TAX_FAMILY,
    "lonsun": lonsun.FAMILY,
    "openness": openness.FAMILY,
    "xuancheng": openness.XUANCHENG_FAMILY,
    "truecms": truecms.FAMILY,
    "epoint": epoint.FAMILY,
    "tree": tree.FAMILY,
}
FORBIDDEN = "/was5/"
"""What the host that forbids something forbids; no report lies there."""
_FORBIDDING_HOST = 2
_REMEMBERED = 256
"""Answers kept, so that asking again costs little."""
_PLAIN = "text/plain; charset=UTF-8"
_NEW = re.compile(r"/zfxxgk/xin/(\d+)/index\.html")


class Portals:
    """Every portal of a country, as it is on one night."""

    def __init__(self, country: Country, statute: Statute) -> None:
        self.country = country
        self._desks: dict[str, Desk] = {}
        for host in country.hosts:
            site = Site(country, statute, host)
            self._desks[site.name] = Desk(site, FAMILIES[site.kind.family])
        twins = {twin_of(name): desk for name, desk in self._desks.items() if not desk.site.kind.plain}
        self._twins = twins
        self.answer = lru_cache(_REMEMBERED)(self._answer)
        """What a host answers; a host that does not exist answers like a gateway that cannot reach it."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Their virtual names."""
        return (*self._desks, *self._twins)

    @property
    def desks(self) -> tuple[Desk, ...]:
        """The hosts, second names left out."""
        return tuple(self._desks.values())

    def _answer(self, host: str, asked: Asked) -> Answer:
        desk = self._desks.get(host) or self._twins.get(host)
        if desk is None:
            return Answer(502, _PLAIN, f"no such host: {host}".encode(), EPOCH)
        if asked.path == "/robots.txt":
            return _robots(desk.site)
        if asked.path == "/":
            return _home(desk.site)
        return desk.answer(asked) or self._list(host, desk, asked) or missing()

    def _list(self, host: str, desk: Desk, asked: Asked) -> Answer | None:
        if host in self._twins and not desk.family.on_twin:
            return None
        if host in self.country.changes.moved:
            return _moved(desk, asked)
        return desk.family.answer(desk.site, asked)


def _robots(site: Site) -> Answer:
    closed = FORBIDDEN if site.host == _FORBIDDING_HOST else ""
    text = f"User-agent: *\nDisallow: {closed}\n"
    return Answer(200, _PLAIN, text.encode(), EPOCH)


def _home(site: Site) -> Answer:
    """The home page leads to every column, wherever it is tonight."""
    moved = site.name in site.country.changes.moved
    rows = "".join(
        f'<li>{site.agency(index).name} <a href="{_column(site, index, moved)}">政府信息公开年报</a></li>'
        for index in site.indices
    )
    return page(shell(site.title, f'<ul class="units">{rows}</ul>'))


def _column(site: Site, index: int, moved: bool) -> str:
    if moved:
        return f"/zfxxgk/xin/{column_of(index)}/index.html"
    return "/" + site.agency(index).portal.split("/", 3)[3].replace("&", "&amp;")


def _moved(desk: Desk, asked: Asked) -> Answer | None:
    """Where a column moved to; its old address shows the home page, or nothing."""
    site = desk.site
    found = _NEW.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is None:
        changes = site.country.changes
        if changes.redirect:
            return Answer(301, HTML, b"", EPOCH, (("Location", "/"),))
        return _home(site) if changes.home else None
    rows = "\n".join(
        f'<li><a href="{line.href}">{line.shown}</a><span>{line.day}</span></li>'
        for line in site.lines(index, desk.family.path)
    )
    return page(shell("政府信息公开年报", f'<ul class="list">\n{rows}\n</ul>'), site.modified(index))
