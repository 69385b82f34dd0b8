"""Pages to one document: tables joined over page breaks, prose between them, page numbers left out."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from foi_etl.extract.paper.ink import Box, Ink, Paper, lines, said
from foi_etl.extract.paper.lattice import Grid, Plot
from foi_etl.extract.paper.strip import MARGIN, PAGE_NUMBER
from foi_etl.model import Cell, Table
from foi_etl.text import label_key, squash

_ALIKE: Final = 14.0
"""Points: how far the sides of two halves of a table may differ."""
_SAME_EDGE: Final = 0.013
"""Of a table's width: edges nearer than this are one."""

Grids = Callable[[Paper], Sequence[Grid]]


@dataclass
class Printed:
    """A table while its pages are put together."""

    grids: list[Grid]
    is_open: bool = True
    """Whether nothing has stood beneath it yet."""


def assemble(
    papers: Sequence[Paper], grids_of: Grids, known: Container[str]
) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    """The paragraphs and the tables of some pages. `known` holds the words of the forms.

    A table goes on where the last table of a page has nothing beneath it, the first of the next page has
    nothing above it, and both are as wide: page numbers and margins apart.
    """
    tables: list[Printed] = []
    paragraphs: list[str] = []
    for paper in papers:
        grids = grids_of(paper)
        prose = list(_prose(paper, grids))
        paragraphs.extend(_paragraphs(prose))
        for at, grid in enumerate(grids):
            above = any(line[0].middle < grid.box.top for line in prose)
            if at == 0 and not above and tables and tables[-1].is_open and _as_wide(tables[-1], grid):
                tables[-1].grids.append(grid)
            else:
                tables.append(Printed([grid]))
            tables[-1].is_open = at == len(grids) - 1
        if tables and tables[-1].is_open:
            end = grids[-1].box.bottom if grids else 0.0
            tables[-1].is_open = not any(line[0].middle > end for line in prose)
    return tuple(paragraphs), tuple(_table(index, one.grids, known) for index, one in enumerate(tables, 1))


def _prose(paper: Paper, grids: Sequence[Grid]) -> Iterator[list[Ink]]:
    """The lines outside all tables, without what a page prints in its margins to count itself."""
    outside = [ink for ink in paper.inks if ink.text.strip() and not any(g.box.holds(ink) for g in grids)]
    for line in lines(outside):
        in_margin = not MARGIN < line[0].middle / paper.height < 1 - MARGIN
        if not (in_margin and PAGE_NUMBER.fullmatch(said(line))):
            yield line


def _paragraphs(prose: Sequence[Sequence[Ink]]) -> Iterator[str]:
    """Lines put together: one that opens further in, or stands behind a short one, begins a paragraph."""
    left = min((line[0].x0 for line in prose), default=0.0)
    right = max((line[-1].x1 for line in prose), default=0.0)
    text, short, bottom = "", True, 0.0
    for line in prose:
        tall = max(ink.bottom - ink.top for ink in line)
        if short or line[0].x0 > left + 1.2 * tall or line[0].top - bottom > 2.5 * tall:
            if text:
                yield squash(text)
            text = ""
        text += said(line)
        short, bottom = line[-1].x1 < right - 2 * tall, line[0].bottom
    if text:
        yield squash(text)


def _as_wide(above: Printed, grid: Grid) -> bool:
    last = above.grids[-1]
    return (
        grid.page == last.page + 1
        and abs(last.box.x0 - grid.box.x0) <= _ALIKE
        and abs(last.box.x1 - grid.box.x1) <= _ALIKE
    )


def _table(index: int, grids: Sequence[Grid], known: Container[str]) -> Table:
    """One table of the halves on each page, in the columns of both."""
    edges = _shared_edges(grids)
    rows: list[list[Cell]] = []
    for grid in grids:
        places = [_nearest(edges, _relative(edge, grid)) for edge in grid.edges]
        halves = [[_cell(plot, index, len(rows), places, grid) for plot in row] for row in grid.rows]
        if rows and halves and _joins(rows[-1], halves[0], known):
            halves.pop(0)
            halves = [[cell._replace(row=cell.row - 1) for cell in row] for row in halves]
        elif rows and halves:
            _rejoin_labels(rows, halves[0], known)
        rows.extend(halves)
    return Table(index, tuple(map(tuple, rows)), len(edges) - 1)


def _cell(plot: Plot, index: int, above: int, places: Sequence[int], grid: Grid) -> Cell:
    first, last = places[plot.column], places[plot.column + plot.colspan]
    scan = recognised(plot.box, plot.sure) if grid.scanned else ""
    return Cell(
        squash(plot.text),
        index,
        above + plot.row + 1,
        first + 1,
        plot.rowspan,
        max(1, last - first),
        grid.page,
        scan,
    )


def recognised(box: Box, sure: float) -> str:
    """Where on the page a recognised cell stands, in points, and how sure the reader is, in hundredths."""
    x0, top, x1, bottom = box
    return f"x{x0:.0f}y{top:.0f}w{x1 - x0:.0f}h{bottom - top:.0f}/ocr{100 * sure:.0f}"


def _relative(edge: float, grid: Grid) -> float:
    return (edge - grid.box.x0) / (grid.box.x1 - grid.box.x0)


def _shared_edges(grids: Sequence[Grid]) -> list[float]:
    """The edges of all halves, as parts of their width."""
    edges: list[float] = []
    for place in sorted(_relative(edge, grid) for grid in grids for edge in grid.edges):
        if not edges or place - edges[-1] > _SAME_EDGE:
            edges.append(place)
    return edges


def _nearest(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - place))


def _joins(above: list[Cell], below: Sequence[Cell], known: Container[str]) -> bool:
    """Whether a row is cut by the break; then its lower half is added to the upper.

    It is, where a label is a word of the form only when both halves are read together, and no other
    box has words on both sides.
    """
    over = {(cell.column, cell.colspan): at for at, cell in enumerate(above)}
    merged: dict[int, Cell] = {}
    cut = False
    for cell in below:
        at = over.get((cell.column, cell.colspan))
        if at is None:
            if cell.text:
                return False
            continue
        upper = above[at]
        if upper.text and cell.text:
            if not _is_cut(upper.text, cell.text, known):
                return False
            cut = True
        merged[at] = upper._replace(text=upper.text + cell.text)
    if not cut:
        return False
    for at, one in merged.items():
        above[at] = one
    return True


def _rejoin_labels(rows: Sequence[list[Cell]], below: list[Cell], known: Container[str]) -> None:
    """Give a group's label cut by the break back to its upper half."""
    end = rows[-1][0].row if rows[-1] else len(rows)
    hanging = {
        (cell.column, cell.colspan): (row, at)
        for row in rows
        for at, cell in enumerate(row)
        if cell.text and cell.row + cell.rowspan - 1 >= end
    }
    for place, cell in enumerate(below):
        row, at = hanging.get((cell.column, cell.colspan), (None, 0))
        if row is not None and cell.text and _is_cut(row[at].text, cell.text, known):
            row[at] = row[at]._replace(text=row[at].text + cell.text)
            below[place] = cell._replace(text="")


def _is_cut(upper: str, lower: str, known: Container[str]) -> bool:
    """Whether two texts are the halves of one word of the form."""
    return label_key(upper + lower) in known and not (label_key(upper) in known and label_key(lower) in known)
