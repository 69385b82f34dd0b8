"""Documents made to break a reader: too many, too large, without end, locked, cut off."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from foi_etl.practice.kinds.office import word
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.kinds.pdf import pdf, written
from foi_etl.practice.kinds.sheet import set_pages

_SIDE: Final = 20_000
_PAGES: Final = 10_000
_BOMB: Final = 160 * 2**20
_SCANNED: Final = 40
"""Pages of a scan that is no report: as many as are looked at."""


def hostile() -> Iterator[tuple[str, bytes]]:
    """Each with the name of what is wrong with it."""
    whole = pdf(set_pages(["标题", "一段话"]))
    yield "zip-bomb", _bomb("word/document.xml")
    yield "workbook-bomb", _bomb("xl/workbook.xml")
    yield "ofd-bomb", _bomb("OFD.xml")
    yield (
        "external-entities",
        word('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document>&e;</w:document>'),
    )
    yield "billion-laughs", word(_laughs())
    yield "ten-thousand-pages", _many_pages()
    yield "page-tree-loop", _loop()
    yield "encrypted", _locked()
    yield "truncated-pdf", whole[: len(whole) // 2]
    yield "truncated-docx", word("<x/>")[:200]
    yield "huge-picture", _picture()
    yield "ten-thousand-pictures", _scan(_PAGES, _jpeg(""))
    yield "huge-scan", _scan(1, (zlib.compress(bytes(_SIDE * _SIDE), 1), _SIDE, _SIDE), "FlateDecode")
    yield "scan-of-nothing", _scan(_SCANNED, _jpeg("4711 and so on"))
    yield "scan-of-dust", _scan(_SCANNED, _jpeg(". , : ; ' ` " * 30, lines=200))
    yield "deep-nesting", word("<w>" * 50_000)
    yield "nested-zip", parcel({"a.zip": parcel({"b.zip": parcel({"c.txt": "x"})})})
    yield "old-word-of-nothing", b"\xd0\xcf\x11\xe0" + bytes(600)


def _bomb(member: str) -> bytes:
    packed = io.BytesIO()
    info = zipfile.ZipInfo(member)
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w") as archive, archive.open(info, "w", force_zip64=True) as stream:
        for _ in range(_BOMB // 2**24):
            stream.write(b" " * 2**24)
    return packed.getvalue()


def _laughs() -> str:
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12)]
    return f"<!DOCTYPE x [{''.join(names)}]><x>&a11;</x>"


def _many_pages() -> bytes:
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + _PAGES))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {_PAGES} >>".encode()
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * _PAGES])


def _loop() -> bytes:
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 2 >>"
    back = b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>"
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, back])


def _locked() -> bytes:
    """Encrypted with a password that nobody has: its check does not fit any."""
    check = "<" + "5a" * 32 + ">"
    lock = f"<< /Filter /Standard /V 1 /R 2 /O {check} /U {check} /P -64 >>".encode()
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    ends = f"/Encrypt 4 0 R /ID [<{'00' * 16}> <{'00' * 16}>] "
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, lock], ends)


def _jpeg(said: str, lines: int = 40) -> tuple[bytes, int, int]:
    """A page of the same line over and over, as a picture."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - practice only

    picture = Image.new("L", (1240, 1754), 255)
    font = ImageFont.load_default(max(8, 1000 / lines))
    for line in range(lines):
        ImageDraw.Draw(picture).text((60, 60 + 1600 * line / lines), said, 0, font)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue(), picture.width, picture.height


def _scan(pages: int, picture: tuple[bytes, int, int], packed: str = "DCTDecode") -> bytes:
    """A PDF whose pages all show one picture."""
    packed_dots, width, height = picture
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    shown = b"q 595 0 0 842 0 0 cm /I Do Q"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray"
            f" /BitsPerComponent 8 /Filter /{packed} /Length {len(packed_dots)} >>\nstream\n".encode()
            + packed_dots
            + b"\nendstream",
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown),
            *[page + b" /Resources << /XObject << /I 3 0 R >> >> >>"] * pages,
        ]
    )


def _picture() -> bytes:
    packer = zlib.compressobj(1)
    row = bytes(1 + _SIDE)
    dots = b"".join(packer.compress(row) for _ in range(_SIDE)) + packer.flush()
    head = struct.pack("!IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(said)) + name + said + struct.pack("!I", zlib.crc32(name + said))
        for name, said in ((b"IHDR", head), (b"IDAT", dots), (b"IEND", b""))
    )
