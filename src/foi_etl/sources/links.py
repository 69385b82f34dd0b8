"""Links, and which of them are reports: judged by their own words, never by where they lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from foi_etl.model import Ask, Decoy, Found
from foi_etl.sources.markup import attribute, joined, parsed
from foi_etl.sources.reach import Reach
from foi_etl.text import fold_width, squash, year_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from foi_etl.model import Agency, Page

_SUBJECT = r"(?:(?:政府|政务)?信息|政务)公开"
_REPORT = re.compile(
    rf"{_SUBJECT}(?:重点)?(?:工作)?(?:情况)?(?:的)?(?:(?:19|20)\d\d年)?(?:年?度)?(?:工作)?(?:年度|年)?(?:报告|年报)"
)
_CUT_REPORT = re.compile(rf"{_SUBJECT}(?:工作|工)?(?:(?:19|20)\d\d年)?(?:年|年度|度|年度报)?(?:\.{{2,}}|…+)$")
_BARE_REPORT = re.compile(
    r"[\u4e00-\u9fff（）()]{0,30}(?:19|20)\d\d年度?(?:工作)?(?:年度报告|年报)|(?:19|20)\d\d年度?年报.{0,12}"
)
_OF_ELSE = re.compile(
    r"法治|统计|财[政务]|[预决]算|质量|环境|安全|社会|企业|基金|审计|就业|发展|经济|网站|诚信|信用"
)
_COLUMN_SAYS = re.compile(
    rf"""<(?:meta[^>]*\bname=["']?Column(?:Name|Type)["']?[^>]*\bcontent=["']?|title>)[^<>]*{_SUBJECT}[^<>]*年"""
    r"(?:度报告|报)",
    re.IGNORECASE,
)
_HEAD = 10_000
"""Characters of a page in which its head says what column it is."""
_YEARLY = re.compile(r"年度报告|年报|年度工作报告")
_SHOWN_DATE = re.compile(r"[\[(（]?(?:19|20)\d\d\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}[\])）]?\s*$")
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_LONGEST_ROW = 200
_ROWS = {"li", "tr", "dl", "dd"}
_NO_ROWS = {"body", "html", "table", "tbody"}
_PARTS = 2
"""How many steps above its part the whole of a row may stand."""
ANYWHERE = Reach()
"""A reach that knows no register."""
_NO_PLACE = ("javascript:", "mailto:", "tel:", "#")

# The words are looked for in this order; the first that stands there is the reason a person reads.
_DECOYS = (
    (re.compile(r"解读|图解|一图|图说|问答|漫画|动漫|视频"), "an interpretation"),
    (
        re.compile(r"网站.{0,8}(?:报表|年报|年度报告)|工作年度报表|情况统计表"),
        "a statement about a website or an annex",
    ),
    (re.compile(r"指南"), "a guide"),
    (
        re.compile(r"(?=.*(?:报告|年报)).*?(?:通知|关于做好|(?<!机构)编制(?!委|办)|报送|范文|模板)"),
        "a notice about reports",
    ),
    (re.compile(r"自查|自评|自检"), "a self-examination"),
    (re.compile(r"目录|制度|(?<!府)办法(?!制)"), "a rule or a catalogue"),
    (re.compile(r"季度|半年|月份"), "not of a whole year"),
)


class Link(NamedTuple):
    """One link of a listing: where to, its full words, and the date its row shows."""

    url: str
    text: str
    listed: str = ""

    @property
    def dated(self) -> bool:
        """Whether its row shows a date."""
        return bool(self.listed)


class ReportTitle(NamedTuple):
    """The words of a link are those of a report; the year is None where they do not say it."""

    year: int | None


class NoReport(NamedTuple):
    """The words of a link name a report and say why it is none."""

    reason: str


def judge_link(text: str, *, dated: bool = False, section: bool = False) -> ReportTitle | NoReport | None:
    """What the words of a link say it is; None where they do not speak of such reports at all.

    Without a year a title counts only in a dated row: menus name the column in the same words. Without
    its subject ("2023年年报") it counts only there, and only where the page says that it is their section.
    """
    title = re.sub(r"\s+", "", fold_width(text))
    if not re.search(_SUBJECT, title) and not re.search(r"网站.*(?:报表|年报|年度报告)", title):
        bare = section and dated and _BARE_REPORT.fullmatch(title) and not _OF_ELSE.search(title)
        return ReportTitle(year_in(title)) if bare else None
    for words, reason in _DECOYS:
        if words.search(title):
            return NoReport(reason)
    year = year_in(title)
    told = year is not None and bool(_CUT_REPORT.search(title))
    if hit := _REPORT.search(title):
        told = year is not None or (dated and bool(_YEARLY.search(hit[0])))
    return ReportTitle(year) if told else None


def links_in(markup: str, base: str) -> Iterator[Link]:
    """Every link of a piece of markup, with whole addresses and whole titles."""
    dates: dict[int, str] = {}
    for anchor in parsed(markup).css("a[href]"):
        href = squash(attribute(anchor, "href"))
        url = "" if href.lower().startswith(_NO_PLACE) else joined(base, href)
        if href and url:
            yield Link(url, _words(anchor), _date(anchor, dates))


def told(
    agency: Agency, page: Page, links: Iterable[Link], reach: Reach = ANYWHERE
) -> Iterator[Found | Decoy]:
    """The reports among the links of a page, and what only looks like one."""
    section = bool(_COLUMN_SAYS.search(page.text[:_HEAD]))
    for link in links:
        verdict = judge_link(link.text, dated=link.dated, section=section)
        if isinstance(verdict, NoReport):
            yield Decoy(link.url, link.text, verdict.reason)
        elif verdict and (objection := _objection(agency, link, reach)):
            yield Decoy(link.url, link.text, objection)
        elif verdict:
            ask = Ask(link.url, referer=page.url)
            yield Found(ask, link.text, via=page.url, year=verdict.year, listed=link.listed)


def _objection(agency: Agency, link: Link, reach: Reach) -> str:
    """Why a report is not this agency's; empty where it may be."""
    owner = reach.owner(agency, link.text)
    return reach.objection(agency, link.url) or (f"a report of {owner}" if owner else "")


