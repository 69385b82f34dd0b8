"""The title of a report, and whom and which year it names: from a line of its own, or from a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from foi_etl.extract.page import Lines
from foi_etl.text import squash, year_in

GENRE: Final = re.compile(r"(?:政府|政务)?信息公开.{0,12}(?:报告|年报)|政务公开.{0,8}年度报告|年度报告")
LONGEST: Final = 80
_YEAR_WORDS: Final = re.compile(r"\d{4}\s*年|[一二][〇○零Oo一二三四五六七八九]{3}年")
_SITE: Final = re.compile(r"\s*[_|｜]\s*|\s+-+\s+|-{2,}")
_OWN_NAME: Final = re.compile(
    r"(?:(?:(?<!人民)政府|政务)?信息公开|政务公开)(?!\w{0,4}?(?:办公室|领导小组|中心|局)\w*报).*|年度(?:工作)?报告.*"
)
_IN_BRACKETS: Final = re.compile(r"[（(][^()（）]{0,12}版[)）]|^\s*[（(【\[][^()（）【】\[\]]{1,8}[)）】\]]")
_META_TITLES: Final = ("articletitle", "title")
_TRAIL: Final = re.compile(r"^(?:首\s*页|(?:当前|您|你|所在).{0,6}位置)|(?:[>»›＞→/][^>»›＞→/]*){2,}")
"""Where in the portal the reader stands, which names columns as titles are named."""
_LABEL: Final = re.compile(r"^(?:名\s*称|标\s*题|题\s*名|信息名称|文件名称|公开名称)\s*[:：]\s*")
_BEGINS: Final = re.compile(
    r"^(?:19|20)\d\d$|(?:局|委员会|委|办|厅|政府|街道|镇|乡|办公室|办事处|[省市县区旗州])$"
)
_LEADS_A_LINE: Final = re.compile(r"^(.{6,80}?(?:年度报告|年报|工作报告))\s")
_ANNOUNCED: Final = re.compile(
    r"(?:(?:现|特|予以?|社会)(?:公布|发布|公开)|编制(?!委|办)|制作|撰写|编写|形成|现将)了?《?"
    r"([^，,。；;：:《》<>]{4,60}?(?:年度报告|年报|信息公开(?:工作)?报告))(?!格式|编制|的通知|有关)"
)
_SENTENCE: Final = re.compile(r"。|[:：]$|[》的](?:通知|规定|要求)")
_NO_TITLE: Final = re.compile(r"关于|通知|要求|规定|按照|根据|中华人民共和国政府")
NOBODY: Final = re.compile(r"^(?:[我本该各全两]|相关|有关)|领导小组")
"""Who speaks of itself without its name, or only put the report together."""


def agency_in(title: str) -> str:
    """The agency a title names: what is left without year, genre and brackets.

    >>> agency_in("2019年上海市人民政府办公厅政府信息公开工作年度报告")
    '上海市人民政府办公厅'
    >>> agency_in("江苏省人民政府信息公开2012年度报告")
    '江苏省人民政府'
    """
    bare = re.sub(r"^关于", "", _IN_BRACKETS.sub("", _YEAR_WORDS.sub("", title)))
    bare = _OWN_NAME.sub("", bare)
    return squash(re.sub(r"^度|度$|年度$|^年$|《|》|[（(]\s*[)）]", "", bare.strip())).strip(" 的-—")


def find_title(said: Lines, preamble: Sequence[str]) -> str:
    """The report's own title: a line before section one, joined with the one above that begins it.

    Where the first such line leaves out who it is from or the year, what the page says of itself goes
    before it, then a later line that leaves out neither, then what a sentence announces.
    """
    lines = list(_title_lines(preamble))
    whole = [title for title in lines if is_whole(title)]
    stated = _stated(said)
    if whole and whole[0] == lines[0]:
        return whole[0]
    if is_whole(stated):
        return stated
    return next((one for one in (*whole, announced(preamble), stated, *lines) if one), "")


def announced(lines: Sequence[str]) -> str:
    """The title that a sentence announces: 现公布某局2023年政府信息公开工作年度报告. Empty where none."""
    for line in lines:
        for found in _ANNOUNCED.finditer(line):
            title = squash(found[1])
            if is_whole(title) and not _NO_TITLE.search(title) and not NOBODY.search(agency_in(title)):
                return title
    return ""


def is_whole(title: str) -> bool:
    """Whether a title says who the report is from and for which year."""
    return bool(agency_in(title)) and year_in(title) is not None


def _title_lines(preamble: Sequence[str]) -> Iterator[str]:
    """The lines that look like a title, each joined with the one above where that begins it."""
    for at, line in enumerate(preamble):
        title = _LABEL.sub("", line)
        if (leading := _LEADS_A_LINE.match(title)) and is_whole(leading[1]):
            title = leading[1]
        if not GENRE.search(title) or _TRAIL.search(title) or announced([title]):
            continue
        if len(title) > LONGEST or _SENTENCE.search(title):
            continue
        yield _joined(title, preamble[max(0, at - 2) : at])


def _joined(title: str, above: Sequence[str]) -> str:
    """A title with the lines above that begin it, as long as it leaves out whose it is or the year."""
    for far, line in enumerate(reversed(above)):
        if is_whole(title) or len(line) > LONGEST // 2 or re.search(r"[。：:，]", line):
            break
        if far and not _BEGINS.search(line):
            break
        title = line + title
    return title


def _stated(said: Lines) -> str:
    """The title as meta tags or the window say it, without the names of column and site."""
    named = [said.meta[name] for name in _META_TITLES if said.meta.get(name)]
    for text in (*named, said.window_title):
        for part in _SITE.split(text):
            if GENRE.search(part):
                return part
    return named[0] if named else _SITE.split(said.window_title)[0]
