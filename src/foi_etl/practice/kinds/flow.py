"""A report as one flow of paragraphs and tables, before it becomes a document of some kind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from foi_etl.forms import Statute
from foi_etl.practice.boxes import Box
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.layout import Sheet, sheets
from foi_etl.practice.prose import preamble, section_text
from foi_etl.practice.styles import Style
from foi_etl.practice.wording import Wording

PLAIN = Style("document")


def flow(report: PracticeReport, statute: Statute, style: Style = PLAIN) -> Iterator[str | Sheet]:
    """The title, then paragraphs and tables in the order of the report; the same every time."""
    rng = dice("document", report.agency_id, report.year)
    wording = Wording(style, rng)
    yield report.title
    yield preamble(report, statute)
    for section in statute.sections:
        yield f"{section.numeral}、{section.title}"
        yield from section_text(report, section, rng)
        for form in report.forms(statute):
            if form.section == section.id:
                ids = chain.from_iterable(form.rows.values())
                for sheet in sheets(form, report.printed, style, wording, rng):
                    yield [[_filled(box, wording, ids) for box in row] for row in sheet]


def _filled(box: Box, wording: Wording, ids: Iterator[str]) -> Box:
    """A box of figures, dressed, that knows its cell; any other as it is."""
    if box.kind != "value":
        return box
    return box._replace(text=wording.value(box.text), cell=next(ids, ""))
