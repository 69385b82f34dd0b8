"""Stata 118: variables and values labelled in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.errors import CannotRelease
from foi_etl.publish.export.shape import flat

if TYPE_CHECKING:
    import pandas as pd

    from foi_etl.publish.export.shape import Sheet, Words

_VERSION: Final = 118
_LABEL: Final = 80
"""Characters of a variable label."""
_LONG_TEXT: Final = 2045
"""Bytes beyond which Stata keeps a text apart, as strL."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_RESERVED: Final = frozenset({"byte", "case", "class", "double", "end", "export", "float", "function"}) | {
    *("global", "if", "in", "inline", "int", "local", "long", "short", "strL", "using", "virtual", "with")
}
_YES_NO: Final = {0: "no 否", 1: "yes 是"}


def write_dta(sheets: Iterable[Sheet], folder: Path, words: Words) -> None:
    """A file for each table. Coded words and truths become labelled numbers; what is not there is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        _write(sheet, folder / f"{sheet.name}.dta", words)


def _write(sheet: Sheet, path: Path, words: Words) -> None:
    table = flat(sheet.table)
    labels: dict[str, dict[int, str]] = {}
    for place, field in enumerate(table.schema):
        _refuse_name(field.name, sheet.name)
        column, named = _coded(table[place], field, words)
        table = table.set_column(place, field.name, column)
        if named:
            labels[field.name] = named
    frame = _frame(table)
    frame.to_stata(
        path,
        write_index=False,
        version=_VERSION,
        data_label=sheet.layout.title[:_LABEL],
        variable_labels={name: _label(sheet, name) for name in table.column_names},
        value_labels=labels,  # type: ignore[arg-type]  # pandas-stubs wants float keys
        convert_strl=_long(table),
        convert_dates={field.name: "td" for field in table.schema if pa.types.is_date(field.type)},
    )


def _refuse_name(name: str, table: str) -> None:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise CannotRelease("Stata takes no such variable name", table=table, column=name)


def _label(sheet: Sheet, name: str) -> str:
    """The English name and the Chinese; where both are too long, each gives."""
    one = sheet.column(name)
    if one is None:
        return name
    chinese = one.label_zh[-(_LABEL // 2) :] if len(one.label_zh) > _LABEL // 2 else one.label_zh
    return f"{one.label[: _LABEL - 1 - len(chinese)]} {chinese}"


def _coded(column: pa.ChunkedArray, field: pa.Field, words: Words) -> tuple[pa.ChunkedArray, dict[int, str]]:
    """Words that have a meaning each, and truths, as numbers with labels; other columns as they are."""
    if pa.types.is_boolean(field.type):
        return column.cast(pa.int8()), _YES_NO
    meant = words.get(field.name)
    if meant is None or not pa.types.is_string(field.type):
        return column, {}
    known = list(meant)
    if not set(pc.unique(column).to_pylist()) <= {*known, None}:
        return column, {}
    codes = pc.add(pc.index_in(column, pa.array(known, pa.string())), 1)
    named = {number: f"{word}: {' '.join(meant[word])}" for number, word in enumerate(known, start=1)}
    return codes, named


def _frame(table: pa.Table) -> pd.DataFrame:
    """Numbers that may be missing as floating point, which is what Stata has missing values of."""
    columns = {}
    for field in table.schema:
        column = table[field.name]
        if pa.types.is_integer(field.type) and column.null_count:
            columns[field.name] = column.cast(pa.float64()).to_pandas()
        elif pa.types.is_date(field.type):
            columns[field.name] = column.cast(pa.timestamp("s")).to_pandas()
        elif pa.types.is_string(field.type):
            columns[field.name] = pc.fill_null(column, "").to_pandas().astype(object)
        else:
            columns[field.name] = column.to_pandas()
    import pandas as pd  # noqa: PLC0415  # only who wants Stata waits for it

    return pd.DataFrame(columns)


def _long(table: pa.Table) -> list[str]:
    return [
        field.name
        for field in table.schema
        if pa.types.is_string(field.type)
        and (pc.max(pc.binary_length(table[field.name])).as_py() or 0) > _LONG_TEXT
    ]
