"""Hanweb's jpage lists: the first records inside the column page, the others through a proxy."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, quote

from foi_etl.practice.answers import XML, Answer, Asked, Line, Site, page
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of
from foi_etl.practice.skins import text_html

PER_PAGE: Final = 5
GROUP: Final = 3 * PER_PAGE
PROXY: Final = "/module/web/jpage/dataproxy.jsp"
_OLD_PROXY = "/module/jslib/jquery/jpage/dataproxy.jsp"
_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")
_LONGEST = 300
"""The most records dialect B gives at once."""
_CUT = 24
_EMPTY = "<datastore>\n\n\n\n<recordset>\n\n\n\n</recordset></datastore>"
"""54 bytes."""
_OTHER_UNIT = 5000
"""How far the second unit of a page is from the first, in numbers."""
_TWO_UNITS: Final = {"c": "before", "d": "behind"}


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies: no day or month is padded."""
    column, day = column_of(index), entry.day
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{column * 1000 + entry.serial}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if asked.path == _proxy_of(site):
        return _proxy(site, asked)
    found = _COLUMN.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    return None if index is None else _column_page(site, index)


FAMILY: Final = Family(path, answer)


def _proxy_of(site: Site) -> str:
    return _OLD_PROXY if site.kind.dialect == "e" else PROXY


def _unit(column: int) -> int:
    return 760000 + column


def _opaque(number: int) -> str:
    """An id as dialect D shows it: a cipher to everybody outside."""
    return b64encode(f"\xff{number * 7919:012d}\xfb".encode("latin-1")).decode()


def _fields(site: Site, column: int) -> dict[str, str]:
    """What the page's own script sends."""
    path_, name = ("'/'", f"'{site.title}'") if site.kind.dialect == "e" else ("/", site.title)
    return {
        "col": "1", "appid": "1", "webid": str(site.host + 1), "path": path_, "columnid": str(column),
        "sourceContentType": "1", "unitid": str(_unit(column)), "webname": name, "permissiontype": "0",
    }  # fmt: skip


def _column_page(site: Site, index: int) -> Answer:
    lines, column = site.lines(index, path), column_of(index)
    units = [_unit_html(site, column, lines)]
    if side := _TWO_UNITS.get(site.kind.dialect):
        other = _unit_html(site, column + _OTHER_UNIT, _beside(site, index, lines))
        units.insert(0 if side == "before" else 1, other)
    return page(
        '<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>政府信息公开年报</title>\n'
        '<meta name="ColumnName" content="政府信息公开年报"></head><body>\n'
        + "\n".join(units)
        + "\n</body></html>\n",
        site.modified(index),
    )


def _beside(site: Site, index: int, lines: Sequence[Line]) -> list[Line]:
    """What the second unit of a page shows: notices, and reports of a neighbour, in another column."""
    notices = [line for line in lines if line.entry.year is None and "公开" not in line.title][:4]
    if len(site.indices) == 1:
        return notices
    neighbour = site.indices[(index + 1) % len(site.indices)]
    column = column_of(neighbour) + _OTHER_UNIT
    theirs = [line for line in site.lines(neighbour, path) if line.entry.year and line.href.startswith("/")]
    moved = (line.href.replace(f"art_{column_of(neighbour)}_", f"art_{column}_") for line in theirs[:2])
    return [*notices, *(line._replace(href=href) for line, href in zip(theirs, moved, strict=False))]


def _unit_html(site: Site, column: int, lines: Sequence[Line]) -> str:
    unit, dialect = _unit(column), site.kind.dialect
    script, said = _script(site, column)
    store = _datastore(site, column, lines[:GROUP], 1)
    return (
        f'<div id="{unit}"><script type="text/xml">{store}</script></div>\n'
        f"<script>{script}$('#{unit}').jpage({{themeName:'default',showMode:'full',totalRecord:{len(lines)},"
        f"openCookies:false,dataBefore:'',dataStore:InitData{unit if dialect == 'e' else ''},dataAfter:'',"
        f"groupSize:3,proxyUrl:'{_proxy_of(site)}',perPage:{PER_PAGE},barPosition:'bottom'{said}}});</script>"
    )


def _script(site: Site, column: int) -> tuple[str, str]:
    """What the page says of the fields to send: as a variable, inside the call, or nothing."""
    unit, fields = _unit(column), _fields(site, column)
    if site.kind.dialect == "d":
        return "", ""
    plain = {"col", "webid", "columnid", "sourceContentType", "permissiontype"}
    words = (f"{k}:{v}" if k in plain else f"{k}:'{v.strip(chr(39))}'" for k, v in fields.items())
    if site.kind.dialect == "e":
        return "", f",ajaxParam:{{{','.join(words)}}}"
    return f"var param_{unit}={{{','.join(words)}}};\n", f",ajaxParam:param_{unit}"


