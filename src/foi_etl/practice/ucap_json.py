"""UCAP's lists as JSON, searched for by a channel's id; and the tax administration's, which is posted."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.practice.answers import EPOCH, HTML, Answer, Asked, Line, Site, json_answer, page, part, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.attachments import attachments
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, hexed

PER_PAGE: Final = 10
POSTED: Final = "/getFileListByCodeId"
SEARCH: Final = {"common": "/common/search/", "searchlist": "/searchList/"}
_MOST = 200
_SHELL = re.compile(r"/bm(\d+)/c\1/list\.shtml")
_TAX = re.compile(r"/chinatax/n(\d+)/zfxxgknb\.html")


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    column, name = column_of(index), hexed(32, "uj", index, entry.serial)
    return f"/bm{column}/c{column}/{entry.day:%Y%m}/{name}.shtml"


def tax_path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article of the tax administration lies."""
    column = column_of(index)
    return f"/chinatax/n{column}/c{column}r/c{5200000 + index * 1000 + entry.serial}/content.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    search = SEARCH[site.kind.dialect]
    if asked.path.startswith(search):
        return _search(site, asked, asked.path.removeprefix(search))
    found = _SHELL.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is None:
        return None
    script = (
        f'var channelId = "{_channel(index)}";\nvar searchPath = "{search}";\nvar pageSize = {PER_PAGE};\n'
        "$.get(searchPath + channelId, {page: 1, _pageSize: pageSize, _isAgg: true, _isJson: true,"
        ' _template: "index"}, show);'
    )
    body = f'<ul id="list" class="list"></ul>\n<div id="page_div"></div>\n<script>{script}</script>'
    return page(shell("政府信息公开年报", body), EPOCH)


def tax_answer(site: Site, asked: Asked) -> Answer | None:
    """The page of the tax administration at that path, or None."""
    if asked.path == POSTED:
        return _posted(site, asked)
    found = _TAX.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is None:
        return None
    script = (
        f"$.ajax({{type: 'post', url: '{POSTED}', data: {{channelId: '{_channel(index)}', page: 1,"
        f" size: {PER_PAGE}, relateSubChannels: true}}, success: show}});"
    )
    return page(shell("政府信息公开年报", f'<ul id="list"></ul>\n<script>{script}</script>'), EPOCH)


FAMILY: Final = Family(path, answer)
TAX_FAMILY: Final = Family(tax_path, tax_answer)


def _channel(index: int) -> str:
    return hexed(32, "channel", index)


def _search(site: Site, asked: Asked, channel: str) -> Answer | None:
    index = site.find(channel, _channel)
    if index is None:
        return None
    if asked.params.get("_isJson") != "true":
        rows = "".join(f'<li><a href="{one.href}">{one.title}</a></li>' for one in site.lines(index, path))
        return page(shell("列表", f"<ul>{rows}</ul>"), site.modified(index))
    return json_answer({"data": _data(site, index, asked, "_pageSize")}, site.modified(index))


def _posted(site: Site, asked: Asked) -> Answer | None:
    if asked.method != "POST":
        return Answer(405, HTML, b"<html><body>405 Method Not Allowed</body></html>", EPOCH)
    index = site.find(asked.params.get("channelId"), _channel)
    if index is None:
        return json_answer({"results": {"data": {"total": 0, "page": 1, "rows": 0, "results": []}}})
    return json_answer({"results": {"data": _data(site, index, asked, "size")}}, site.modified(index))


def _data(site: Site, index: int, asked: Asked, size_name: str) -> dict[str, object]:
    lines = site.lines(index, tax_path if site.kind.family == "chinatax" else path)
    number, size = max(asked.number("page", 1), 1), min(asked.number(size_name, PER_PAGE), _MOST)
    results = [_item(site, index, line) for line in part(lines, number - 1, size)]
    return {
        "total": len(lines), "page": number, "rows": size, "channelId": _channel(index), "results": results
    }  # fmt: skip


def _item(site: Site, index: int, line: Line) -> dict[str, object]:
    entry = line.entry
    seconds = (entry.when - EPOCH).days * 86400 + 1546300800
    files = attachments(site, index, entry, line.path)
    base = line.path.rsplit("/", 1)[0]
    return {
        **_titled(site, line),
        **_addressed(site, line),
        "publishedTime": (seconds - 8 * 3600) * 1000,
        "publishedTimeStr": f"{entry.when} 00:00:00",
        "content": "null", "contentHtml": "undefined", "manuscriptId": str(5200000 + entry.serial),
        "channelName": "政府信息公开年报", "channelCodeName": f"c{column_of(index)}",
        "resList": [{"fileName": one.name, "url": f"{base}/{one.href}"} for one in files],
        "domainMetaList": [
            {
                "domainMetadataName": "默认元数据集",
                "resultList": [
                    {"name": "作者", "value": "null", "key": "author"},
                    {"name": "来源", "value": site.agency(index).name, "key": "source"},
                ],
            }
        ],
    }  # fmt: skip


def _titled(site: Site, line: Line) -> dict[str, str]:
    """Titles with the marks of a search in them."""
    if site.kind.family == "chinatax":
        marked = line.title.replace("年度报告", "<em>年度报告</em>")
        return {"title": f" {line.title} ", "titleHtml": marked, "subTitle": "null"}
    odd = line.entry.serial % 3
    said = line.title.replace("政府信息公开", "<em>政府信息公开</em>") if odd == 1 else f" {line.title}&nbsp;"
    return {"title": said if odd else line.title, "subTitle": "null"}


def _addressed(site: Site, line: Line) -> dict[str, str]:
    """Addresses: relative, without a scheme, or in another field."""
    whole = line.href if line.href.startswith("http") else f"http://{site.name}{line.href}"
    if site.kind.dialect == "common":
        return {"url": line.href}
    if line.entry.serial % 2:
        return {"url": "null", "redirectUrl": whole}
    return {"url": whole.removeprefix("http:"), "redirectUrl": "null"}
