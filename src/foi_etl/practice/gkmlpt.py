"""Guangdong's gkmlpt: a tree of columns in a page's configuration, lists as JSON in blocks."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Final

from foi_etl.practice import nfcms
from foi_etl.practice.answers import Answer, Asked, Line, Site, json_answer, page, part, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.attachments import Attachment, attachments
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of

BLOCK: Final = {"blocks": 100, "list": 10, "jump": 100}
"""How many rows an answer holds."""
_NODE = re.compile(r"/bm(\d+)/gkmlpt/api/all/(\d+)")
_INDEX = re.compile(r"/bm(\d+)/gkmlpt/index")
_UNLISTED = 17
"""How many more rows the tree promises than can be listed."""


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies: under parts of its own number, or in the static column the tree jumps to."""
    if site.kind.dialect == "jump":
        return nfcms.path(site, index, entry)
    number = nfcms.post(index, entry)
    return f"/bm{column_of(index)}/gkmlpt/content/{number // 1000000}/{number // 1000}/post_{number}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if found := _INDEX.fullmatch(asked.path):
        index = site.find(found[1], column_of)
        return None if index is None else _index_page(site, index)
    if found := _NODE.fullmatch(asked.path):
        index = site.find(found[1], column_of)
        return None if index is None else _block(site, index, int(found[2]), asked)
    return nfcms.answer(site, asked) if site.kind.dialect == "jump" else None


def foot(site: Site, index: int, line: Line, files: tuple[Attachment, ...]) -> str:
    """The configuration of an article's page."""
    number = nfcms.post(index, line.entry)
    detail = {
        "id": number, "title": line.title, "publisher": site.agency(index).name,
        "content": f"<p>{line.title}</p>",
        "attachment": [{"name": one.name, "url": one.href} for one in files],
    }  # fmt: skip
    said = json.dumps(detail, ensure_ascii=False).replace("</", "<\\/")
    return f"<script>window._CONFIG = {{SID: '{_sid(index)}', DETAIL: {said}, TREE: []}};</script>"


FAMILY: Final = Family(path, answer, foot)


def _sid(index: int) -> str:
    return f"758{column_of(index)}"


def _column(index: int) -> int:
    """The number of an agency's column of reports."""
    return 21000 + column_of(index)


def _index_page(site: Site, index: int) -> Answer:
    count, jumps = len(site.lines(index, path)), site.kind.dialect == "jump"
    node = {
        "id": _column(index), "name": "政府信息公开年报", "parent": 20001, "children": [],
        "post_count": 0 if jumps else count + _UNLISTED,
        "jump_url": f"/bm{column_of(index)}/zwgk/xxgknb/index.html" if jumps else "",
    }  # fmt: skip
    tree = [
        _plain(20000, "政策", [_plain(20010, "规范性文件", []), _plain(20011, "政策解读", [])]),
        _plain(20001, "法定主动公开内容", [_plain(20002, "政府信息公开指南", []), node]),
    ]
    return page(
        shell(
            f"{site.agency(index).name}政府信息公开平台",
            '<div id="app"></div>\n<script>window._CONFIG = {\n'
            f"  SITE: '{site.title}', SID: '{_sid(index)}',\n"
            f"  TREE: {json.dumps(tree, ensure_ascii=False)},\n"
            "  SERVICE_AREA_ID: '1', NODE: null\n};</script>",
        ),
        site.modified(index),
    )


def _plain(number: int, name: str, children: list[object]) -> dict[str, object]:
    return {
        "id": number, "name": name, "parent": 0, "post_count": 3, "jump_url": "", "children": children
    }  # fmt: skip


def _block(site: Site, index: int, column: int, asked: Asked) -> Answer | None:
    """A block of rows; page 0 is page 1, and behind the end there is nothing."""
    if asked.params.get("sid") != _sid(index):
        return None
    ours = column == _column(index) and site.kind.dialect != "jump"
    lines = site.lines(index, path) if ours else ()
    size, number = BLOCK[site.kind.dialect], max(asked.number("page", 1), 1)
    shown = part(lines, number - 1, size)
    if not shown and number > 1:
        return None
    classify = {
        "id": column, "name": "政府信息公开年报" if ours else "其他", "parent": 20001,
        "post_count": len(lines) + _UNLISTED, "theme_count": len(lines) + _UNLISTED,
    }  # fmt: skip
    rows = [_row(site, index, line) for line in shown]
    said = {"classify": classify, "total": len(lines), "offset": (number - 1) * size, "articles": rows}
    return json_answer(said, site.modified(index))


def _row(site: Site, index: int, line: Line) -> dict[str, object]:
    entry, elsewhere = line.entry, line.href.startswith("http")
    url = line.href if elsewhere else f"http://{site.name}{line.href}"
    when = datetime(entry.when.year, entry.when.month, entry.when.day, tzinfo=UTC)
    seconds = int(when.timestamp()) - 8 * 3600
    files = [{"name": one.name, "url": one.href} for one in attachments(site, index, entry, line.path)]
    return {
        "id": nfcms.post(index, entry), "title": line.title, "url": url, "post_url": url,
        "type": "url" if elsewhere else "normal", "publisher": site.agency(index).name,
        "identifier": f"11441200MB2C91453G/{entry.day.year}-{entry.serial:05d}", "document_number": "",
        "keywords": "", "abstract": "", "date": seconds, "create_time": seconds,
        "first_publish_time": seconds, "display_publish_time": seconds,
        "created_at": f"{entry.when} 09:00:00", "classify_main_name": "政府信息公开年报",
        "is_expired": 0, "is_abolished": 0, "relation": [],
        "attachment": json.dumps(files, ensure_ascii=False) if entry.serial % 2 else files,
    }  # fmt: skip
