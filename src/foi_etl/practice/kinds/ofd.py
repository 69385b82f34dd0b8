"""Pages as an OFD file: a zip of XML whose pages name the place of every text."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.kinds.sheet import HEIGHT, WIDTH, Leaf, wide

_MM = 25.4 / 72
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(leaves: Sequence[Leaf]) -> bytes:
    """The pages as an OFD file. Its units are millimetres."""
    pages = "".join(
        f'<ofd:Page ID="{number + 10}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        for number in range(len(leaves))
    )
    size = f"0 0 {WIDTH * _MM:.2f} {HEIGHT * _MM:.2f}"
    area = f"<ofd:PageArea><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:PageArea>"
    members = {
        "OFD.xml": f'<ofd:OFD {_SPACE} DocType="OFD" Version="1.0"><ofd:DocBody>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_SPACE}><ofd:CommonData>{area}</ofd:CommonData>"
        f"<ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
    }
    for number, leaf in enumerate(leaves):
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f'<ofd:Page {_SPACE}><ofd:Content><ofd:Layer ID="1">{"".join(_objects(leaf))}'
            "</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return parcel(members)


def _objects(leaf: Leaf) -> list[str]:
    drawn = []
    for x0, y0, x1, y1 in leaf.rules:
        left, top, right, bottom = (one * _MM for one in (x0, y0, x1, y1))
        reach = f"{right - left:.3f} {bottom - top:.3f}"
        drawn.append(
            f'<ofd:PathObject Boundary="{left:.3f} {top:.3f} {reach}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {reach}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    for x, top, size, said in leaf.texts:
        tall = size * _MM
        deltas = " ".join(f"{wide(letter, size) * _MM:.3f}" for letter in said[:-1])
        box = f"{x * _MM:.3f} {top * _MM:.3f} {wide(said, size) * _MM:.3f} {tall:.3f}"
        drawn.append(
            f'<ofd:TextObject Boundary="{box}"'
            f' Font="3" Size="{tall:.3f}"><ofd:TextCode X="0" Y="{0.88 * tall:.3f}" DeltaX="{deltas}">'
            f"{escape(said)}</ofd:TextCode></ofd:TextObject>"
        )
    return drawn
