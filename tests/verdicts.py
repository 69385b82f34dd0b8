"""Builders of judged reports, for tests of what comes after reading."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from foi_etl.model import (
    Capture,
    Document,
    Fact,
    Finding,
    FormReading,
    Inference,
    Judged,
    Refusal,
    Report,
    State,
    Tally,
    Verdict,
)
from foi_etl.publish.codebook import codebook_csv
from foi_etl.publish.layout import read_layout
from foi_etl.publish.merge import Merge
from foi_etl.publish.pieces import Piece, Result, piece
from foi_etl.publish.release import Release, publish
from foi_etl.publish.sheets import Sheet
from helpers import ROOT, STATUTE

if TYPE_CHECKING:
    from pathlib import Path

    from foi_etl.forms import Form

LAYOUT = read_layout((ROOT / "schemas" / "release.toml").read_text(encoding="utf-8"), STATUTE)
BOOK = codebook_csv(STATUTE, LAYOUT)

Printed = Mapping[str, str | None]
"""What is printed in a cell, by cell id; None where the page lacks the cell. All others are blank."""


def capture(url: str, *, agency: str = "harbour", purpose: str = "report") -> Capture:
    digest = hashlib.sha256(url.encode()).hexdigest()
    return Capture(
        id=digest[:16],
        url=url,
        fetched_at="2026-11-22T20:00:00Z",
        status=200,
        content_type="text/html; charset=utf-8",
        sha256=digest,
        size=len(url),
        purpose=purpose,
        agency_id=agency,
        agency_name="海港局",
        link_text="2023年政府信息公开工作年度报告",
        via="http://harbour.practice.invalid/list.html",
        warc="archive/2026/a.warc.gz",
        offset=7,
    )


def fact(form: Form, cell_id: str, printed: str | None, place: int, unit: str | None = None) -> Fact:
    unit = form.cells[cell_id].unit if unit is None else unit
    if printed is None:
        return Fact(cell_id, None, State.MISSING_CELL, "", "", "")
    at = f"t{form.table[1:] or 1}/r{place // 7 + 1}/c{place % 7 + 1}"
    if not printed:
        return Fact(cell_id, None, State.BLANK, "", unit, at)
    try:
        value = Decimal(printed)
    except ArithmeticError:
        return Fact(cell_id, None, State.NA_MARK if printed == "/" else State.TEXT, printed, unit, at)
    return Fact(cell_id, value, State.NUMBER if value else State.ZERO, printed, unit, at)


def reading(table: str, edition: str, printed: Printed | None = None) -> FormReading:
    form, printed = STATUTE.form(table, edition), printed or {}
    cells = {
        cell_id: fact(form, cell_id, printed.get(cell_id, ""), n) for n, cell_id in enumerate(form.cells)
    }
    return FormReading(table, edition, cells)


def judged(
    agency: str = "harbour",
    year: int = 2023,
    printed: Printed | None = None,
    *,
    editions: Mapping[str, str] | None = None,
    findings: tuple[Finding, ...] = (),
    inferences: tuple[Inference, ...] = (),
) -> Judged:
    editions = editions or dict.fromkeys(("t2", "t3", "t4"), "e2021")
    kept = capture(f"http://{agency}.practice.invalid/{year}.html", agency=agency)
    mine = {
        table: {cell: text for cell, text in (printed or {}).items() if cell.startswith(table)}
        for table in editions
    }
    verdict = Verdict(
        document=Document(
            name=kept.id,
            kind="html",
            charset="gb18030",
            title=f"海港局{year}年政府信息公开工作年度报告",
            agency_name="海港市海港局",
            year=year,
            year_from="title",
            published=f"{year + 1}-01-31",
            sections={},
            tables=(),
        ),
        tables=tuple(reading(table, edition, mine[table]) for table, edition in editions.items()),
        inferences=inferences,
        findings=findings,
        blanks_as_zero=Tally(42, 0, 0),
        blanks_as_unknown=Tally(3, 0, 39),
    )
    return Judged(Report(agency, year), "海港局", kept, verdict)


def with_fact(one: Judged, cell_id: str, **changes: object) -> Judged:
    """The same report with one fact of table 2, 3 or 4 changed."""
    tables = tuple(
        replace(form, facts={**form.facts, cell_id: form.facts[cell_id]._replace(**changes)})  # type: ignore[arg-type]
        if cell_id in form.facts
        else form
        for form in one.verdict.tables
    )
    return replace(one, verdict=replace(one.verdict, tables=tables))


def refusal(url: str, agency: str = "harbour") -> tuple[Capture, Refusal]:
    kept = capture(url, agency=agency)
    return kept, Refusal(kept.id, "NotAReport", "the page asks for a password; look at the portal by hand")


def merged(*reports: Judged, refusals: Iterable[tuple[Capture, Refusal]] = (), pieces: int = 1) -> Merge:
    """All that these reports and refusals say, read in so many pieces."""
    results: list[tuple[str, Result]] = [*(("", one) for one in reports), *(("", one) for one in refusals)]
    cut = [results[start::pieces] for start in range(pieces)]
    return Merge([Piece.of(piece(one, STATUTE, LAYOUT, "v1")) for one in cut], LAYOUT)


def tables(*reports: Judged, refusals: Iterable[tuple[Capture, Refusal]] = ()) -> dict[str, pa.Table]:
    """The tables by path, all years of each in one but for the facts, whose years are told apart."""
    whole: dict[str, list[pa.Table]] = defaultdict(list)
    for path, table in merged(*reports, refusals=refusals).tables().items():
        whole[path if path.startswith("facts/2") else path.split("/")[0]].append(table)
    return {path: pa.concat_tables(years) for path, years in whole.items()}


def sheets(merge: Merge) -> dict[str, Sheet]:
    return merge.sheets(merge.files(), {}, "")


def released(
    releases: Path, *reports: Judged, day: date = date(2026, 11, 23), description: str = ""
) -> Release | None:
    """A release of these reports, as the corridor makes it."""
    made = sheets(merged(*reports))
    return publish(releases, made, day=day, layout=LAYOUT, codebook=BOOK, description=description)
