"""OFD files in which what is stored is not what is shown. Their units are millimetres."""

from __future__ import annotations

import re
from collections.abc import Callable

from foi_etl.practice.kinds import ofd as kind
from foi_etl.practice.kinds.parcel import parcel
from foi_etl.practice.kinds.sheet import set_pages
from trapped import _MARK, marked, repacked

Box = Callable[[tuple[float, float]], str]
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_SIZE = 3.5
_BOX = re.compile(
    rf'<ofd:TextObject Boundary="(\S+) (\S+) [^>]*><ofd:TextCode[^>]*>{_MARK}</ofd:TextCode></ofd:TextObject>'
)


def said(
    text: str, x: float = 20, y: float = 20, *, colour: str = "", attributes: str = "", boundary: str = ""
) -> str:
    """A text whose box begins here."""
    fill = f'<ofd:FillColor Value="{colour}"/>' if colour else ""
    step = " ".join([str(_SIZE / 2)] * (len(text) - 1))
    box = boundary or f"{x:.3f} {y:.3f} {_SIZE / 2 * len(text):.3f} {_SIZE}"
    return (
        f'<ofd:TextObject Boundary="{box}" Font="3" Size="{_SIZE}" {attributes}>{fill}'
        f'<ofd:TextCode X="0" Y="{0.88 * _SIZE}" DeltaX="{step}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def filled(colour: str, x: float = 19, y: float = 22, *, wide: float = 8, tall: float = 4) -> str:
    """A rectangle that covers what stands there: a rule, where it is not tall."""
    y -= tall / 2 if tall > 1 else -1.3
    return _path(f"{x} {y:.3f} {wide} {tall}", f"M 0 0 L {wide} 0 L {wide} {tall} L 0 {tall} C", colour)


def stroke(y: float) -> str:
    """A line across, above or beneath or through what stands there."""
    return _path(f"15 {y} 20 0.1", "M 0 0 L 20 0")


def _path(boundary: str, drawn: str, colour: str = "") -> str:
    how = f'Fill="true" Stroke="false"><ofd:FillColor Value="{colour}"/' if colour else 'LineWidth="0.2"'
    said = f"<ofd:AbbreviatedData>{drawn}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject Boundary="{boundary}" {how}>{said}</ofd:PathObject>'


def sheet(drawn: str, kinds: str = "") -> bytes:
    """An OFD file of one page with this drawn on it, and these kinds of drawing."""
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    return parcel(
        {
            "OFD.xml": f"<ofd:OFD {_SPACE}><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {_SPACE}><ofd:CommonData>{area}"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
            '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
            "Doc_0/PublicRes.xml": f"<ofd:Res {_SPACE}><ofd:DrawParams>{kinds}</ofd:DrawParams></ofd:Res>",
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {_SPACE}><ofd:Content>"
            f'<ofd:Layer ID="1">{drawn}</ofd:Layer></ofd:Content></ofd:Page>',
        }
    )


def ofd(box: Box) -> bytes:
    """A report as an OFD file in which one box is drawn otherwise: what draws it, given where it stands."""

    def change(members: dict[str, bytes]) -> None:
        changed = 0
        for name, body in members.items():
            new, times = _BOX.subn(lambda m: box((float(m[1]), float(m[2]))), body.decode())
            members[name] = new.encode()
            changed += times
        assert changed

    return repacked(kind.ofd(set_pages(marked())), change)
