"""A walk through practice portals without crawl's manners: what a family finds, nothing else."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import requests

from foi_etl.crawl.walk import walk
from foi_etl.errors import FixTheRegistry
from foi_etl.model import Ask, Decoy, Found, Page
from foi_etl.practice.server import serve
from foi_etl.sources.catalogue import guided
from foi_etl.sources.reach import Reach
from foi_etl.sources.step import Family, Step
from foi_etl.text import decode
from helpers import STATUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from foi_etl.model import Agency
    from foi_etl.practice.country import Country

YEARS = range(2019, 2027)


@contextmanager
def asked(country: Country) -> Iterator[Callable[[Ask], Page]]:
    """A way to ask the portals of a country."""
    with serve(country, STATUTE) as server, requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": f"http://127.0.0.1:{server.port}"}

        def fetch(ask: Ask) -> Page:
            headers = {"Referer": ask.referer} if ask.referer else {}
            if ask.body:
                headers["Content-Type"] = "application/json; charset=utf-8"
                answer = session.post(ask.url, data=ask.body.encode(), headers=headers, timeout=10)
            elif ask.form:
                answer = session.post(ask.url, data=list(ask.form), headers=headers, timeout=10)
            else:
                answer = session.get(ask.url, headers=headers, timeout=10)
            if answer.status_code != requests.codes.ok:
                raise FixTheRegistry("not there", url=ask.url, status=answer.status_code)
            return Page(ask, answer.url, decode(answer.content)[0])

        yield fetch


def visited(
    country: Country, agency: Agency, fetch: Callable[[Ask], Page]
) -> tuple[list[Found], list[Decoy]]:
    """What a walk finds for one agency of a country."""
    steps = list(walk(agency, family_of(country, agency), fetch, budget=400))
    found = [step for step in steps if isinstance(step, Found)]
    return found, [step for step in steps if isinstance(step, Decoy)]


def everything(country: Country, agency: Agency, fetch: Callable[[Ask], Page]) -> list[Step]:
    """Every step a family takes for an agency, what it says of its lists included."""
    family = family_of(country, agency)
    waiting, steps, met = list(family.start(agency)), list[Step](), set[str]()
    for ask in waiting:
        if ask.key not in met:
            met.add(ask.key)
            with suppress(FixTheRegistry):
                told = list(family.read(agency, fetch(ask)))
                waiting += [step for step in told if isinstance(step, Ask)]
                steps += told
    return steps


def family_of(country: Country, agency: Agency) -> Family:
    """The family of an agency, knowing the register of its country."""
    hosts = frozenset(portal.host for portal in country.portals)
    reach = Reach(hosts, frozenset(one.name for one in country.agencies))
    return guided(YEARS, reach, country.portals)[agency.family]
