"""The sheet a statutory table is copied to: what was placed, what was withheld, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from operator import itemgetter

from foi_etl.forms import Block, Form, Label
from foi_etl.model import Cell, Finding, Placement, Weight

Row = tuple[Cell, ...]


class Sheet:
    """Collects a form's cells. Each ends placed, withheld or missing, and the last two are told."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.cells: dict[str, Cell] = {}
        self.withheld: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.nameless = 0
        """Rows of figures that name no row of the form."""
        self._again: dict[str, list[Cell]] = {}

    def column(self, block: Block, column: Label) -> tuple[str, ...]:
        """The cells of a column of the form."""
        at = block.columns.index(column)
        return tuple(self.form.rows[row.id][at] for row in block.rows)

    def put(self, cell_ids: Sequence[str], cells: Sequence[Cell]) -> None:
        """Place printed cells, one for each id. A second statement of a cell is kept for `told_twice`."""
        for cell_id, cell in zip(cell_ids, cells, strict=True):
            if cell_id in self.cells:
                self._again.setdefault(cell_id, []).append(cell)
            else:
                self.cells[cell_id] = cell

    def withhold(self, cell_ids: Iterable[str], rule: str, message: str, row: Row = ()) -> None:
        """Publish none of these cells, and say why."""
        ids = tuple(cell_ids)
        at = (f"t{row[0].table}/r{row[0].row}",) if row else ()
        self.withheld.update(dict.fromkeys(ids, at[0] if at else ""))
        self.note(rule, Weight.BLOCK, message, ids, at)

    def note(
        self, rule: str, weight: Weight, message: str, cells: Iterable[str] = (), at: Iterable[str] = ()
    ) -> None:
        """Say something about some cells of this form."""
        self.findings.append(
            Finding(rule, weight, message, self.form.table, self.form.edition, tuple(cells), tuple(at))
        )

    def mistyped(self, cell: Cell, label: Label, cells: Iterable[str]) -> None:
        """A label was taken for another spelling of the form's: say which for which."""
        message = f"the label {cell.text!r} was read as {label.text!r}"
        self.note("label-mistyped", Weight.NOTE, message, cells, (cell.at,))

    def unnamed(self, row: Row) -> None:
        """A row of figures names no row of the form: its figures are not published."""
        self.nameless += sum(not cell.text or cell.text[0].isdigit() for cell in row) >= len(
            self.form.blocks[0].columns
        )
        said = " / ".join(cell.text for cell in row if cell.text)[:120]
        message = f"a row of figures names no row of {self.form.name}, so they are not published: {said}"
        self.note("row-unnamed", Weight.BLOCK, message, at=(f"t{row[0].table}/r{row[0].row}",))

    def finish(self) -> tuple[Placement, tuple[Finding, ...]]:
        """The placement, once what was said twice and what is missing has been told."""
        self._tell_twice()
        self._tell_order()
        self._tell_missing()
        for cell_id in self.withheld:
            self.cells.pop(cell_id, None)
        form = self.form
        placement = Placement(form.table, form.edition, self.cells, self.withheld, self.units)
        return placement, tuple(self.findings)

    @property
    def differs(self) -> int:
        """How many cells are stated twice with different words."""
        return sum(any(cell.text != self.cells[i].text for cell in again) for i, again in self._again.items())

    @property
    def again_in(self) -> list[str]:
        """The tables of the document that state a cell for the second time."""
        return [f"t{cell.table}" for again in self._again.values() for cell in again]

    @property
    def repeated(self) -> int:
        """How many cells are stated twice."""
        return len(self._again)

    def _tell_twice(self) -> None:
        if not self._again:
            return
        unequal = {i: c for i, c in self._again.items() if any(one.text != self.cells[i].text for one in c)}
        if unequal:
            said = "; ".join(
                f"{i}: {self.cells[i].text!r}, then {again[0].text!r}"
                for i, again in islice(unequal.items(), 8)
            )
            at = [cell.at for i, again in unequal.items() for cell in (self.cells[i], *again)]
            message = f"stated twice, not alike, and none of it is published: {said}"
            self.note("said-twice", Weight.BLOCK, message, unequal, at)
            self.withheld.update({i: f"t{self.cells[i].table}/r{self.cells[i].row}" for i in unequal})
        if len(unequal) < len(self._again):
            alike = [i for i in self._again if i not in unequal]
            self.note("said-twice", Weight.NOTE, f"{len(alike)} cells are stated twice, alike", alike)

    def _tell_order(self) -> None:
        """Rows in another order than the form's: labels may have changed places, and no sum would show it."""
        heads = [(ids, self.cells[ids[0]]) for ids in self.form.rows.values() if ids[0] in self.cells]
        places = sorted(((cell.table, cell.row) for _, cell in heads), key=itemgetter(0))
        if places == sorted(places):
            return
        moved = [
            ids
            for at, (ids, cell) in enumerate(heads)
            if any(cell.table == above.table and cell.row < above.row for _, above in heads[:at])
            or any(cell.table == below.table and cell.row > below.row for _, below in heads[at + 1 :])
        ]
        if moved:
            message = f"{len(moved)} rows of {self.form.name} stand in another order than the form's"
            self.note("rows-out-of-order", Weight.DOUBT, message, chain.from_iterable(moved))

    def _tell_missing(self) -> None:
        for block in self.form.blocks:
            for row in block.rows:
                ids = [i for i in self.form.rows[row.id] if i not in self.cells and i not in self.withheld]
                if ids and not (self.form.open and len(ids) == len(block.columns)):
                    what = f"row {row.text!r}" if row.text else "row of figures"
                    rule = "row-missing" if len(ids) == len(block.columns) else "cell-missing"
                    self.note(rule, Weight.BLOCK, f"the page has no {what} of {self.form.name}", ids)
