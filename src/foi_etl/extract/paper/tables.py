"""The tables of some pages: those that rules make, and those that labels make where rules give no form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Final, NamedTuple

from foi_etl.errors import NotAReport
from foi_etl.extract.locate import form_words, place
from foi_etl.extract.paper.ink import Box, Ink, Paper, around, spelled
from foi_etl.extract.paper.lattice import Grid, ruled, sureness
from foi_etl.extract.paper.loose import Loose
from foi_etl.extract.paper.stitch import assemble, recognised
from foi_etl.extract.paper.strip import Strip
from foi_etl.extract.paper.unruled import read_form
from foi_etl.forms import Statute
from foi_etl.model import Cell, Finding, Table, Weight

_SHOWN: Final = 8
_COVERED: Final = 0.5
"""Of a ruled grid: where so much of it belongs to a table that was read without rules, the rules are none."""


class Said(NamedTuple):
    """What stands on some pages."""

    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()


def tables_of(papers: Sequence[Paper], statute: Statute) -> Said:
    """The paragraphs and the tables. A form that its rules do not give is looked for by its labels."""
    known = form_words(statute)
    paragraphs, tables = assemble(papers, ruled, known)
    missing = set(lacking(tables, statute))
    if not missing:
        return Said(paragraphs, tables)
    strip = Strip([_spelled(paper) if paper.scanned else paper for paper in papers])
    loose = list(_loose(strip, statute, missing))
    if not loose:
        return Said(paragraphs, tables)
    zones = [zone for one in loose for zone in one.zones]
    rest = [_without(paper, [box for page, box in zones if page == paper.number]) for paper in papers]
    paragraphs, tables = assemble(rest, partial(_beside, zones=zones), known)
    made = [_table(len(tables) + at, one, strip) for at, one in enumerate(loose, 1)]
    return Said(paragraphs, (*tables, *made), tuple(_told(loose, made)))


def placed(tables: Sequence[Table], statute: Statute) -> int:
    """How many cells of the statutory forms stand in some tables; those of two reports are not counted."""
    try:
        return sum(len(one.cells) for one in place(tables, statute, None)[0]) if tables else 0
    except NotAReport:
        return 0


def lacking(tables: Sequence[Table], statute: Statute) -> Iterator[str]:
    """The forms of today of which less than half was found; and the lists of before, where nothing was."""
    try:
        found = place(tables, statute, None)[0] if tables else ()
    except NotAReport:
        return
    cells = {one.table: len(one.cells) for one in found}
    for name in statute.tables:
        newest = statute.editions(name)[-1]
        is_there = bool(cells) if newest.layout == "list" else 2 * cells.get(name, 0) >= len(newest.cells)
        if not is_there:
            yield name


def _spelled(paper: Paper) -> Paper:
    return paper._replace(inks=tuple(letter for ink in paper.inks for letter in spelled(ink)))


def _loose(strip: Strip, statute: Statute, names: Collection[str]) -> Iterator[Loose]:
    """Each form in the edition of which most labels are found; a list only where no form of today is."""
    is_today = False
    for name in sorted(names, key=lambda name: (statute.editions(name)[-1].layout == "list", name)):
        if is_today and statute.editions(name)[-1].layout == "list":
            return
        found = [one for form in statute.editions(name) if (one := read_form(form, strip)) is not None]
        best = max(found, key=lambda one: (one.labels, -len(one.left_out)), default=None)
        if best is not None and (len(best.lines) > 1 or best.left_out):
            is_today = True
            yield best


def _without(paper: Paper, zones: Sequence[Box]) -> Paper:
    inks = tuple(ink for ink in paper.inks if not any(zone.holds(ink) for zone in zones))
    return paper._replace(inks=inks)


def _beside(paper: Paper, zones: Sequence[tuple[int, Box]]) -> list[Grid]:
    """The ruled tables of a page but for those that were read without their rules."""
    mine = [box for page, box in zones if page == paper.number]
    return [grid for grid in ruled(paper) if not any(_covers(box, grid.box) for box in mine)]


def _covers(zone: Box, grid: Box) -> bool:
    shared = min(zone.bottom, grid.bottom) - max(zone.top, grid.top)
    return shared > _COVERED * (grid.bottom - grid.top)


def _table(index: int, loose: Loose, strip: Strip) -> Table:
    width = max((len(line.texts) for line in loose.lines), default=0)
    rows = tuple(
        tuple(
            Cell(text, index, row, column, page=strip.papers[line.page].number, scan=_scan(inks, strip))
            for column, (text, inks) in enumerate(zip(line.texts, line.inks or repeat(()), strict=False), 1)
        )
        for row, line in enumerate(loose.lines, 1)
    )
    return Table(index, rows, width)


def _scan(inks: Sequence[Ink], strip: Strip) -> str:
    """Where a recognised text stands, and how sure the reader is of it; nothing for letters of a text."""
    at = strip.page(inks[0].middle) if inks else 0
    if not inks or not strip.papers[at].scanned:
        return ""
    here = [ink for ink in inks if strip.page(ink.middle) == at]
    return recognised(around(here).lower(-strip.starts[at]), sureness(inks))


def _told(loose: Sequence[Loose], made: Sequence[Table]) -> Iterator[Finding]:
    for one, table in zip(loose, made, strict=True):
        form, at = one.form, (f"t{table.index}",)
        message = f"{form.name} has no rules: its columns and rows were told by its labels"
        yield Finding("read-without-rules", Weight.NOTE, message, form.table, form.edition, at=at)
        if one.left_out:
            said = "; ".join(one.left_out[:_SHOWN])
            message = f"{len(one.left_out)} pieces of {form.name} stand in no row or no column of it: {said}"
            yield Finding("figures-unplaced", Weight.BLOCK, message, form.table, form.edition, at=at)
