"""One table, one file: typed, described in both languages, and the same bytes for the same rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from foi_etl.publish.columns import Column
    from foi_etl.publish.layout import TableLayout

_ROW_GROUP = 1 << 18
_ADDRESSES = "cell"
"""Every address is new, and mostly the one before: stored as what differs."""


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type behind a type word of the layout."""
    return pa.list_(pa.string()) if name == "list<string>" else pa.type_for_alias(name)


def schema(layout: TableLayout) -> pa.Schema:
    """The Arrow schema of a published table, every column described."""
    described = {
        "title": layout.title,
        "title_zh": layout.title_zh,
        "description": layout.english,
        "description_zh": layout.chinese,
        "pandas": _for_pandas(layout),
    }
    return pa.schema([_field(column) for column in layout.columns], metadata=described)


def write(batches: Iterable[pa.Table], path: Path, layout: TableLayout) -> None:
    """Write rows that come in order, however they are cut; nothing of clock, machine or path goes in."""
    published = schema(layout)
    words = [name for name in published.names if name != _ADDRESSES]
    encoding = {_ADDRESSES: "DELTA_BYTE_ARRAY"} if _ADDRESSES in published.names else None
    with pq.ParquetWriter(
        path, published, compression="zstd", version="2.6", use_dictionary=words, column_encoding=encoding
    ) as writer:
        for group in _groups(batches, published):
            writer.write_table(group, row_group_size=_ROW_GROUP)


def plain(table: pa.Table) -> pa.Table:
    """The table with its words as words, not as numbers into a dictionary."""
    kinds = [
        (one.name, one.type.value_type if pa.types.is_dictionary(one.type) else one.type)
        for one in table.schema
    ]
    return table.cast(pa.schema(kinds))


def _groups(batches: Iterable[pa.Table], published: pa.Schema) -> Iterator[pa.Table]:
    """The rows as row groups of one size, which do not show where a batch ended."""
    waiting: list[pa.Table] = []
    count = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            # Strings are dictionaries in memory and plain in the file: a reader should not get categories.
            piece = batch.slice(start, _ROW_GROUP - count).cast(published)
            waiting.append(piece)
            count += piece.num_rows
            start += piece.num_rows
            if count == _ROW_GROUP:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting, count = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _field(column: Column) -> pa.Field:
    described = {
        "title": column.label,
        "title_zh": column.label_zh,
        "description": column.english,
        "description_zh": column.chinese,
    }
    return pa.field(column.name, arrow_type(column.type), nullable=column.nullable, metadata=described)


def _for_pandas(layout: TableLayout) -> str:
    """Tells a plain `pd.read_parquet` to keep counts whole where some are null."""
    counts = [column.name for column in layout.columns if column.type == "int64" and column.nullable]
    columns = [
        {"name": name, "field_name": name, "pandas_type": "int64", "numpy_type": "Int64", "metadata": None}
        for name in counts
    ]
    return json.dumps({"index_columns": [], "column_indexes": [], "columns": columns})
