"""What the lines of lists lead to: reports, pages that only talk about one, and the files beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from foi_etl.practice.answers import EPOCH, HTML, Answer, Asked, Line, Site, page
from foi_etl.practice.attachments import (
    TYPES,
    Attachment,
    attachments,
    beside,
    file_bytes,
    is_bare,
    is_pictured,
)
from foi_etl.practice.dice import dice
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import Leaf, set_pages
from foi_etl.practice.lists import Entry, entries
from foi_etl.practice.pages import render, render_bare
from foi_etl.practice.pictured import pictured_page, pictures, png
from foi_etl.practice.places import hexed
from foi_etl.practice.skins import text_html
from foi_etl.practice.styles import style_of

PathOf = Callable[[Site, int, Entry], str]


class Family(NamedTuple):
    """How a family of portals behaves."""

    path: PathOf
    """Where an article lies."""
    answer: Callable[[Site, Asked], Answer | None]
    """Everything but articles; None where the family has nothing there."""
    foot: Callable[[Site, int, Line, tuple[Attachment, ...]], str] | None = None
    """What the family adds behind the body of every report."""
    on_twin: bool = False
    """Whether the second name of a host has lists too."""


@dataclass(frozen=True)
class Desk:
    """The articles of one host, found by their path."""

    site: Site
    family: Family

    @cached_property
    def _articles(self) -> Mapping[str, tuple[int, Line]]:
        return {line.path: (index, line) for index, line in self._lines() if line.entry.place != "clone"}

    @cached_property
    def _files(self) -> Mapping[str, tuple[Line, Attachment]]:
        return {
            one.path: (line, one)
            for index, line in self._articles.values()
            for one in attachments(self.site, index, line.entry, line.path)
        }

    @cached_property
    def _pictures(self) -> Mapping[str, Leaf]:
        """The pictures of tables, by their path."""
        site, found = self.site, dict[str, Leaf]()
        for path, (index, line) in self._articles.items():
            if (year := line.entry.year) is not None and is_pictured(site, index, year):
                report = site.country.report(site.agency(index).id, year)
                for number, leaf in enumerate(pictures(report, site.statute), 1):
                    found[f"{path.rsplit('/', 1)[0]}/{stem_of(path)}_{number}.png"] = leaf
        return found

    def _lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, also those of a list that is empty tonight; none where addresses are the list."""
        if self.site.kind.dialect == "annual":
            return
        for index in self.site.indices:
            for one in entries(self.site.country, self.site.agency(index).id):
                yield index, Line(one.title, self.family.path(self.site, index, one), one)

    def answer(self, asked: Asked) -> Answer | None:
        """The article or file of that address, or None."""
        target = f"{asked.path}?{asked.query}" if asked.query else asked.path
        for path in (target, asked.path):
            if path in self._articles:
                return self._article(*self._articles[path])
            if path in self._files:
                line, one = self._files[path]
                return Answer(200, TYPES[one.ending], self._file(line, one.ending), line.entry.when)
        if self.site.country.pictured and asked.path in self._pictures:
            return Answer(200, "image/png", png(self._pictures[asked.path]), EPOCH)
        return None

    def _file(self, line: Line, ending: str) -> bytes:
        """The bytes of a file: the report itself where its page does not hold it."""
        index = next((at for path, (at, one) in self._articles.items() if one is line), None)
        year = line.entry.year
        if index is None or year is None or not is_bare(self.site, index, year):
            return file_bytes(line.title, ending)
        report = self.site.country.report(self.site.agency(index).id, year)
        return pdf(set_pages(flow(report, self.site.statute)))

    def _article(self, index: int, line: Line) -> Answer:
        if line.entry.year is None:
            return _about(self.site, index, line.entry)
        files = attachments(self.site, index, line.entry, line.path)
        foot = self.family.foot(self.site, index, line, files) if self.family.foot else ""
        foot = beside(self.site, line.entry, files) + foot
        return report_page(self.site, index, line.entry.year, foot, stem_of(line.path))


def stem_of(path: str) -> str:
    """What the pictures of an article are called by."""
    return "W" + hexed(16, "picture", path)


def report_page(site: Site, index: int, year: int, foot: str = "", stem: str = "") -> Answer:
    """A report in its agency's style. Bytes that are not UTF-8 go out without a word about their charset."""
    agency_id, country = site.agency(index).id, site.country
    report, style = country.report(agency_id, year), style_of(agency_id, year, seed=country.seed)
    if is_bare(site, index, year):
        body = render_bare(report, style, foot)
    elif stem and is_pictured(site, index, year):
        body = pictured_page(report, site.statute, style, stem, foot)
    else:
        rng = dice(country.seed, "page", agency_id, year)
        body = render(report, site.statute, style, rng=rng, beside=foot)
    return Answer(200, HTML if style.charset == "utf-8" else "text/html", body, report.published)


def _about(site: Site, index: int, entry: Entry) -> Answer:
    title = text_html(entry.title)
    name = site.agency(index).name
    return page(
        f'<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>{title}</title>\n'
        f'<meta name="ArticleTitle" content="{title}">\n'
        f'<meta name="PubDate" content="{entry.day} 10:00"></head>\n'
        f'<body><h1>{title}</h1><div id="zoom"><p>{name}就有关事项说明如下。</p>'
        f"<p>发布日期：{entry.day}</p></div></body></html>\n",
        entry.day,
    )
