"""Scans to pages of ink: every page is seen twice, in two resolutions, and recognised in both."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from foi_etl.errors import NotAReport
from foi_etl.extract.paper.ink import Box, Ink, Paper
from foi_etl.extract.paper.lattice import ruled
from foi_etl.extract.pictures import WITH_PICTURES, pictures_of

if TYPE_CHECKING:
    from foi_etl.convert.lines import View

MISSING: Final = "this is a scan, and reading one needs more: pip install foi-etl[ocr]"
MOST_PAGES: Final = 60
MOST_DOTS: Final = 40_000_000
"""Dots of one picture: a page at 600 dpi has 35 million."""
MOST_LINES: Final = 1500
"""Pieces of text on one page; a page of a form has some 300. Every piece takes its time."""
_WIDTH: Final = 595.0
_STROKES: Final = frozenset("一二—–-_丨")
_NARROW: Final = 0x2FF
_ROOM, _SPARE = 1.25, 0.35
"""Letters that fit a line: so many for each time that it is as wide as high, and a part of one."""
_MODEL: Final = "_load_rec_model"
_DPI: Final = (200, 260)
Seen = tuple[tuple[Paper, ...], tuple[Paper, ...]]
"""All pages in the one resolution, and again in the other."""


def see(body: bytes, name: str, what: str, pages: Collection[int] = ()) -> Seen:
    """Every page of a scan, or those with these numbers, twice.

    NotAReport without the extra `ocr`, or for what is no page.
    """
    try:
        import cv2  # noqa: F401, PLC0415 - an extra, and slow to import
        import rapidocr  # noqa: F401, PLC0415 - as above
    except ImportError as error:
        raise NotAReport(MISSING, file=name) from error
    first: list[Paper] = []
    second: list[Paper] = []
    for number, looks in _pages(body, name, what, pages):
        once, boxes, skew = _paper(number, looks[0], _DPI[0] / 72)
        first.append(once)
        second.append(_again(once, looks[1], _DPI[1] / 72, boxes, skew))
    return tuple(first), tuple(second)


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
    """One look at one page, the boxes of its tables, and by how much it is turned.

    What is recognised is the text of every box, and of every line outside them.
    """
    from foi_etl.convert.lines import view  # noqa: PLC0415 - imports the extra

    page = view(grey, scale)
    height, width = (side / scale for side in page.grey.shape)
    blank = Paper(number, width, height, (), page.across, page.down, scanned=True)
    grids = ruled(blank)
    boxes = [plot.box for grid in grids for row in grid.rows for plot in row]
    beside = list(_between([grid.box for grid in grids], width, height))
    return blank._replace(inks=_inks(page, boxes, beside)), boxes, page.skew


def _again(once: Paper, grey: Any, scale: float, boxes: Sequence[Box], skew: float) -> Paper:
    """Another look at the same boxes, whose letters are recognised anew; beside them all is as before."""
    from foi_etl.convert.lines import view  # noqa: PLC0415 - as above

    prose = tuple(ink for ink in once.inks if not any(box.holds(ink) for box in boxes))
    return once._replace(inks=prose + _inks(view(grey, scale, skew), boxes, ()))


def _inks(page: View, boxes: Sequence[Box], beside: Sequence[Box]) -> tuple[Ink, ...]:
    from foi_etl.convert.lines import text_lines  # noqa: PLC0415 - as above

    lines = [
        line
        for box, inset in [*((box, 1.2) for box in boxes), *((box, 0.0) for box in beside)]
        for line in text_lines(page, box, inset)
    ]
    if len(lines) > MOST_LINES:
        raise NotAReport(
            f"a page of the scan has {len(lines)} pieces of text (at most {MOST_LINES}): is it one?"
        )
    said = _recognise([picture for _, picture in lines])
    return tuple(
        Ink(text, place.x0, place.top, place.x1, place.bottom, sure)
        for (place, _), (recognised, sure) in zip(lines, said, strict=True)
        if (text := _fitting(recognised, place)).strip()
    )


def _fitting(text: str, place: Box) -> str:
    """A text without the strokes at its ends for which its line has no room: edges that were read as 一."""
    room = _ROOM * (place.x1 - place.x0) / max(1.0, place.bottom - place.top) + _SPARE
    while len(text) > 1 and sum(1.0 if ord(one) > _NARROW else 0.5 for one in text) > room:
        if text[-1] in _STROKES:
            text = text[:-1]
        elif text[0] in _STROKES:
            text = text[1:]
        else:
            break
    return text


def _between(tables: Sequence[Box], width: float, height: float) -> Iterator[Box]:
    """The stretches of a page above, between and beneath its tables."""
    top = 0.0
    for box in sorted(tables, key=lambda one: one.top):
        if box.top - top > 4:
            yield Box(0, top, width, box.top - 2)
        top = max(top, box.bottom + 2)
    if height - top > 4:
        yield Box(0, top, width, height)


def _recognise(pictures: Sequence[Any]) -> list[tuple[str, float]]:
    """What each picture of a line says, and how sure the model is."""
    import cv2  # noqa: PLC0415 - an extra

    if not pictures:
        return []
    coloured = [cv2.cvtColor(_roomy(one), cv2.COLOR_GRAY2BGR) for one in pictures]
    texts, scores = _recogniser()(coloured)
    return [(text, round(float(score), 4)) for text, score in zip(texts, scores, strict=True)]


def _roomy(picture: Any) -> Any:
    """A picture with paper around it: models were taught on lines, not on lone digits cut out tightly."""
    import cv2  # noqa: PLC0415 - an extra
    import numpy as np  # noqa: PLC0415 - heavy

    height, width = picture.shape
    side = max(height // 4, (2 * height - width) // 2, 2)
    paper = int(np.percentile(picture, 80))
    edge = height // 8
    return cv2.copyMakeBorder(picture, edge, edge, side, side, cv2.BORDER_CONSTANT, value=paper)


@cache
def _recogniser() -> Callable[[Sequence[Any]], tuple[Sequence[str], Sequence[float]]]:
    """The model that comes with the extra, loaded once. It is told to fetch nothing."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra
    from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415 - as above

    engine = RapidOCR(
        params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1}
    )
    model = getattr(engine, _MODEL)()  # one line at a time has no public door

    def recognise(pictures: Sequence[Any]) -> tuple[Sequence[str], Sequence[float]]:
        said = model(TextRecInput(img=list(pictures)))
        return said.txts or (), said.scores or ()

    return recognise
