"""Hanweb's jpage lists: the first records inside the column page, the others through a proxy."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from foi_etl.practice.answers import Answer, Params, Site, article, page
from foi_etl.practice.lists import Entry, entries
from foi_etl.practice.places import column_of
from foi_etl.practice.skins import text_html

PER_PAGE: Final = 5
GROUP: Final = 3 * PER_PAGE
PROXY: Final = "/module/web/jpage/dataproxy.jsp"
_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")
_ARTICLE = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_(\d+)_(\d+)\.html")
_LONGEST = 300
"""The most records dialect B gives at once."""
_CUT = 24
_EMPTY = "<datastore><recordset></recordset></datastore>"
_EPOCH = date(2019, 1, 1)


def dialect(site: Site) -> str:
    """Which of the paging dialects a host speaks: A honours startrecord, B honours only page."""
    return "AB"[site.host // 3 % 2]


def answer(site: Site, path: str, params: Params) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if path == PROXY:
        return _proxy(site, params)
    if found := _COLUMN.fullmatch(path):
        return _column_page(site, int(found[1]))
    if found := _ARTICLE.fullmatch(path):
        return _article(site, path, int(found[1]))
    return None


def _agency(site: Site, column: int) -> str | None:
    return next((site.country.agencies[i].id for i in site.indices if column_of(i) == column), None)


def _path(column: int, entry: Entry) -> str:
    day = entry.day
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{column * 1000 + entry.serial}.html"


def _article(site: Site, path: str, column: int) -> Answer | None:
    agency_id = _agency(site, column)
    listed = entries(site.country, agency_id) if agency_id else ()
    entry = next((one for one in listed if _path(column, one) == path), None)
    return article(site, agency_id, entry) if agency_id and entry else None


def _column_page(site: Site, column: int) -> Answer | None:
    agency_id = _agency(site, column)
    if agency_id is None:
        return None
    listed = entries(site.country, agency_id)
    unit = _unit(column)
    store = _datastore(site, column, listed[:GROUP], 1)
    return page(
        f'<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>政府信息公开年报</title>\n'
        f'<meta name="ColumnName" content="政府信息公开年报"></head><body>\n'
        f'<div id="{unit}"><script type="text/xml">{store}</script></div>\n'
        f"<script>var param_{unit}={{col:1,appid:'1',webid:{site.host + 1},path:'/',columnid:{column},"
        f"sourceContentType:1,unitid:'{unit}',webname:'{site.title}',permissiontype:0}};\n"
        f"$('#{unit}').jpage({{themeName:'default',showMode:'full',totalRecord:{len(listed)},openCookies:false,"
        f"dataBefore:'',dataStore:InitData,dataAfter:'',groupSize:3,proxyUrl:'{PROXY}',perPage:{PER_PAGE},"
        f"barPosition:'bottom',ajaxParam:param_{unit}}});</script>\n</body></html>\n",
        listed[0].day,
    )


def _unit(column: int) -> int:
    return 760000 + column


def _proxy(site: Site, params: Params) -> Answer | None:
    column = _number(params, "columnid", 0)
    agency_id = _agency(site, column)
    if agency_id is None or _number(params, "unitid", 0) != _unit(column):
        return Answer(200, "text/xml; charset=UTF-8", _EMPTY.encode(), _EPOCH)
    listed = entries(site.country, agency_id)
    first, last = _window(site, params)
    store = _datastore(site, column, listed[first:last], first // GROUP + 2, total=len(listed))
    return Answer(200, "text/xml; charset=UTF-8", store.encode(), listed[0].day)


def _window(site: Site, params: Params) -> tuple[int, int]:
    """Which records a group holds. In dialect A the third group and those behind it repeat one record."""
    if dialect(site) == "B":
        size = min(_number(params, "perpage", PER_PAGE), _LONGEST)
        first = (max(_number(params, "page", 1), 1) - 1) * size
        return first, first + size
    first = max(_number(params, "startrecord", 1), 1) - 1
    return first - (first >= 2 * GROUP), max(_number(params, "endrecord", GROUP), first)


def _number(params: Params, name: str, otherwise: int) -> int:
    text = params.get(name, "")
    return int(text) if text.isdecimal() else otherwise


def _datastore(
    site: Site, column: int, listed: tuple[Entry, ...], following: int, total: int | None = None
) -> str:
    records = "\n".join(f"<record><![CDATA[\n{_record(site, column, one)}]]></record>" for one in listed)
    counted = "" if total is None else f"<totalrecord>{total}</totalrecord>"
    query = f"page={following}&webid={site.host + 1}&columnid={column}&unitid={_unit(column)}"
    return (
        f'<datastore>\n<nextgroup><![CDATA[<a href="{PROXY}?{query}"></a>]]></nextgroup>{counted}\n'
        f'<recordset><ul id="information-list"></ul>\n{records}\n</recordset></datastore>'
    )


def _record(site: Site, column: int, entry: Entry) -> str:
    """A line of the list; every other host cuts long titles and keeps the whole in the title attribute."""
    cuts = dialect(site) == "B" and len(entry.title) > _CUT
    shown = text_html(f"{entry.title[:_CUT]}..." if cuts else entry.title)
    href = _path(column, entry) if cuts else f"http://{site.name}{_path(column, entry)}"
    title = text_html(entry.title)
    return (
        f'<li><s></s><a class="ellipsis-line-clamp" href="{href}" title="{title}" target="_blank">{shown}</a>'
        f'<span class="pull-right">{entry.day}</span></li>'
    )
