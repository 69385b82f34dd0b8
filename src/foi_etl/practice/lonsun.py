"""Lonsun's columns of organs: the list in the page, or a fragment that the page's script asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from foi_etl.practice.answers import Answer, Asked, Line, Site, page, pages_of, part, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import organ_of
from foi_etl.practice.skins import text_html

PER_PAGE: Final = 10
LABEL: Final = "/site/label/8888"
_COLUMN = re.compile(r"/public/column/(\d+)")
_TPL = re.compile(r"/site/tpl/(464\d{4})(\d\d)?")
_REPORTS = "3"
_EMPTY = "暂无相关信息"
_FILE = "/xxgk/publicInfoList_newest2022"
_MOST = 50


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    return f"/public/{organ_of(index)}/{1109725000 + entry.serial}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if asked.path == LABEL and site.kind.dialect == "fragment":
        return _fragment(site, asked)
    if site.kind.dialect == "tpl":
        return _year_page(site, asked)
    found = _COLUMN.fullmatch(asked.path)
    index = site.find(found[1], organ_of) if found else None
    return None if index is None else _column_page(site, index, asked)


FAMILY: Final = Family(path, answer)


def _year_page(site: Site, asked: Asked) -> Answer | None:
    """A column with a number of its own for each year; without a year, the newest."""
    found = _TPL.fullmatch(asked.path)
    index = site.find(found[1], organ_of) if found else None
    if found is None or index is None:
        return None
    lines = site.lines(index, path)
    years = sorted({line.entry.day.year - 1 for line in lines}, reverse=True)
    year = int(f"20{found[2]}") if found[2] else max(years, default=0)
    tabs = "".join(
        f'<a href="/site/tpl/{organ_of(index)}{each % 100}?nav=4&amp;year={each}">{each}年度</a>'
        for each in years
    )
    shown = _rows(tuple(line for line in lines if line.entry.day.year - 1 == year))
    return page(
        shell(site.agency(index).name, f'<div class="tabs">{tabs}</div>{shown}'), site.modified(index)
    )


def _site_id(site: Site) -> str:
    return str(10914000 + site.host)


def _column_page(site: Site, index: int, asked: Asked) -> Answer:
    meta = f'<meta name="SiteId" content="{_site_id(site)}">\n'
    meta += '<meta name="ColumnName" content="政府信息公开年报">\n'
    if asked.params.get("type") != _REPORTS:
        body = '<div class="gk_content">政府信息公开指南、制度等内容。</div>'
    elif site.kind.dialect == "fragment":
        body = _asking(site, index)
    else:
        body = _embedded(site, index, asked.number("pageIndex", 1))
    return page(shell(site.agency(index).name, body, meta), site.modified(index))


def _asking(site: Site, index: int) -> str:
    fields = {
        "labelName": "publicInfoList", "siteId": _site_id(site), "organId": str(organ_of(index)),
        "type": _REPORTS, "pageSize": str(PER_PAGE), "pageIndex": "1", "action": "list", "isDate": "true",
        "dateFormat": "yyyy-MM-dd", "length": "40", "catId": "", "result": _EMPTY, "file": _FILE,
    }  # fmt: skip
    said = ",".join(f'{name}:"{value}"' for name, value in fields.items())
    return (
        '<div id="xxgk_lmcon"></div>\n<script>'
        f'Ls.ajax({{url:"{LABEL}",data:{{{said}}},dataType:"html",success:function(html){{$("#xxgk_lmcon").html(html);}}}});'
        "</script>"
    )


def _pagination(lines: tuple[Line, ...], number: int, size: int) -> str:
    return (
        f'<div id="page_public_info"></div><script>Ls.pagination("#page_public_info",function(){{}},'
        f"{{pageCount:{pages_of(lines, size)},pageIndex:{number},total:{len(lines)}}});</script>"
    )


def _embedded(site: Site, index: int, number: int) -> str:
    lines = site.lines(index, path)
    return f"{_rows(part(lines, number - 1, PER_PAGE))}\n{_pagination(lines, number, PER_PAGE)}"


def _rows(lines: Sequence[Line]) -> str:
    rows = "".join(
        f'<li><div><a class="title" href="{line.href}" title="{line.shown}">{line.shown}</a>'
        f'<span class="date">\r\n\t\t{line.day}\r\n\t</span></div></li>'
        for line in lines
    )
    return f'<div class="gk_list"><ul>{rows}</ul></div>' if lines else f"<div>{_EMPTY}</div>"


def _fragment(site: Site, asked: Asked) -> Answer | None:
    """The rows of one page, for a request that has the words of the page."""
    params = asked.params
    index = site.find(params.get("organId"), organ_of)
    due = {"labelName": "publicInfoList", "siteId": _site_id(site), "type": _REPORTS, "file": _FILE}
    if index is None or not due.items() <= params.items():
        return None
    lines = site.lines(index, path)
    number, size = asked.number("pageIndex", 1), min(asked.number("pageSize", PER_PAGE), _MOST)
    length = asked.number("length", 80)
    rows = "".join(
        f"<ul><li>{place}</li>"
        f'<li><span class="syh">11341{organ_of(index)}/{line.entry.day:%Y%m}-{place:05d}</span></li>'
        f'<li><a href="{line.href}" title="{line.shown}" target="_blank">'
        f"{_cut(line.title, length)}</a></li>"
        f'<li><span class="date">\r\n\t\t{line.day}\r\n\t</span></li></ul>'
        for place, line in enumerate(part(lines, number - 1, size), (number - 1) * size + 1)
    )
    text = (
        f'<div class="xxgk_navli">{rows}</div>\n{_pagination(lines, number, size)}'
        if lines
        else params.get("result", "")
    )
    return page(text, site.modified(index))


def _cut(title: str, length: int) -> str:
    """A length counts a Chinese character as two."""
    return text_html(title if len(title) * 2 <= length else f"{title[: length // 2]}...")
