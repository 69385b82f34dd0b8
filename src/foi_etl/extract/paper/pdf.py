"""PDFs with text, to pages of ink: pdfplumber reads, pdfium gives a second opinion on every letter."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from foi_etl.errors import NotAReport
from foi_etl.extract.again.ruled import Leaf, Stroke
from foi_etl.extract.again.strokes import strokes_of
from foi_etl.extract.paper.ink import Ink, Paper, Printed, Rule
from foi_etl.extract.paper.look import Look
from foi_etl.extract.paper.typed import typed
from foi_etl.extract.paper.unseen import unseen
from foi_etl.extract.raised import unsure

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pypdfium2 import PdfDocument, PdfPage

MOST_PAGES: Final = 300
"""The longest report seen has 30."""
_THIN: Final = 3.0
"""Points: a filled rectangle thinner than this is a rule; one that is as short is a dot of one."""
_DOTS: Final = 3.5
"""Points: dots nearer than this make a rule."""
_EVEN: Final = 0.5
"""Points: how far the dot of a rule may lie beside the one before."""
_WHITE: Final = ((1,), (1, 1, 1), (0, 0, 0, 0))


class Leaves(NamedTuple):
    """The pages of a PDF, as two readers see them; and which show pictures only."""

    papers: tuple[Paper, ...]
    second: tuple[tuple[Ink, ...], ...]
    """The ink of each page by pdfium; empty for a page that is turned."""
    pictures: tuple[int, ...]
    """The pages that are pictures, by number, whatever text lies unseen over or under them."""
    illustrated: tuple[int, ...]
    """The pages with text and with a picture large enough for a table."""
    nameless: int
    """Letters whose font does not say which letters they are."""
    unseen: int
    """Letters nobody sees."""
    cut: tuple[int, ...] = ()
    """The pages of which letters stand beyond the edge, by number."""
    ruled: tuple[Leaf, ...] = ()
    """The same pages by pdfium, with the rules it sees."""


def read_leaves(body: bytes, name: str) -> Leaves:
    """Every page of a PDF. NotAReport, with what to do, for one that cannot be opened or is too long."""
    papers, second, ruled = list[Paper](), list[tuple[Ink, ...]](), list[Leaf]()
    pictures, illustrated, cut = list[int](), list[int](), list[int]()
    nameless = hidden = 0
    import pdfplumber  # noqa: PLC0415 - slow to import, and most documents are web pages

    with _opened(body, name) as document, pdfplumber.open(io.BytesIO(body)) as pdf:
        for page, drawn in zip(pdf.pages, document, strict=True):
            paper, unknown, beyond = _paper(page)
            beneath, other = unseen(drawn), _second(drawn)
            look = Look(drawn, paper.width, paper.height)
            is_picture = beneath.is_picture(paper.inks) or (not paper.inks and bool(page.images))
            seen = () if is_picture else tuple(beneath.seen(paper.inks))
            hidden += len(paper.inks) - len(seen)
            marks = tuple(typed(drawn))
            papers.append(paper._replace(inks=look.believed(seen) + marks))
            inks, across, down = ((), (), ()) if is_picture else other
            second.append(look.believed(beneath.seen(inks)) + (marks if inks else ()))
            ruled.append(Leaf(second[-1], across, down))
            if beyond:
                cut.append(paper.number)
            if is_picture or beneath.large:
                (pictures if is_picture else illustrated).append(paper.number)
            nameless += unknown
            page.close()
            drawn.close()
    return Leaves(
        papers=tuple(papers),
        second=tuple(second),
        pictures=tuple(pictures),
        illustrated=tuple(illustrated),
        nameless=nameless,
        unseen=hidden,
        cut=tuple(cut),
        ruled=tuple(ruled),
    )


def _opened(body: bytes, name: str) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415 - as above

    try:
        document = PdfDocument(body)
    except PdfiumError as error:
        said = str(error).lower()
        if "password" in said or "security" in said:
            raise NotAReport(
                "the PDF asks for a password: ask the agency for an open one", file=name
            ) from error
        message = f"the PDF cannot be opened, it may be cut off: fetch it again ({error})"
        raise NotAReport(message, file=name, bytes=len(body)) from error
    if not 0 < len(document) <= MOST_PAGES:
        pages = len(document)
        document.close()
        message = f"{pages} pages are not what a report has (at most {MOST_PAGES}): cut the report out of it"
        raise NotAReport(message, file=name)
    return document


def _paper(page: Page) -> tuple[Paper, int, int]:
    """A page, how many of its letters are nameless, and how many stand beyond its edge."""
    printed = Printed()
    inks: list[Ink] = []
    unknown = beyond = 0
    left, top, right, bottom = _shown(page)
    for char in page.chars:
        text: str = char["text"]
        ink = Ink(text, char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top)
        if printed.already(ink):
            continue
        if not (left <= char["x0"] <= right and top <= char["top"] <= bottom):
            beyond += bool(text.strip())
            continue
        unknown += text.startswith("(cid:")
        if text.strip():
            white = not text.isascii() and _is_white(char["non_stroking_color"])
            along, _, _, up, _, _ = char["matrix"]
            unclear = white or _is_turned_over(along, up)
            inks.append(ink._replace(text=unsure(text)) if unclear else ink)
    across, down = _rules(page, left, top)
    return Paper(page.page_number, right - left, bottom - top, tuple(inks), across, down), unknown, beyond


def _is_turned_over(along: float, up: float) -> bool:
    """Whether a letter that goes so far along and up stands on its head, or is seen in a mirror."""
    return along < 0 or up < 0


def _shown(page: Page) -> tuple[float, float, float, float]:
    """What is shown of a page: its sheet, or what is cut out of that."""
    (x0, top, x1, bottom), (left, upper, right, lower) = page.mediabox, page.cropbox
    return max(x0, left), max(top, upper), min(x1, right), min(bottom, lower)


def _rules(page: Page, left: float, top: float) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """What rules a page: lines, thin filled rectangles, the sides of drawn ones. White rules nothing."""
    across: list[Rule] = []
    down: list[Rule] = []
    dots_across: list[Rule] = []
    dots_down: list[Rule] = []
    for x0, y0, x1, y1 in _strokes(page):
        lying = Rule((y0 + y1) / 2 - top, x0 - left, x1 - left)
        standing = Rule((x0 + x1) / 2 - left, y0 - top, y1 - top)
        if max(x1 - x0, y1 - y0) < _THIN:
            dots_across.append(lying)
            dots_down.append(standing)
        elif x1 - x0 >= y1 - y0:
            across.append(lying)
        else:
            down.append(standing)
    return (*across, *_dotted(dots_across)), (*down, *_dotted(dots_down))


def _dotted(dots: Iterable[Rule]) -> Iterator[Rule]:
    """The rules that dots make which lie in one row; a dot may be part of one across and of one down."""
    rows: list[list[Rule]] = []
    for dot in sorted(dots):
        if rows and dot.at - rows[-1][-1].at <= _EVEN:
            rows[-1].append(dot)
        else:
            rows.append([dot])
    for row in rows:
        run: Rule | None = None
        for dot in sorted(row, key=lambda one: one.start):
            if run is not None and dot.start - run.end <= _DOTS:
                run = run._replace(end=max(run.end, dot.end))
                continue
            if run is not None and run.end - run.start > _THIN:
                yield run
            run = dot
        if run is not None and run.end - run.start > _THIN:
            yield run


def _strokes(page: Page) -> Iterator[tuple[float, float, float, float]]:
    for thing in (*page.lines, *page.rects, *page.curves):
        x0, y0, x1, y1 = thing["x0"], thing["top"], thing["x1"], thing["bottom"]
        thin = min(x1 - x0, y1 - y0) < _THIN
        drawn = thing["stroke"] and not _is_white(thing["stroking_color"])
        filled = thing["fill"] and not _is_white(thing["non_stroking_color"])
        if thin and (drawn or filled):
            yield x0, y0, x1, y1
        elif drawn and thing["object_type"] == "rect":
            yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))


def _is_white(colour: Any) -> bool:
    if colour is None:
        return False
    parts = tuple(colour) if isinstance(colour, Sequence) and not isinstance(colour, str) else (colour,)
    return parts in _WHITE


def _second(page: PdfPage) -> tuple[tuple[Ink, ...], tuple[Stroke, ...], tuple[Stroke, ...]]:
    """The letters and the rules of a page by pdfium, from the top left."""
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    if page.get_rotation():
        return (), (), ()
    left, _, _, top = page.get_bbox()
    text = page.get_textpage()
    inks, by = [], raw.FS_MATRIX()
    for at in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, at))
        if letter.strip() and letter.isprintable():
            x0, y0, x1, y1 = text.get_charbox(at, loose=True)
            if raw.FPDFText_GetMatrix(text, at, by) and _is_turned_over(by.a, by.d):
                letter = unsure(letter)
            inks.append(Ink(letter, x0 - left, top - y1, x1 - left, top - y0))
    text.close()
    across, down = strokes_of(page)
    return tuple(inks), across, down
