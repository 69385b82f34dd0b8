"""What is typed upon the pages of a PDF: notes of free text, and fields of a form that are filled in."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

from foi_etl.extract.paper.ink import Ink
from foi_etl.extract.raised import ILLEGIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage

_OUT_OF_SIGHT: Final = 2 | 32
"""The flags of what is hidden, and of what is not shown on a screen."""
_MOST: Final = 2000


def typed(page: PdfPage) -> Iterator[Ink]:
    """A mark where each stands, from the top left: what it says is drawn as its writer's program likes."""
    from pypdfium2 import raw  # noqa: PLC0415 - heavy

    left, _, _, top = page.get_bbox()
    says = {raw.FPDF_ANNOT_FREETEXT: b"Contents", raw.FPDF_ANNOT_WIDGET: b"V"}
    for at in range(min(_MOST, raw.FPDFPage_GetAnnotCount(page.raw))):
        note = raw.FPDFPage_GetAnnot(page.raw, at)
        key = says.get(raw.FPDFAnnot_GetSubtype(note))
        place = raw.FS_RECTF()
        seen = not raw.FPDFAnnot_GetFlags(note) & _OUT_OF_SIGHT
        if key and seen and _says(raw, note, key) and raw.FPDFAnnot_GetRect(note, place):
            yield Ink(ILLEGIBLE, place.left - left, top - place.top, place.right - left, top - place.bottom)
        raw.FPDFPage_CloseAnnot(note)


def _says(raw: Any, note: Any, key: bytes) -> bool:
    """Whether a note says anything; a signature does not, whatever seal it shows."""
    held = ctypes.create_string_buffer(64)
    long = raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), 64)
    return bool(long > 2)
