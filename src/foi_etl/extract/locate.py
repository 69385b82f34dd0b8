"""Which rows of a document are which statutory table, in which edition; or how near they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.errors import NotAReport
from foi_etl.extract.blocks import place_blocks
from foi_etl.extract.figures import place_figures
from foi_etl.extract.labels import has_figure, key
from foi_etl.extract.ledger import place_ledger
from foi_etl.extract.roll import place_list
from foi_etl.extract.sheet import Row, Sheet
from foi_etl.forms import Form, Statute
from foi_etl.model import Finding, Placement, Table, Weight
from foi_etl.text import label_key

_PLACERS: Final[Mapping[str, Callable[[Form, Sequence[Row], Sheet], None]]] = {
    "blocks": place_blocks,
    "ledger": place_ledger,
    "list": place_list,
    "row": place_figures,
}
_ENOUGH: Final = 3
"""Distinct words of one statutory table that make a printed table a part of it."""
OF_TODAY: Final = 2019
"""The first report year of the three tables; before it a report had one list of statistics."""


def place(
    tables: Sequence[Table], statute: Statute, year: int | None
) -> tuple[tuple[Placement, ...], tuple[Finding, ...]]:
    """Each statutory table of a document, exactly once, or a finding that says how near the document came.

    An edition belongs to a table. Where the words of two editions are the same, the edition is that of the
    other tables, and failing that the one in force for the report year. NotAReport where a table stands
    twice with different figures: such a page holds two reports, and none of them is chosen.
    """
    placements: list[Placement] = []
    findings: list[Finding] = []
    vocabulary = _vocabulary(statute)
    parts = [_parts(table, vocabulary) for table in tables]
    missing: list[Finding] = []
    for name in sorted(
        statute.tables, key=lambda table: len({f.landmarks for f in statute.editions(table)}) == 1
    ):
        rows = _rows(parts, name, _row_labels(statute, name))
        forms = _by_likelihood(statute.editions(name), [placed.edition for placed in placements], year)
        placed = _best(forms, rows) if rows else None
        if placed is None or not (placed.cells or placed.withheld):
            missing.append(_not_found(tables, name, statute))
        elif 2 * placed.repeated > len(placed.form.cells) and placed.differs:
            raise _two_reports(placed)
        else:
            placement, told = placed.finish()
            placements.append(placement)
            findings.extend(told)
    findings = [*_owed(missing, placements, statute, year), *findings]
    return tuple(sorted(placements, key=lambda placement: placement.table)), tuple(findings)


def _owed(
    missing: Sequence[Finding], placements: Sequence[Placement], statute: Statute, year: int | None
) -> list[Finding]:
    """The missing tables that belong beside those that were found; where none was, those of the year."""
    groups = {statute.form(one.table, one.edition).group for one in placements}
    if not groups:
        groups = {"" if year is None or year >= OF_TODAY else "statistics"}
    return [one for one in missing if statute.editions(one.table)[-1].group in groups]


@lru_cache(maxsize=8)
def _vocabulary(statute: Statute) -> dict[str, str]:
    """Every word of the forms that names one table only: word to that table."""
    return {word: next(iter(of)) for word, of in _words(statute).items() if len(of) == 1}


def form_words(statute: Statute) -> frozenset[str]:
    """Every word of the forms, as `label_key` spells it."""
    return frozenset(_words(statute))


@lru_cache(maxsize=8)
def _words(statute: Statute) -> dict[str, set[str]]:
    words: dict[str, set[str]] = {}
    for form in statute.forms:
        for block in form.blocks:
            # The columns of a list are words that any table may use: 数量, 合计.
            is_list = form.layout == "list"
            labels = block.rows if is_list else (*block.rows, *block.columns)
            paths = [name for label in labels for name in label.path]
            variants = [name for label in labels for name in (label.text, *label.variants)]
            for name in (block.heading, "" if is_list else block.corner, *paths, *variants):
                if word := label_key(name):
                    words.setdefault(word, set()).add(form.table)
    return words


@lru_cache(maxsize=64)
def _row_labels(statute: Statute, name: str) -> frozenset[str]:
    rows = [row for form in statute.editions(name) for block in form.blocks for row in block.rows]
    return frozenset(word for row in rows for word in row.keys if word)


class Part(NamedTuple):
    """The rows of one printed table that speak of one statutory table, and the words of it they hold."""

    rows: list[Row]
    words: set[str]

    @property
    def is_open(self) -> bool:
        """A header that has no figures yet: they may stand in the next printed table."""
        return not any(map(has_figure, self.rows))


def _parts(table: Table, vocabulary: Mapping[str, str]) -> dict[str, Part]:
    """A printed table by the statutory tables it holds, which may stand one above the other.

    A row without words belongs with the rows above it, and at the top to whatever follows.
    """
    parts: dict[str, Part] = {}
    wordless: list[Row] = []
    part: Part | None = None
    for row in table.rows:
        said = [word for cell in row if (word := key(cell.text)) in vocabulary]
        if said:
            named = [vocabulary[word] for word in said]
            name = max(named, key=named.count)
            if name not in parts:
                parts[name] = Part(wordless if part is None else [], set())
            part = parts[name]
            part.words.update(said)
        (wordless if part is None else part.rows).append(row)
    return parts or {"": Part(wordless, set())}


def _rows(parts: Sequence[dict[str, Part]], name: str, labels: frozenset[str]) -> list[Row]:
    """The rows of all parts of a statutory table, in the order of the document.

    A part has enough words of it. What was cut off it has few or none: it is taken where it follows a part
    and every figure in it stands behind a label of the table, or, under a header without figures, alone.
    """
    rows: list[Row] = []
    open_header = False
    for held in parts:
        part = held.get(name)
        if part is not None and (len(part.words) >= _ENOUGH or (rows and _continues(part, labels))):
            rows.extend(part.rows)
            open_header = part.is_open
        elif open_header and "" in held:
            rows.extend(held[""].rows)
            open_header = held[""].is_open
    return rows


def _continues(part: Part, rows: frozenset[str]) -> bool:
    figures = [row for row in part.rows if has_figure(row)] or part.rows
    return all(any(key(cell.text) in rows for cell in row) for row in figures)


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
        if len(sheet.cells) == len(form.cells) and not sheet.findings and not _foreign(form, forms, rows):
            return sheet
        tried.append(sheet)
    return max(
        tried,
        key=lambda sheet: (len(sheet.cells), not _foreign(sheet.form, forms, rows), -len(sheet.findings)),
    )


def _foreign(form: Form, forms: Iterable[Form], rows: Sequence[Row]) -> bool:
    """Whether a row is printed that another edition has and this one has not."""
    foreign = set().union(*map(_row_words, forms)) - _row_words(form) - _column_words(form)
    return any(key(cell.text) in foreign for row in rows for cell in row)


@lru_cache(maxsize=64)
def _row_words(form: Form) -> frozenset[str]:
    rows = [row for block in form.blocks for row in block.rows]
    groups = {label_key(name) for row in rows for name in row.path}
    return frozenset(word for row in rows for word in row.keys).union(groups)


@lru_cache(maxsize=64)
def _column_words(form: Form) -> frozenset[str]:
    return frozenset(word for block in form.blocks for column in block.columns for word in column.keys)


def _not_found(tables: Sequence[Table], name: str, statute: Statute) -> Finding:
    counts = [(_near(table, form), form, table) for table in tables for form in statute.editions(name)]
    found, form, table = max(counts, key=lambda one: one[0], default=(0, statute.editions(name)[-1], None))
    where = (
        f"; the nearest is table {table.index} of {len(tables)}"
        if table and found
        else f" among {len(tables)}"
    )
    message = (
        f"no table carries the words of {name} ({form.title}): {found} of {len(form.landmarks)} landmarks of "
        f"{form.edition} at best{where}. If the page shows it, it may be a picture or an attachment"
    )
    at = (f"t{table.index}",) if table and found else ()
    return Finding("table-missing", Weight.BLOCK, message, name, form.edition, tuple(form.cells), at)


def _near(table: Table, form: Form) -> int:
    said = {key(cell.text) for row in table.rows for cell in row}
    return sum(label_key(landmark) in said for landmark in form.landmarks)


def _two_reports(sheet: Sheet) -> NotAReport:
    form = sheet.form
    places = sorted({f"t{cell.table}" for cell in sheet.cells.values()} | set(sheet.again_in))
    return NotAReport(
        f"{form.name} ({form.title}) stands here more than once with different figures, so this page "
        "holds two reports: give each as a document of its own",
        at=", ".join(places),
    )
