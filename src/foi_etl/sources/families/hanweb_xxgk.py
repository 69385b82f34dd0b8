"""Hanweb's xxgk module: a report for each unit and year at one address, or a list behind a search form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup

from foi_etl.model import Ask, Declared, Found
from foi_etl.sources.links import ANYWHERE, ReportTitle, judge_link, links_in
from foi_etl.sources.listing import listing
from foi_etl.sources.markup import attribute, parsed
from foi_etl.sources.memo import remember, word
from foi_etl.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4 import Tag
    from selectolax.lexbor import LexborHTMLParser

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_SECTIONS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "行政复议",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
_ENOUGH = 2
"""Section titles that make a page a report; one alone may be a word of the menu."""
_BY_YEAR = "xxgkAnnualReport.jsp"
_COLUMN = re.compile(r"/col/col(\d+)/")
_SEARCH = re.compile(r"xxgk/search\.jsp")
_PAGES = re.compile(r"共\s*(?:<[^>]*>\s*)*(\d+)\s*(?:<[^>]*>\s*)*页")
_AREA = re.compile(r"""tree\.jsp\?[^"']*?\barea=([^&"']*)""")


class HanwebXxgk:
    """Asks for each year by its address, `xxgkAnnualReport.jsp?area=<unit>&fbtime=<year>`, or searches."""

    def __init__(self, years: Iterable[int], reach: Reach = ANYWHERE) -> None:
        self._years, self._reach = tuple(years), reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """One ask for each year, newest first; the column itself where the reports stand in a list."""
        parts = urlsplit(agency.portal)
        if not parts.path.endswith(_BY_YEAR):
            yield Ask(agency.portal)
            return
        query = [(name, value) for name, value in parse_qsl(parts.query) if name != "fbtime"]
        for year in sorted(self._years, reverse=True):
            yield Ask(parts._replace(query=urlencode([*query, ("fbtime", str(year))])).geturl())

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The report a page is, or those it lists."""
        if urlsplit(page.ask.url).path.endswith(_BY_YEAR):
            yield from _report(agency, page)
        elif page.ask.form:
            yield from self._found(agency, page)
        else:
            yield from listing(agency, page, self._reach)
            yield from _search(page)

    def _found(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The rows of one page of answers: the search takes no notice of the column, so we do."""
        column = word(page.ask, "column")
        links = links_in(page.text, page.url)
        own = [link for link in links if not column or f"art_{column}_" in link.url]
        yield from listing(agency, page, self._reach, own)
        if not own and _PAGES.search(page.text):
            yield Declared(0, 0, page.ask.referer)
        pages = max((int(hit) for hit in _PAGES.findall(page.text)), default=1)
        for number in range(2, pages + 1):
            fields = [(name, value) for name, value in page.ask.form if name != "currpage"]
            form = (*fields, ("currpage", str(number)))
            yield Ask(page.ask.url, form, page.ask.referer, page.ask.memo)


def _report(agency: Agency, page: Page) -> Iterator[Found]:
    """The page itself, where it is a report: for a year that is missing an empty template comes."""
    tree = parsed(page.text)
    tree.strip_tags(["script", "style", "template"])
    body = re.sub(r"\s", "", tree.root.text() if tree.root else "")
    if sum(section in body for section in _SECTIONS) >= _ENOUGH:
        year = dict(parse_qsl(urlsplit(page.ask.url).query)).get("fbtime", "")
        yield Found(page.ask, _title(tree), via=agency.portal, year=int(year) if year.isdecimal() else None)


def _search(page: Page) -> Iterator[Ask]:
    """The search a column page sends: what its form holds, with the unit of its tree."""
    column = _COLUMN.search(page.url)
    area = _AREA.search(page.text)
    memo = remember(column=column[1] if column else "")
    if not _SEARCH.search(page.text):
        return
    for form in BeautifulSoup(page.text, "lxml").find_all("form", action=_SEARCH):
        held = dict(_held(form))
        if area and not held.get("area"):
            held["area"] = area[1]
        if column and not held.get("divid"):
            held["divid"] = f"div{column[1]}"
        fields = tuple((name, value) for name, value in held.items() if name != "currpage")
        yield Ask(urljoin(page.url, str(form["action"])), (*fields, ("currpage", "1")), page.url, memo)


def _held(form: Tag) -> Iterator[tuple[str, str]]:
    for field in form.find_all("input", attrs={"name": True}):
        if str(field.get("type") or "").lower() not in {"submit", "button", "image", "reset"}:
            yield str(field["name"]), str(field.get("value") or "")


def _title(tree: LexborHTMLParser) -> str:
    """What the page calls the report; empty where it does not say."""
    named = [attribute(meta, "content") for meta in tree.css('meta[name="ArticleTitle"]')]
    printed = [tag.text(separator=" ") for tag in tree.css("title, h1, h2, h3")]
    candidates = [squash(text) for text in (*named, *printed)]
    return next((text for text in candidates if isinstance(judge_link(text, dated=True), ReportTitle)), "")
