"""Pages as a PDF: one font that is named and not embedded, and says which letter each code is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from foi_etl.practice.kinds.sheet import HEIGHT, WIDTH, Leaf

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Practice def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap end end"""

_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Practice /Encoding /Identity-H"
    b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
)
_LETTERS = (
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Practice /DW 1000 /W [32 [" + b"500 " * 95 + b"]]"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /Practice /Flags 4 /FontBBox [0 -120 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >> >>"
)


def pdf(leaves: Iterable[Leaf]) -> bytes:
    """The pages as a PDF, the same bytes every time."""
    return paged([drawing(leaf) for leaf in leaves])


def paged(drawings: Sequence[bytes], attributes: str = "", fonts: str = "", states: str = "") -> bytes:
    """A PDF with a page for each drawing; what else its pages say, and what else their drawings may use."""
    pages = range(6, 6 + 2 * len(drawings), 2)
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{n} 0 R' for n in pages)}] /Count {len(drawings)} >>".encode(),
        _FONT,
        _LETTERS,
        _stream(_TO_UNICODE),
    ]
    for number, content in zip(pages, drawings, strict=True):
        size = f"[0 0 {WIDTH:.0f} {HEIGHT:.0f}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {size}{attributes} /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R{fonts} >>{states} >> >>".encode()
        )
        objects.append(_stream(content))
    return written(objects)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content, 6)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)


def drawing(leaf: Leaf) -> bytes:
    """What draws a page."""
    drawn = ["0.5 w"]
    drawn += [f"{x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S" for x0, y0, x1, y1 in leaf.rules]
    for x, top, size, said in leaf.texts:
        code = said.encode("utf-16-be").hex()
        drawn.append(f"BT /F1 {size:g} Tf {x:.2f} {HEIGHT - top - 0.88 * size:.2f} Td <{code}> Tj ET")
    return "\n".join(drawn).encode()


def written(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """Objects, numbered from 1, as a PDF file; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode()
    start = out.rfind(b"xref")
    out += f"trailer\n<< /Size {count} /Root 1 0 R {trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
