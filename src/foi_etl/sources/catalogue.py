"""The families we can read, by the name the register uses. A new family is one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from foi_etl.sources.families.epoint import Epoint
from foi_etl.sources.families.gkmlpt import Gkmlpt
from foi_etl.sources.families.hanweb_jpaas import HanwebJpaas
from foi_etl.sources.families.hanweb_jpage import HanwebJpage
from foi_etl.sources.families.hanweb_xxgk import HanwebXxgk
from foi_etl.sources.families.lonsun import Lonsun
from foi_etl.sources.families.tree import ColumnTree
from foi_etl.sources.families.trs import Trs
from foi_etl.sources.families.truecms import TrueCms
from foi_etl.sources.families.ucap import Ucap
from foi_etl.sources.links import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foi_etl.model import Agency, Ask, Page, Portal
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Family, Step

FIRST_YEAR: Final = 2019
"""The year of the first statutory tables."""


class Guided:
    """A family that knows its neighbours: a page on the host of another family is read by that one."""

    def __init__(self, own: Family, all_: Mapping[str, Family], hosts: Mapping[str, str]) -> None:
        self._own, self._all, self._hosts = own, all_, hosts

    def start(self, agency: Agency) -> Iterator[Ask]:
        """Where to begin."""
        return self._own.start(agency)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """What a page holds, and what to ask next."""
        host = urlsplit(page.url).hostname or ""
        foreign = host != urlsplit(agency.portal).hostname
        family = self._all.get(self._hosts.get(host, "")) if foreign else None
        return (family or self._own).read(agency, page)


def families(years: Iterable[int], reach: Reach = ANYWHERE) -> Mapping[str, Family]:
    """Every family; those that ask year by year ask for these. Only the caller knows what year it is."""
    ucap, tree = Ucap(reach), ColumnTree(reach)
    return {
        "hanweb_jpage": HanwebJpage(reach),
        "hanweb_xxgk": HanwebXxgk(years, reach),
        "hanweb_jpaas": HanwebJpaas(reach),
        "trs": Trs(reach),
        "gkmlpt": Gkmlpt(reach),
        "nfcms": tree,
        "ucap": ucap,
        "ucap_json": ucap,
        "chinatax": ucap,
        "lonsun": Lonsun(reach),
        "openness": tree,
        "xuancheng": tree,
        "truecms": TrueCms(reach),
        "epoint": Epoint(reach),
        "tree": tree,
    }


def guided(years: Iterable[int], reach: Reach, portals: Iterable[Portal]) -> Mapping[str, Family]:
    """Every family, each able to hand pages of other hosts to the family of that host."""
    known = families(years, reach)
    hosts = {portal.host: portal.family for portal in portals}
    return {name: Guided(family, known, hosts) for name, family in known.items()}


FAMILIES = families(range(FIRST_YEAR, 2027))
"""Every family, for reports up to 2026."""
