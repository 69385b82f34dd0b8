"""Boxes of a workbook that hold a formula and no result: a program wrote it, and nobody opened it since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Final

from foi_etl.extract.parcel import Parcel

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def unworked(body: bytes, name: str) -> dict[str, set[tuple[int, int]]]:
    """Where such boxes are, by sheet; rows and columns are counted from 0. What they print is not known."""
    parcel = Parcel(body, name)
    if _WORKBOOK not in parcel.members or _RELATIONS not in parcel.members:
        return {}
    targets = {one.get("Id"): one.get("Target") or "" for one in parcel.xml(_RELATIONS)}
    found: dict[str, set[tuple[int, int]]] = {}
    for sheet in parcel.xml(_WORKBOOK).iterfind(".//{*}sheet"):
        target = next((targets.get(said, "") for key, said in sheet.items() if key.endswith("}id")), "")
        member = normpath(join("xl", target)).lstrip("/")
        if member in parcel.members and (places := set(_places(parcel, member))):
            found[sheet.get("name") or ""] = places
    return found


def _places(parcel: Parcel, member: str) -> Iterator[tuple[int, int]]:
    if b"<f" not in parcel.take(member):
        return
    for cell in parcel.xml(member).iterfind(".//{*}c"):
        # A formula whose result is no text says so of its kind: "str".
        is_open = not cell.findtext("{*}v") and cell.get("t") != "str"
        if cell.find("{*}f") is not None and is_open and (place := _PLACE.fullmatch(cell.get("r") or "")):
            column = 0
            for letter in place[1]:
                column = 26 * column + ord(letter) - ord("A") + 1
            yield int(place[2]) - 1, column - 1
