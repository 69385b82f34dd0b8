"""Portals few others are like: each has its own way to call lists, their pages and their articles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from foi_etl.practice.answers import Answer, Asked, Line, Site, page, pages_of, part, shell
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import column_of, hexed, uuid_of

PER_PAGE: Final = 6


class Shape(NamedTuple):
    """How one of them calls its pages."""

    column: str
    """The folder of an agency's list."""
    first: str
    further: str
    """The second page and those behind it, by their number."""
    article: str
    """Where an article lies, beneath the column or from the root."""
    forward: str
    """What stands where the list goes on; a number is its page."""
    row: str = '<li><a href="{href}" title="{title}">{title}</a><span>{day}</span></li>'


SHAPES: Final[Mapping[str, Shape]] = {
    # Jinan, Zibo
    "gongkai": Shape(
        "/gongkai/site_bm{column}/channel_{hex24}/", "index.html", "index_{number}.html",
        "doc_{id24}.html", "下页",
    ),
    # Hebei
    "uuid": Shape(
        "/columns/{uuid}/", "index.html", "index_{number}.html",
        "{day:%Y%m}/{day:%d}/{iduuid}.html", "下一页 >",
        "<LI><SPAN CLASS=date>{day}</SPAN><A TITLE='{title}' HREF={href}>{title}</A></LI>",
    ),
    # Jiangxi: ids of a snowflake's shape
    "pclist": Shape(
        "/bm{column}/zfxxgknb/pc/", "list.html", "list_{number}.html",
        "/bm{column}/zfxxgknb/{day:%Y%m}/{long}.html", "›",
        '<li><a href="{href}">{title}<br><i>{day:%Y.%m.%d}</i></a></li>',
    ),
    # Xiaogan
    "jeecms": Shape(
        "/bm{column}/zfxxgknb/", "index.jhtml", "index_{number}.jhtml", "{short}.jhtml", "[{number}]",
    ),
    # Yan'an
    "numbers": Shape(
        "/xxgk/bm{column}/nb/", "1.html", "{number}.html", "/xxgk/bm{column}/nb/{day:%Y-%m}/{short}.html",
        "{number}",
        "<tr><td><a target=_blank href='{href}'>{title}</a></td><td>{day:%Y/%m/%d}</td></tr>",
    ),
    # Kunming
    "shtml": Shape(
        "/c/xxgk/bm{column}/", "index.shtml", "index_{number}.shtml",
        "/c/{day:%Y-%m-%d}/{short}.shtml", "后一页",
    ),
}  # fmt: skip


def path(site: Site, index: int, entry: Entry) -> str:
    """Where an article lies."""
    shape, column = SHAPES[site.kind.dialect], column_of(index)
    said = shape.article.format(
        column=column,
        day=entry.day,
        id24=hexed(24, "doc", index, entry.serial),
        iduuid=uuid_of("doc", index, entry.serial),
        long=1_280_000_000_000_000_000 + index * 1000 + entry.serial,
        short=1_000_000 + index * 1000 + entry.serial,
    )
    return said if said.startswith("/") else _folder(shape, index) + said


def answer(site: Site, asked: Asked) -> Answer | None:
    """The page of a list at that path, or None."""
    shape = SHAPES[site.kind.dialect]
    folder, name = asked.path.rsplit("/", 1)
    index = site.find(f"{folder}/", lambda i: _folder(shape, i))
    if index is None:
        return None
    lines = site.lines(index, path)
    number, pages = _number(shape, name), pages_of(lines, PER_PAGE)
    if not 1 <= number <= pages:
        return None
    rows = "\n".join(_row(shape, line) for line in part(lines, number - 1, PER_PAGE))
    tag = "table" if rows.startswith("<tr") else "ul"
    body = f'<{tag} class="list">\n{rows}\n</{tag}>\n<div class="pages">{_pager(shape, number, pages)}</div>'
    return page(shell("政府信息公开年报", body), site.modified(index))


def _folder(shape: Shape, index: int) -> str:
    return shape.column.format(
        column=column_of(index), hex24=hexed(24, "branch", index), uuid=uuid_of("column", index)
    )


def _number(shape: Shape, name: str) -> int:
    if name in {"", shape.first}:
        return 1
    found = re.fullmatch(re.escape(shape.further).replace(r"\{number\}", r"(\d+)"), name)
    return int(found[1]) if found and int(found[1]) > 1 else 0


def _row(shape: Shape, line: Line) -> str:
    return shape.row.format(href=line.href, title=line.shown, day=line.day)


def _pager(shape: Shape, number: int, pages: int) -> str:
    """The next page by its word; where pages are called by their number, all of them."""
    if "{number}" not in shape.forward:
        said = f"<a href='{shape.further.format(number=number + 1)}'>{shape.forward.replace('>', '&gt;')}</a>"
        return said if number < pages else ""
    others = (each for each in range(1, pages + 1) if each != number)
    names = {1: shape.first}
    return " ".join(
        f'<a class="pg" href="{names.get(each, shape.further.format(number=each))}">'
        f"{shape.forward.format(number=each)}</a>"
        for each in others
    )
