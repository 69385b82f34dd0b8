"""`foi-etl agencies find`: which family a column page belongs to, and the lines that add it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foi_etl import wiring
from foi_etl.archive.payload import unpacked
from foi_etl.cli.say import Home, out, settings
from foi_etl.crawl.address import is_practice
from foi_etl.crawl.fetch import Fetcher, raise_for
from foi_etl.crawl.manners import RobotsAnswer, introduce
from foi_etl.crawl.wire import header
from foi_etl.errors import WrongUsage
from foi_etl.model import Agency, Ask, Declared, Exchange, Found, Page
from foi_etl.settings import Settings
from foi_etl.sources.propose import proposal
from foi_etl.sources.recognise import recognise
from foi_etl.sources.registry import PORTALS, host_of
from foi_etl.sources.step import Step
from foi_etl.text import decode


def find(
    place: Annotated[str, typer.Argument(help="The address of a column page, or a file saved from one.")],
    url: Annotated[str, typer.Option(help="Where a saved file came from.")] = "",
    home: Home = None,
) -> None:
    """Look at a column page, name its family, and print the two lines that add it to the register."""
    here = settings(home)
    page = _saved(Path(place), url) if not place.startswith(("http://", "https://")) else _asked(here, place)
    families = recognise(page)
    for family, why in families:
        out.print(f"{family:<14}{why}", markup=False, soft_wrap=True)
    family = families[0][0]
    steps = _read(page, family)
    found, asks = (sum(isinstance(step, kind) for step in steps) for kind in (Found, Ask))
    declared = max((step.total for step in steps if isinstance(step, Declared)), default=0)
    more = f", of {declared} records" if declared else ""
    out.print(f"\nread as {family}: {found} reports on this page{more}, {asks} pages to ask next")
    entry, line = proposal(page, family, steps)
    register = wiring.register(here)
    if host_of(page.url) not in wiring.portals(here):
        out.print(f"\nto {register.with_name(PORTALS)} add:", markup=False, soft_wrap=True)
        out.print(entry, markup=False, soft_wrap=True)
    out.print(f"\nto {register} add, and fill in what is empty:", markup=False, soft_wrap=True)
    out.print(line, markup=False, soft_wrap=True)


def _read(page: Page, family: str) -> list[Step]:
    """What the family makes of the page, as if it were in the register."""
    agency = Agency("new", "", family, page.url, practice=is_practice(host_of(page.url)))
    return list(wiring.known_families()[family].read(agency, page))


def _saved(path: Path, url: str) -> Page:
    if not path.is_file():
        raise WrongUsage("give the address of a column page, or a file saved from one", file=path)
    return Page(Ask(url), url, decode(path.read_bytes())[0])


def _asked(here: Settings, url: str) -> Page:
    """The page as the portal answers it, asked for as politely as by a crawl; nothing is kept."""
    practice = is_practice(host_of(url))
    contact = here.contact or (wiring.PRACTICE_CONTACT if practice else "")
    ask = Ask(url)
    with Fetcher(
        user_agent=introduce(contact),
        pause=here.pause,
        portals=wiring.portals(here),
        practice_port=wiring.practice_port(here) if practice else None,
    ) as fetcher:
        exchange = fetcher.fetch(ask, lambda about: _robots(fetcher.send(about)))
    raise_for(exchange.status, url)
    return Page(ask, exchange.url, _text(exchange))


def _robots(exchange: Exchange) -> RobotsAnswer:
    return RobotsAnswer(exchange.status, _text(exchange))


def _text(exchange: Exchange) -> str:
    return decode(unpacked(exchange.body, header(exchange, "content-encoding")))[0]
