"""The columns beneath a column: years, groups of units, tabs, frames, and hubs that lead to other hosts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from foi_etl.model import Ask
from foi_etl.sources.markup import attribute, is_same_host, joined, parsed
from foi_etl.sources.memo import DEPTH, number, remember
from foi_etl.text import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.links import Link
    from foi_etl.sources.reach import Reach

_YEARLY = r"(?:(?:政府|政务)?信息|政务)公开(?:工作)?(?:年度报告|年报)|年度报告|年报"
_YEAR = re.compile(rf"(?:19|20)\d\d(?:年度?|n)?(?:{_YEARLY})?(?:汇总|专栏|专题)?")
_COLUMN = re.compile(rf".{{0,12}}(?:{_YEARLY})(?:专栏|专题|汇总|列表)?")
_OLDER = re.compile(
    r"(?:历年|往年|历史|往期|以前|更多|更早).{0,10}|.{0,4}(?:19|20)\d\d年?(?:及?以前|之前).{0,8}"
)
_GROUP = re.compile(
    r"(?:各|市|区|县|省|州|旗|镇|乡|街)?.{0,8}(?:部门|单位|街道|乡镇|镇街|县区|区县|市县|直属|市直|区直|县直|省直|"
    r"厅局|委办局|市州|州市|盟市|园区|开发区|本级).{0,8}|[省市县区州旗]?(?:人民)?政府"
)
_ONE_BODY = re.compile(r"(?!各|全|本).*(?:办事处|.人民政府|(?<!委办)(?<!厅)局|委员会|厅|办公室|中心)")
"""The name of one body, which is no group of them."""
_NO_COLUMN = re.compile(r"网站|指南|解读|制度|统计|法治|规划|预算|决算|登录|无障碍|首页|邮箱|热线")
_FILE = re.compile(r"\.(?:pdf|ofd|docx?|wps|xlsx?|zip|rar|jpe?g|png)$", re.IGNORECASE)
_ARTICLE = re.compile(
    r"t\d{8}_\d+|/art_?\d|/art/\d|post_\d+|[0-9a-f]{32}|/[0-9a-f]{24}\.|c\d{2}_\d+\.|/c\d+/content|content_\d+"
    r"|/\d{5,}(?:\.\w+|/index\.\w+)$|/content/[0-9a-f-]{36}|/show/|/detail/|xxgkAnnualReport|/\d{6}/\d\d/[0-9a-f-]{36}"
)
_LIST = re.compile(r"/$|/(?:index|default|jump|home)\.\w+$|list[^/]*$|/col/col\d+", re.IGNORECASE)
_ENOUGH = 4
"""Letters of a name that tell an agency from its neighbours."""
_NO_LIST = re.compile(r"tree\.jsp|video|player|map\.|weather|login|^about:|^javascript:", re.IGNORECASE)
_NO_SIGN = re.compile(r"(?:.{0,2}[省市县区旗州])?人民政府(?:办公[厅室])?")
"""Words every portal's head has, and many an agency's name ends with."""
_REFRESH = re.compile(r"""url\s*=\s*["']?([^"'>\s]+)""", re.IGNORECASE)
_JUMP = re.compile(r"""\blocation(?:\.href)?\s*(?:=|\.replace\s*\()\s*["']([^"']+)["']""")
_SHORT = 3000
"""A page longer than this has more to say than where to go."""


def is_column(link: Link, agency: Agency, base: str) -> bool:
    """Whether a link leads to a column beneath this one, and not to a report or to another's corner."""
    text = re.sub(r"\s+", "", fold_width(link.text))
    parts = urlsplit(link.url)
    own = _is_own(text, agency)
    # A bureau of statistics is called so, and its column is no column of statistics.
    rest = text.replace(agency.name, "") if agency.name else text
    rest = "" if own and text in agency.name else rest
    if link.dated or not text or _NO_COLUMN.search(rest) or _FILE.search(parts.path):
        return False
    if _ARTICLE.search(parts.path):
        return False
    if re.search(_YEARLY, text) and not _is_list(link.url, base):
        # A report without a date in its row reads like a column of one year; its address tells.
        return False
    if _YEAR.fullmatch(text) or own:
        return True
    group = _GROUP.fullmatch(text) and not _ONE_BODY.fullmatch(text)
    return bool(group or _COLUMN.fullmatch(text) or _OLDER.fullmatch(text)) and _beneath(link.url, base)


def _is_list(url: str, base: str) -> bool:
    """Whether an address is that of a list by its shape, or that of this very page asked differently."""
    return bool(_LIST.search(urlsplit(url).path)) or urlsplit(url).path == urlsplit(base).path


def _is_own(text: str, agency: Agency) -> bool:
    """Whether the words are the agency's own name, or enough of it to be told by."""
    if text == agency.name:
        return True
    known = len(text) >= _ENOUGH and not _NO_SIGN.fullmatch(text)
    return known and (text in agency.name or bool(agency.name and agency.name in text))


def columns(agency: Agency, page: Page, links: Iterable[Link], reach: Reach) -> Iterator[Ask]:
    """An ask for each column beneath a page, down to the depth that is allowed."""
    depth = number(page.ask, DEPTH) + 1
    if depth > reach.depth:
        return
    named = [link.url for link in links if is_column(link, agency, page.url)]
    for url in dict.fromkeys([*named, *_frames(page), *_jumps(page)]):
        if url and not reach.objection(agency, url):
            yield Ask(url, referer=page.url, memo=remember(depth=depth))


def _beneath(url: str, base: str) -> bool:
    """Whether an address lies in the folder of another, or is the same page asked differently."""
    there, here = urlsplit(url), urlsplit(base)
    folder = here.path.rsplit("/", 1)[0] + "/"
    return is_same_host(url, base) and there.path.startswith(folder)


def _frames(page: Page) -> list[str]:
    """The frames of a page: some column pages are shells around their list."""
    if "<iframe" not in page.text.lower():
        return []
    frames = (attribute(frame, "src").strip() for frame in parsed(page.text).css("iframe[src], frame[src]"))
    return [joined(page.url, source) for source in frames if source and not _NO_LIST.search(source)]


def _jumps(page: Page) -> list[str]:
    """Where a page leads that says nothing else."""
    if len(page.text) > _SHORT:
        return []
    refreshes = parsed(page.text).css("meta[http-equiv=refresh i]")
    told = [hit[1] for meta in refreshes if (hit := _REFRESH.search(attribute(meta, "content")))]
    return [joined(page.url, url) for url in (*told, *(hit[1] for hit in _JUMP.finditer(page.text)))]
