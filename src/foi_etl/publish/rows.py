"""The tables that are not made of cells: reports, findings, inferences, captures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from foi_etl.model import Capture, Finding, Judged, Refusal, State, Weight
from foi_etl.publish.parquet import arrow_type

if TYPE_CHECKING:
    from foi_etl.publish.layout import TableLayout

Columns = Mapping[str, Sequence[object]]
_SUPERSEDED = "superseded"

_Said = tuple[str, int | None, str, Finding]
"""Agency, year, capture, and the finding about them."""


def reports(batch: Sequence[Judged]) -> Columns:
    """One row per report: where it was found, how it was read, how its arithmetic fares."""
    return {**_of_report(batch), **_of_document(batch), **_of_cells(batch), **_of_arithmetic(batch)}


def findings(batch: Iterable[Judged], refusals: Iterable[tuple[Capture, Refusal]] = ()) -> Columns:
    """One row per finding, in the order they were made; a document without a verdict is a finding too."""
    said: list[_Said] = [
        (judged.report.agency_id, judged.report.year, judged.capture.id, finding)
        for judged in batch
        for finding in all_findings(judged)
    ]
    said += [(capture.agency_id, None, capture.id, _unread(refusal)) for capture, refusal in refusals]
    plain = (
        "rule",
        "weight",
        "table",
        "edition",
        "cells",
        "at",
        "message",
        "left",
        "right",
        "delta",
        "diagnosis",
        "blame",
        "evidence",
    )
    return {
        "agency_id": [agency for agency, _, _, _ in said],
        "year": [year for _, year, _, _ in said],
        "capture": [capture for _, _, capture, _ in said],
        **{name: [getattr(finding, name) for _, _, _, finding in said] for name in plain},
    }


def inferences(batch: Iterable[Judged]) -> Columns:
    """One row per inference."""
    drawn = [(judged, inference) for judged in batch for inference in judged.verdict.inferences]
    return {
        "agency_id": [judged.report.agency_id for judged, _ in drawn],
        "year": [judged.report.year for judged, _ in drawn],
        "cell_id": [inference.cell_id for _, inference in drawn],
        "value": [float(inference.value) for _, inference in drawn],
        "rule": [inference.rule for _, inference in drawn],
        "proof": [inference.proof for _, inference in drawn],
        "cells": [inference.cells for _, inference in drawn],
        "capture": [judged.capture.id for judged, _ in drawn],
    }


def checks(batch: Iterable[Judged]) -> Columns:
    """One row per report: which rules held, failed, and could not be tested."""
    judged = list(batch)
    outcomes = [
        {
            fate: [one.rule for one in report.verdict.checks if one.outcome == fate]
            for fate in ("held", "failed", "untestable")
        }
        for report in judged
    ]
    return {
        "agency_id": [one.report.agency_id for one in judged],
        "year": [one.report.year for one in judged],
        **{fate: [one[fate] for one in outcomes] for fate in ("held", "failed", "untestable")},
        "capture": [one.capture.id for one in judged],
    }


def sketches(batch: Iterable[Judged]) -> Columns:
    """One row per report whose own words are enough to be compared."""
    drawn = [one for one in batch if one.verdict.sketch]
    return {
        "agency_id": [one.report.agency_id for one in drawn],
        "year": [one.report.year for one in drawn],
        "sketch": [one.verdict.sketch for one in drawn],
        "capture": [one.capture.id for one in drawn],
    }


def captures(kept: Iterable[Capture]) -> Columns:
    """One row per capture of a report; not of listings, or every night would be a new release."""
    listed = list({one.id: one for one in kept if one.purpose == "report"}.values())
    plain = ("id", "url", "fetched_at", "status", "content_type", "sha256", "size", "agency_id", "offset")
    return {
        **{name: [getattr(one, name) for one in listed] for name in (*plain, "link_text", "via", "warc")},
    }


def to_arrow(columns: Columns, layout: TableLayout) -> pa.Table:
    """Columns in the order and the types of the layout; an empty word is a null where there may be one."""
    arrays = {}
    for column in layout.columns:
        values = columns[column.name]
        if column.nullable and column.type == "string":
            values = [value or None for value in values]
        arrays[column.name] = pa.array(values, arrow_type(column.type))
    return pa.table(arrays)


def all_findings(judged: Judged) -> tuple[Finding, ...]:
    """What is odd about the bytes, then about what they say; each once."""
    return tuple(dict.fromkeys((*judged.verdict.document.findings, *judged.verdict.findings)))


def _unread(refusal: Refusal) -> Finding:
    if refusal.reason == _SUPERSEDED:
        # It was read, and gave way to another capture of the same report: nothing is missing.
        return Finding(_SUPERSEDED, Weight.NOTE, refusal.message)
    return Finding("unread", Weight.BLOCK, refusal.message, diagnosis=refusal.reason)


def _of_report(batch: Sequence[Judged]) -> Columns:
    return {
        "agency_id": [one.report.agency_id for one in batch],
        "agency_name": [one.agency_name for one in batch],
        "year": [one.report.year for one in batch],
        "scope": [one.report.scope for one in batch],
        "scope_evidence": [one.scope_evidence for one in batch],
        "scope_confidence": [one.scope_confidence for one in batch],
        "url": [one.capture.url for one in batch],
        "capture": [one.capture.id for one in batch],
        "fetched_at": [one.capture.fetched_at for one in batch],
    }


def _of_document(batch: Sequence[Judged]) -> Columns:
    documents = [one.verdict.document for one in batch]
    return {
        "agency_name_printed": [one.agency_name for one in documents],
        "title": [one.title for one in documents],
        "year_from": [one.year_from for one in documents],
        "published": [date.fromisoformat(one.published) if one.published else None for one in documents],
        "kind": [one.kind for one in documents],
        "charset": [one.charset for one in documents],
    }


def _of_cells(batch: Sequence[Judged]) -> Columns:
    editions = [{reading.table: reading.edition for reading in one.verdict.tables} for one in batch]
    states = [
        Counter(fact.state for reading in one.verdict.tables for fact in reading.facts.values())
        for one in batch
    ]
    twice = [[same for reading in one.verdict.tables for same in reading.agreed.values()] for one in batch]
    return {
        **{f"edition_{table}": [one.get(table) for one in editions] for table in ("s", "t2", "t3", "t4")},
        "cells_agreed": [one.count(True) for one in twice],
        "cells_differ": [one.count(False) for one in twice],
        "cells_printed": [one.total() - one[State.MISSING_CELL] for one in states],
        "cells_number": [one[State.NUMBER] + one[State.ZERO] for one in states],
        "cells_blank": [one[State.BLANK] for one in states],
    }


def _of_arithmetic(batch: Sequence[Judged]) -> Columns:
    zero = [one.verdict.blanks_as_zero for one in batch]
    unknown = [one.verdict.blanks_as_unknown for one in batch]
    weights = [Counter(finding.weight for finding in all_findings(one)) for one in batch]
    return {
        **{
            f"{fate}_blank_zero": [getattr(one, fate) for one in zero]
            for fate in ("held", "failed", "untestable")
        },
        **{
            f"{fate}_blank_unknown": [getattr(one, fate) for one in unknown]
            for fate in ("held", "failed", "untestable")
        },
        **{f"findings_{weight}": [one[weight] for one in weights] for weight in Weight},
    }
