"""What happens to paper and on the glass: pages of a scan are stained, folded, cut, turned or mixed up.

A harm is a pure function of the pictures of all pages and a source of chance; it gives other pictures back.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

    Pictures = list[Image]
    Harm = Callable[[Sequence[Image], Random], Pictures]
_PAPER: Final = 245
_COARSE: Final = 15
"""The JPEG quality of a scanner that saves."""


def white_stripe(pages: Sequence[Image], rng: Random) -> Pictures:
    """A stripe of nothing across or down a page: a fault of the glass, or correction tape."""
    at, page = _one(pages, rng)
    wide, long = (page.width, page.height) if rng.random() < 1 / 2 else (page.height, page.width)
    start, thick = rng.uniform(0.1, 0.8), rng.uniform(0.008, 0.03)
    edges = (0, int(start * long), wide, int((start + thick) * long))
    box = edges if wide == page.width else (edges[1], edges[0], edges[3], edges[2])
    page.paste(_PAPER, box)
    return _with(pages, at, page)


def stain(pages: Sequence[Image], rng: Random) -> Pictures:
    """A dark stain, under which what is printed can hardly be seen."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter  # noqa: PLC0415 - practice only

    at, page = _one(pages, rng)
    shade = Image.new("L", page.size, 255)
    x, y = rng.uniform(0.15, 0.8) * page.width, rng.uniform(0.1, 0.85) * page.height
    wide, high = rng.uniform(0.03, 0.12) * page.width, rng.uniform(0.02, 0.06) * page.height
    ImageDraw.Draw(shade).ellipse((x - wide, y - high, x + wide, y + high), rng.choice((60, 110, 160)))
    return _with(pages, at, ImageChops.multiply(page, shade.filter(ImageFilter.GaussianBlur(3))))


def fold(pages: Sequence[Image], rng: Random) -> Pictures:
    """A fold: a dark line across the page, and what is beneath it a hair aside and in the shade."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - practice only

    at, page = _one(pages, rng)
    line = int(rng.uniform(0.2, 0.8) * page.height)
    lower = page.crop((0, line, page.width, page.height)).point(lambda grey: int(0.85 * grey))
    page.paste(Image.new("L", lower.size, _PAPER), (0, line))
    page.paste(lower, (rng.choice((-2, -1, 1, 2)), line))
    ImageDraw.Draw(page).line((0, line, page.width, line + rng.uniform(-6, 6)), 90, 2)
    return _with(pages, at, page)


def cropped(pages: Sequence[Image], rng: Random) -> Pictures:
    """A page that lay askew on the glass: a side of it is cut off."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - practice only

    at, page = _one(pages, rng)
    by = int(rng.uniform(0.05, 0.3) * page.width) * rng.choice((-1, 1))
    moved = ImageChops.offset(page, by, 0)
    empty = (0, 0, by, page.height) if by > 0 else (page.width + by, 0, page.width, page.height)
    moved.paste(Image.new("L", (abs(by), page.height), _PAPER), empty)
    return _with(pages, at, moved)


def upside_down(pages: Sequence[Image], rng: Random) -> Pictures:
    """A page that was put in the wrong way round."""
    at, page = _one(pages, rng)
    return _with(pages, at, page.rotate(180))


def on_its_side(pages: Sequence[Image], rng: Random) -> Pictures:
    """A page that was put in sideways."""
    at, page = _one(pages, rng)
    return _with(pages, at, page.rotate(rng.choice((90, 270)), expand=True))


def swapped(pages: Sequence[Image], rng: Random) -> Pictures:
    """Two pages in each other's place."""
    at = rng.randrange(max(1, len(pages) - 1))
    return [*pages[:at], *reversed(pages[at : at + 2]), *pages[at + 2 :]]


def lost(pages: Sequence[Image], rng: Random) -> Pictures:
    """A page that went through the feeder with another one."""
    at = rng.randrange(len(pages))
    return [*pages[:at], *pages[at + 1 :]] or list(pages)


def doubled(pages: Sequence[Image], rng: Random) -> Pictures:
    """A page that was scanned twice."""
    at = rng.randrange(len(pages))
    return [*pages[: at + 1], *pages[at:]]


def pale(pages: Sequence[Image], rng: Random) -> Pictures:
    """Next to no toner: grey on grey."""
    share = rng.uniform(0.15, 0.35)
    return [page.point(lambda grey: int(200 + share * (grey - _PAPER))) for page in pages]


def in_the_shade(pages: Sequence[Image], rng: Random) -> Pictures:
    """Uneven light: a page of a thick book, dark at one side."""
    from PIL import Image, ImageChops, ImageOps  # noqa: PLC0415 - practice only

    dark = rng.randrange(90, 150)
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270)))
    shade = ramp.point(lambda grey: dark + (255 - dark) * grey // 255)
    return [ImageChops.multiply(page, ImageOps.fit(shade, page.size)) for page in pages]


def coarse(pages: Sequence[Image], _rng: Random) -> Pictures:
    """Saved with so few bits that letters have a halo."""
    from PIL import Image  # noqa: PLC0415 - practice only

    done = []
    for page in pages:
        out = io.BytesIO()
        page.save(out, "JPEG", quality=_COARSE)
        done.append(Image.open(io.BytesIO(out.getvalue())).copy())
    return done


def _one(pages: Sequence[Image], rng: Random) -> tuple[int, Image]:
    at = rng.randrange(len(pages))
    return at, pages[at].copy()


def _with(pages: Sequence[Image], at: int, page: Image) -> Pictures:
    return [*pages[:at], page, *pages[at + 1 :]]


SCAN_HARMS: Final[Mapping[str, Harm]] = {
    harm.__name__: harm
    for harm in (
        white_stripe, stain, fold, cropped, upside_down, on_its_side, swapped, lost, doubled, pale,
        in_the_shade, coarse,
    )
}  # fmt: skip
