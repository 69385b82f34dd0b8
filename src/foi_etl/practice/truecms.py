"""TrueCMS: a column with its first rows inside, and more as a store of XML inside JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from foi_etl.practice.answers import Answer, Asked, Line, Site, json_answer, page, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, uuid_of

PER_PAGE: Final = 5
MESSAGES: Final = "/truecms/messageController/getMessage.do"
WINDOW: Final = {"empty": 10, "lost": 10}
"""The most rows that may be asked for; for more there is an empty store, or nothing."""
_SAID = {"empty": PER_PAGE, "lost": 20}
"""How many rows the page's own script would ask for; one kind of host has no answer to its own page."""
_COLUMN = re.compile(r"/bm(\d+)/zfxxgknb/(?:index\.html)?")
_SCRIPT = "application/javascript; charset=UTF-8"


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    return f"/bm{column_of(index)}/zfxxgknb/content/{uuid_of('true', index, entry.serial)}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if asked.path == MESSAGES:
        return _messages(site, asked)
    found = _COLUMN.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is None:
        return None
    lines = site.lines(index, path)
    body = (
        f'<script type="text/xml" id="initData">{_store(lines[:PER_PAGE])}</script>\n<ul id="list"></ul>\n'
        f'<script>var columnId="{_column(index)}";\n'
        f'$("#list").jpage({{totalRecord:{len(lines)},perPage:{_SAID[site.kind.dialect]},'
        f"groupSize:1,proxyUrl:'{MESSAGES}',ajaxParam:{{columnId:columnId}}}});</script>"
    )
    return page(shell("政府信息公开年报", body), site.modified(index))


FAMILY: Final = Family(path, answer)


def _column(index: int) -> str:
    return uuid_of("column", index)


def _store(lines: Sequence[Line]) -> str:
    records = "".join(f"<record><![CDATA[{_record(line)}]]></record>" for line in lines)
    return f"<datastore><recordset>{records}</recordset></datastore>"


def _record(line: Line) -> str:
    title = line.shown
    shown = f"{title[:22]}..." if len(title) > 22 else title
    anchor = f'<a href="{line.href}" title="{title}" target="_blank">{shown}</a>'
    return f"<li>{anchor}<span>{line.day}</span></li>"


def _messages(site: Site, asked: Asked) -> Answer | None:
    index = site.find(asked.params.get("columnId"), _column)
    if index is None or not asked.referer:
        return None
    first, last = max(asked.number("startrecord", 1), 1), asked.number("endrecord", PER_PAGE)
    wide = max(last - first + 1, asked.number("perpage", 0)) > WINDOW[site.kind.dialect]
    if wide and site.kind.dialect == "lost":
        return None
    said = {"result": _store(() if wide else site.lines(index, path)[first - 1 : last])}
    if callback := asked.params.get("callback"):
        script = f"{callback}({json.dumps(said, ensure_ascii=False)});"
        return Answer(200, _SCRIPT, script.encode(), site.modified(index))
    return json_answer(said, site.modified(index))
