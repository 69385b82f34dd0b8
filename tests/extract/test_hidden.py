"""Text that nobody sees is not what a page says, and a page that is a picture is read as one or told."""

from __future__ import annotations

import io
from base64 import b64encode
from random import Random
from typing import TYPE_CHECKING, cast

import pytest

from foi_etl import documents
from foi_etl.convert.child import ended
from foi_etl.errors import IsAPicture, NotAReport
from foi_etl.extract.document import read_document
from foi_etl.extract.paper.ink import Paper
from foi_etl.extract.paper.pdf import read_leaves
from foi_etl.extract.paper.reader import text_pages
from foi_etl.extract.pictures import pictures_of
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.kinds.pdf import pdf, written
from foi_etl.practice.kinds.scan import pictures_pdf
from foi_etl.practice.kinds.sheet import set_pages
from helpers import STATUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /XObject << /I 5 0 R >> /Font << /F1 6 0 R >> >> >>"
)
_LINES = [b"1 0 11 and so on, recognised by somebody else's scanner"] * 4


def _picture(width: int = 595, height: int = 842) -> tuple[bytes, int, int]:
    """Stripes of grey that no letter is like, and too many to be packed small."""
    from PIL import Image  # noqa: PLC0415 - slow to import

    out = io.BytesIO()
    Image.frombytes("L", (width, height), Random(7).randbytes(width * height)).save(out, "JPEG", quality=60)
    return out.getvalue(), width, height


def _layer(mode: int, lines: Sequence[bytes] = _LINES) -> bytes:
    return b"".join(
        b"BT /F1 10 Tf %d Tr 72 %d Td (%b) Tj ET\n" % (mode, 700 - 20 * at, line)
        for at, line in enumerate(lines)
    )


def test_an_invisible_layer_over_a_scan_is_not_taken_for_text() -> None:
    body = pictures_pdf([_picture()], [_layer(3)], [_FONT])
    leaves = read_leaves(body, "x.pdf")
    assert (leaves.pictures, leaves.papers[0].inks, leaves.second) == ((1,), (), ((),))
    with pytest.raises(IsAPicture, match="letters lie unseen"):
        read_document(body, "x.pdf", STATUTE)


def test_text_under_a_scan_is_not_taken_for_text() -> None:
    [jpeg, width, height] = _picture()
    page = _layer(0) + b"q 595 0 0 842 0 0 cm /I Do Q"
    body = written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _PAGE,
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
            b" /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%b\nendstream"
            % (width, height, len(jpeg), jpeg),
            _FONT,
        ]
    )
    assert read_leaves(body, "x.pdf").pictures == (1,)


def test_a_page_number_typed_on_a_scan_does_not_make_it_text() -> None:
    body = pictures_pdf([_picture()], [_layer(0, [b"- 1 -"])], [_FONT])
    assert read_leaves(body, "x.pdf").pictures == (1,)


def test_text_over_a_background_is_text() -> None:
    body = pictures_pdf([_picture()], [_layer(0)], [_FONT])
    leaves = read_leaves(body, "x.pdf")
    assert leaves.pictures == ()
    assert leaves.illustrated == (1,)
    assert len(leaves.papers[0].inks) > 100


def test_pictures_of_a_page_are_found_in_its_markup() -> None:
    jpeg = _picture()[0]
    page = (
        b'<p><img src="data:image/jpeg;base64,'
        + b64encode(jpeg)
        + b'"><img src="data:image/png;base64,AA==">'
    )
    assert pictures_of(page, "x.html", "html") == [jpeg]


def test_pictures_of_a_word_file_stand_in_its_order() -> None:
    first, second = _picture()[0], _picture(600, 800)[0]
    relation = '<Relationship Id="{}" Type="image" Target="media/{}"/>'
    rels = relation.format("rId1", "b.jpg") + relation.format("rId2", "a.jpg")
    drawn = '<w:p><a:blip r:embed="rId2"/></w:p><w:p><a:blip r:embed="rId1"/></w:p>'
    body = parcel(
        {
            "word/document.xml": f'<w:document xmlns:w="w" xmlns:a="a" xmlns:r="r">{drawn}</w:document>',
            "word/_rels/document.xml.rels": f"<Relationships>{rels}</Relationships>",
            "word/media/b.jpg": second,
            "word/media/a.jpg": first,
        }
    )
    assert pictures_of(body, "x.docx", "docx") == [first, second]


def test_a_page_of_nothing_but_a_picture_says_why_it_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> None:
        raise NotAReport("this is a scan, and reading one needs more")

    monkeypatch.setattr(documents, "_recognised", cannot)
    picture = b64encode(_picture(400, 300)[0])
    page = b'<html><p>2023</p><img src="data:image/jpeg;base64,' + picture + b'"></html>'
    with pytest.raises(NotAReport, match=r"holds no table.* Its pictures: this is a scan"):
        documents.open_document(page, "x.html", STATUTE)


def test_only_the_pages_that_are_pictures_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    report = list(country(STATUTE, agencies=6).reports)[4]
    body = pdf(set_pages(flow(report, STATUTE)))
    asked: list[int] = []

    def see(*given: object) -> Iterator[tuple[Paper, Paper]]:
        pages = cast("list[int]", given[-1])
        asked.extend(pages)
        shown = [paper._replace(scanned=True) for paper in whole.papers if paper.number in pages]
        return zip(shown, shown, strict=True)

    whole = read_leaves(body, "x.pdf")
    believed = text_pages(body, "x.pdf", STATUTE)
    assert believed.numbers == {paper.number for paper in whole.papers}
    monkeypatch.setattr(documents, "see", see)
    monkeypatch.setattr(documents, "text_pages", lambda *_: believed._replace(numbers=frozenset({1, 3})))
    document = ended(documents.read_pictures(body, "x.pdf", "pdf", STATUTE), lambda: None)
    assert asked == [2]
    cells = [cell for table in document.tables for row in table.rows for cell in row]
    assert {cell.page for cell in cells if cell.scan} == {2}
    facts = {i: fact.value for table in judge(document, STATUTE).tables for i, fact in table.facts.items()}
    assert facts == report.truth
