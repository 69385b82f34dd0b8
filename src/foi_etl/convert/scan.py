"""Scans to pages of ink: every page is seen twice, and what may be a figure recognised in two resolutions.

A scan is bounded page by page: there are so many pages, dots and pieces of text at most, and each page has
its time. What is no report is found out early: its first pages have to say a word of one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Container, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from foi_etl.convert.recognise import fitting, recognise
from foi_etl.errors import NotAReport
from foi_etl.extract.labels import key
from foi_etl.extract.paper.ink import Box, Ink, Paper
from foi_etl.extract.paper.lattice import ruled, told
from foi_etl.extract.pictures import WITH_PICTURES, pictures_of
from foi_etl.text import label_key

if TYPE_CHECKING:
    from foi_etl.convert.lines import View

MISSING: Final = "this is a scan, and reading one needs more: pip install foi-etl[ocr]"
MOST_PAGES: Final = 40
"""Of a scan; a page of a form takes some seconds, and a report has ten or twenty."""
MOST_DOTS: Final = 40_000_000
"""Dots of one picture: a page at 600 dpi has 35 million."""
MOST_LINES: Final = 1500
"""Pieces of text on one page; a page of a form has some 300. Every piece takes its time."""
_FIRST_PAGES, _FIRST_PIECES = 6, 300
"""As much may be looked at before a word of a report was met."""
_OF_REPORTS: Final = "信息公开"
_WIDTH: Final = 595.0
_LEAST_LABEL: Final = 4
_DPI: Final = (200, 260)
_WORDS: Final = re.compile(r"(?:(?![无零〇一二三四五六七八九十百千万])[\u3400-\u9fff])+")
_SURE, _LEGIBLE, _SAMPLE = 0.85, 0.5, 12
"""Of a page that stands upright the model is so sure of so many pieces; so many are looked at to tell."""
_ROOM: Final = 2.2
"""Points around a piece of text that stands in no box, when it is looked at again."""


def see(
    body: bytes, name: str, what: str, known: Container[str], pages: Collection[int] = ()
) -> Iterator[tuple[Paper, Paper]]:
    """Every page of a scan, or those with these numbers, in the one resolution and again in the other.

    `known` are words of the forms. NotAReport without the extra `ocr`, or for what is no page of a report.
    """
    try:
        import cv2  # noqa: F401, PLC0415 - an extra, and slow to import
        import rapidocr  # noqa: F401, PLC0415 - as above
    except ImportError as error:
        raise NotAReport(MISSING, file=name) from error
    met, pieces = False, 0
    for seen, (number, looks) in enumerate(_pages(body, name, what, pages), 1):
        once, boxes, skew = _paper(number, looks[0], _DPI[0] / 72)
        if _is_garbled(once.inks) and (quarters := _quarters(looks[0], _DPI[0] / 72)):
            looks = tuple(_quartered(look, quarters) for look in looks)  # noqa: PLW2901
            once, boxes, skew = _paper(number, looks[0], _DPI[0] / 72)
        met = met or any(label_key(ink.text) in known or _OF_REPORTS in ink.text for ink in once.inks)
        pieces += len(once.inks)
        if not met and (seen >= _FIRST_PAGES or pieces > _FIRST_PIECES):
            raise NotAReport(f"the first {seen} pages of the scan say no word of a report", file=name)
        yield once, _again(once, looks[1], _DPI[1] / 72, boxes, skew)


def _pages(
    body: bytes, name: str, what: str, wanted: Collection[int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The pages by number, as grey values in both resolutions."""
    if what == "pdf":
        yield from _pages_of_pdf(body, name, wanted)
        return
    pictures = pictures_of(body, name, what) if what in WITH_PICTURES else [body]
    if len(pictures) > MOST_PAGES:
        raise NotAReport(f"{len(pictures)} pictures are no report (at most {MOST_PAGES})", file=name)
    for number, one in enumerate(pictures, 1):
        picture = _picture(one, name)
        yield number, tuple(_scaled(picture, _WIDTH * dpi / 72 / picture.shape[1]) for dpi in _DPI)


def _pages_of_pdf(body: bytes, name: str, wanted: Collection[int]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - heavy

    with PdfDocument(body) as document:
        count = len(wanted) or len(document)
        if count > MOST_PAGES:
            raise NotAReport(f"{count} scanned pages are no report (at most {MOST_PAGES})", file=name)
        for number, page in enumerate(document, 1):
            if wanted and number not in wanted:
                continue
            if page.get_width() * page.get_height() * (_DPI[1] / 72) ** 2 > MOST_DOTS:
                raise NotAReport("a page of the scan is larger than any sheet of paper", file=name)
            yield (
                number,
                tuple(page.render(scale=dpi / 72, grayscale=True).to_numpy().squeeze() for dpi in _DPI),
            )
            page.close()


def _picture(body: bytes, name: str) -> Any:
    import cv2  # noqa: PLC0415 - an extra
    import numpy as np  # noqa: PLC0415 - heavy
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - heavy

    try:
        # Opening reads the head only: the size is known before a dot is unpacked.
        with Image.open(io.BytesIO(body)) as head:
            width, height = head.size
    except Image.DecompressionBombError as error:
        raise NotAReport(f"the picture is larger than any page: {error}", file=name) from error
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise NotAReport("the picture cannot be opened: fetch it again", file=name) from error
    if width * height > MOST_DOTS or min(width, height) < 200 or max(width, height) > 8 * min(width, height):
        raise NotAReport(f"a picture of {width} x {height} dots is no page", file=name)
    picture = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise NotAReport("the picture cannot be decoded: fetch it again", file=name)
    return picture


def _scaled(picture: Any, by: float) -> Any:
    import cv2  # noqa: PLC0415 - an extra

    how = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=by, fy=by, interpolation=how)


