"""PDF files in which what is stored is not what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from foi_etl.practice.kinds.pdf import drawing, paged
from foi_etl.practice.kinds.sheet import set_pages
from trapped import _MARK, marked

Box = Callable[[float, float], str]
_FONT = " /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_STATES = " /ExtGState << /Clear << /ca 0 >> /Solid << /ca 1 >> >>"


def said(text: str, x: float = 100, y: float = 700, size: float = 10) -> str:
    """What draws a text."""
    return f" BT /F2 {size:g} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET\n"


def sheet(drawn: str, attributes: str = "") -> bytes:
    """A PDF of one page with this drawn on it."""
    return paged([drawn.encode()], attributes, _FONT, _STATES)


def pdf(box: Box) -> bytes:
    """A report as a PDF in which one box is drawn otherwise: what draws it, given where it stands."""
    code = _MARK.encode("utf-16-be").hex()
    mark = re.compile(rf"BT /F1 \S+ Tf (\S+) (\S+) Td <{code}> Tj ET")
    pages = [drawing(leaf).decode() for leaf in set_pages(marked())]
    assert any(map(mark.search, pages))
    drawn = [mark.sub(lambda m: box(float(m[1]), float(m[2])), page).encode() for page in pages]
    return paged(drawn, "", _FONT, _STATES)
