"""TRS lists and their look-alikes: static pages, and a script that alone knows how many there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from foi_etl.practice.answers import Answer, Asked, Line, Site, page, pages_of, part, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of
from foi_etl.practice.trs_pagers import FROM_ONE, PAGERS, PROMISED

PER_PAGE: Final = 8
_LIST = re.compile(r"/zwgk/bm(\d+)/zfxxgknb/(?:(\d{4})n/)?(?:index(?:_(\d+))?\.(s?html))?")
_GBK = "records"
"""The dialect whose lists say gb2312 and are gb18030, and whose header says nothing."""
_STUB = "<html><head><title>无标题</title></head><body>" + "<!-- 没有更多内容 -->" * 10 + "</body></html>"


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies; in some hosts under the year it tells of."""
    year = f"{entry.day.year - 1}n/" if site.kind.dialect == "years" else ""
    name = f"{entry.day:%Y%m}/t{entry.day:%Y%m%d}_{80000 + entry.serial}.{_ending(site)}"
    return f"/zwgk/bm{column_of(index)}/zfxxgknb/{year}{name}"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    found = _LIST.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if found is None or index is None or found[4] not in {None, _ending(site)}:
        return None
    lines = site.lines(index, path)
    if site.kind.dialect == "years":
        if not found[2]:
            return None if found[3] else _year_index(site, index, lines)
        lines = tuple(line for line in lines if f"/{found[2]}n/" in line.href)
        if not lines:
            return None
    return _list_page(site, index, lines, found[3])


FAMILY: Final = Family(path, answer)


def _ending(site: Site) -> str:
    return "shtml" if site.kind.dialect == "extra" else "html"


def _year_index(site: Site, index: int, lines: Sequence[Line]) -> Answer:
    years = sorted({line.entry.day.year - 1 for line in lines}, reverse=True)
    rows = "\n".join(f'<li><a href="./{year}n/" title="{year}年">{year}年</a></li>' for year in years)
    body = f'<h2>政府信息公开年报</h2>\n<ul class="column">\n{rows}\n</ul>'
    return page(shell("政府信息公开年报", body), site.modified(index))


def _list_page(site: Site, index: int, lines: Sequence[Line], numbered: str | None) -> Answer | None:
    dialect = site.kind.dialect
    size = max(len(lines), 1) if dialect == "slices" else PER_PAGE
    pages = pages_of(lines, size)
    number = int(numbered) - (dialect in FROM_ONE) if numbered else 0
    if not (numbered is not None) < number + 1 <= pages:
        beyond = dialect == "stub" and number >= pages
        return page(_STUB, site.modified(index)) if beyond else None
    rows = "\n".join(_row(site, index, one) for one in part(lines, number, size))
    told = pages + PROMISED if dialect == "promises" else pages
    kind = "pagedContent" if dialect == "slices" else "newsList"
    charset = "gb2312" if dialect == _GBK else "UTF-8"
    text = (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset}">'
        "<title>政府信息公开年报</title></head><body>\n"
        f'<ul class="{kind}">\n{rows}\n</ul>\n<div class="page" id="paging">\n'
        '<a href="/was5/web/search?channelid=1">站内检索</a>\n'
        f"{PAGERS[dialect](told, number, len(lines))}</div>\n</body></html>\n"
    )
    if dialect == _GBK:
        return Answer(200, "text/html", text.encode("gb18030"), site.modified(index))
    return page(text, site.modified(index))


def _row(site: Site, index: int, line: Line) -> str:
    title, day = line.shown, line.day
    base = f"/zwgk/bm{column_of(index)}/zfxxgknb/"
    if site.kind.dialect == "years":
        base += f"{line.entry.day.year - 1}n/"
    href = f"./{line.href.removeprefix(base)}" if line.href.startswith(base) else line.href
    if site.kind.dialect in FROM_ONE:
        stray = f"{title}</TRS_DOCUMENT>"
        return f'<li>\n  <a href="{href}">\n    {stray}\n    <span>{day}</span>\n  </a>\n</li>'
    return f'<li><a href="{href}" title="{title}">{title}</a><span>{day}</span></li>'
