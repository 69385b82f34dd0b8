"""The corridor right of the archive: bytes to verdicts. It needs no network, ever.

With `visits`, the half left of the archive, this is the only module that knows the order of the doors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from foi_etl.documents import open_document
from foi_etl.dossier import file_of, open_part, parts_of
from foi_etl.errors import ArchiveDamaged, IsAPicture, NotAReport, StaleCorrection
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
from foi_etl.normalise.growth import growths
from foi_etl.normalise.headlines import WHOLE, headlines
from foi_etl.normalise.narrative import narrate
from foi_etl.normalise.scope import scope_of
from foi_etl.normalise.zeros import infer
from foi_etl.validate.blame import blamed
from foi_etl.validate.choose import choose
from foi_etl.validate.copies import sketch_of
from foi_etl.validate.identities import tally
from foi_etl.validate.rulebook import doubt
from foi_etl.validate.sentences import against_tables

NO_CORRECTIONS: Final[Mapping[str, Correction]] = {}


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
        where = {"file": document.name, **document.says, **error.where}
        raise NotAReport(error.message, **where) from error
    if not placements and document.whole and (old := _from_sentences(document, statute)):
        return old
    if not placements:
        nearest = "; ".join(dict.fromkeys(finding.message for finding in findings))
        raise NotAReport(nearest, file=document.name, **document.says)
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
        statements=(*statements, *growths(statements, document.sections, statute.rules.of("growth"))),
        checks=(*doubts.checks, *checks),
        sketch=sketch_of(document.sections, statute.rules),
    )


def _from_sentences(document: Document, statute: Statute) -> Verdict | None:
    """An old report without a table of any form: its headline facts; None where it states too few."""
    statements, told = headlines(document, statute.prose)
    if not statements:
        return None
    none = tally(())
    return Verdict(
        document=replace(document, sections={WHOLE: document.whole}),
        tables=(),
        inferences=(),
        findings=(*document.findings, *told),
        blanks_as_zero=none,
        blanks_as_unknown=none,
        statements=statements,
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
    beside: Sequence[Capture] = (),
) -> Judged:
    """A report from the one of its documents that reads best, the others held against it.

    The documents are the page, the files beside it and its pictures; what cannot be read, or is of another
    year, is none of them. NotAReport or ArchiveDamaged says why the page cannot be read, where nothing can.
    """
    _refuse_gone(corrections, beside)
    read: list[Verdict] = []
    refused: NotAReport | ArchiveDamaged | None = None
    for part in parts_of(capture, beside, body):
        files = {"" if one == capture else one.id for one in part}
        own = {at: each for at, each in corrections.items() if file_of(at) in files}
        try:
            known = refused.where if refused else {}
            verdict = judge(open_part(part, capture, body, statute, known), statute, own)
        except (NotAReport, ArchiveDamaged) as error:
            refused = _first(refused, error)
            continue
        if not read or verdict.document.year == read[0].document.year:
            read.append(verdict)
    if not read:
        raise refused or NotAReport("there is nothing to read", file=capture.id)
    at, differences = choose(read)
    best = replace(read[at], findings=(*read[at].findings, *differences)) if differences else read[at]
    year = best.document.year
    if year is None:
        raise NotAReport("neither the document nor its link says for which year it is", file=capture.id)
    printed, title = best.document.agency_name, best.document.title
    # Whom its title names it is from; whom else the page names, less surely than whose listing it is on.
    named = (printed if printed in title else "", capture.agency_name, printed)
    told = scope_of(title, named, best.document.sections, statute.scopes)
    report = Report(capture.agency_id, year, told.scope)
    return Judged(report, capture.agency_name, capture, best, told.evidence, told.confidence)


def _first(
    refused: NotAReport | ArchiveDamaged | None, error: NotAReport | ArchiveDamaged
) -> NotAReport | ArchiveDamaged:
    """Why a report cannot be read: what is the matter with its page, and that its pictures cannot be read."""
    if isinstance(refused, NotAReport) and isinstance(error, IsAPicture):
        return NotAReport(f"{refused.message}. Its pictures: {error.message}", **refused.where)
    return refused or error


def _refuse_gone(corrections: Mapping[str, Correction], beside: Sequence[Capture]) -> None:
    """A file that was published anew is another capture: a correction of the old one would be passed over."""
    there = {"", *(one.id for one in beside)}
    for at, one in corrections.items():
        if file_of(at) not in there:
            message = (
                "a correction names a file that no longer stands beside the page, or was published anew: "
                "look at the cell in the file of today, mend the address or delete the correction"
            )
            raise StaleCorrection(message, capture=one.capture, at=at, beside=", ".join(sorted(there - {""})))
