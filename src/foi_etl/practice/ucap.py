"""UCAP's static lists."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.practice.answers import Answer, Asked, Site, numbered_page, page, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, hexed

PER_PAGE: Final = 9
_LIST = re.compile(r"/bm(\d+)/c\1/zfxxgknb(?:_(\d+))?\.shtml")


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    name = f"c01_{868000 + index * 100 + entry.serial}" if site.kind.dialect == "c01" else None
    name = name or hexed(32, "ucap", index, entry.serial)
    return f"/bm{column_of(index)}/c{column_of(index)}/{entry.day:%Y%m}/{name}.shtml"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    numbered = numbered_page(site, asked, _LIST, path, PER_PAGE)
    if numbered is None:
        return None
    index, shown, number, pages, count = numbered
    rows = "\n".join(
        f'<li><a href="{line.href}" target="_blank" title="{line.shown}">{line.shown}</a>'
        f"<em>{line.day:%Y/%m/%d}</em></li>"
        for line in shown
    )
    call = f"createPageHTML('page_div',{pages}, {number},'zfxxgknb','shtml',{count});"
    body = f'<ul class="list">\n{rows}\n</ul>\n<div id="page_div"></div><script>{call}</script>'
    return page(shell("政府信息公开年报", body), site.modified(index))


FAMILY: Final = Family(path, answer)
