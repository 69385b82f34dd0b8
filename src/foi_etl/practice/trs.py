"""TRS lists: static pages, and a script that alone knows how many there are."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.practice.answers import Answer, Params, Site, article, page
from foi_etl.practice.lists import Entry, entries
from foi_etl.practice.places import column_of
from foi_etl.practice.skins import text_html

PER_PAGE: Final = 8
_LIST = re.compile(r"/zwgk/bm(\d+)/zfxxgknb/(?:index(?:_(\d+))?\.html)?")
_ARTICLE = re.compile(r"/zwgk/bm(\d+)/zfxxgknb/(\d{6}/t\d{8}_\d+\.html)")


def base(site: Site) -> int:
    """What a host counts its pages from: the second page is index_1 on some, index_2 on others."""
    return site.host // 3 % 2


def answer(site: Site, path: str, _params: Params) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if found := _LIST.fullmatch(path):
        return _list_page(site, int(found[1]), int(found[2]) - base(site) if found[2] else 0, bool(found[2]))
    if found := _ARTICLE.fullmatch(path):
        agency_id = _agency(site, int(found[1]))
        listed = entries(site.country, agency_id) if agency_id else ()
        entry = next((one for one in listed if _href(one) == f"./{found[2]}"), None)
        return article(site, agency_id, entry) if agency_id and entry else None
    return None


def _agency(site: Site, column: int) -> str | None:
    return next((site.country.agencies[i].id for i in site.indices if column_of(i) == column), None)


def _href(entry: Entry) -> str:
    return f"./{entry.day:%Y%m}/t{entry.day:%Y%m%d}_{80000 + entry.serial}.html"


def _list_page(site: Site, column: int, number: int, numbered: bool) -> Answer | None:
    agency_id = _agency(site, column)
    listed = entries(site.country, agency_id) if agency_id else ()
    pages = -(-len(listed) // PER_PAGE)
    if not numbered < number + 1 <= pages:
        return None
    shown = listed[number * PER_PAGE : (number + 1) * PER_PAGE]
    rows = "\n".join(_row(site, one) for one in shown)
    return page(
        '<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>政府信息公开年报</title></head><body>\n'
        f'<ul class="newsList">\n{rows}\n</ul>\n<div class="page" id="paging">\n'
        '<a href="/was5/web/search?channelid=1">站内检索</a>\n'
        f"<script>{_pager(site, pages, number, len(listed))}</script></div>\n</body></html>\n",
        listed[0].day,
    )


def _pager(site: Site, pages: int, number: int, count: int) -> str:
    if base(site):
        return f"createPageHTML('paging', {pages}, {number + 1}, 'index', 'html', {count});"
    return f'createPageHTML({pages}, {number}, "index", "html");'


def _row(site: Site, entry: Entry) -> str:
    title = text_html(entry.title)
    if base(site):
        stray = f"{title}</TRS_DOCUMENT>"
        return f'<li>\n  <a href="{_href(entry)}">\n    {stray}\n    <span>{entry.day}</span>\n  </a>\n</li>'
    return f'<li><a href="{_href(entry)}" title="{title}">{title}</a><span>{entry.day}</span></li>'
