"""Kinds that are no web page: each read by its own reader, imported when the first of its kind turns up."""

from __future__ import annotations

from foi_etl.errors import IsAPicture, NotAReport
from foi_etl.extract.locate import form_words
from foi_etl.extract.transcript import Transcript
from foi_etl.forms import Statute


def transcribe(body: bytes, name: str, what: str, statute: Statute) -> Transcript:
    """What a document of this kind says. NotAReport, with the remedy, where it cannot be read."""
    match what:
        case "pdf":
            from foi_etl.extract.paper.reader import read_pdf  # noqa: PLC0415 - heavy, and rarely needed

            return read_pdf(body, name, statute)
        case "ofd":
            from foi_etl.extract.again.leaf import rows_of_ofd  # noqa: PLC0415 - as above
            from foi_etl.extract.paper.reader import read_ofd_pages  # noqa: PLC0415 - as above

            first = read_ofd_pages(body, name, form_words(statute))
            return first._replace(again=rows_of_ofd(body, name))
        case "docx":
            from foi_etl.extract.again.word import rows_of_word  # noqa: PLC0415 - as above
            from foi_etl.extract.office.docx import read_docx  # noqa: PLC0415 - as above

            return read_docx(body, name)._replace(again=rows_of_word(body, name))
        case "doc":
            from foi_etl.extract.office.doc import read_doc  # noqa: PLC0415 - as above

            return read_doc(body, name)
        case "xlsx" | "xls":
            from foi_etl.extract.again.book import rows_of_old_workbook, rows_of_workbook  # noqa: PLC0415 - as above
            from foi_etl.extract.office.workbook import read_workbook  # noqa: PLC0415 - as above

            again = rows_of_workbook if what == "xlsx" else rows_of_old_workbook
            return read_workbook(body, name)._replace(again=again(body))
        case "rtf":
            from foi_etl.extract.again.rich import rows_of_rich_text  # noqa: PLC0415 - as above
            from foi_etl.extract.office.rtf import read_rtf  # noqa: PLC0415 - as above

            return read_rtf(body, name)._replace(again=rows_of_rich_text(body))
        case "picture":
            raise IsAPicture("this is a picture of text", file=name)
        case _:
            raise NotAReport(f"nothing here reads a {what}: unpack or convert it first", file=name)


def transcribe_converted(made: bytes, body: bytes, name: str) -> Transcript:
    """What an old Word file says as another program made a docx of it, and again by its own bytes."""
    from foi_etl.extract.again.old import rows_of_old_word  # noqa: PLC0415 - as above
    from foi_etl.extract.office.docx import read_docx  # noqa: PLC0415 - as above

    return read_docx(made, name)._replace(again=rows_of_old_word(body, name))
