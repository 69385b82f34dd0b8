"""CSV and Excel."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv as arrow_csv

from foi_etl.errors import WrongUsage
from foi_etl.publish.export.shape import flat, harmless

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from foi_etl.publish.export.shape import Sheet

_BOM: Final = b"\xef\xbb\xbf"
_MOST_ROWS: Final = 1_048_575
"""What an Excel sheet holds below its header."""
_LONGEST: Final = 32_767
"""Characters that an Excel cell holds."""
_BATCH: Final = 10_000


def write_csv(sheets: Iterable[Sheet], folder: Path, *, bom: bool = False) -> None:
    """A file for each table. Nothing is nothing, an empty text is ""; no text begins a formula.

    `bom` writes the mark that Excel needs to read Chinese from CSV.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        with (folder / f"{sheet.name}.csv").open("wb") as file:
            if bom:
                file.write(_BOM)
            arrow_csv.write_csv(harmless(flat(sheet.table)), file)


def write_xlsx(sheets: Iterable[Sheet], path: Path) -> None:
    """A workbook with a sheet for each table. WrongUsage where one has more rows than a sheet holds."""
    from openpyxl import Workbook  # noqa: PLC0415  # only who wants Excel waits for it

    book = Workbook(write_only=True)
    for sheet in sheets:
        if sheet.table.num_rows > _MOST_ROWS:
            raise WrongUsage(
                f"{sheet.name} has {sheet.table.num_rows:,} rows, an Excel sheet holds {_MOST_ROWS:,}: "
                "choose tables with --table, or another format"
            )
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        table = flat(sheet.table)
        page.append(table.column_names)
        for batch in table.to_batches(max_chunksize=_BATCH):
            _append(page, batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _append(page: Worksheet, batch: pa.RecordBatch) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # only who wants Excel waits for it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    def cell(value: object) -> object:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_LONGEST])
        made.data_type = "s"  # a text that begins with = is a text
        return made

    columns = [[cell(value) for value in column.to_pylist()] for column in batch.columns]
    for row in zip(*columns, strict=True):
        page.append(row)
