"""Column trees of the long tail: years, groups of units, tabs, frames, and hubs that lead to other hosts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from foi_etl.practice import longtail
from foi_etl.practice.answers import Answer, Asked, Line, Site, page, shell
from foi_etl.practice.articles import Family
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, twin_of

_ROOTS: Final = {
    "years": "/zfxxgknb/bm{}/",
    "tabs": "/xxgknb/bm{}/",
    "iframe": "/xxgknb/list/bm{}/",
    "hub": "/xxgk/bm{}/",
}
_NEIGHBOURS = 12
"""How many columns of others a hub lists at most."""
_YEARS = re.compile(r"/zfxxgknb/bm(\d+)/(?:(\d{4})n/)?(?:index\.html)?")
_TABS = re.compile(r"/xxgknb/bm(\d+)/(?:index\.html)?")
_FRAME = re.compile(r"/xxgknb/list/bm(\d+)\.html")
_UNITS = re.compile(r"/zfxxgknb/(?:(\d{4})n/)?(?:(bm|xz)/)?(?:index\.html)?")
_HUB = re.compile(r"/zwgk/hub(\d+)/(?:index\.html)?")
_HUB_LIST = re.compile(r"/xxgk/bm(\d+)/(?:index\.html)?")
_GROUPS: Final = {"bm": "部门", "xz": "乡镇街道"}


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies: at the end of its branch."""
    if site.kind.dialect in longtail.SHAPES:
        return longtail.path(site, index, entry)
    name = f"{entry.day:%Y%m}/t{entry.day:%Y%m%d}_{index * 1000 + entry.serial}.html"
    if site.kind.dialect == "units":
        return f"/zfxxgknb/{entry.day.year - 1}n/{_group(site, index)}/{name}"
    year = f"{entry.day.year - 1}n/" if site.kind.dialect == "years" else ""
    return f"{_ROOTS[site.kind.dialect].format(column_of(index))}{year}{name}"


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page at that path, or None where this family has none."""
    return _DIALECTS[site.kind.dialect](site, asked)


def _years(site: Site, asked: Asked) -> Answer | None:
    found = _YEARS.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if found is None or index is None:
        return None
    lines = site.lines(index, path)
    if not found[2]:
        return _branches(site, index, [(f"./{year}n/index.html", f"{year}年") for year in _told(lines)])
    return _leaves(site, index, _of(lines, found[2]))


def _tabs(site: Site, asked: Asked) -> Answer | None:
    """One address with tabs: the newest year without a state, every year with its own."""
    found = _TABS.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    if index is not None:
        lines = site.lines(index, path)
        years = _told(lines)
        state = asked.params.get("state", str(years[0]) if years else "")
        tabs = "".join(f'<li><a href="?state={year}">{year}年</a></li>' for year in years)
        return _leaves(site, index, _of(lines, state), f'<ul class="tab">{tabs}</ul>')
    return None


def _iframe(site: Site, asked: Asked) -> Answer | None:
    if found := _TABS.fullmatch(asked.path):
        index = site.find(found[1], column_of)
        frame = f'<iframe src="/xxgknb/list/bm{found[1]}.html" width="100%" frameborder="0"></iframe>'
        return None if index is None else page(shell("政府信息公开年报", frame))
    found = _FRAME.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    return None if index is None else _leaves(site, index, site.lines(index, path))


def _units(site: Site, asked: Asked) -> Answer | None:
    """One tree for all agencies of the host."""
    found = _UNITS.fullmatch(asked.path)
    if found is None or (found[2] and not found[1]):
        return None
    first, year, group = site.indices[0], found[1], found[2]
    lines = {i: site.lines(i, path) for i in site.indices}
    if group:
        wanted = [one for i in site.indices if _group(site, i) == group for one in _of(lines[i], year)]
        return _leaves(site, first, wanted)
    if year:
        return _branches(site, first, [(f"./{name}/", text) for name, text in _GROUPS.items()])
    years = _told([one for each in lines.values() for one in each])
    return _branches(site, first, [(f"./{each}n/", f"{each}年") for each in years])


def _hub(site: Site, asked: Asked) -> Answer | None:
    """An index of columns on other hosts; an agency's own column stands on the second name of its host."""
    if found := _HUB.fullmatch(asked.path):
        index = site.find(found[1], column_of)
        return None if index is None else _index_of_columns(site, index)
    found = _HUB_LIST.fullmatch(asked.path)
    index = site.find(found[1], column_of) if found else None
    return None if index is None else _leaves(site, index, site.lines(index, path))


def _index_of_columns(site: Site, index: int) -> Answer:
    own = f"http://{twin_of(site.name)}/xxgk/bm{column_of(index)}/index.html"
    others = [agency for agency in site.country.agencies[:_NEIGHBOURS] if agency.id != site.agency(index).id]
    links = [(own, site.agency(index).name), *((agency.portal, agency.name) for agency in others)]
    return _branches(site, index, [(href.replace("&", "&amp;"), name) for href, name in sorted(links)])


_DIALECTS: Final[Mapping[str, Callable[[Site, Asked], Answer | None]]] = {
    "years": _years,
    "tabs": _tabs,
    "iframe": _iframe,
    "units": _units,
    "hub": _hub,
    **dict.fromkeys(longtail.SHAPES, longtail.answer),
}
FAMILY: Final = Family(path, answer, on_twin=True)


def _group(site: Site, index: int) -> str:
    return "xz" if site.agency(index).name.endswith(("街道办事处", "镇人民政府")) else "bm"


def _told(lines: Sequence[Line]) -> list[int]:
    """The years lines tell of, newest first."""
    return sorted({line.entry.day.year - 1 for line in lines}, reverse=True)


def _of(lines: Sequence[Line], year: str) -> list[Line]:
    return [line for line in lines if str(line.entry.day.year - 1) == year]


def _branches(site: Site, index: int, links: Sequence[tuple[str, str]]) -> Answer:
    rows = "\n".join(f'<li><a href="{href}" title="{text}">{text}</a></li>' for href, text in links)
    body = f'<h2>政府信息公开年报</h2>\n<ul class="column">\n{rows}\n</ul>'
    return page(shell("政府信息公开年报", body), site.modified(index))


def _leaves(site: Site, index: int, lines: Sequence[Line], before: str = "") -> Answer:
    rows = "\n".join(
        f'<dd><a href="{line.href}">{line.shown}</a> <span>{line.day.year}年'
        f"{line.day.month}月{line.day.day}日</span></dd>"
        for line in lines
    )
    body = f'{before}<dl class="list">\n{rows}\n</dl>'
    return page(shell("政府信息公开年报", body), site.modified(index))
