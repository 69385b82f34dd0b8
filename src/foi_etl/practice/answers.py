"""What a portal is asked and answers, and what all families share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from foi_etl.forms import Statute
from foi_etl.model import Agency
from foi_etl.practice.country import Country
from foi_etl.practice.lists import Entry, entries
from foi_etl.practice.places import Kind, column_of, twin_of
from foi_etl.practice.skins import text_html

HTML: Final = "text/html; charset=UTF-8"
XML: Final = "text/xml; charset=UTF-8"
JSON: Final = "application/json; charset=UTF-8"
EPOCH: Final = date(2019, 1, 1)
CLONE: Final = "http://www.copied-reports.invalid"
"""A stranger's host full of copies."""
T = TypeVar("T")
_LATER = timedelta(days=300)


class Asked(NamedTuple):
    """A request as it reaches a portal."""

    path: str
    query: str = ""
    """As sent, not decoded."""
    posted: str = ""
    """The body, as sent."""
    method: str = "GET"
    referer: str = ""

    @property
    def params(self) -> Mapping[str, str]:
        """The fields of the query and of a posted form."""
        return dict(parse_qsl(self.query, keep_blank_values=True) + parse_qsl(self.posted))

    def number(self, name: str, otherwise: int) -> int:
        """A field that should be a number."""
        text = self.params.get(name, "")
        return int(text) if text.isdecimal() else otherwise


class Answer(NamedTuple):
    """A page as it leaves the portal."""

    status: int
    kind: str
    """Its content type."""
    body: bytes
    modified: date
    headers: tuple[tuple[str, str], ...] = ()


class Line(NamedTuple):
    """One line of a list, and the address it leads to."""

    title: str
    href: str
    """A path on the same host, or the whole address on another."""
    entry: Entry

    @property
    def shown(self) -> str:
        """The title, fit to stand between tags."""
        return text_html(self.title)

    @property
    def day(self) -> date:
        """The date the list shows."""
        return self.entry.when

    @property
    def path(self) -> str:
        """The path, whatever the host."""
        return "/" + self.href.split("/", 3)[3] if self.href.startswith("http") else self.href


@dataclass(frozen=True)
class Site:
    """One host of the country."""

    country: Country
    statute: Statute
    host: int

    @cached_property
    def name(self) -> str:
        """Its virtual name."""
        return self.country.places.host_name(self.host)

    @cached_property
    def kind(self) -> Kind:
        """Which family's dialect it speaks."""
        return self.country.places.kind(self.host)

    @property
    def indices(self) -> range:
        """The numbers of the agencies that publish here."""
        first = self.host * self.country.places.per_host
        return range(first, min(first + self.country.places.per_host, len(self.country.agencies)))

    @property
    def title(self) -> str:
        """What the site calls itself."""
        return f"练习门户第{self.host + 1}站"

    def agency(self, index: int) -> Agency:
        """The agency of that number."""
        return self.country.agencies[index]

    def find(self, what: object, name: Callable[[int], object]) -> int | None:
        """The number of the agency here that is called so; None where none is."""
        return next((index for index in self.indices if str(name(index)) == str(what)), None)

    @cached_property
    def _kept(self) -> dict[int, tuple[Line, ...]]:
        return {}

    def lines(self, index: int, path: Callable[[Site, int, Entry], str]) -> tuple[Line, ...]:
        """An agency's list as it is shown, newest first; a host has one way of making paths."""
        if self.agency(index).id in self.country.changes.emptied:
            return ()
        if index not in self._kept:
            listed = entries(self.country, self.agency(index).id)
            lines = (Line(one.title, self._href(path(self, index, one), one), one) for one in listed)
            self._kept[index] = tuple(lines)
        return self._kept[index]

    def _href(self, path: str, entry: Entry) -> str:
        hosts = {"twin": f"http://{twin_of(self.name)}", "clone": CLONE}
        return hosts.get(entry.place, "") + path

    def modified(self, index: int) -> date:
        """The day a list last changed."""
        agency_id, changes = self.agency(index).id, self.country.changes
        listed = entries(self.country, agency_id)
        day = max((one.when for one in listed), default=EPOCH)
        touched = {*changes.emptied, *(one for one, _ in changes.gone | changes.revised)}
        return day + _LATER if agency_id in touched else day


def page(text: str, modified: date = EPOCH) -> Answer:
    """A page of UTF-8."""
    return Answer(200, HTML, text.encode(), modified)


def json_answer(said: object, modified: date = EPOCH) -> Answer:
    """The same as JSON."""
    return Answer(200, JSON, json.dumps(said, ensure_ascii=False).encode(), modified)


def shell(title: str, body: str, head: str = "") -> str:
    """A whole page of HTML around a body."""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>{title}</title>\n{head}</head><body>\n'
        '<div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a></div>\n'
        f"{body}\n</body></html>\n"
    )


def missing() -> Answer:
    """What stands where nothing stands."""
    text = "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1></body></html>"
    return Answer(404, HTML, text.encode(), EPOCH)


def part(items: Sequence[T], number: int, size: int) -> Sequence[T]:
    """The part of that number, counted from 0."""
    return items[number * size : (number + 1) * size]


def pages_of(items: Sequence[object], size: int) -> int:
    """How many pages that makes; an empty list is one page."""
    return max(1, -(-len(items) // size))


class Numbered(NamedTuple):
    """One page of a static list whose pages are called by their number."""

    whose: int
    """The number of the agency whose list it is."""
    shown: Sequence[Line]
    number: int
    pages: int
    total: int
    """How many lines the list has."""


def numbered_page(
    site: Site,
    asked: Asked,
    address: re.Pattern[str],
    path: Callable[[Site, int, Entry], str],
    size: int,
) -> Numbered | None:
    """The page an address asks for: its groups are the column and the number, which the first has not."""
    found = address.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if found is None or index is None:
        return None
    lines, number = site.lines(index, path), int(found[2] or 1)
    pages = pages_of(lines, size)
    if not 1 + bool(found[2]) <= number <= pages:
        return None
    return Numbered(index, part(lines, number - 1, size), number, pages, len(lines))
