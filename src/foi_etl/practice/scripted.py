"""Column pages of misbehaving hosts whose list, or most of it, only their own script would ask for."""

from __future__ import annotations

from typing import Final

from foi_etl.practice.answers import Answer, page, shell

_FAMILIES: Final = {"token": "ucap_json", "endpoint-gone": "truecms"}
_TITLE = "某局{}年政府信息公开工作年度报告"
_ROWS = "".join(
    f'<record><![CDATA[<li><a href="./202{n}01/t202{n}0115_{n}.html">{_TITLE.format(2019 + n)}</a>'
    f"<span>202{n}-01-15</span></li>]]></record>"
    for n in range(3)
)
_COLUMNS: Final = {
    "token": (
        f'<ul id="list"></ul><script>var channelId = "{"0a" * 16}";\n'
        'var searchPath = "/common/search/";</script>'
    ),
    "endpoint-gone": (
        '<script type="text/xml" id="initData"><datastore>'
        f"<recordset>{_ROWS}</recordset></datastore></script>"
        '<script>var columnId="u-1"; $("#list").jpage({totalRecord:60,perPage:20,'
        "proxyUrl:'/truecms/messageController/getMessage.do'});</script>"
    ),
}


def column(option: str) -> Answer | None:
    """The column page of a host that misbehaves so; None where its list stands in its page."""
    said = _COLUMNS.get(option)
    return page(shell("政府信息公开年报", said)) if said else None


def family_of(option: str) -> str:
    """The family of a host that misbehaves so: all but these are static lists."""
    return _FAMILIES.get(option, "trs")
