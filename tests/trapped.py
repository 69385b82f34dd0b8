"""Documents in which what is stored is not what is shown: one box of a report, set otherwise."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from foi_etl.extract.document import read_document
from foi_etl.model import Verdict
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.flowing import Flow, boxes_of, retold
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.pages import flow_html
from foi_etl.practice.styles import PRESETS
from helpers import STATUTE

CELL: Final = "t2_rule_issued"
"""No sum holds it: nothing but the reading itself can tell that it was misread."""
_MARK: Final = "QQQ"


class Read(NamedTuple):
    """What came of a document: what is published for each cell, and which cells findings name."""

    values: Mapping[str, Decimal | None]
    named: frozenset[str]
    truth: Mapping[str, Decimal | None]
    verdict: Verdict

    def silent(self, printed: Mapping[str, str]) -> dict[str, Decimal | None]:
        """The cells published otherwise than they are printed, without a word; and those that are lost."""
        truth = {**self.truth, **{i: Decimal(said) if said else None for i, said in printed.items()}}
        return {
            i: self.values.get(i)
            for i, wanted in truth.items()
            if i not in self.named
            and self.values.get(i) != wanted
            and not (wanted == 0 and self.values.get(i) is None)
        }


@cache
def _report() -> tuple[Flow, Mapping[str, Decimal | None]]:
    report = list(country(STATUTE, agencies=6).reports)[4]
    return list(flow(report, STATUTE)), report.truth


def marked(cell: str = CELL) -> Flow:
    """The report with a mark in the box of one cell."""
    parts = _report()[0]
    return retold(parts, {place: _MARK for place, box in boxes_of(parts) if box.cell == cell})


def read(body: bytes, name: str = "x") -> Read:
    """The document, read and judged."""
    verdict = judge(read_document(body, name, STATUTE), STATUTE)
    values = {i: fact.value for table in verdict.tables for i, fact in table.facts.items()}
    named = frozenset(i for finding in verdict.findings for i in finding.cells)
    return Read(values, named, _report()[1], verdict)


def repacked(body: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A zip with some of its members changed."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    return parcel(members)


def docx(paragraph: str, properties: str = "", styles: str = "", cell: str = CELL) -> bytes:
    """A Word file with other paragraphs in the box."""

    def change(members: dict[str, bytes]) -> None:
        xml = members["word/document.xml"].decode()
        box = re.compile(rf"</w:tcPr><w:p><w:r><w:t[^>]*>{_MARK}</w:t></w:r></w:p>")
        new = box.sub(lambda _: f"{properties}</w:tcPr>{paragraph}", xml)
        assert new != xml
        members["word/document.xml"] = new.encode()
        if styles:
            space = xml[: xml.index("><")].partition(" ")[2]
            start = xml.index("xmlns:w=")
            space = xml[start : xml.index(">", start)]
            members["word/styles.xml"] = f"<w:styles {space}>{styles}</w:styles>".encode()

    return repacked(office.docx(marked(cell)), change)


def xlsx(
    cell_xml: str,
    *,
    styles: str = "",
    sheet: Callable[[str], str] = lambda xml: xml,
    extra: Mapping[str, str] | None = None,
    cell: str = CELL,
) -> bytes:
    """A workbook with another box: `{r}` is its place."""

    def change(members: dict[str, bytes]) -> None:
        xml = members["xl/worksheets/sheet1.xml"].decode()
        box = re.compile(rf'<c r="([A-Z]+\d+)" t="inlineStr"><is><t>{_MARK}</t></is></c>')
        assert box.search(xml)
        members["xl/worksheets/sheet1.xml"] = sheet(
            box.sub(lambda m: cell_xml.replace("{r}", m[1]), xml)
        ).encode()
        if styles:
            _relate(members, "styles", "styles.xml", f'<styleSheet xmlns="{_SHEETS}">{styles}</styleSheet>')
        for name, content in (extra or {}).items():
            _relate(members, name.removesuffix(".xml"), name, content)

    return repacked(office.xlsx(marked(cell)), change)


_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relate(members: dict[str, bytes], kind: str, name: str, content: str) -> None:
    members[f"xl/{name}"] = content.encode()
    rels = members["xl/_rels/workbook.xml.rels"].decode()
    one = f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{name}"/></Relationships>'
    members["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", one).encode()
    types = members["[Content_Types].xml"].decode()
    part = f'<Override PartName="/xl/{name}" ContentType="{_MAIN}.{kind}+xml"/></Types>'
    members["[Content_Types].xml"] = types.replace("</Types>", part).encode()


def rtf(box: str, head: str = "", cell: str = CELL) -> bytes:
    """An RTF file with another box."""
    body = office.rtf(marked(cell)).decode()
    assert _MARK in body
    return body.replace(_MARK, box).replace(r"{\fonttbl", head + r"{\fonttbl", 1).encode()


def html(box: str, head: str = "", cell: str = CELL, attributes: str = "") -> bytes:
    """A page with another box."""
    page = flow_html(marked(cell), PRESETS[0])
    assert _MARK in page
    if attributes:
        page = re.sub(rf"<td([^>]*>(?:(?!</td>).)*{_MARK})", rf"<td {attributes}\1", page)
    return page.replace(_MARK, box).replace("</head>", f"{head}</head>", 1).encode()