def _paper(number: int, grey: Any, scale: float) -> tuple[Paper, list[Box], float]:
    """One look at one page, the boxes its text stands in, and by how much it is turned.

    What is recognised is the text of every box of its tables, and of every piece of a line outside them.
    """
    from foi_etl.convert.lines import view  # noqa: PLC0415 - imports the extra

    page = view(grey, scale)
    height, width = (side / scale for side in page.grey.shape)
    blank = Paper(number, width, height, (), page.across, page.down, scanned=True)
    grids = ruled(blank)
    boxes = [plot.box for grid in grids for row in grid.rows for plot in row]
    beside = list(_between([grid.box for grid in grids], width, height))
    loose = _inks(page, (), beside)
    around = (
        Box(ink.x0 - _ROOM, ink.top - _ROOM, ink.x1 + _ROOM, ink.bottom + _ROOM)
        for ink in loose
        if not _WORDS.fullmatch(ink.text)
    )
    return blank._replace(inks=_inks(page, boxes, ()) + loose), [*boxes, *around], page.skew


def _is_garbled(inks: Sequence[Ink]) -> bool:
    """Whether the model is sure of few words only: the page may stand on its head."""
    words = [ink for ink in inks if len(ink.text) > 2] or inks
    return len(inks) >= _SAMPLE and sum(map(_is_legible, words)) < _LEGIBLE * len(words)


def _is_legible(ink: Ink) -> bool:
    return len(ink.text) > 1 and ink.sure >= _SURE


def _quarters(grey: Any, scale: float) -> int:
    """How many quarters a page has to be turned by, anticlockwise, for its longest lines to say something."""

    def legible(quarters: int) -> int:
        return sum(map(_is_legible, _longest(_quartered(grey, quarters), scale)))

    best = max((2, 1, 3), key=legible)
    return best if legible(best) > max(legible(0), _LEGIBLE * _SAMPLE) else 0


def _longest(grey: Any, scale: float) -> list[Ink]:
    """A few of the longest lines of a page, recognised."""
    from foi_etl.convert.lines import text_pieces, view  # noqa: PLC0415 - imports the extra

    height, width = (side / scale for side in grey.shape)
    pieces = text_pieces(view(grey, scale), Box(0, 0, width, height))
    lying = [one for one in pieces if one[0].x1 - one[0].x0 > 2 * (one[0].bottom - one[0].top)]
    long = sorted(lying, key=lambda one: one[0].x0 - one[0].x1)[:_SAMPLE]
    said = recognise([picture for _, picture in long])
    return [
        Ink(text, place.x0, place.top, place.x1, place.bottom, sure)
        for (place, _), (text, sure) in zip(long, said, strict=True)
    ]


def _quartered(grey: Any, quarters: int) -> Any:
    import numpy as np  # noqa: PLC0415 - heavy

    return np.ascontiguousarray(np.rot90(grey, quarters))


def _again(once: Paper, grey: Any, scale: float, boxes: Sequence[Box], skew: float) -> Paper:
    """Another look at the boxes that may hold a figure; labels and prose are as before."""
    from foi_etl.convert.lines import view  # noqa: PLC0415 - as above

    figures = [box for box in boxes if not _is_label(told(ink for ink in once.inks if box.holds(ink)))]
    words = tuple(ink for ink in once.inks if not any(box.holds(ink) for box in figures))
    return once._replace(inks=words + _inks(view(grey, scale, skew), figures, ()))


def _is_label(text: str) -> bool:
    """Whether a box says words, and so many that no figure was taken for them."""
    return len(key(text)) >= _LEAST_LABEL


def _inks(page: View, boxes: Sequence[Box], beside: Sequence[Box]) -> tuple[Ink, ...]:
    from foi_etl.convert.lines import text_lines, text_pieces  # noqa: PLC0415 - as above

    lines = [line for box in boxes for line in text_lines(page, box)]
    lines += [piece for box in beside for piece in text_pieces(page, box)]
    if len(lines) > MOST_LINES:
        raise NotAReport(
            f"a page of the scan has {len(lines)} pieces of text (at most {MOST_LINES}): is it one?"
        )
    said = recognise([picture for _, picture in lines])
    return tuple(
        Ink(text, place.x0, place.top, place.x1, place.bottom, sure)
        for (place, _), (recognised, sure) in zip(lines, said, strict=True)
        if (text := fitting(recognised, place)).strip()
    )


def _between(tables: Sequence[Box], width: float, height: float) -> Iterator[Box]:
    """The stretches of a page above, between and beneath its tables."""
    top = 0.0
    for box in sorted(tables, key=lambda one: one.top):
        if box.top - top > 4:
            yield Box(0, top, width, box.top - 2)
        top = max(top, box.bottom + 2)
    if height - top > 4:
        yield Box(0, top, width, height)
