"""Which rows of a document are which statutory table, in which edition; or how near they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from foi_etl.extract.blocks import place_blocks
from foi_etl.extract.figures import place_figures
from foi_etl.extract.labels import has_figure, key
from foi_etl.extract.ledger import place_ledger
from foi_etl.extract.sheet import Row, Sheet
from foi_etl.forms import Form, Statute
from foi_etl.model import Finding, Placement, Table, Weight
from foi_etl.text import label_key

_PLACERS: Final[Mapping[str, Callable[[Form, Sequence[Row], Sheet], None]]] = {
    "blocks": place_blocks,
    "ledger": place_ledger,
    "row": place_figures,
}
_ENOUGH: Final = 3
"""Distinct words of one statutory table that make a printed table a part of it."""


def place(
    tables: Sequence[Table], statute: Statute, year: int | None
) -> tuple[tuple[Placement, ...], tuple[Finding, ...]]:
    """Each statutory table of a document, exactly once, or a finding that says how near the document came.

    An edition belongs to a table. Where the words of two editions are the same, the edition is that of the
    other tables, and failing that the one in force for the report year.
    """
    placements: list[Placement] = []
    findings: list[Finding] = []
    for name in sorted(statute.tables, key=lambda table: len({f.landmarks for f in statute.editions(table)}) == 1):
        rows = _rows(tables, name, statute)
        forms = _by_likelihood(statute.editions(name), [placed.edition for placed in placements], year)
        placed = _best(forms, rows) if rows else None
        if placed is None or not (placed.cells or placed.withheld):
            findings.append(_not_found(tables, name, statute))
        elif 2 * placed.repeated > len(placed.form.cells) and placed.differs:
            findings.append(_ambiguous(placed))
        else:
            placement, told = placed.finish()
            placements.append(placement)
            findings.extend(told)
    return tuple(sorted(placements, key=lambda placement: placement.table)), tuple(findings)


@lru_cache(maxsize=8)
def _vocabulary(statute: Statute) -> dict[str, str]:
    """Every word of the forms that names one table only: word to that table."""
    words: dict[str, set[str]] = {}
    for form in statute.forms:
        for block in form.blocks:
            labels = (*block.rows, *block.columns)
            paths = [name for label in labels for name in label.path]
            variants = [name for label in labels for name in (label.text, *label.variants)]
            for name in (block.heading, block.corner, *paths, *variants):
                words.setdefault(label_key(name), set()).add(form.table)
    return {word: next(iter(of)) for word, of in words.items() if word and len(of) == 1}


def _count(table: Iterable[Row], name: str, statute: Statute) -> int:
    words = _vocabulary(statute)
    return len({word for row in table for cell in row if (word := key(cell)) and words.get(word) == name})


def _rows(tables: Sequence[Table], name: str, statute: Statute) -> list[Row]:
    """The rows of all parts of a statutory table, in the order of the document.

    A part has enough words of it. What was cut off it has few or none: it is taken where it follows a part
    and every figure in it stands behind a label of the table, or, under a header without figures, alone.
    """
    rows: list[Row] = []
    open_header = False
    for table in tables:
        own = _own_rows(table, name, statute)
        if _count(own, name, statute) >= _ENOUGH:
            rows.extend(own)
            open_header = not any(has_figure(cell) for row in own for cell in row)
        elif rows and own and (_continues(own, name, statute) or (open_header and _wordless(own))):
            rows.extend(own)
            open_header = False
    return rows


def _own_rows(table: Table, name: str, statute: Statute) -> list[Row]:
    """The rows of one statutory table in a printed table that may hold several, one above the other."""
    words = _vocabulary(statute)
    own: list[Row] = []
    current = name
    for row in table.rows:
        said = [of for cell in row if (word := key(cell)) and (of := words.get(word))]
        if said:
            current = max(said, key=said.count)
        if current == name:
            own.append(row)
    return own


def _continues(rows: Sequence[Row], name: str, statute: Statute) -> bool:
    words = _vocabulary(statute)
    figures = [row for row in rows if any(has_figure(cell) for cell in row)] or list(rows)
    return all(any(words.get(key(cell)) == name for cell in row) for row in figures)


def _wordless(rows: Sequence[Row]) -> bool:
    return not any(key(cell) for row in rows for cell in row)


def _by_likelihood(forms: Sequence[Form], others: Sequence[str], year: int | None) -> list[Form]:
    """Editions to try, the likeliest first."""

    def likely(form: Form) -> tuple[bool, bool, int]:
        in_force = year is not None and form.first_year <= year <= (form.last_year or year)
        return (bool(others) and set(others) == {form.edition}, in_force, form.first_year)

    return sorted(forms, key=likely, reverse=True)


def _best(forms: Sequence[Form], rows: Sequence[Row]) -> Sheet:
    """The sheet of the edition under whose words most of what is printed finds its place."""
    tried: list[Sheet] = []
    for form in forms:
        sheet = Sheet(form)
        _PLACERS[form.layout](form, rows, sheet)
        if len(sheet.cells) == len(form.cells) and not sheet.findings:
            return sheet
        tried.append(sheet)
    return max(tried, key=lambda sheet: (len(sheet.cells) + len(sheet.withheld), -len(sheet.findings)))


def _not_found(tables: Sequence[Table], name: str, statute: Statute) -> Finding:
    counts = [(_near(table, form), form, table) for table in tables for form in statute.editions(name)]
    found, form, table = max(counts, key=lambda one: one[0], default=(0, statute.editions(name)[-1], None))
    where = f"; the nearest is table {table.index} of {len(tables)}" if table and found else f" among {len(tables)}"
    message = (
        f"no table carries the words of {name} ({form.title}): {found} of {len(form.landmarks)} landmarks of "
        f"{form.edition} at best{where}. If the page shows it, it may be a picture or an attachment"
    )
    at = (f"t{table.index}",) if table and found else ()
    return Finding("table-missing", Weight.BLOCK, message, name, form.edition, tuple(form.cells), at)


def _near(table: Table, form: Form) -> int:
    said = {key(cell) for row in table.rows for cell in row}
    return sum(label_key(landmark) in said for landmark in form.landmarks)


def _ambiguous(sheet: Sheet) -> Finding:
    form = sheet.form
    places = sorted({f"t{cell.table}" for cell in sheet.cells.values()} | set(sheet.again_in))
    message = (
        f"{form.name} stands here more than once ({', '.join(places)}), with different figures: this page holds two "
        "reports. Give each as a document of its own"
    )
    return Finding("table-ambiguous", Weight.BLOCK, message, form.table, form.edition, tuple(form.cells), tuple(places))


def missing_tables(statute: Statute, placements: Iterable[Placement]) -> Iterator[str]:
    """The statutory tables that no placement holds."""
    there = {placement.table for placement in placements}
    return (name for name in statute.tables if name not in there)
