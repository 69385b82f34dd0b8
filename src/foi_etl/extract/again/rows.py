"""A document's rows as the second reader sees them: texts, one after the other, without places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import etree

from foi_etl.extract.again.seen import only_seen
from foi_etl.text import squash

Rows = tuple[tuple[str, ...], ...]

_CELLS: Final = frozenset({"td", "th"})
_BLOCKS: Final = frozenset({"p", "div", "br", "li", "td", "th", "tr"})
_UNSEEN: Final = ("noscript", "template")
_FIGURE: Final = r"\s+(\d[\d,]*(?:\.\d+)?)(?![\d、.．])"
_BEHIND_A_UNIT: Final = re.compile(rf"\s(?:[条件次个项元篇人期场]|人次|万元){_FIGURE}(?:{_FIGURE})?")
_DIGIT: Final = re.compile(r"\d")
_STRING: Final = etree.XPath("string()")


def rows_of_page(html: bytes) -> Rows:
    """The rows of a page in UTF-8, as libxml2 reads its markup; a row that holds another table is none."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(html, parser)
    if root is None:
        return ()
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    only_seen(root)
    etree.strip_elements(root, "script", "style", with_tail=False)
    around = _around_tables(root)
    tables: dict[Any, list[tuple[str, ...]]] = {}
    for row in root.iter("tr"):
        if row not in around and (texts := tuple(_texts(row))):
            tables.setdefault(next(row.iterancestors("table"), None), []).append(texts)
    return tuple(row for rows in tables.values() for row in without_empty_column(rows))


def rows_of_text(text: str) -> Rows:
    """The rows of flattened text: what stands between empty lines, cut where a TAB opens a line."""
    blocks = re.split(r"\n[ \r]*\n", text.replace("\r\n", "\n"))
    rows = (re.split(r"(?:^|\n)\t", block) for block in blocks if block.lstrip("\n").startswith("\t"))
    return tuple(tuple(" ".join(cell.split("\n")).strip() for cell in row[1:]) for row in rows)


def rows_of_lines(text: str) -> Rows:
    """The rows of a text whose rows are lines: what stands between its TABs."""
    return tuple(tuple(map(squash, line.split("\t"))) for line in re.findall(r"^.*\t.*$", text, re.MULTILINE))


def rows_of_running(lines: Iterable[str]) -> Rows:
    """The figures that follow a unit in running text, one or two, as rows; where no space parts them, one."""
    return tuple(
        ("指标", *filter(None, figures)) for line in lines for figures in _BEHIND_A_UNIT.findall(line)
    )


def without_empty_column(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows without the empty cell that every one of them ends with, headers too: a column of nothing."""
    while len(rows) > 1 and all(len(row) > 1 and not row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    return rows


def _around_tables(root: Any) -> set[Any]:
    """Rows that hold a table of several cells, and the rows of tables of one cell in another's cell."""
    found: set[Any] = set()
    for table in root.iter("table"):
        outer = list(table.iterancestors("tr"))
        if not outer:
            continue
        if sum(1 for _ in table.iter("td", "th")) > 1:
            found.update(outer)
        else:
            found.update(table.iter("tr"))
    return found


def _texts(row: Any) -> Iterator[str]:
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        text = squash(_STRING(cell))
        if len(text) > 1 and _DIGIT.search(text):
            text = _with_breaks(cell)
        yield text


def _with_breaks(cell: Any) -> str:
    """What a cell says, a space wherever one block ends and another begins."""
    said: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            said.append(f" {node.text or ''}" if node.tag in _BLOCKS else node.text or "")
        elif node is not cell:
            said.append(f" {node.tail or ''}" if node.tag in _BLOCKS else node.tail or "")
    return squash("".join(said))
