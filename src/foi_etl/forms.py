"""The statutory forms, as read from `schemas/`.

A form is one edition of one table: its labels, the cells they name, and the identities that hold between
them. Reading, checking, the codebook and the practice pages are all derived from these values; a new
edition is a new file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from foi_etl.prose import SILENT, Cue, Prose
from foi_etl.rules import NO_RULES, Rules
from foi_etl.text import label_key
from foi_etl.variables import Variable


@dataclass(frozen=True, slots=True)
class Label:
    """A row or a column of a form, by all the names it is printed under."""

    id: str
    text: str
    english: str
    variants: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    """The merged labels above a column, or to the left of a row, from the outside in."""
    articles: tuple[str, ...] = ()
    """Articles of the 2019 Regulation (政府信息公开条例)."""
    unit: str | None = None
    type: str | None = None
    is_total: bool = False
    keys: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """What its names come down to when spaces, numbering and punctuation are taken away."""

    def __post_init__(self) -> None:
        keys = dict.fromkeys(label_key(name) for name in (self.text, *self.variants))
        object.__setattr__(self, "keys", tuple(keys))


@dataclass(frozen=True, slots=True)
class Block:
    """Rows and columns that share one header. Table 2 has several, the others one."""

    heading: str
    corner: str
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class CellSpec:
    """One cell of a form: where it stands, what it counts, in what unit."""

    id: str
    table: str
    row: Label
    column: Label
    measure: str
    applicant: str
    """Empty where the table does not tell who asked."""
    unit: str
    type: str
    """int, signed_int or decimal."""
    is_total: bool
    label: str
    english: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Two sums of cells that the form itself makes equal."""

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    english: str
    why: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Left side, then right side."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Order:
    """A cell that is plausibly at most another of the same row: not a law of the form, but worth a note."""

    small: str
    large: str


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One edition of one statutory table."""

    edition: str
    table: str
    title: str
    english: str
    notice: str
    issued: str
    first_year: int
    last_year: int | None
    section: str
    layout: str
    """blocks (table 2), ledger (table 3), row (table 4) or list (the statistics of before 2019)."""
    landmarks: tuple[str, ...]
    blocks: tuple[Block, ...]
    cells: Mapping[str, CellSpec]
    identities: tuple[Identity, ...]
    rows: Mapping[str, tuple[str, ...]]
    """Row id to the ids of its cells, in the order of the columns."""
    orders: tuple[Order, ...] = ()
    group: str = ""
    """What a report of its time consists of: empty for the three tables of today, statistics for one list."""
    open: bool = False
    """Whether a report may leave out rows of it without owing an explanation."""

    @property
    def name(self) -> str:
        """Table and edition in one word, for messages."""
        return f"{self.table}/{self.edition}"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections of a report, told by its title words."""

    id: str
    numeral: str
    title: str
    english: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Statute:
    """All forms and section titles the project knows, what it heeds in sentences, and its rules."""

    forms: tuple[Form, ...]
    sections: tuple[Section, ...]
    prose: Prose = SILENT
    rules: Rules = NO_RULES
    variables: tuple[Variable, ...] = ()
    """Those of the panel."""
    scopes: Mapping[str, Cue] = field(default_factory=dict)
    """What tells for whom a report speaks."""
    _by_name: Mapping[tuple[str, str], Form] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = {(form.table, form.edition): form for form in self.forms}
        object.__setattr__(self, "_by_name", names)

    def form(self, table: str, edition: str) -> Form:
        """The form of that table and edition; KeyError where there is none."""
        return self._by_name[table, edition]

    def editions(self, table: str) -> tuple[Form, ...]:
        """Every edition of a table, oldest first."""
        return tuple(form for form in self.forms if form.table == table)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, in the order of the report."""
        return tuple(sorted({form.table for form in self.forms}))


def read_statute(
    forms: Iterable[str],
    sections: str,
    prose: Prose = SILENT,
    rules: Rules = NO_RULES,
    variables: tuple[Variable, ...] = (),
    scopes: Mapping[str, Cue] | None = None,
) -> Statute:
    """The statute from the TOML texts of `schemas/forms/*/*.toml` and `schemas/sections.toml`."""
    read = [_form(tomllib.loads(text)) for text in forms]
    listed = tomllib.loads(sections)["sections"]
    return Statute(
        forms=tuple(sorted(read, key=lambda form: (form.table, form.edition))),
        sections=tuple(Section(**(one | {"words": tuple(one["words"])})) for one in listed),
        prose=prose,
        rules=rules,
        variables=variables,
        scopes=scopes or {},
    )


def _form(raw: Mapping[str, Any]) -> Form:
    blocks = tuple(_block(block) for block in raw["blocks"])
    cells = {spec.id: spec for block in blocks for spec in _cells(raw, block)}
    rows = {
        row.id: tuple(raw["cell_id"].format(row=row.id, column=column.id) for column in block.columns)
        for block in blocks
        for row in block.rows
    }
    return Form(
        edition=raw["edition"],
        table=raw["table"],
        title=raw["title"],
        english=raw["english"],
        notice=raw["notice"],
        issued=raw["issued"],
        first_year=raw["first_year"],
        last_year=raw.get("last_year"),
        section=raw["section"],
        layout=raw["layout"],
        landmarks=tuple(raw["landmarks"]),
        blocks=blocks,
        cells=cells,
        identities=tuple(_identities(raw, blocks)),
        rows=rows,
        orders=tuple(Order(one["at_most"], one["of"]) for one in raw.get("orders", ())),
        group=raw.get("group", ""),
        open=raw.get("open", False),
    )


def _block(raw: Mapping[str, Any]) -> Block:
    return Block(
        heading=raw["heading"],
        corner=raw.get("corner", ""),
        columns=tuple(_label(one, path="group") for one in raw["columns"]),
        rows=tuple(_label(one, path="path") for one in raw["rows"]),
    )


def _label(raw: Mapping[str, Any], *, path: str) -> Label:
    return Label(
        id=raw["id"],
        text=raw["label"],
        english=raw["english"],
        variants=tuple(raw.get("variants", ())),
        path=tuple(raw.get(path, ())),
        articles=tuple(raw.get("articles", ())),
        unit=raw.get("unit"),
        type=raw.get("type"),
        is_total=raw.get("total", False),
    )


def _cells(raw: Mapping[str, Any], block: Block) -> Iterator[CellSpec]:
    ledger = raw["layout"] == "ledger"
    for row in block.rows:
        for column in block.columns:
            labels = (*row.path, row.text, *column.path, column.text)
            names = (row.english, column.english)
            yield CellSpec(
                id=raw["cell_id"].format(row=row.id, column=column.id),
                table=raw["table"],
                row=row,
                column=column,
                measure=row.id if ledger else "_".join(filter(None, (row.id, column.id))),
                applicant=column.id if ledger else "",
                unit=next(unit for unit in (column.unit, row.unit, raw["unit"]) if unit is not None),
                type=column.type or row.type or raw["type"],
                is_total=row.is_total or column.is_total,
                label="/".join(filter(None, (block.heading, *labels))),
                english=(" / " if ledger else " ").join(filter(None, names)),
                articles=row.articles,
            )


def _identities(raw: Mapping[str, Any], blocks: tuple[Block, ...]) -> Iterator[Identity]:
    cell = raw["cell_id"].format
    for one in raw.get("identities", ()):
        for block in blocks:
            for name, place in _places(one.get("over", ""), block):
                yield Identity(
                    id=one["id"].format(**name),
                    left=tuple(cell(**place(term)) for term in one["left"]),
                    right=tuple(cell(**place(term)) for term in one["right"]),
                    english=one["english"],
                    why=one["why"],
                )


def _places(over: str, block: Block) -> Iterator[tuple[dict[str, str], Any]]:
    """Each column (or row) an identity is repeated for, with what turns its terms into cells."""
    if over == "columns":
        for column in block.columns:
            yield {"column": column.id}, lambda term, c=column.id: {"row": term, "column": c}
    elif over == "rows":
        for row in block.rows:
            yield {"row": row.id}, lambda term, r=row.id: {"row": r, "column": term}
    elif over == "list":
        yield {}, lambda term: {"row": term, "column": ""}
    else:
        yield {}, lambda term: {"row": "", "column": term}
