"""Pictures inside a document that is something else: a report published as pictures of its pages."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from posixpath import join, normpath
from typing import Final

from foi_etl.errors import NotAReport
from foi_etl.extract.parcel import Parcel

WITH_PICTURES: Final = frozenset({"docx", "html"})
"""Kinds that may hold pictures of pages."""
LEAST: Final = 12_000
"""Bytes. A page is more; seals, logos and rules are less."""
_MOST: Final = 60
_INLINE: Final = re.compile(
    rb"data:image/(?:png|jpe?g|bmp|tiff?);base64,([A-Za-z0-9+/=\s%]{1000,})", re.IGNORECASE
)
_KINDS: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
_USED: Final = re.compile(rb"(?:r:embed|r:id|r:link)=\"([^\"]+)\"")
_TARGET: Final = re.compile(rb"<Relationship\b[^>]*>")
_PART: Final = re.compile(rb"\b(Id|Target)=\"([^\"]*)\"")


def pictures_of(body: bytes, name: str, what: str) -> list[bytes]:
    """The pictures of a docx or a page that could be pages of a report, in the order of the document."""
    found = _of_word(body, name) if what == "docx" else _of_page(body)
    return [one for one in found if len(one) >= LEAST and one.startswith(_KINDS)][: _MOST + 1]


def _of_page(body: bytes) -> list[bytes]:
    found = []
    for said in _INLINE.findall(body):
        try:
            found.append(b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", said)))
        except binascii.Error:
            continue
    return found


def _of_word(body: bytes, name: str) -> list[bytes]:
    parcel = Parcel(body, name)
    try:
        relations = parcel.take("word/_rels/document.xml.rels")
    except NotAReport:
        return []
    parts = [dict(_PART.findall(one)) for one in _TARGET.findall(relations)]
    targets = {one[b"Id"]: one[b"Target"].decode("utf-8", "replace") for one in parts if len(one) == 2}
    used = dict.fromkeys(_USED.findall(parcel.take("word/document.xml")))
    members = [normpath(join("word", targets[one])).lstrip("/") for one in used if one in targets]
    return [parcel.take(member) for member in members if member in parcel.members]
