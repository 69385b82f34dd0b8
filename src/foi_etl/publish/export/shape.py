"""A table on its way out of Parquet: plain columns, and what is dangerous in other programs made harmless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from foi_etl.publish.columns import Column
    from foi_etl.publish.layout import TableLayout

LIST_MARK: Final = ";"
_FORMULA: Final = r"^[=+\-@\t\r]"
Words = Mapping[str, Mapping[str, tuple[str, str]]]
"""For each coded column, what its values mean in English and Chinese."""


class Sheet(NamedTuple):
    """A table to export."""

    name: str
    table: pa.Table
    layout: TableLayout

    def column(self, name: str) -> Column | None:
        """What the layout says of a column."""
        return next((one for one in self.layout.columns if one.name == name), None)


def flat(table: pa.Table) -> pa.Table:
    """The table without lists, which only Parquet has: their words joined by a semicolon."""
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            joined = pc.binary_join(table[place], LIST_MARK)
            table = table.set_column(place, field.name, joined)
        elif pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table[place].cast(pa.string()))
    return table


def harmless(table: pa.Table) -> pa.Table:
    """The table with an apostrophe before every text that a spreadsheet would take for a formula."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = table[place]
            risky = pc.fill_null(pc.match_substring_regex(column, _FORMULA), False)
            if pc.any(risky).as_py():
                safe = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
                table = table.set_column(place, field.name, safe)
    return table
