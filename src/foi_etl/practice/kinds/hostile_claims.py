"""Files that claim more than they hold: sizes without end, things in themselves, few bytes for a billion."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from foi_etl.practice.kinds.office import sheet_alone, word
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.kinds.pdf import written

_GIGABYTE: Final = 2**30
_SIDE: Final = 60_000
_TAGS: Final = 10_000_000
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHOWN: Final = b"q 595 0 0 842 0 0 cm /I Do Q"


def _packed_once() -> bytes:
    return _pdf(_stream(_flate(_GIGABYTE), b"/Filter /FlateDecode"))


def _packed_twice() -> bytes:
    twice = b"/Filter [/FlateDecode /FlateDecode]"
    return _pdf(_stream(zlib.compress(_flate(_GIGABYTE), 9), twice))


def _many_letters() -> bytes:
    letters = b"BT /F1 9 Tf 20 20 Td " + b"(aaaaaaaaaa) Tj " * 200_000 + b"ET"
    face = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return _pdf(_stream(zlib.compress(letters), b"/Filter /FlateDecode"), face)


def _many_rules() -> bytes:
    ends = ((n % 595, n % 842, (n + 200) % 595, n % 842) for n in range(500_000))
    rules = b"".join(b"%d %d m %d %d l S\n" % end for end in ends)
    return _pdf(_stream(zlib.compress(rules), b"/Filter /FlateDecode"))


def _to_the_last_cell() -> bytes:
    rows = f'<row r="1">{_cell("A1")}</row><row r="1048576">{_cell("XFD1048576")}</row>'
    return sheet_alone(f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>')


def _merged(reference: str, times: int) -> bytes:
    boxes = f'<mergeCell ref="{reference}"/>' * times
    rows = f'<sheetData><row r="1">{_cell("A1")}</row></sheetData>'
    return sheet_alone(f"{rows}<mergeCells>{boxes}</mergeCells>")


def _tags() -> bytes:
    return word(f"<w:document {_W}><w:body>{'<w:p/>' * _TAGS}</w:body></w:document>")


def _wide_boxes() -> bytes:
    box = '<w:tc><w:tcPr><w:gridSpan w:val="1000"/><w:vMerge/></w:tcPr><w:p/></w:tc>'
    table = f"<w:tbl>{f'<w:tr>{box * 60}</w:tr>' * 3000}</w:tbl>"
    return word(f"<w:document {_W}><w:body>{table}</w:body></w:document>")


def _flate(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(size >> 20)) + packer.flush()


def _stream(data: bytes, says: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), says, data)


def _pdf(content: bytes, resources: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page; further objects are numbered from 5."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %b >> >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page % resources, content, *more])


def _pdf_picture(packed: bytes, dots: bytes) -> bytes:
    says = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    says += b" /Width %d /Height %d /Filter /%b" % (_SIDE, _SIDE, packed)
    return _pdf(_stream(_SHOWN), b"/XObject << /I 5 0 R >>", [_stream(dots, says)])


def _forms(depth: int, times: int, *, itself: bool = False) -> bytes:
    """Drawings, each of which is so many times the next one: or the same one for ever."""
    says = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
    draws = b"/F Do " * times
    objects = [
        _stream(draws, says + b" /Resources << /XObject << /F %d 0 R >> >>" % (5 if itself else 6 + n))
        for n in range(depth)
    ]
    return _pdf(_stream(draws), b"/XObject << /F 5 0 R >>", [*objects, _stream(b"", says)])


def _jbig2() -> bytes:
    """The head of a page of that size, and a region that fills it."""
    head = struct.pack("!IBBBIIIIIBH", 0, 48, 0, 1, 19, _SIDE, _SIDE, 0, 0, 0, 0)
    region = struct.pack("!IBBBIIIIIB", 1, 38, 0, 1, 30, _SIDE, _SIDE, 0, 0, 0)
    return head + region + bytes([8, 3, 255, 253, 255, 2, 254, 254, 254]) + bytes(4)


def _jpx() -> bytes:
    size = struct.pack("!HHIIIIIIIIH", 41, 0, _SIDE, _SIDE, 0, 0, _SIDE, _SIDE, 0, 0, 1) + bytes([7, 1, 1])
    code = bytes([0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1])
    steps = struct.pack("!HB", 19, 0x40) + bytes([0x48] * 16)
    tile = struct.pack("!HHIBB", 10, 0, 0, 0, 1)
    marks = zip((b"\x51", b"\x52", b"\x5c", b"\x90"), (size, code, steps, tile), strict=True)
    return b"\xff\x4f" + b"".join(b"\xff" + mark + said for mark, said in marks) + b"\xff\x93" + bytes(64)


def _cell(place: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>'


def _overlapping() -> bytes:
    """A zip whose directory names one member three thousand times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:document>" + b" " * 2**25)
    body = out.getvalue()
    start, end = body.rfind(b"PK\x01\x02"), body.rfind(b"PK\x05\x06")
    entry = body[start:end]
    others = [entry[:46] + b"word/%08d.xml" % n + entry[46 + 17 :] for n in range(2900)]
    directory, last = entry + b"".join(others), bytearray(body[end:])
    struct.pack_into("<HHI", last, 8, 2901, 2901, len(directory))
    return body[:start] + directory + bytes(last)


