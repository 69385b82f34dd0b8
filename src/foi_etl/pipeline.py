"""The corridor right of the archive: bytes to verdicts. It needs no network, ever.

With `visits`, the half left of the archive, this is the only module that knows the order of the doors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from foi_etl.documents import open_document
from foi_etl.errors import NotAReport, StaleCorrection
from foi_etl.extract.again.sequence import place_again, texts_of
from foi_etl.extract.locate import place
from foi_etl.extract.whose import name_cells
from foi_etl.forms import Statute
from foi_etl.model import (
    Capture,
    Document,
    Finding,
    FormReading,
    Inference,
    Judged,
    Report,
    Verdict,
)
from foi_etl.normalise.agreement import agree
from foi_etl.normalise.corrections import Correction, unused
from foi_etl.normalise.facts import read_placement
from foi_etl.normalise.narrative import narrate
from foi_etl.normalise.zeros import infer
from foi_etl.text import year_in
from foi_etl.validate.blame import blamed
from foi_etl.validate.rulebook import doubt
from foi_etl.validate.sentences import against_tables

NO_CORRECTIONS: Final[Mapping[str, Correction]] = {}
_OK: Final = 200


def read(
    body: bytes, name: str, statute: Statute, corrections: Mapping[str, Correction] = NO_CORRECTIONS
) -> Verdict:
    """Bytes to everything we can say about them. NotAReport where no statutory table can be read."""
    return judge(open_document(body, name, statute), statute, corrections)


def judge(
    document: Document, statute: Statute, corrections: Mapping[str, Correction] = NO_CORRECTIONS
) -> Verdict:
    """One document, from readable to understood. NotAReport says how near it came to a statutory table."""
    try:
        placements, findings = place(document.tables, statute, document.year)
    except NotAReport as error:
        raise NotAReport(error.message, file=document.name, **error.where) from error
    if not placements:
        nearest = "; ".join(dict.fromkeys(finding.message for finding in findings))
        raise NotAReport(nearest, file=document.name)
    readings: list[FormReading] = []
    inferences: list[Inference] = []
    told: list[Finding] = [*name_cells(document.findings, placements), *findings]
    again = place_again(document.again, statute)
    for placement in placements:
        form = statute.form(placement.table, placement.edition)
        reading, unread = read_placement(placement, form, corrections)
        reading, differ = agree(reading, form, texts_of(again, document.again, placement, form))
        readings.append(reading)
        told.extend((*unread, *differ))
        inferences.extend(infer(reading, form))
    _refuse_unused(corrections, readings)
    doubts = doubt(readings, statute)
    statements = narrate(document.sections, statute.prose, document.year)
    contradicted, checks = against_tables(statements, readings, inferences, statute.rules.prose)
    return Verdict(
        document=document,
        tables=tuple(readings),
        inferences=tuple(inferences),
        findings=(*blamed((*told, *doubts.findings), readings, statute), *contradicted),
        blanks_as_zero=doubts.as_zero,
        blanks_as_unknown=doubts.as_unknown,
        statements=statements,
        checks=(*doubts.checks, *checks),
    )


def _refuse_unused(corrections: Mapping[str, Correction], readings: Sequence[FormReading]) -> None:
    if not corrections:
        return
    for one in unused(corrections, (fact.at for reading in readings for fact in reading.facts.values())):
        message = "a correction names a cell that no table of the document has: mend its address or delete it"
        raise StaleCorrection(message, capture=one.capture, at=one.at)


def judge_capture(
    capture: Capture,
    body: Callable[[Capture], bytes],
    statute: Statute,
    corrections: Mapping[str, Correction] = NO_CORRECTIONS,
) -> Judged:
    """One capture of a report, read. NotAReport or ArchiveDamaged says why it cannot be."""
    if capture.status != _OK:
        raise NotAReport(f"the portal answered {capture.status}: fetch it again", url=capture.url)
    document = open_document(body(capture), capture.id, statute)
    if document.year is None:
        document = replace(document, year=year_in(capture.link_text), year_from="link")
    if document.year is None:
        raise NotAReport("neither the document nor its link says for which year it is", file=capture.id)
    verdict = judge(document, statute, corrections)
    return Judged(Report(capture.agency_id, document.year), capture.agency_name, capture, verdict)
