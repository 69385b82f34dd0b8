"""Epoint: a page that says nothing itself, a script that says where to ask, and JSON posted there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from foi_etl.practice.answers import EPOCH, Answer, Asked, Line, Site, json_answer, page, part, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, uuid_of

PER_PAGE: Final = 6
PROJECT: Final = "/EpointWebBuilder"
POSTED: Final = f"{PROJECT}/rest/lightfrontaction/getgovinfolist"
_SHELL = re.compile(r"/bm(\d+)/dynamic/zwgk/govInfoPub\.html")
_CUT = 20
_MOST = 50


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    column = column_of(index)
    return f"/bm{column}/zwgk/003{column}/{entry.day:%Y%m%d}/{uuid_of('epoint', index, entry.serial)}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    if asked.path == "/js/webBuilderCommon.js":
        text = f'var siteInfo={{"siteGuid":"{_guid(site)}","projectName":"{PROJECT}"}};\n'
        return Answer(200, "application/javascript; charset=UTF-8", text.encode(), EPOCH)
    if asked.path == POSTED:
        return _posted(site, asked)
    found = _SHELL.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is None:
        return None
    body = (
        '<ul id="infolist"></ul>\n<script src="/js/webBuilderCommon.js"></script>\n'
        f"<script>var govInfo={{deptcode:'{column_of(index)}',categorynum:'003{column_of(index)}',"
        f"pageIndex:{_first(site)},pageSize:{PER_PAGE}}};\n"
        f"post(JSON.stringify({'{params:govInfo}' if _first(site) else 'govInfo'}));</script>"
    )
    return page(shell("政府信息公开年报", body), EPOCH)


FAMILY: Final = Family(path, answer)


def _guid(site: Site) -> str:
    return uuid_of("site", site.host)


def _first(site: Site) -> int:
    """The number of the first page."""
    return int(site.kind.dialect == "one")


def _posted(site: Site, asked: Asked) -> Answer | None:
    sent = _sent(site, asked)
    if sent is None or asked.method != "POST" or sent.get("siteGuid") != _guid(site):
        return None
    index = site.find(sent.get("categorynum"), lambda i: f"003{column_of(i)}")
    lines = site.lines(index, path) if index is not None else ()
    number, size = _whole(sent.get("pageIndex"), _first(site)), _whole(sent.get("pageSize"), PER_PAGE)
    shown = part(lines, max(number - _first(site), 0), min(size, _MOST))
    rows = [_row(line) for line in shown]
    modified = site.modified(index) if index is not None else EPOCH
    return json_answer({"custom": {"data": rows, "total": len(lines)}, "status": {"code": "200"}}, modified)


def _sent(site: Site, asked: Asked) -> Mapping[str, object] | None:
    """The fields of a posted JSON; half of the hosts want them wrapped in `params`, the others do not."""
    try:
        said = json.loads(asked.posted)
    except ValueError:
        return None
    inner = said.get("params") if isinstance(said, dict) and _first(site) else said
    return inner if isinstance(inner, dict) else None


def _whole(said: object, otherwise: int) -> int:
    return int(str(said)) if str(said).isdecimal() else otherwise


def _row(line: Line) -> dict[str, object]:
    cut = f"{line.title[:_CUT]}..." if len(line.title) > _CUT else line.title
    return {
        "infourl": line.href, "title": cut, "realtitle": line.title, "infodate": f"{line.day}",
        "infoid": line.href.rsplit("/", 1)[-1].removesuffix(".html"),
    }  # fmt: skip
