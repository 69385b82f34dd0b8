"""What a release holds, as read from `schemas/release.toml`: tables, columns, and what they are called.

The measure columns of the wide tables are not in that file: they are the rows of the statutory forms.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from foi_etl.publish.columns import Column, variable_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from foi_etl.forms import CellSpec, Statute

SAID = ("value", "state", "raw", "unit")
"""What a cell says. Where it was read from may change without anything being said anew."""
_WIDE_TYPES = {"int": "int64", "signed_int": "int64", "decimal": "float64"}


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One published table."""

    name: str
    path: str
    """Inside the release; `{year}` where each report year has a file of its own."""
    key: tuple[str, ...]
    sort: tuple[str, ...]
    title: str
    title_zh: str
    english: str
    chinese: str
    columns: tuple[Column, ...]
    form: str = ""
    """The statutory table whose measures are its columns, for a wide table."""
    across: bool = False
    """Whether its rows are worked out over all reports, none of them read from one alone."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a release says about itself, in the order it is published."""

    package: Mapping[str, str]
    tables: Mapping[str, TableLayout]
    delta: TableLayout
    """What differs from the release before; it is about releases, and is none of their tables."""
    kept: Mapping[str, TableLayout] = field(default_factory=dict)
    """What is kept of every report for the studies, and not published."""

    @property
    def read(self) -> Mapping[str, TableLayout]:
        """Every table with rows that are read from a report alone."""
        return {name: table for name, table in ({**self.tables, **self.kept}).items() if not table.across}

    def of(self, path: str) -> TableLayout:
        """The table a file of the release belongs to: `facts/2019.parquet` is of `facts`."""
        name = path.split("/", 1)[0].removesuffix(".parquet")
        return self.delta if name == self.delta.name else self.tables[name]


def read_layout(text: str, statute: Statute) -> Layout:
    """The layout from the text of `schemas/release.toml`.

    Its measure columns are filled in from the forms, those of the panel from the variables.
    """
    raw = tomllib.loads(text)
    tables = [_table(one, _shared(raw, one), statute) for one in raw["tables"]]
    kept = [_table(one, raw["shared"], statute) for one in raw.get("kept", ())]
    named = {one.name: one for one in tables}
    delta = _delta(raw["delta"], named["facts"])
    return Layout(raw["package"], named, delta, {one.name: one for one in kept})


def _shared(raw: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a table need not describe again; where a report may lack, they may be null."""
    described: dict[str, Any] = dict(raw["shared"])
    for other in (one for one in raw["tables"] if one["name"] in table.get("also", ())):
        described |= {one["name"]: one | {"nullable": True} for one in other["columns"] if "type" in one}
    return described


def measures(statute: Statute, table: str) -> dict[str, list[tuple[str, CellSpec]]]:
    """Every measure of a statutory table in the order of the form, and each edition's cell for it.

    A measure that one edition lacks stands behind the one it follows in the edition that has it. Where
    the form tells who asked, the cell of the grand total speaks for the row.
    """
    order: list[str] = []
    cells: dict[str, list[tuple[str, CellSpec]]] = {}
    for form in statute.editions(table):
        place = 0
        for spec in (one for one in form.cells.values() if not one.applicant or one.column.is_total):
            if spec.measure not in cells:
                order.insert(place, spec.measure)
            place = order.index(spec.measure) + 1
            cells.setdefault(spec.measure, []).append((form.edition, spec))
    return {measure: cells[measure] for measure in order}


def _table(raw: Mapping[str, Any], shared: Mapping[str, Any], statute: Statute) -> TableLayout:
    columns = [Column(**(shared.get(one["name"], {}) | one)) for one in raw["columns"]]
    sentences = raw.get("measures", {})
    if sentences:
        columns += _measure_columns(sentences, statute)
    for one in statute.variables if "variables" in raw else ():
        columns += variable_columns(raw["variables"], one)
    return TableLayout(
        name=raw["name"],
        path=raw.get("path", ""),
        key=tuple(raw["key"]),
        sort=tuple(raw["sort"]),
        title=raw.get("title", ""),
        title_zh=raw.get("title_zh", ""),
        english=raw["english"],
        chinese=raw["chinese"],
        columns=tuple(columns),
        form=sentences.get("table", ""),
        across=raw.get("across", False),
    )


def _delta(raw: Mapping[str, Any], facts: TableLayout) -> TableLayout:
    """The rows of facts, with what became of each and what it said before."""
    words = raw["before"]
    before = [
        replace(
            column,
            name=f"old_{column.name}",
            nullable=True,
            label=words["label"].format(label=column.label),
            label_zh=words["label_zh"].format(label=column.label_zh),
            english=words["english"].format(name=column.name),
            chinese=words["chinese"].format(name=column.name),
        )
        for column in facts.columns
        if column.name in SAID
    ]
    return TableLayout(
        **{name: raw[name] for name in ("name", "path", "title", "title_zh", "english", "chinese")},
        key=tuple(raw["key"]),
        sort=tuple(raw["sort"]),
        columns=(*(Column(**one) for one in raw["columns"]), *facts.columns, *before),
    )


def _measure_columns(sentences: Mapping[str, str], statute: Statute) -> Iterator[Column]:
    for measure, cells in measures(statute, sentences["table"]).items():
        column = _measure_column(sentences, measure, cells)
        yield column
        if column.type == "float64":
            yield _unit_column(sentences, column)


def _measure_column(sentences: Mapping[str, str], measure: str, cells: list[tuple[str, CellSpec]]) -> Column:
    newest = cells[-1][1]
    label, label_zh = _names(newest)
    editions = tuple(edition for edition, _ in cells)
    is_total = newest.row.is_total if newest.applicant else newest.is_total
    english = sentences["english"].format(
        label=label[0].upper() + label[1:],
        editions=", ".join(editions),
        unit=newest.unit or "the unit beside it",
    )
    chinese = sentences["chinese"].format(
        label=label_zh, editions="、".join(editions), unit=newest.unit or "见相应单位列"
    )
    return Column(
        name=measure,
        type=_WIDE_TYPES[newest.type],
        nullable=True,
        label=label,
        label_zh=label_zh,
        english=f"{english} {sentences['total']}" if is_total else english,
        chinese=f"{chinese}{sentences['total_zh']}" if is_total else chinese,
        measure=measure,
        unit=newest.unit,
        editions=editions,
        articles=newest.articles,
    )


def _names(spec: CellSpec) -> tuple[str, str]:
    """English and Chinese name of a measure: of the row, where the columns only tell who asked."""
    if spec.applicant:
        return spec.row.english, "/".join((*spec.row.path, spec.row.text))
    return spec.english, spec.label


def _unit_column(sentences: Mapping[str, str], amount: Column) -> Column:
    return Column(
        name=f"{amount.name}_unit",
        type="string",
        nullable=True,
        label=f"unit of {amount.label}",
        label_zh=f"{amount.label_zh}的单位",
        english=sentences["unit"].format(measure=amount.name),
        chinese=sentences["unit_zh"].format(measure=amount.name),
        unit_of=amount.measure,
        editions=amount.editions,
        articles=amount.articles,
    )
