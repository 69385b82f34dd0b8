"""Statutory tables drawn box by box: every cell a figure of its own, so that a misplaced one shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from foi_etl.extract.grid import Box, rectangle
from foi_etl.extract.locate import place
from foi_etl.forms import Block, Form, Label
from foi_etl.model import Cell, Fact, Finding, FormReading, Placement, State, Table
from foi_etl.normalise.facts import read_placement
from helpers import STATUTE

Rows = list[list[Box]]
T2_2019, T2_2021 = STATUTE.form("t2", "e2019"), STATUTE.form("t2", "e2021")
T3_2019, T3_2021 = STATUTE.form("t3", "e2019"), STATUTE.form("t3", "e2021")
T4 = STATUTE.form("t4", "e2021")


def bars(*lines: str) -> Rows:
    """Rows of boxes without spans: "规章 | 1 | 2"."""
    return [[Box(text.strip()) for text in line.split("|")] for line in lines]


def printed(form: Form) -> dict[str, str]:
    """A figure for each cell of a form, no two alike."""
    return {cell_id: str(101 + at) for at, cell_id in enumerate(form.cells)}


def blocks(form: Form) -> list[Rows]:
    """Table 2, a piece for each of its blocks."""
    return [_block(form, block) for block in form.blocks]


def _block(form: Form, block: Block) -> Rows:
    header = [Box(block.corner), *(Box(column.text) for column in block.columns)]
    return [
        [Box(block.heading, 1, len(header))],
        header,
        *(_figures(form, row, [Box(row.text)]) for row in block.rows),
    ]


def ledger(form: Form) -> Rows:
    """Table 3, with the merged labels as the notice prints them."""
    return [*ledger_header(form), *ledger_rows(form)]


def ledger_header(form: Form) -> Rows:
    """The three rows above the figures of table 3."""
    [block] = form.blocks
    first, *inner, last = block.columns
    return [
        [Box(block.corner, 3, 3), Box("申请人情况", 1, len(block.columns))],
        [Box(first.text, 2), Box("法人或其他组织", 1, len(inner)), Box(last.text, 2)],
        [Box(column.text) for column in inner],
    ]


def ledger_rows(form: Form) -> Rows:
    """The labelled rows of figures of table 3."""
    [block] = form.blocks
    drawn: Rows = []
    for at, row in enumerate(block.rows):
        above = block.rows[at - 1].path if at else ()
        new = [name for level, name in enumerate(row.path) if name not in above[level : level + 1]]
        groups = [Box(name, sum(name in other.path for other in block.rows)) for name in new]
        drawn.append(_figures(form, row, [*groups, Box(row.text, 1, 3 - len(row.path))]))
    return drawn


def flat_rows(form: Form, *, join: bool = False) -> Rows:
    """Table 3 without merged labels: each row with its groups before its own words, or run together."""
    [block] = form.blocks
    drawn: Rows = []
    for row in block.rows:
        words = (*row.path, row.text)
        labels = ["".join(words[-2:])] if join else words
        drawn.append(_figures(form, row, [Box(label) for label in labels]))
    return drawn


def disputes(form: Form = T4) -> Rows:
    """Table 4: three rows of labels, one of figures."""
    leaves = [Box(column.text) for column in form.blocks[0].columns]
    upright = [Box(box.text, 2) for box in leaves[:5]]
    return [
        [Box("行政复议", 1, 5), Box("行政诉讼", 1, 10)],
        [*upright, Box("未经复议直接起诉", 1, 5), Box("复议后起诉", 1, 5)],
        leaves[5:],
        [Box(text) for text in printed(form).values()],
    ]


def _figures(form: Form, row: Label, labels: Iterable[Box]) -> list[Box]:
    figures = printed(form)
    return [*labels, *(Box(figures[cell_id]) for cell_id in form.rows[row.id])]


def stacked(pieces: Iterable[Rows]) -> Rows:
    """Pieces as one table, each under the other."""
    return list(chain.from_iterable(pieces))


def tables(*pieces: Rows) -> tuple[Table, ...]:
    """Drawn pieces as the tables of a document."""
    return tuple(rectangle(index, rows) for index, rows in enumerate(pieces, start=1))


def placed(*pieces: Rows, year: int | None = None) -> tuple[dict[str, Placement], tuple[Finding, ...]]:
    """Where the reader puts what is drawn: placements by table, and what it says of them."""
    placements, findings = place(tables(*pieces), STATUTE, year)
    return {one.table: one for one in placements}, findings


def texts(placement: Placement) -> dict[str, str]:
    """The printed text of each placed cell."""
    return {cell_id: cell.text for cell_id, cell in placement.cells.items()}


def page(*pieces: Rows) -> str:
    """Drawn pieces as the text of a web page."""
    return f"<html><body>{''.join(map(markup, pieces))}</body></html>"


def markup(rows: Rows) -> str:
    """One drawn piece as markup."""
    return f"<table>{''.join(map(_row, rows))}</table>"


def _row(row: Iterable[Box]) -> str:
    return f"<tr>{''.join(map(_cell, row))}</tr>"


def _cell(box: Box) -> str:
    return f'<td rowspan="{box.rowspan}" colspan="{box.colspan}">{box.text}</td>'


def told(findings: Sequence[Finding], about: str = "") -> list[str]:
    """The rules of the findings about one table, or of all."""
    return [finding.rule for finding in findings if finding.table == about or not about]


def only(findings: Sequence[Finding], rule: str) -> Finding:
    """The one finding of a rule."""
    [finding] = [finding for finding in findings if finding.rule == rule]
    return finding


def placement(form: Form, usual: str = "", /, **printed_texts: str) -> Placement:
    """A form with the same text in every cell but those named."""
    texts_by_id = dict.fromkeys(form.cells, usual) | printed_texts
    cells = {i: Cell(text, 1, at, 1) for at, (i, text) in enumerate(texts_by_id.items(), start=1)}
    return Placement(form.table, form.edition, cells, {}, {})


def reading(form: Form, usual: str = "", /, **printed_texts: str) -> FormReading:
    """The facts of a form with the same text in every cell but those named."""
    return read_placement(placement(form, usual, **printed_texts), form, {})[0]


def without(told: FormReading, *cell_ids: str) -> FormReading:
    """The same facts, but for cells the page does not have."""
    gone = {i: Fact(i, None, State.MISSING_CELL, "", "", "") for i in cell_ids}
    return FormReading(told.table, told.edition, {**told.facts, **gone})
