"""Kinds that are no web page: each read by its own reader, imported when the first of its kind turns up."""

from __future__ import annotations

from foi_etl.errors import NotAReport
from foi_etl.extract.locate import form_words
from foi_etl.extract.transcript import Transcript
from foi_etl.forms import Statute


def transcribe(body: bytes, name: str, what: str, statute: Statute) -> Transcript:
    """What a document of this kind says. NotAReport, with the remedy, where it cannot be read."""
    match what:
        case "pdf":
            from foi_etl.extract.paper.reader import read_pdf  # noqa: PLC0415 - heavy, and rarely needed

            return read_pdf(body, name, form_words(statute))
        case _:
            raise NotAReport(f"no reader for {what}", file=name)
