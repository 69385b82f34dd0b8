"""Who a report is from, for which year, published when; and its six sections as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from foi_etl.extract.page import Lines
from foi_etl.forms import Section
from foi_etl.text import label_key, squash, year_in

_GENRE: Final = re.compile(r"(?:政府|政务)?信息公开.{0,12}(?:报告|年报)|政务公开.{0,8}年度报告|年度报告")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
_YEAR_WORDS: Final = re.compile(r"\d{4}\s*年|[一二][〇○零Oo一二三四五六七八九]{3}年")
_PERIOD: Final = re.compile(r"((?:19|20)\d\d)\s*年\s*1\s*月\s*1\s*日[^。]{0,16}?12\s*月\s*31\s*日")
_DATE: Final = re.compile(r"((?:19|20)\d\d)\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})")
_DATED: Final = re.compile(r"(?:发布|发文|成文|公开|生成)?(?:日期|时间)\s*[:：]\s*" + _DATE.pattern)
_SIGNED: Final = re.compile(_DATE.pattern + r"\s*日?")
_SITE: Final = re.compile(r"\s*[_|｜]\s*|\s+-+\s+|-{2,}")
_OWN_NAME: Final = re.compile(r"(?:(?<!人民)政府|政务)?信息公开.*|政务公开.*|年度(?:工作)?报告.*")
_TITLE_LENGTH: Final = 80
_META_DATES: Final = ("pubdate", "publishdate", "publish_time", "publishtime", "others")
_META_TITLES: Final = ("articletitle", "title")


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
    the year before publication (a report for Y is published in the first months of Y+1).
    """
    bodies = dict(_sections(said.lines, sections))
    preamble = bodies.pop("", ())
    title = _title(said, preamble)
    published = _published(said)
    period = _PERIOD.search("".join(said.lines))
    spoken = Counter(_YEAR.findall("".join(bodies.get("overview", ())))).most_common(1)
    evidence = {
        "period": int(period[1]) if period else None,
        "title": year_in(title),
        "body": int(spoken[0][0]) if spoken else None,
        "published": int(published[:4]) - 1 if published else None,
    }
    year_from, year = next(((name, year) for name, year in evidence.items() if year), ("", None))
    return About(
        title=title,
        agency_name=agency_in(title) or said.meta.get("contentsource", ""),
        year=year,
        year_from=year_from,
        published=published,
        sections={name: "\n".join(lines) for name, lines in bodies.items()},
        period_year=evidence["period"],
        title_year=evidence["title"],
    )


def is_titled(about: About) -> bool:
    """Whether its title is that of an annual report, and names a year."""
    return about.title_year is not None and bool(_GENRE.search(about.title))


def agency_in(title: str) -> str:
    """The agency a title names: what is left without year, genre and brackets.

    >>> agency_in("2019年上海市人民政府办公厅政府信息公开工作年度报告")
    '上海市人民政府办公厅'
    >>> agency_in("江苏省人民政府信息公开2012年度报告")
    '江苏省人民政府'
    """
    bare = re.sub(r"^关于|[（(][^()（）]{0,12}版[)）]", "", _YEAR_WORDS.sub("", title))
    bare = _OWN_NAME.sub("", bare)
    return squash(re.sub(r"^度|度$|年度$|《|》|[（(]\s*[)）]", "", bare.strip())).strip(" 的-—")


def _title(said: Lines, preamble: Sequence[str]) -> str:
    """The report's own title: a line before section one, joined with the one above that begins it."""
    for at, line in enumerate(preamble):
        if len(line) <= _TITLE_LENGTH and "。" not in line and _GENRE.search(line):
            above = preamble[at - 1] if at else ""
            if (
                not _is_whole(line)
                and above
                and len(above) <= _TITLE_LENGTH // 2
                and not re.search(r"[。：:，]", above)
            ):
                return above + line
            return line if _is_whole(line) else _stated(said) or line
    return _stated(said)


def _is_whole(title: str) -> bool:
    return bool(agency_in(title)) and year_in(title) is not None


def _stated(said: Lines) -> str:
    """The title as meta tags or the window say it, without the names of column and site."""
    named = [said.meta[name] for name in _META_TITLES if said.meta.get(name)]
    for text in (*named, said.window_title):
        for part in _SITE.split(text):
            if _GENRE.search(part):
                return part
    return named[0] if named else _SITE.split(said.window_title)[0]


def _published(said: Lines) -> str:
    for name in _META_DATES:
        if found := _DATE.match(said.meta.get(name, "")):
            return _iso(found)
    for line in said.lines[:40]:
        if len(line) <= 2 * _TITLE_LENGTH and (found := _DATED.search(line)):
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


def _heading(line: str, titles: Sequence[tuple[str, str]]) -> str:
    """The section a line opens: its title words, with at most a few characters around them.

    A line numbered in brackets, （三）, is a heading inside a section.
    """
    if len(line) > _TITLE_LENGTH // 2 or "。" in line[:-1] or line.startswith(("（", "(")):
        return ""
    words = label_key(line)
    return next((name for title, name in titles if title in words and len(words) <= len(title) + 12), "")
