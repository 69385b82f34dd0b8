"""Anhui's openness portals and Xuancheng's: a controller of their own for annual reports."""

from __future__ import annotations

import re
from typing import Final

from foi_etl.practice.answers import Answer, Asked, Line, Site, page, pages_of, part, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import branch_of, column_of, hexed

PER_PAGE: Final = 10
_XUANCHENG = re.compile(r"/XxgkAnnualReport/list/(\d+)\.html")


def path(_site: Site, index: int, entry: Entry) -> str:
    """Where an article lies: reports have a route of their own."""
    route = "content" if entry.year is None and entry.place == "own" else "annual_report"
    return f"/xxgk/openness/detail/{route}/{hexed(24, 'open', index, entry.serial)}.html"


def xuancheng_path(_site: Site, index: int, entry: Entry) -> str:
    """The same in Xuancheng."""
    own = entry.year is None and entry.place == "own"
    return f"/{'OpennessContent' if own else 'XxgkAnnualReport'}/show/{index * 100 + entry.serial}.html"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The list of a branch, or None."""
    index = site.find(asked.params.get("branch_id"), branch_of)
    if asked.path.rstrip("/") != "/xxgk/opennessAnnualReport" or index is None:
        return None
    lines, number = site.lines(index, path), max(asked.number("page", 1), 1)
    rows = "".join(
        f'<ul><li class="mc"><a href="{line.href}" title="{line.shown}">{line.shown}</a></li>'
        f'<li class="rq">{line.day}</li></ul>'
        for line in part(lines, number - 1, PER_PAGE)
    )
    link = f"?branch_id={branch_of(index)}&amp;page={number + 1}"
    return _list_page(site, index, lines, number, f'<div class="xxgk_navli">{rows}</div>', link)


def xuancheng_answer(site: Site, asked: Asked) -> Answer | None:
    """The list of a unit, or None."""
    found = _XUANCHENG.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is None:
        return None
    lines, number = site.lines(index, xuancheng_path), max(asked.number("page", 1), 1)
    rows = "".join(
        f'<li><span>[{line.day}]</span><a href="{line.href}">{line.shown}</a></li>'
        for line in part(lines, number - 1, PER_PAGE)
    )
    link = f"/XxgkAnnualReport/list/{column_of(index)}.html?page={number + 1}"
    return _list_page(site, index, lines, number, f'<ul class="list">{rows}</ul>', link)


FAMILY: Final = Family(path, answer)
XUANCHENG_FAMILY: Final = Family(xuancheng_path, xuancheng_answer)


def _list_page(
    site: Site, index: int, lines: tuple[Line, ...], number: int, rows: str, following: str
) -> Answer:
    pages = pages_of(lines, PER_PAGE)
    after = f'<a href="{following}">下一页</a>' if number < pages else ""
    body = f'{rows}\n<div class="pages"><span>第{number}页/共{pages}页</span>{after}</div>'
    return page(shell("政府信息公开年报", body), site.modified(index))
