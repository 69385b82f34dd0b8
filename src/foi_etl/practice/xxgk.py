"""Hanweb's xxgk module: one address for each unit and year, or a search that is posted."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.practice.answers import EPOCH, Answer, Asked, Site, page, pages_of, part, shell
from foi_etl.practice.articles import Family, report_page
from foi_etl.practice.jpage import path as jpage_path
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, unit_of

ANNUAL: Final = "/module/xxgk/xxgkAnnualReport.jsp"
SEARCH: Final = "/module/xxgk/search.jsp"
PER_PAGE: Final = 8
_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")
_NEIGHBOURS = 3
"""Rows of another column that a search brings along on each page."""


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies; on hosts with an address for each unit and year, that address."""
    if site.kind.dialect == "annual":
        return f"{ANNUAL}?area={unit_of(index)}&fbtime={entry.year}"
    return jpage_path(site, index, entry)


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if asked.path == ANNUAL and site.kind.dialect == "annual":
        return _annual(site, asked)
    if asked.path == SEARCH and site.kind.dialect == "search":
        return _search(site, asked)
    found = _COLUMN.fullmatch(asked.path) if site.kind.dialect == "search" else None
    index = site.find(found[1], column_of) if found else None
    return None if index is None else _column_page(site, index)


FAMILY: Final = Family(path, answer)


def _annual(site: Site, asked: Asked) -> Answer | None:
    """The report of a unit and a year; for a year it does not have, a template with nothing in it."""
    index = site.find(asked.params.get("area"), unit_of)
    if index is None:
        return None
    agency_id, changes = site.agency(index).id, site.country.changes
    published = site.country.published(agency_id)
    year = asked.number("fbtime", max(published, default=0))
    there = year in published and agency_id not in changes.emptied and (agency_id, year) not in changes.gone
    return report_page(site, index, year) if there else _template(site, agency_id)


def _template(site: Site, agency_id: str) -> Answer:
    name = site.country.agency(agency_id).name
    options = "".join(f'<option value="{year}">{year}年</option>' for year in site.country.years)
    return page(
        '<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>政府信息公开年报</title></head><body>\n'
        f'<div class="path">{name} &gt; 政府信息公开年报</div><select name="fbtime">{options}</select>\n'
        '<div id="zoom"></div>\n</body></html>\n'
    )


def _form(site: Site, index: int) -> dict[str, str]:
    return {
        "infotypeId": f"A{site.host}", "jdid": str(site.host + 1), "area": unit_of(index),
        "divid": f"div{column_of(index)}", "vc_title": "", "vc_number": "",
        "sortfield": ",createdate:0,orderid:0", "currpage": "1", "vc_filenumber": "", "vc_all": "",
        "texttype": "", "fbtime": "-1", "standardXxgk": "1", "isAllList": "1",
    }  # fmt: skip


def _column_page(site: Site, index: int) -> Answer:
    inputs = "".join(f'<input type="hidden" name="{k}" value="{v}">' for k, v in _form(site, index).items())
    return page(
        shell(
            "政府信息公开年报",
            f'<iframe src="/module/xxgk/tree.jsp?area={unit_of(index)}&amp;divid=div{column_of(index)}">'
            "</iframe>\n"
            f'<form name="search" action="{SEARCH}" method="post">{inputs}</form>\n'
            f'<div id="div{column_of(index)}"></div>\n<script>searchInfo();</script>',
            '<meta name="ColumnName" content="政府信息公开年报">',
        ),
        EPOCH,
    )


def _search(site: Site, asked: Asked) -> Answer | None:
    """One page of what a unit published; a search does not mind in which column."""
    params = asked.params
    index = site.find(params.get("area"), unit_of)
    if asked.method != "POST" or index is None or not {"infotypeId", "divid", "jdid"} <= set(params):
        return None
    lines = site.lines(index, path)
    pages, number = pages_of(lines, PER_PAGE), asked.number("currpage", 1)
    rows = [
        f'<tr class="tr_main_value_{"odd" if place % 2 else "even"}"><td>'
        f'<a class="bt_link" href="{line.href}" title="{line.shown}">'
        f"{line.shown}</a></td><td>{line.day}</td></tr>"
        for place, line in enumerate(part(lines, number - 1, PER_PAGE))
    ]
    other = column_of(index) + 4000
    rows += [
        f'<tr class="tr_main_value_even"><td><a class="bt_link" href="/art/2024/5/6/art_{other}_{n}.html">'
        f"{site.agency(index).name}2023年统计公报第{number}-{n}号</a></td><td>2024-05-06</td></tr>"
        for n in range(_NEIGHBOURS)
    ]
    following = f'<a href="javascript:gotopage({number + 1})">下一页</a>' if number < pages else ""
    text = f"<table>{''.join(rows)}</table>\n<div>共{pages}页 第{number}页 {following}</div>"
    return page(text, site.modified(index))