def _ofd(page: str | bytes) -> bytes:
    root = "<OFD><DocBody><DocRoot>Doc.xml</DocRoot></DocBody></OFD>"
    return parcel(
        {"OFD.xml": root, "Doc.xml": '<D><Pages><Page BaseLoc="p.xml"/></Pages></D>', "p.xml": page}
    )


def _letters() -> str:
    code = '<TextCode X="0" Y="3" DeltaX="g 999999999 1">aaaaaaaaaa</TextCode>'
    said = f'<TextObject Boundary="0 0 100 10" Size="3">{code}</TextObject>'
    return f"<Page><Content><Layer>{said * 200_000}</Layer></Content></Page>"


def _circle() -> bytes:
    """An old Excel file of which a stream, and the directory itself, lead back to where they were."""
    none, free = 0xFFFFFFFE, 0xFFFFFFFF
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<9I", head, 40, 0, 1, 1, 0, 4096, none, 0, none, 0)
    struct.pack_into("<109I", head, 76, 0, *[free] * 108)
    chains = struct.pack("<128I", 0xFFFFFFFD, 2, 1, 4, 3, *[free] * 123)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\x00")
        + struct.pack("<HBBIII", 2 * len(name) + 2, what, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
        for name, what, child, first, size in (
            ("Root Entry", 5, 1, none, 0),
            ("Workbook", 2, free, 3, 2**31 - 1),
        )
    )
    return bytes(head) + chains + entries.ljust(512, b"\x00") * 2 + bytes(1024)


CLAIMS: Final[Mapping[str, Callable[[], bytes]]] = {
    "pdf-gigabyte-of-blanks": _packed_once,
    "pdf-gigabyte-packed-twice": _packed_twice,
    "pdf-picture-of-60000": lambda: _pdf_picture(b"FlateDecode", zlib.compress(bytes(1000))),
    "pdf-jbig2-of-60000": lambda: _pdf_picture(b"JBIG2Decode", _jbig2()),
    "pdf-jpx-of-60000": lambda: _pdf_picture(b"JPXDecode", _jpx()),
    "pdf-forms-of-forms": lambda: _forms(30, 10),
    "pdf-form-of-itself": lambda: _forms(1, 2, itself=True),
    "pdf-two-million-letters": _many_letters,
    "pdf-half-a-million-rules": _many_rules,
    "workbook-to-the-last-cell": _to_the_last_cell,
    "workbook-merged-over-and-over": lambda: _merged("A1:KN5000", 20_000),
    "workbook-merged-as-a-whole": lambda: _merged("A1:XFD1048576", 1),
    "word-of-ten-million-tags": _tags,
    "word-of-wide-boxes": _wide_boxes,
    "overlapping-members": _overlapping,
    "ofd-of-zips": lambda: _ofd(parcel({"x.zip": zlib.compress(bytes(2**26))})),
    "ofd-of-two-million-letters": lambda: _ofd(_letters()),
    "rtf-of-braces": lambda: b"{\\rtf1 " + b"{" * _TAGS,
    "rtf-of-a-million-boxes": lambda: (
        b"{\\rtf1 \\trowd" + b"\\cellx1" * 10**6 + b"\\cell" * 10**6 + b"\\row}"
    ),
    "old-workbook-in-a-circle": _circle,
}
"""Each with the name of what is wrong with it; some take seconds to make."""
