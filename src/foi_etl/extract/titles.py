"""The title of a report, and whom and which year it names: from a line of its own, or from a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from foi_etl.characters import simplified
from foi_etl.extract.page import Lines
from foi_etl.text import squash, year_in

_GENRE: Final = re.compile(
    r"(?:政府|政务)?(?:信息|资讯)公开.{0,12}(?:报告|年报)|政务公开.{0,8}(?:年度报告|年报|工作报告)|年度报告"
)
LONGEST: Final = 80
_YEAR_WORDS: Final = re.compile(
    r"\d{4}\s*年|[一二][〇○零Oo一二三四五六七八九]{3}年|20\d\d(?=(?:政府|政务)?信息公开)"
)
SITE: Final = re.compile(r"\s*[_|｜]\s*|\s+-+\s+|-{2,}")
_OWN_NAME: Final = re.compile(
    r"(?:(?:(?<!人民)政府|政务)?(?:信息|资讯)公开|政务公开)(?!\w{0,4}?(?:办公室|领导小组|中心|局)\w*报).*|年度(?:工作)?报告.*"
)
_IN_BRACKETS: Final = re.compile(
    r"[（(](?:[^()（）]{0,12}版|本级机关|机关本级|本级)[)）]|^\s*[（(【\[][^()（）【】\[\]]{1,8}[)）】\]]"
)
_AT_THE_END: Final = re.compile(
    r"(?:报告|年报)\s*(?:[（(]|[—-]+)\s*"
    r"([^（）()]{2,30}?(?:局|委员会|委|厅|政府|街道|镇|乡|办公室|办事处|中心|[省市县区旗州]))\s*[)）]?$"
)
"""Whose it is, where the title says so last."""
_SPACED: Final = re.compile(r"(?:\S\s+){4,}\S")
_ADDED: Final = re.compile(r"[（(〔\[][^（）()]{4,30}[）)〕\]]")
_META_TITLES: Final = ("articletitle", "title")
_TRAIL: Final = re.compile(r"^(?:首\s*页|(?:当前|您|你|所在).{0,6}位置)|(?:[>»›＞→/][^>»›＞→/]*){2,}")
"""Where in the portal the reader stands, which names columns as titles are named."""
_LABEL: Final = re.compile(
    r"^(?:(?:名\s*称|标\s*题|题\s*名|信息名称|文件名称|公开名称)(?:\s*[:：|｜]|\s(?=\s*\S{6}))|附\s*件\s*\d?\s*[:：])\s*"
)
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
    plain = simplified(title)
    bare = re.sub(r"^关于", "", _IN_BRACKETS.sub("", _YEAR_WORDS.sub("", plain)))
    bare = re.sub(r"关于(?:报送|印发|发布|公布|上报)?(?:度|年度)?$", "", _OWN_NAME.sub("", bare).strip())
    bare = re.sub(r"^度|度$|年度$|^年$|《|》|[（(〔\[【]\s*度?\s*[)）〕\]】]", "", bare).strip(" 的-—:：")
    bare = re.split(r"[:：]", bare)[-1]
    if not bare and (last := _AT_THE_END.search(plain)):
        bare = last[1]
    at = plain.find(bare)
    return squash(title[at : at + len(bare)] if at >= 0 else bare)


def is_of_the_genre(text: str) -> bool:
    """Whether it names an annual report."""
    return bool(_GENRE.search(simplified(text)))


def find_title(said: Lines, preamble: Sequence[str]) -> str:
    """The report's own title: a line before section one, joined with the one above that begins it.

    Where the first such line leaves out who it is from or the year, what the page says of itself goes
    before it, then a later line that leaves out neither, then what a sentence announces.
    """
    lines = list(_title_lines([_closed_up(line) for line in preamble]))
    whole = [title for title in lines if is_whole(title)]
    stated = _stated(said)
    if whole and whole[0] == lines[0]:
        return whole[0]
    if is_whole(stated):
        return stated
    others = [one for one in (announced(preamble), stated, *lines) if one]
    telling = [one for one in others if agency_in(one) or year_in(one)]
    return next(iter((*whole, *telling, *others)), "")


def announced(lines: Sequence[str]) -> str:
    """The title that a sentence announces: 现公布某局2023年政府信息公开工作年度报告. Empty where none."""
    for line in lines:
        for found in _ANNOUNCED.finditer(simplified(line)):
            title = squash(line[slice(*found.span(1))])
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
        if (leading := _LEADS_A_LINE.match(simplified(title))) and is_whole(leading[1]):
            title = title[: leading.end(1)]
        if not is_of_the_genre(title) or _TRAIL.search(title) or announced([title]):
            continue
        if len(title) > LONGEST or _SENTENCE.search(title):
            continue
        title = _joined(title, preamble[max(0, at - 2) : at])
        more = title + "".join(below for below in preamble[at + 1 : at + 2] if _ADDED.fullmatch(below))
        yield more if is_whole(more) and not is_whole(title) else title


def _closed_up(line: str) -> str:
    """A line whose every letter is set apart, without its spaces."""
    return re.sub(r"\s", "", line) if _SPACED.fullmatch(line) else line


def _joined(title: str, above: Sequence[str]) -> str:
    """A title with the lines above that begin it, as long as it leaves out whose it is or the year."""
    for far, line in enumerate(reversed(above)):
        if is_whole(title) or len(line) > LONGEST // 2 or re.search(r"[。：:，]", line):
            break
        if is_of_the_genre(line) or (far and not _BEGINS.search(line)):
            break
        title = line + title
    return title


def _stated(said: Lines) -> str:
    """The title as meta tags or the window say it, without the names of column and site."""
    named = [said.meta[name] for name in _META_TITLES if said.meta.get(name)]
    for text in (*named, said.window_title):
        for part in SITE.split(text):
            if is_of_the_genre(part):
                return part
    return named[0] if named else SITE.split(said.window_title)[0]
