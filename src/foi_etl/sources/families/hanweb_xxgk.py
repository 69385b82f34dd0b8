"""Hanweb's xxgk module: one address renders the report of one unit and one year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from bs4 import BeautifulSoup

from foi_etl.model import Ask, Found
from foi_etl.sources.links import ReportTitle, judge_link
from foi_etl.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foi_etl.model import Agency, Page

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


class HanwebXxgk:
    """Asks for each year by its address: `xxgkAnnualReport.jsp?area=<unit>&fbtime=<year>`."""

    def __init__(self, years: Iterable[int]) -> None:
        self._years = tuple(years)

    def start(self, agency: Agency) -> Iterator[Ask]:
        """One ask for each year, newest first."""
        parts = urlsplit(agency.portal)
        query = [(name, value) for name, value in parse_qsl(parts.query) if name != "fbtime"]
        for year in sorted(self._years, reverse=True):
            yield Ask(parts._replace(query=urlencode([*query, ("fbtime", str(year))])).geturl())

    def read(self, agency: Agency, page: Page) -> Iterator[Found]:
        """The page itself, where it is a report: for a year that is missing an empty template comes."""
        soup = BeautifulSoup(page.text, "lxml")
        body = re.sub(r"\s", "", soup.get_text())
        if sum(section in body for section in _SECTIONS) >= _ENOUGH:
            year = dict(parse_qsl(urlsplit(page.ask.url).query)).get("fbtime", "")
            yield Found(
                page.ask, _title(soup), via=agency.portal, year=int(year) if year.isdecimal() else None
            )


def _title(soup: BeautifulSoup) -> str:
    """What the page calls the report; empty where it does not say."""
    named = [str(meta.get("content") or "") for meta in soup.find_all("meta", attrs={"name": "ArticleTitle"})]
    printed = [tag.get_text(" ") for tag in soup.find_all(["title", "h1", "h2", "h3"])]
    candidates = [squash(text) for text in (*named, *printed)]
    return next((text for text in candidates if isinstance(judge_link(text, dated=True), ReportTitle)), "")
