"""Practice reports that other programs have made into documents: is every cell read, and none wrongly?

    uv run python benchmarks/printed.py [--reports 4] [MAKER...]

LibreOffice makes PDFs, old Word files and old workbooks; Chromium prints pages as PDFs. What is made by a
program that is not here is left out. A cell is `silent` where another number than the printed one is
published and no finding names the cell or its table.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from foi_etl.convert.office import converted
from foi_etl.documents import open_document
from foi_etl.errors import NotAReport
from foi_etl.model import Fact
from foi_etl.pipeline import judge
from foi_etl.practice.boxes import Box
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport, number
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.layout import Sheet
from foi_etl.practice.pages import flow_html
from foi_etl.practice.styles import Style
from foi_etl.schemas import statute

Maker = Callable[[PracticeReport], bytes | None]
_STYLES: Final[Mapping[str, str]] = {
    "plain": "",
    "large margins": "@page { size: A4; margin: 90mm 20mm } td, th { font-size: 9pt }",
    "two columns of prose": "p { columns: 2; column-gap: 8mm } td { font-size: 8pt }",
    "headers upright": "tr:nth-child(-n+3) td { writing-mode: vertical-rl } td { font-size: 8pt }",
    "no rules": "table, td { border: none !important }",
    "rules across": "td { border: none !important; border-bottom: 1px solid black !important }",
    "small and landscape": "@page { size: A4 landscape; margin: 10mm } td { font-size: 6pt; padding: 0 1px }",
    "centred": "td { text-align: center; padding: 6px 2px; border: 0.5px dotted gray !important }",
}
_TABLES: Final = (
    "<style>table { border-collapse: collapse } td { border: 1px solid black }\n%s</style></head>"
)


def parts(report: PracticeReport) -> Iterator[str | Sheet]:
    """The report as paragraphs and tables; one of before 2019 is a few words and its statistics."""
    if "s" not in report.editions:
        yield from flow(report, statute())
        return
    yield report.title
    yield f"本报告由{report.agency_name}编制，统计期限自{report.year}年1月1日起至12月31日止。"
    yield f"附表：政府信息公开情况统计表（{report.year}年度）"
    yield statistics(report)


def statistics(report: PracticeReport) -> Sheet:
    """A statistics table, with rows that are headings only."""
    form = statute().form("s", report.editions["s"])
    columns = [column.text for column in form.blocks[0].columns]
    sheet: Sheet = [[Box(text, "header") for text in ("统计指标", "单位", *columns)]]
    rows, said = form.blocks[0].rows, set[str]()
    for row, cells in zip(rows, form.rows.values(), strict=True):
        headings = [name for name in row.path if name not in said | {one.text for one in rows}]
        sheet += [
            [Box(name, "label"), Box("——", "label"), *(Box("", "value") for _ in columns)]
            for name in headings
        ]
        said.update(row.path)
        figures = [Box(report.printed[cell], "value") for cell in cells]
        sheet.append([Box(row.text, "label"), Box(row.unit or "件", "label"), *figures])
    return sheet


def page(report: PracticeReport, css: str = "") -> str:
    """The report as a page whose tables have rules, unless the style says otherwise."""
    return flow_html(parts(report), Style("printed")).replace("</head>", _TABLES % css)


def by_office(to: str, *kinds: str) -> Maker:
    """What LibreOffice makes of one of our own files, by way of others."""

    def make(report: PracticeReport) -> bytes | None:
        body = {
            "docx": lambda: office.docx(parts(report)),
            "docx without rules": lambda: office.docx(parts(report), ruled=False),
            "rtf": lambda: office.rtf(parts(report)),
            "xlsx": lambda: office.xlsx(parts(report)),
            "html": lambda: page(report).encode(),
        }[kinds[0]]()
        have = kinds[0].split()[0]
        for want in (*kinds[1:], to):
            made = converted({"one": body}, want, have).get("one")
            if made is None:
                return None
            body, have = made, want.partition(":")[0]
        return body

    return make


def by_chromium(css: str) -> Maker:
    """What Chromium prints of a page with a style of its own."""

    def make(report: PracticeReport) -> bytes | None:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            source, out = Path(scratch, "page.html"), Path(scratch, "page.pdf")
            source.write_text(page(report, css), encoding="utf-8")
            command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            command += [f"--user-data-dir={scratch}/profile", f"--print-to-pdf={out}", source.as_uri()]
            subprocess.run(command, capture_output=True, check=False, timeout=120)
            return out.read_bytes() if out.is_file() else None

    return make


def makers() -> dict[str, Maker]:
    """Every way that the programs of this machine know."""
    found: dict[str, Maker] = {}
    if shutil.which("soffice"):
        pdf = "pdf:writer_pdf_Export"
        found |= {
            "PDF of docx": by_office(pdf, "docx"),
            "PDF of docx without rules": by_office(pdf, "docx without rules"),
            "PDF of odt": by_office(pdf, "docx", "odt"),
            "PDF of a page": by_office("pdf:writer_web_pdf_Export", "html"),
            "docx of docx": by_office("docx:MS Word 2007 XML", "docx"),
            "docx of RTF": by_office("docx:MS Word 2007 XML", "rtf"),
            "RTF of docx": by_office("rtf:Rich Text Format", "docx"),
            "doc of docx": by_office("doc:MS Word 97", "docx"),
            "doc of RTF": by_office("doc:MS Word 97", "rtf"),
            "xls of xlsx": by_office("xls:MS Excel 97", "xlsx"),
            "xlsx of xlsx": by_office("xlsx:Calc MS Excel 2007 XML", "xlsx"),
            "page of docx": by_office("html:HTML (StarWriter)", "docx"),
        }
    if shutil.which("chromium"):
        found |= {f"Chromium: {name}": by_chromium(css) for name, css in _STYLES.items()}
    return found


def old(year: int, edition: str, rng: Random) -> PracticeReport:
    """A report of before 2019, with its statistics table."""
    form = statute().form("s", edition)
    printed = {cell: str(rng.choice([0, 0, 3, 17, 208, 1946])) for cell in form.cells}
    truth = {cell: number(text) for cell, text in printed.items()}
    name = "练习市人民政府"
    title = f"{name}{year}年政府信息公开工作年度报告"
    return PracticeReport(
        "practice", name, year, title, date(year + 1, 3, 1), {"s": edition}, printed, truth, ()
    )


def reports(most: int) -> Iterator[PracticeReport]:
    """Reports of every edition."""
    yield old(2016, "e2014", dice("printed", 2016))
    yield old(2012, "e2008", dice("printed", 2012))
    by_editions: dict[tuple[str, ...], PracticeReport] = {}
    for one in country(statute(), agencies=most * 3).reports:
        by_editions.setdefault((*one.editions.values(), str(len(by_editions) % 3)), replace(one))
    yield from list(by_editions.values())[: max(1, most - 2)]


def compared(report: PracticeReport, body: bytes) -> tuple[Counter[str], list[str]]:
    """How many cells were read rightly, withheld or wrongly, and what the wrong or missing ones are."""
    counted: Counter[str] = Counter(cells=len(report.truth))
    try:
        verdict = judge(open_document(body, "x", statute()), statute())
    except NotAReport as error:
        counted["refused"] += len(report.truth)
        return counted, [str(error)[:300]]
    facts: dict[str, Fact] = {cell: fact for table in verdict.tables for cell, fact in table.facts.items()}
    named = {cell for one in verdict.findings for cell in one.cells}
    tables = {one.table for one in verdict.findings if one.table and not one.cells}
    counted["agreed"] = sum(sum(table.agreed.values()) for table in verdict.tables)
    told: list[str] = []
    for cell, true in report.truth.items():
        value = facts[cell].value if cell in facts else None
        if value == true:
            counted["right"] += 1
        elif value is None:
            counted["withheld"] += 1
            told.append(cell)
        else:
            is_told = cell in named or cell.partition("_")[0] in tables
            counted["told" if is_told else "silent"] += 1
            told.append(f"{cell} {value} for {true}{'' if is_told else ' SILENT'}")
    if told:
        told += [f"{one.rule}: {one.message[:200]}" for one in verdict.findings]
    return counted, told


def main() -> None:
    """Make, read, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=4)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("makers", nargs="*")
    given = parser.parse_args()
    for name, make in makers().items():
        if given.makers and not any(one in name for one in given.makers):
            continue
        whole: Counter[str] = Counter()
        for report in reports(given.reports):
            body = make(report)
            if body is None:
                whole["not made"] += 1
                continue
            counted, told = compared(report, body)
            whole += counted
            if told and given.verbose:
                print(f"  {report.year} {dict(report.editions)}: {'; '.join(told[:12])}", flush=True)
        print(f"{name}: {dict(whole)}", flush=True)


if __name__ == "__main__":
    main()