def _proxy(site: Site, asked: Asked) -> Answer:
    ask = asked.params.get("columnid", "")
    names = {str(column_of(i)): i for i in site.indices} | {_opaque(column_of(i)): i for i in site.indices}
    index = names.get(ask)
    if index is None or not _obeyed(site, column_of(index), asked):
        return Answer(200, XML, _EMPTY.encode(), site.modified(site.indices[0]))
    lines = site.lines(index, path)
    first, last = _window(site, asked)
    store = _datastore(site, column_of(index), lines[first:last], first // GROUP + 2, total=len(lines))
    return Answer(200, XML, store.encode(), site.modified(index))


def _obeyed(site: Site, column: int, asked: Asked) -> bool:
    """Whether a request has what the host's dialect insists on."""
    params, dialect = asked.params, site.kind.dialect
    if dialect == "c":
        return all(params.get(name) == value for name, value in _fields(site, column).items())
    if dialect == "d":
        return (params.get("columnid"), params.get("unitid")) == (_opaque(column), _opaque(_unit(column)))
    if dialect == "e":
        sent = parse_qsl(asked.query) + parse_qsl(asked.posted)
        fits = params.get("path") == "'/'" and params.get("webname") == quote(f"'{site.title}'")
        return fits and sent.count(("appid", "1")) > 1
    return params.get("unitid") == str(_unit(column))


def _window(site: Site, asked: Asked) -> tuple[int, int]:
    """Which records a group holds. In dialect A the third group and those behind it repeat one record."""
    dialect = site.kind.dialect
    if dialect == "b" or (dialect in "de" and not asked.number("startrecord", 0)):
        size = min(asked.number("perpage", PER_PAGE), _LONGEST)
        first = (max(asked.number("page", 1), 1) - 1) * size
        return first, first + size
    first = max(asked.number("startrecord", 1), 1) - 1
    overlap = dialect == "a" and first >= 2 * GROUP
    return first - overlap, max(asked.number("endrecord", GROUP), first)


def _datastore(
    site: Site, column: int, lines: Sequence[Line], following: int, total: int | None = None
) -> str:
    records = "\n".join(f"<record><![CDATA[\n{_record(site, one)}]]></record>" for one in lines)
    counted = "" if total is None else f"<totalrecord>{total}</totalrecord>"
    query = _query(site, column).format(following)
    return (
        f'<datastore>\n<nextgroup><![CDATA[<a href="{_proxy_of(site)}?{query}"></a>]]></nextgroup>{counted}\n'
        f'<recordset><ul id="information-list"></ul>\n{records}\n</recordset></datastore>'
    )


def _query(site: Site, column: int) -> str:
    """The query of the next group, as each dialect writes it."""
    unit, webid = _unit(column), site.host + 1
    if site.kind.dialect == "d":
        ids = f"columnid={quote(_opaque(column), safe='')}&unitid={quote(_opaque(unit), safe='')}"
        return f"page={{}}&webid={webid}&{ids}"
    if site.kind.dialect == "e":
        name = quote(quote(f"'{site.title}'"))
        ids = f"path='/'&columnid={column}&unitid={unit}&webname={name}&permissiontype=0"
        return f"page={{}}&appid=1&appid=1&webid={webid}&{ids}"
    return f"page={{}}&webid={webid}&columnid={column}&unitid={unit}"


def _record(site: Site, line: Line) -> str:
    """A line of the list, with or without a title attribute, cut or whole."""
    dialect, title, day = site.kind.dialect, line.shown, line.day
    if dialect == "e":
        shown = _cut_in_both(title)
        return (
            '<tr><td width=15 valign="middle"><IMG src="/picture/0/dot.gif" align=absMiddle></td>'
            f"<td style='border-bottom:1px dashed #999999'><a href='{line.href}' title='{shown}'"
            f" target='_blank' style='font-size:10.5pt'>{shown}</a></td>"
            f"<td width='100' align='right'>[{day}]</td></tr>"
        )
    cuts = dialect in "bd" and len(line.title) > _CUT
    shown = text_html(f"{line.title[:_CUT]}..." if cuts else line.title)
    whole = dialect == "c" or (dialect == "a" or not cuts)
    href = f"http://{site.name}{line.href}" if whole and line.href.startswith("/") else line.href
    attribute = "" if dialect == "c" else f' title="{title}"'
    return (
        f'<li><s></s><a class="ellipsis-line-clamp" href="{href}"{attribute} target="_blank">{shown}</a>'
        f'<span class="pull-right">{day}</span></li>'
    )


def _cut_in_both(title: str) -> str:
    """Cut in text and attribute alike, but never so far that nobody could tell what it is."""
    tells = title.endswith(("解读", "通知", "报表"))
    return title if tells or len(title) <= _CUT else f"{title[:-4]}..."
