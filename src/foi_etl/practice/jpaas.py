"""Hanweb's jpaas: a column is a shell, its rows come as HTML inside JSON."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import parse_qsl

from foi_etl.practice.answers import (
    HTML,
    JSON,
    Answer,
    Asked,
    Line,
    Site,
    json_answer,
    page,
    pages_of,
    part,
    shell,
)
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, hexed

PER_PAGE: Final = 6
UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_MOST = 50
"""The largest page the portal gives."""
_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies: ministries leave the column's number out."""
    column = column_of(index)
    base = f"/zwgk/bm{column}" if _ministry(site) else f"/col/col{column}"
    return f"{base}/art/{entry.day.year}/art_{hexed(32, 'jpaas', index, entry.serial)}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if asked.path == UNIT:
        return _build(site, asked)
    found = _COLUMN.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    return None if index is None else _column_page(site, index)


FAMILY: Final = Family(path, answer)


def _ministry(site: Site) -> bool:
    return site.kind.dialect == "ministry"


def _query(site: Site, index: int) -> dict[str, str]:
    column, ministry = column_of(index), _ministry(site)
    return {
        "parseType": "buildstatic" if ministry else "bulidstatic",
        "webId": hexed(32, "web", site.host) if ministry else str(149 + site.host),
        "tplSetId": hexed(32, "tpl", site.host),
        "pageType": "column",
        "tagId": "右侧内容" if ministry else "信息列表",
        "editType": "null",
        "pageId": hexed(32, "page", column) if ministry else str(column),
    }


def _column_page(site: Site, index: int) -> Answer:
    query = _query(site, index)
    said = "{" + ",".join(f"'{name}':'{value}'" for name, value in query.items()) + "}"
    if _ministry(site):
        body = (
            f'<div class="clist_con">\n  <script id="{hexed(32, "unit", index)}"\n'
            '    src="/cms_files/default/script/AuthorizedRead/unitbuild.js?v=3.1.3-GXB"\n'
            f'    webId="{query["webId"]}"\n    parseType="{query["parseType"]}"\n    url="{UNIT}"\n'
            f'    queryData="{said}">\n  </script>\n</div>'
        )
    else:
        body = f'<div class="list">{_fragment(site, index, 1, PER_PAGE)}</div>'
    head = '<meta name="ColumnName" content="政府信息公开年报">\n'
    return page(shell("政府信息公开年报", body, head), site.modified(index))


def _fragment(site: Site, index: int, number: int, size: int) -> str:
    lines = site.lines(index, path)
    rows = "\n".join(_row(site, one) for one in part(lines, number - 1, size))
    query = "{" + ",".join(f"'{name}':'{value}'" for name, value in _query(site, index).items()) + "}"
    pager = (
        f'<div class="pagination" count="{len(lines)}" rows="{size}" pageNo="{number}" unitUrl="{UNIT}"'
        f' queryData="{query}" pages="{pages_of(lines, size)}"></div>'
    )
    return f'<div class="page-content">\n<ul>\n{rows}\n</ul>\n</div>\n{pager}'


def _row(site: Site, line: Line) -> str:
    title, day = line.shown, line.day
    if _ministry(site):
        href = line.href if line.href.startswith("http") else f"http://{site.name}{line.href}"
        return (
            f'<li class="cf">\n\t<a class="fl" href="{href}" target="_blank" title="{title}">\n'
            f"\t\t<i></i>{title}\n"
            f'\t</a>\n\t<span class="fr">{day}</span>\n</li>'
        )
    return (
        f'<li class="clearfix"><a class="bt-left" title="{title}" href="{line.href}" target="_blank">'
        f"{title}</a>"
        f'<span class="bt-right">{day}</span></li>'
    )


def _build(site: Site, asked: Asked) -> Answer:
    """Rows for exactly the words of the page; bare page numbers are not listened to."""
    if _ministry(site) and not asked.referer:
        return Answer(403, HTML, b"<html><body>403 Forbidden</body></html>", site.modified(site.indices[0]))
    sent = dict(parse_qsl(asked.query, keep_blank_values=True))
    index = next((i for i in site.indices if _query(site, i).items() <= sent.items()), None)
    if index is None:
        return json_answer({"success": False, "data": None})
    number, size = _wanted(sent.get("paramJson", ""))
    html = _fragment(site, index, number, size)
    said = json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False)
    if _ministry(site):
        # As the real one does: line ends and tabs go out raw, which strict JSON forbids.
        said = said.replace("\\n", "\n").replace("\\t", "\t")
    return Answer(200, JSON, said.encode(), site.modified(index))


def _wanted(text: str) -> tuple[int, int]:
    try:
        wanted = json.loads(text)
        return max(int(wanted["pageNo"]), 1), min(max(int(wanted["pageSize"]), 1), _MOST)
    except (ValueError, KeyError, TypeError):
        return 1, PER_PAGE
