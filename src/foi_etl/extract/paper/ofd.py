"""OFD: a zip of XML whose pages say where every text and every stroke stands, in millimetres."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from foi_etl.errors import NotAReport
from foi_etl.extract.paper.ofd_page import numbers, paper, text_of
from foi_etl.extract.paper.pdf import MOST_PAGES
from foi_etl.extract.parcel import Parcel

if TYPE_CHECKING:
    from lxml import etree

    from foi_etl.extract.paper.ink import Paper


def read_ofd(body: bytes, name: str) -> tuple[Paper, ...]:
    """The pages of an OFD file, templates included."""
    parcel = Parcel(body, name)
    root = text_of(parcel.xml("OFD.xml"), "DocRoot").lstrip("/")
    if not root:
        raise NotAReport("the OFD file names no document in it", file=name)
    document, folder = parcel.xml(root), dirname(root)
    size = numbers(text_of(document, "PhysicalBox")) or [0, 0, 210, 297]
    pages = [one for one in document.iter("{*}Page") if one.get("BaseLoc")]
    templates = {one.get("ID"): one.get("BaseLoc", "") for one in document.iter("{*}TemplatePage")}
    if not 0 < len(pages) <= MOST_PAGES:
        raise NotAReport(f"{len(pages)} pages are not what a report has (at most {MOST_PAGES})", file=name)
    kinds = _kinds(parcel, document, folder)
    papers = []
    for number, one in enumerate(pages, 1):
        page = parcel.xml(_beside(folder, one.get("BaseLoc", "")))
        own = numbers(text_of(page, "PhysicalBox")) or size
        layers = [
            (
                used.get("ZOrder") == "Foreground",
                parcel.xml(_beside(folder, templates[used.get("TemplateID")])),
            )
            for used in page.iter("{*}Template")
            if used.get("TemplateID") in templates
        ]
        beneath = [layer for is_above, layer in layers if not is_above]
        above = [layer for is_above, layer in layers if is_above]
        papers.append(paper(number, [*beneath, page, *above], own, kinds))
    return tuple(papers)


def _kinds(parcel: Parcel, document: etree._Element, folder: str) -> dict[str, etree._Element]:
    """The kinds of drawing that the document's resources name, by number."""
    places = [
        _beside(folder, (one.text or "").strip()) for one in document.iter("{*}PublicRes", "{*}DocumentRes")
    ]
    held = [parcel.xml(place) for place in places if place in parcel.members]
    return {one.get("ID", ""): one for root in held for one in root.iter("{*}DrawParam")}


def _beside(folder: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else normpath(join(folder, place))
