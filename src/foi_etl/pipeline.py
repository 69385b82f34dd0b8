"""The corridor: the only module that knows the order of the doors."""

from __future__ import annotations

from collections.abc import Mapping

from foi_etl.errors import NotAReport
from foi_etl.extract.document import read_document
from foi_etl.extract.locate import place
from foi_etl.forms import Statute
from foi_etl.model import Document, Finding, FormReading, Inference, Verdict
from foi_etl.normalise.corrections import Correction
from foi_etl.normalise.facts import read_placement
from foi_etl.normalise.zeros import infer
from foi_etl.validate.rulebook import doubt

NO_CORRECTIONS: Mapping[str, Correction] = {}


def read(body: bytes, name: str, statute: Statute, corrections: Mapping[str, Correction] = NO_CORRECTIONS) -> Verdict:
    """Bytes to everything we can say about them. NotAReport where no statutory table can be read."""
    return judge(read_document(body, name, statute), statute, corrections)


def judge(
    document: Document, statute: Statute, corrections: Mapping[str, Correction] = NO_CORRECTIONS
) -> Verdict:
    """One document, from readable to understood. NotAReport where it holds no statutory table, saying how near it came."""
    placements, findings = place(document.tables, statute, document.year)
    if not placements:
        nearest = "; ".join(dict.fromkeys(finding.message for finding in findings))
        raise NotAReport(nearest, file=document.name)
    readings: list[FormReading] = []
    inferences: list[Inference] = []
    told: list[Finding] = [*document.findings, *findings]
    for placement in placements:
        form = statute.form(placement.table, placement.edition)
        reading, unread = read_placement(placement, form, corrections)
        readings.append(reading)
        told.extend(unread)
        inferences.extend(infer(reading, form))
    doubts, as_zero, as_unknown = doubt(readings, statute)
    return Verdict(document, tuple(readings), tuple(inferences), (*told, *doubts), as_zero, as_unknown)
