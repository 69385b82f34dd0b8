"""Guangdong's static columns: numbered pages that link to the next, articles numbered as one row."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.practice.answers import Answer, Asked, Site, numbered_page, page, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of

PER_PAGE: Final = 7
_LIST = re.compile(r"/bm(\d+)/zwgk/xxgknb/(?:index(?:_(\d+))?\.html)?")


def post(index: int, entry: Entry) -> int:
    """The number of an article; no two on a host share one."""
    return 3000000 + index * 1000 + entry.serial


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    return f"/bm{column_of(index)}/zwgk/xxgknb/content/post_{post(index, entry)}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    numbered = numbered_page(site, asked, _LIST, path, PER_PAGE)
    if numbered is None:
        return None
    index, shown, number, pages, _ = numbered
    rows = "\n".join(
        f'<li><a href="{_whole(site, line.href)}" title="{line.shown}" target="_blank">'
        f'{line.shown}</a><span class="time">{line.day}</span></li>'
        for line in shown
    )
    body = f'<ul class="news_list">\n{rows}\n</ul>\n<div class="page">{_pager(number, pages)}</div>'
    return page(shell("政府信息公开年报", body), site.modified(index))


FAMILY: Final = Family(path, answer)


def _whole(site: Site, href: str) -> str:
    """These columns write whole addresses, without the scheme."""
    return href if href.startswith("http") else f"//{site.name}{href}"


def _name(number: int) -> str:
    return f"index_{number}.html" if number > 1 else "index.html"


def _pager(number: int, pages: int) -> str:
    after = f'<a class="next" href="{_name(number + 1)}">下一页</a>' if number < pages else ""
    before = f'<a class="prev" href="{_name(number - 1)}">上一页</a>' if number > 1 else ""
    return (
        f'{before}<span class="current">{number}</span>{after}<a class="last" href="{_name(pages)}">尾页</a>'
    )
