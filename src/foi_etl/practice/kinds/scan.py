"""Pages as a scanner sees them: pictures, not quite straight, not quite clean, in a PDF without text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.practice.kinds.pdf import written
from foi_etl.practice.kinds.sheet import HEIGHT, WIDTH, Leaf

if TYPE_CHECKING:
    from PIL.Image import Image

_PLACES: Final = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)
"""Where Debian's packages put Chinese fonts."""
_STROKE: Final = 0.5


class Scanner(NamedTuple):
    """How a page is scanned."""

    dpi: int = 200
    skew: float = 0.0
    """Degrees, anticlockwise."""
    noise: float = 0.0
    """How much the grey values spread, of 255."""
    blur: float = 0.0
    """Dots."""
    specks: float = 0.0
    """The share of dots that are dirt."""
    quality: int = 85
    """Of the JPEG the scanner writes."""


def fonts() -> tuple[str, ...]:
    """The Chinese fonts of this machine, by path; none where none is installed."""
    return tuple(place for place in _PLACES if Path(place).is_file())


def scan(
    leaves: Iterable[Leaf],
    font: str,
    scanner: Scanner,
    rng: Random,
    harm: Callable[[Sequence[Image], Random], Sequence[Image]] = lambda pages, _: pages,
) -> bytes:
    """The pages as a PDF of pictures, the same bytes for the same chance."""
    pages = harm([scanned(leaf, font, scanner, rng) for leaf in leaves], rng)
    return pictures_pdf([_jpeg(page, scanner) for page in pages])


def scanned(leaf: Leaf, font: str, scanner: Scanner, rng: Random) -> Image:
    """One page as a picture in grey."""
    from PIL import Image, ImageFilter  # noqa: PLC0415 - practice only

    drawn = _drawn(leaf, font, scanner.dpi / 72)
    if scanner.skew:
        drawn = drawn.rotate(scanner.skew, Image.Resampling.BICUBIC, fillcolor=255)
    if scanner.blur:
        drawn = drawn.filter(ImageFilter.GaussianBlur(scanner.blur))
    return _dirty(drawn, scanner, rng) if scanner.noise or scanner.specks else drawn


def _drawn(leaf: Leaf, font: str, scale: float) -> Image:
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - as above

    picture = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255)
    draw = ImageDraw.Draw(picture)
    for x0, y0, x1, y1 in leaf.rules:
        draw.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), 40, max(1, round(_STROKE * scale)))
    for x, top, size, said in leaf.texts:
        face, at = ImageFont.truetype(font, round(size * scale)), x
        for letter in said:
            draw.text((at * scale, (top + 0.88 * size) * scale), letter, 20, face, anchor="ls")
            at += size if ord(letter) > 0x2FF else size / 2
    return picture


def _dirty(picture: Image, scanner: Scanner, rng: Random) -> Image:
    """Grey paper, uneven dots and specks of dirt."""
    import numpy as np  # noqa: PLC0415 - as above
    from PIL import Image  # noqa: PLC0415 - as above

    chance = np.random.default_rng(rng.randrange(2**32))
    grey = np.asarray(picture, np.float32) * (245 / 255)
    grey += chance.normal(0, scanner.noise, grey.shape)
    grey[chance.random(grey.shape) < scanner.specks] = 60
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def _jpeg(picture: Image, scanner: Scanner) -> tuple[bytes, int, int]:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=scanner.quality)
    return out.getvalue(), picture.width, picture.height


def pictures_pdf(
    pictures: Sequence[tuple[bytes, int, int]], over: Sequence[bytes] = (), more: Sequence[bytes] = ()
) -> bytes:
    """JPEGs, each with its width and height, as the pages of a PDF.

    `over` is drawn over each of them, with `more` objects behind the pages to draw it with.
    """
    first = 3
    pages = range(first, first + 3 * len(pictures), 3)
    kids = " ".join(f"{n} 0 R" for n in pages)
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pictures)} >>".encode(),
    ]
    font = f"/Font << /F1 {first + 3 * len(pictures)} 0 R >>" if more else ""
    for at, (number, (jpeg, width, height)) in enumerate(zip(pages, pictures, strict=True)):
        wide, high = (WIDTH, HEIGHT) if width < height else (HEIGHT, WIDTH)
        page = f"q {wide:.0f} 0 0 {high:.0f} 0 0 cm /I Do Q\n".encode() + (over[at] if over else b"")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.0f} {high:.0f}]"
            f" /Contents {number + 1} 0 R"
            f" /Resources << /XObject << /I {number + 2} 0 R >> {font} >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page))
        objects.append(
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray"
            f" /BitsPerComponent 8 /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n".encode()
            + jpeg
            + b"\nendstream"
        )
    return written([*objects, *more])
