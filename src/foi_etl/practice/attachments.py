"""Files beside a report: which report has some, where they stand, how its page names them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import quote

from foi_etl.practice.answers import Site
from foi_etl.practice.dice import dice
from foi_etl.practice.lists import Entry
from foi_etl.practice.places import hexed

TYPES: Final = {
    "pdf": "application/pdf",
    "ofd": "application/octet-stream",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_PICTURED, _NONE, _TWINS, _ONE = 0.4, 0.55, 0.8, 0.92


class Attachment(NamedTuple):
    """A file beside a report."""

    path: str
    """Its whole path on the host of the report."""
    href: str
    """What the page writes."""
    name: str
    """Its real file name."""
    ending: str


def is_bare(site: Site, index: int, year: int) -> bool:
    """Whether a report's page has no tables: they are in the attachment only."""
    return site.country.bare and not site.kind.plain and _draw(site, index, year) >= _ONE


def is_pictured(site: Site, index: int, year: int) -> bool:
    """Whether the tables of a report's page are pictures; no file is beside such a page."""
    return site.country.pictured and not site.kind.plain and _draw(site, index, year) < _PICTURED


def attachments(site: Site, index: int, entry: Entry, path: str) -> tuple[Attachment, ...]:
    """The files of the report at that path; most have none, some a PDF and its twin in OFD."""
    if entry.year is None or site.kind.plain:
        return ()
    draw = _draw(site, index, entry.year)
    endings = (
        () if draw < _NONE else ("pdf", "ofd") if draw < _TWINS else ("docx",) if draw < _ONE else ("pdf",)
    )
    if not site.country.bare and draw >= _ONE:
        return ()
    return tuple(_attachment(site, index, entry, path, ending) for ending in endings)


def _draw(site: Site, index: int, year: int) -> float:
    return dice(site.country.seed, "attachments", site.agency(index).id, year).random()


def _attachment(site: Site, index: int, entry: Entry, path: str, ending: str) -> Attachment:
    name = f"{entry.title}.{ending}"
    whole, href = _ADDRESSES.get(site.kind.family, _beside)(site, index, entry, ending)
    return Attachment(whole or f"{path.rsplit('/', 1)[0]}/{href.removeprefix('./')}", href, name, ending)


Address = Callable[[Site, int, Entry, str], tuple[str, str]]


def _number(index: int, entry: Entry) -> int:
    return 3000000 + index * 1000 + entry.serial


def _beside(_site: Site, index: int, entry: Entry, ending: str) -> tuple[str, str]:
    """TRS: a file with a long name beside the article."""
    return "", f"./P0{entry.day:%Y%m%d}{_number(index, entry)}{len(ending)}{ord(ending[0])}.{ending}"


def _jsp(_site: Site, index: int, entry: Entry, ending: str) -> tuple[str, str]:
    """Hanweb: an address whose fields come in either order."""
    file = f"{hexed(32, 'file', index, entry.serial, ending)}.{ending}"
    name = quote(f"{entry.title}.{ending}")
    fields = [f"classid=0&filename={file}", f"showname={name}"]
    query = "&".join(fields if entry.serial % 2 else reversed(fields))
    whole = f"/module/download/downfile.jsp?{query}"
    return whole, whole


def _root(form: str) -> Address:
    def address(_site: Site, index: int, entry: Entry, ending: str) -> tuple[str, str]:
        number = _number(index, entry) + 7000000 * (1 + list(TYPES).index(ending))
        whole = form.format(number=number, digits=hexed(24, number), ending=ending, index=index)
        return whole, whole

    return address


def _files(_site: Site, index: int, entry: Entry, ending: str) -> tuple[str, str]:
    return "", f"files/{hexed(32, 'file', index, entry.serial)}.{ending}"


_GUANGDONG = _root("/attachment/0/306/306724/{number}.{ending}")
_ADDRESSES: Final[dict[str, Address]] = {
    "hanweb_jpage": _jsp,
    "hanweb_xxgk": _jsp,
    "hanweb_jpaas": _jsp,
    "gkmlpt": _GUANGDONG,
    "nfcms": _GUANGDONG,
    "lonsun": _root("/group6/M00/00/0A/{digits}.{ending}"),
    "xuancheng": _root("/OpennessContent/download/{number}.html"),
    "openness": _root("/xxgk/upload/{number}.{ending}"),
    "epoint": _root("/EpointWebBuilder/attach/{number}.{ending}"),
    "ucap": _files,
    "ucap_json": _files,
    "chinatax": _files,
}


def beside(site: Site, entry: Entry, files: tuple[Attachment, ...]) -> str:
    """What stands behind the body of a report with files."""
    if not files:
        return ""
    if site.kind.family in {"trs", "tree"}:
        return _TRS[entry.serial % len(_TRS)](files)
    if site.kind.family in {"gkmlpt", "nfcms"}:
        return "".join(
            f'<p><a class="nfw-cms-attachment" href="{one.href}" alt="{one.name}">{one.name}</a></p>'
            for one in files
        )
    anchors = "".join(
        f'<li><a href="{_html(one.href)}" title="{one.name}">{one.name}</a></li>' for one in files
    )
    return f'<div class="fj"><strong>附件：</strong><ul>{anchors}</ul></div>'


def _html(href: str) -> str:
    return href.replace("&", "&amp;")


def _plain(files: tuple[Attachment, ...], between: str) -> str:
    return between.join(f'<a href="{one.href}">{one.name}</a>' for one in files)


def _in_the_body(files: tuple[Attachment, ...]) -> str:
    return "".join(
        f'<p class="insertfileTag"><a appendix="true" data-appendix="true" needdownload="true"'
        f' href="{one.href}" title="{one.name}" download="{one.name}"'
        f' OLDSRC="/protect/{one.href.removeprefix("./")}">附件{number}</a></p>'
        for number, one in enumerate(files, 1)
    )


def _written(files: tuple[Attachment, ...]) -> str:
    names = "<BR/>".join(one.name for one in files)
    return f'<script>if("{names}" != ""){{document.write(\'{_plain(files, "<BR/>")}\');}}</script>'


def _held(files: tuple[Attachment, ...]) -> str:
    return (
        f"<script>var hasFJ='{_plain(files, '<BR/>')}'; if(hasFJ!=''){{var FJarr=hasFJ.split(\"<BR/>\");"
        " document.write('<div>附件下载：</div>'); for(var i=1;i<=FJarr.length;i++)"
        '{document.write(i+"."+FJarr[i-1]+"<br/>");}}</script>'
    )


def _block(files: tuple[Attachment, ...]) -> str:
    rows = "".join(f'<li><a href="{one.href}" title="{one.name}">{one.name}</a></li>' for one in files)
    return f'<div class="article_attachment"><div class="title_base">附件下载</div><ul>{rows}</ul></div>'


_TRS: Final = (_in_the_body, _written, _held, _block)


def file_bytes(title: str, ending: str) -> bytes:
    """A file with the right first bytes, the same every time."""
    return (
        _pdf(title) if ending == "pdf" else _zip(title, "OFD.xml" if ending == "ofd" else "word/document.xml")
    )


def _zip(title: str, member: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), f'<?xml version="1.0" encoding="UTF-8"?><doc>{title}</doc>')
    return packed.getvalue()


def _pdf(title: str) -> bytes:
    """One page that shows the title's digits; a title in Chinese would need a font."""
    shown = "".join(letter for letter in title if letter.isascii())
    content = f"BT /F1 14 Tf 72 720 Td ({shown}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 7 0 R >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title <{title.encode('utf-16').hex()}> >>",
        "<< /Font << /F1 5 0 R >> >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()
