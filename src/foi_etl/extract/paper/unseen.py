"""What the letters of a PDF page hide: text that nobody sees, and pictures that are all there is to see.

A scanner's software lays what it recognised over or under the picture, so that it can be searched. That is
text somebody else's model guessed, and it is never taken for what the page says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.extract.paper.ink import Box, Ink
from foi_etl.extract.paper.shade import Shade

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pypdfium2 import PdfPage

_WHOLE: Final = 0.5
"""Of a page: a picture that covers so much of it covers what was printed before it."""
_LARGE: Final = 0.1
"""Of a page: a picture so large may hold a table."""
_FEW: Final = 60
"""Letters: a page with fewer, and a picture over half of it, is that picture with a page number."""
_INVISIBLE: Final = frozenset({3, 7})
"""How text is drawn that leaves no mark: not at all, or as the edge of what is drawn next."""


class Unseen(NamedTuple):
    """What is not to be seen on one page, and how much of it pictures cover."""

    hidden: Shade | None
    """Where letters are not seen; None where all are."""
    whole: bool
    """Whether a picture covers most of it."""
    large: bool
    """Whether a picture on it is large enough for a table."""

    def seen(self, inks: Iterable[Ink]) -> list[Ink]:
        """The ink that can be seen."""
        return [ink for ink in inks if self.hidden is None or not self.hidden.holds(ink)]

    def is_picture(self, inks: Iterable[Ink]) -> bool:
        """Whether what the page shows is its picture."""
        return self.whole and len(self.seen(inks)) < _FEW


def unseen(page: PdfPage) -> Unseen:
    """What a page hides."""
    from pypdfium2 import raw  # noqa: PLC0415 - heavy

    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    hidden: list[Box] = []
    before: list[Box] = []
    largest = 0.0
    for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE)):
        x0, y0, x1, y1 = thing.get_bounds()
        box = Box(x0 - left - 0.5, top - y1 - 0.5, x1 - left + 0.5, top - y0 + 0.5)
        if thing.type == raw.FPDF_PAGEOBJ_TEXT:
            invisible = raw.FPDFTextObj_GetTextRenderMode(thing.raw) in _INVISIBLE
            (hidden if invisible else before).append(box)
            continue
        share = (x1 - x0) * (y1 - y0) / area
        largest = max(largest, share)
        if share >= _WHOLE and not raw.FPDFPageObj_HasTransparency(thing.raw):
            hidden.extend(before)
            before = []
    shade = Shade(hidden, right - left, top - bottom) if hidden else None
    return Unseen(shade, largest >= _WHOLE, largest >= _LARGE)
