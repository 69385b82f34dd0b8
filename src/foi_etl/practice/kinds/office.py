"""A flow as Word, Excel and RTF files, with the spans their own markup asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from foi_etl.practice.boxes import Box, Row
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.layout import Sheet

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_TABLE = 9000
_MAIN = "application/vnd.openxmlformats-officedocument"


def _with_hanging(sheet: Sheet) -> Iterator[list[tuple[Box, bool]]]:
    """Each row with the boxes that hang into it from above, told apart."""
    hanging: dict[int, tuple[Box, int]] = {}
    for row in sheet:
        yield list(_row(row, hanging))


def _row(row: Row, hanging: dict[int, tuple[Box, int]]) -> Iterator[tuple[Box, bool]]:
    column, boxes = 0, list(row)
    while boxes or column in hanging:
        if column in hanging:
            box, left = hanging.pop(column)
            yield box, True
        else:
            box = boxes.pop(0)
            left = box.rowspan
            yield box, False
        if left > 1:
            hanging[column] = (box, left - 1)
        column += box.colspan


def docx(flow: Iterable[str | Sheet], *, ruled: bool = True) -> bytes:
    """The flow as a Word document."""
    body = "".join(
        _word_text(part) if isinstance(part, str) else _word_table(part, ruled=ruled) for part in flow
    )
    return word(f"<w:document {_W}><w:body>{body}</w:body></w:document>")


def word(document: str) -> bytes:
    """A Word file around the XML of a document."""
    return parcel(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml"'
            f' ContentType="{_MAIN}.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": document,
        }
    )


def _word_text(text: str) -> str:
    runs = "</w:t><w:br/><w:t>".join(escape(line) for line in text.split("\n"))
    return f'<w:p><w:r><w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'


def _word_table(sheet: Sheet, *, ruled: bool) -> str:
    rows = []
    widths = _widths(sheet)
    sides = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in _SIDES) if ruled else ""
    head = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr>'
    )
    head += "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    for row in _with_hanging(sheet):
        cells, at = "", 0
        for box, hangs in row:
            width = f'<w:tcW w:w="{sum(widths[at : at + box.colspan])}" w:type="dxa"/>'
            at += box.colspan
            span = f'<w:gridSpan w:val="{box.colspan}"/>' if box.colspan > 1 else ""
            merge = "<w:vMerge/>" if hangs else '<w:vMerge w:val="restart"/>' if box.rowspan > 1 else ""
            cells += (
                f"<w:tc><w:tcPr>{width}{span}{merge}</w:tcPr>{_word_text('' if hangs else box.text)}</w:tc>"
            )
        rows.append(f"<w:tr>{cells}</w:tr>")
    return f"<w:tbl>{head}{''.join(rows)}</w:tbl>{_word_text('')}"


def _widths(sheet: Sheet) -> list[int]:
    """How wide the columns are, in twentieths of a point: those of labels twice as wide as others."""
    rows = list(_with_hanging(sheet))
    columns = max(sum(box.colspan for box, _ in row) for row in rows)
    parts = [1] * columns
    for row in rows:
        at = 0
        for box, _ in row:
            if box.kind == "label" and box.colspan == 1:
                parts[at] = 2
            at += box.colspan
    return [_TABLE * part // sum(parts) for part in parts]


def xlsx(flow: Iterable[str | Sheet]) -> bytes:
    """The flow on one sheet of a workbook: a paragraph is a cell of its own, merged cells are merged."""
    rows: list[str] = []
    merged: list[str] = []
    for part in flow:
        if isinstance(part, str):
            rows.append(_excel_row(len(rows) + 1, [(0, part)]))
            continue
        for row in _with_hanging(part):
            column, said, number = 0, list[tuple[int, str]](), len(rows) + 1
            for box, hangs in row:
                if not hangs:
                    said.append((column, box.text))
                    if box.rowspan > 1 or box.colspan > 1:
                        end = f"{_letter(column + box.colspan - 1)}{number + box.rowspan - 1}"
                        merged.append(f'<mergeCell ref="{_letter(column)}{number}:{end}"/>')
                column += box.colspan
            rows.append(_excel_row(number, said))
        rows.append(_excel_row(len(rows) + 1, []))
    whole = f"<sheetData>{''.join(rows)}</sheetData>" + (
        f"<mergeCells>{''.join(merged)}</mergeCells>" if merged else ""
    )
    return sheet_alone(whole)


def sheet_alone(whole: str) -> bytes:
    """A workbook around the XML of its one sheet."""
    return parcel(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN}.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml"'
            f' ContentType="{_MAIN}.spreadsheetml.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEETS}">{whole}</worksheet>',
        }
    )


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _excel_row(number: int, said: Iterable[tuple[int, str]]) -> str:
    cells = ""
    for column, text in said:
        place = f"{_letter(column)}{number}"
        if text.isdecimal() and text.isascii():
            cells += f'<c r="{place}"><v>{text}</v></c>'
        elif text:
            cells += f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    return f'<row r="{number}">{cells}</row>'


def rtf(flow: Iterable[str | Sheet]) -> bytes:
    """The flow as RTF, Chinese letters by their numbers."""
    body = "".join(
        rf"\pard {_rtf_text(part)}\par" if isinstance(part, str) else _rtf_table(part) for part in flow
    )
    return (r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0 SimSun;}}" + body + "}").encode("ascii")


def _rtf_text(text: str) -> str:
    said = ""
    for letter in text:
        if letter == "\n":
            said += r"\line "
        elif letter in "\\{}":
            said += "\\" + letter
        else:
            code = ord(letter)
            said += letter if code < 128 else rf"\u{code - 65536 if code > 32767 else code}?"
    return said


def _rtf_table(sheet: Sheet) -> str:
    table = ""
    for row in _with_hanging(sheet):
        edges, said, at = "", "", 0
        for box, hangs in row:
            at += box.colspan
            merge = r"\clvmrg" if hangs else r"\clvmgf" if box.rowspan > 1 else ""
            edges += rf"{merge}\cellx{at * 500}"
            said += rf"\pard\intbl {'' if hangs else _rtf_text(box.text)}\cell"
        table += rf"\trowd {edges}{said}\row"
    return table + r"\pard\par"
