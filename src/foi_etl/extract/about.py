"""Who a report is from, for which year, published when; and its six sections as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from foi_etl.characters import simplified
from foi_etl.extract.page import Lines
from foi_etl.extract.titles import LONGEST, NOBODY, SITE, agency_in, announced, find_title, is_of_the_genre
from foi_etl.forms import Section
from foi_etl.text import label_key, year_in

_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
_PERIOD: Final = re.compile(
    r"((?:19|20)\d\d)\s*年?\s*1\s*月?\s*1\s*日[^。]{0,16}?12\s*月?\s*3[01]\s*日"
    r"|(?:数据|统计)[^。，]{0,6}截[止至][^。，]{0,6}?((?:19|20)\d\d)\s*年\s*12\s*月\s*31\s*日"
)
"""From the first day to the last, also where a converter lost the 年 or the 月; or up to the last day."""
_DATE: Final = re.compile(r"((?:19|20)\d\d)\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})")
_DATED: Final = re.compile(r"(?:发布|发文|成文|公开|生成)?(?:日期|时间)\s*[:：]\s*" + _DATE.pattern)
_SIGNED: Final = re.compile(_DATE.pattern + r"\s*日?")
_BODY: Final = (
    r"[\u4e00-\u9fff（）()]{2,24}?(?:局|委员会|委(?!员)|办公室|办事处|办(?!公|事)|厅|院|会|署"
    r"|政府(?!办公)|街道|镇|乡|中心|[支总]队|海关|开发区)"
)
_ISSUED: Final = re.compile(
    rf"(?:发布|发文|制发|公开|编制|责任)(?:机构|单位|机关|部门)\s*[:：]\s*({_BODY})(?!\S)"
    rf"|(?<!\S)(?:信息|资料|文章)?来源\s*[:：]\s*({_BODY})(?!\S)"
    rf"|由({_BODY})(?:负责|(?:根据|按照|依据|结合)[^。]{{0,60}})?(?:编制|编写)"
    rf"|请与({_BODY})(?:(?:政府)?信息公开[^，,。]{{0,12}}|办公室)?联系"
    rf"|(?:20\d\d年度?+|全年|本年度?+)[,，]?({_BODY})(?=共|未|全年|主动|累计|收到|新收|坚持|认真|严格|依法|通过)"
)
_A_BODY: Final = re.compile(_BODY)
_DOUBLED: Final = re.compile(r"^(.{2,8})\1")
_META_DATES: Final = ("pubdate", "publishdate", "publish_time", "publishtime", "others")


class About(NamedTuple):
    """What a document says of itself. Empty, or None, where it does not say."""

    title: str
    agency_name: str
    year: int | None
    year_from: str
    published: str
    sections: dict[str, str]
    period_year: int | None
    title_year: int | None


def read_about(said: Lines, sections: Sequence[Section]) -> About:
    """Title, agency as printed, year, date and sections of a report.

    The year is taken from the stated period, then the title, then what section one mostly speaks of, then
    the year before publication (a report for Y is published in the first months of Y+1), and where none of
    these is there, what all of it mostly speaks of. A title without an agency leaves it to a sentence that
    announces the report, and that to who is said to have issued it.
    """
    bodies = dict(_sections(said.lines, sections))
    preamble = bodies.pop("", ())
    title = find_title(said, preamble)
    sentence = announced(said.lines)
    published = _published(said)
    period = _PERIOD.search(simplified("".join(said.lines)))
    evidence = {
        "period": int(period[1] or period[2]) if period else None,
        "title": year_in(title) or year_in(sentence),
        "body": _mostly(bodies.get("overview", ())),
        "published": int(published[:4]) - 1 if published else None,
        "text": _mostly(said.lines),
    }
    year_from, year = next(((name, year) for name, year in evidence.items() if year), ("", None))
    return About(
        title=title,
        agency_name=agency_in(title) or agency_in(sentence) or _issuer(said),
        year=year,
        year_from=year_from,
        published=published,
        sections={name: "\n".join(_unsigned(lines)) for name, lines in bodies.items()},
        period_year=evidence["period"],
        title_year=evidence["title"],
    )


def is_titled(about: About) -> bool:
    """Whether its title is that of an annual report, and names a year."""
    return about.title_year is not None and is_of_the_genre(about.title)


def _mostly(lines: Sequence[str]) -> int | None:
    """The year that is named most often."""
    spoken = Counter(_YEAR.findall("".join(lines))).most_common(1)
    return int(spoken[0][0]) if spoken else None


def _issuer(said: Lines) -> str:
    """Who is said to have issued the page, or speaks in it by its name."""
    text = "\n".join(said.lines)
    named = (text[slice(*found.span(found.lastindex or 0))] for found in _ISSUED.finditer(simplified(text)))
    somebody = next((one for one in named if not NOBODY.search(one)), "")
    return said.meta.get("contentsource", "") or _DOUBLED.sub(r"\1", somebody) or _signs(said) or _owns(said)


def _signs(said: Lines) -> str:
    """Who stands above the date that the text ends with."""
    last = said.lines[-7:]
    return next(
        (body for body, day in pairwise(last) if _SIGNED.fullmatch(day) and _A_BODY.fullmatch(body)), ""
    )


def _owns(said: Lines) -> str:
    """Whose the site is by the window's title; a government's, of all its offices, tells nothing."""
    parts = (part.strip() for part in SITE.split(said.window_title))
    return next((part for part in parts if _A_BODY.fullmatch(part) and not part.endswith("政府")), "")


def _published(said: Lines) -> str:
    for name in _META_DATES:
        if found := _DATE.match(said.meta.get(name, "")):
            return _iso(found)
    for line in said.lines[:40]:
        if len(line) <= 2 * LONGEST and (found := _DATED.search(simplified(line))):
            return _iso(found)
    for line in reversed(said.lines[-6:]):
        if found := _SIGNED.fullmatch(line):
            return _iso(found)
    return ""


def _iso(found: re.Match[str]) -> str:
    year, month, day = found.group(1, 2, 3)
    return f"{year}-{int(month):02}-{int(day):02}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else ""


def _sections(lines: Sequence[str], sections: Sequence[Section]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text of each section by id; what stands before the first has the empty id."""
    titles = [(label_key(word), section.id) for section in sections for word in section.words]
    current, start, seen = "", 0, set[str]()
    for at, line in enumerate(lines):
        name = _heading(line, titles)
        if name and name not in seen:
            yield current, tuple(lines[start + bool(current) : at])
            current, start = name, at
            seen.add(name)
    yield current, tuple(lines[start + bool(current) :])


def _unsigned(lines: Sequence[str]) -> Sequence[str]:
    """The lines without the date they end with, and without who stands above it."""
    if not (lines and _SIGNED.fullmatch(lines[-1])):
        return lines
    return lines[: -2 if len(lines) > 1 and _A_BODY.fullmatch(lines[-2]) else -1]


def _heading(line: str, titles: Sequence[tuple[str, str]]) -> str:
    """The section a line opens: its title words, with at most a few characters around them.

    A line numbered in brackets, （三）, is a heading inside a section.
    """
    if len(line) > LONGEST // 2 or "。" in line[:-1] or line.startswith(("（", "(")):
        return ""
    words = label_key(line)
    return next((name for title, name in titles if title in words and len(words) <= len(title) + 12), "")