def _words(anchor: LexborNode) -> str:
    """The title where the text is a beginning of it, or is nothing; the text, without its date, otherwise."""
    text = squash(_SHOWN_DATE.sub("", anchor.text(separator=" ")))
    title = squash(attribute(anchor, "title"))
    begin = re.sub(r"\s|(?:\.{2,}|…+)\s*$", "", text)
    begins = re.sub(r"\s", "", title).startswith(begin)
    return title if title and begins else text


def _date(anchor: LexborNode, known: dict[int, str]) -> str:
    """The date a row shows, as printed; a row that holds a whole page shows dates of everything.

    Where the row itself shows none, it may be a part of one: what stands around that link alone is looked at.
    """
    above = anchor.parent
    while above is not None and above.tag not in _ROWS:
        above = above.parent
    row: LexborNode | None = above or anchor
    told = _dates(above or anchor, known)
    for _ in range(_PARTS):
        row = row.parent if row is not None else None
        if told or row is None or row.tag in _NO_ROWS or not _is_of_one(row, known):
            break
        told = _dates(row, known)
    return told


def _dates(row: LexborNode, known: dict[int, str]) -> str:
    if row.mem_id not in known:
        text = " ".join(row.text(separator=" ").split())
        # The last one: titles name days too, and the row's own stands behind them.
        dates = _DATE.findall(text) if len(text) <= _LONGEST_ROW else []
        known[row.mem_id] = re.sub(r"\s", "", dates[-1]) if dates else ""
    return known[row.mem_id]


def _is_of_one(row: LexborNode, known: dict[int, str]) -> bool:
    """Whether a node holds one link only; asked once of each, for a list may hold very many."""
    if -row.mem_id not in known:
        known[-row.mem_id] = "one" if len(row.css("a[href]")) == 1 else ""
    return bool(known[-row.mem_id])
