"""What a portal answers, and the pages all families share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from foi_etl.forms import Statute
from foi_etl.practice.country import Country
from foi_etl.practice.dice import dice
from foi_etl.practice.lists import Entry
from foi_etl.practice.pages import render
from foi_etl.practice.places import AGENCIES_PER_HOST, host_name
from foi_etl.practice.skins import text_html
from foi_etl.practice.styles import style_of

HTML: Final = "text/html; charset=UTF-8"
Params = Mapping[str, str]


class Answer(NamedTuple):
    """A page as it leaves the portal."""

    status: int
    kind: str
    """Its content type."""
    body: bytes
    modified: date


class Site(NamedTuple):
    """One host of the country."""

    country: Country
    statute: Statute
    host: int

    @property
    def name(self) -> str:
        """Its virtual name."""
        return host_name(self.host)

    @property
    def indices(self) -> range:
        """The numbers of the agencies that publish here."""
        first = self.host * AGENCIES_PER_HOST
        return range(first, min(first + AGENCIES_PER_HOST, len(self.country.agencies)))

    @property
    def title(self) -> str:
        """What the site calls itself."""
        return f"练习门户第{self.host + 1}站"


def page(text: str, modified: date) -> Answer:
    """A page of UTF-8."""
    return Answer(200, HTML, text.encode(), modified)


def missing(site: Site) -> Answer:
    """What stands where nothing stands."""
    text = "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1></body></html>"
    return Answer(404, HTML, text.encode(), date(min(site.country.years), 1, 1))


def report_page(site: Site, agency_id: str, year: int) -> Answer:
    """A report in its agency's style. Bytes that are not UTF-8 go out without a word about their charset."""
    report = site.country.report(agency_id, year)
    style = style_of(agency_id, year, seed=site.country.seed)
    body = render(report, site.statute, style, rng=dice(site.country.seed, "page", agency_id, year))
    return Answer(200, HTML if style.charset == "utf-8" else "text/html", body, report.published)


def article(site: Site, agency_id: str, entry: Entry) -> Answer:
    """What a line of a list leads to: a report, or a page that only talks about one."""
    if entry.year is not None:
        return report_page(site, agency_id, entry.year)
    title = text_html(entry.title)
    name = site.country.agency(agency_id).name
    return page(
        f'<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>{title}</title>\n'
        f'<meta name="ArticleTitle" content="{title}">\n'
        f'<meta name="PubDate" content="{entry.day} 10:00"></head>\n'
        f'<body><h1>{title}</h1><div id="zoom"><p>{name}就有关事项说明如下。</p>'
        f"<p>发布日期：{entry.day}</p></div></body></html>\n",
        entry.day,
    )
