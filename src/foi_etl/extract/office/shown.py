"""What the boxes of a workbook show, where that is not what they store.

Rows and columns are hidden, numbers shown by a format, digits raised or struck out within a text; and a
formula that a program wrote has no result until somebody opens the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from typing import TYPE_CHECKING, Final, NamedTuple

from foi_etl.extract.office.book_styles import Font, Style, font, number, styles_of
from foi_etl.extract.office.formats import shown, text_shown
from foi_etl.extract.parcel import Parcel
from foi_etl.extract.raised import ILLEGIBLE, raised, unsure
from foi_etl.text import squash

if TYPE_CHECKING:
    from lxml import etree

Place = tuple[int, int]
"""Row and column, from 0."""
Runs = Sequence[tuple[str, Font | None]]
"""A text in pieces, with the font of each that has its own."""

MOST_COLUMNS: Final = 300
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ON: Final = frozenset({"1", "true"})
_THINNEST: Final = 0.3
"""Letters wide, and points high: what is thinner is not seen."""


@dataclass
class Sheet:
    """What a sheet shows otherwise than it stores it."""

    rows: set[int] = field(default_factory=set)
    """Hidden rows, from 0."""
    columns: set[int] = field(default_factory=set)
    """Hidden columns, from 0."""
    open: set[Place] = field(default_factory=set)
    """Boxes with a formula that has no result."""
    texts: dict[Place, str] = field(default_factory=dict)
    """What boxes show of numbers, and of texts that are set in pieces."""
    formats: dict[Place, str] = field(default_factory=dict)
    """By which format texts are shown."""
    doubtful: set[Place] = field(default_factory=set)
    """Boxes on whose digits nobody can count."""

    def show(self, said: list[list[str]]) -> None:
        """Put what boxes show in the place of what they store."""
        for row, column in self.open:
            if _is_within(said, row, column) and not said[row][column]:
                said[row][column] = ILLEGIBLE
        for (row, column), text in self.texts.items():
            if _is_within(said, row, column):
                said[row][column] = text
        for (row, column), code in self.formats.items():
            if _is_within(said, row, column):
                said[row][column] = text_shown(said[row][column], code)
        for row, column in self.doubtful:
            if _is_within(said, row, column):
                said[row][column] = unsure(said[row][column])


def _is_within(said: Sequence[Sequence[str]], row: int, column: int) -> bool:
    return 0 <= row < len(said) and column < len(said[row])


class _Book(NamedTuple):
    styles: Sequence[Style]
    strings: Mapping[int, Runs]
    """The shared texts that are set in pieces."""


def sheets_as_shown(body: bytes, name: str) -> dict[str, Sheet]:
    """What every sheet shows otherwise than it stores it, by its name."""
    parcel = Parcel(body, name)
    if _WORKBOOK not in parcel.members or _RELATIONS not in parcel.members:
        return {}
    strings = enumerate(_elements(parcel, _STRINGS, "si")) if _STRINGS in parcel.members else ()
    pieces = {at: tuple(_runs(one)) for at, one in strings if one.find("{*}r") is not None}
    book = _Book(styles_of(parcel), pieces)
    targets = {one.get("Id"): one.get("Target") or "" for one in parcel.xml(_RELATIONS)}
    found: dict[str, Sheet] = {}
    for sheet in parcel.xml(_WORKBOOK).iterfind(".//{*}sheet"):
        target = next((targets.get(said, "") for key, said in sheet.items() if key.endswith("}id")), "")
        member = normpath(join("xl", target)).lstrip("/")
        if member in parcel.members:
            found[sheet.get("name") or ""] = _sheet(parcel, member, book)
    return found


def _elements(parcel: Parcel, member: str, *names: str) -> Iterator[etree._Element]:
    """The elements of these names, each forgotten after it was looked at: a sheet may be large."""
    from lxml import etree  # noqa: PLC0415 - slow to import, and most documents are web pages

    stream = io.BytesIO(parcel.plain_xml(member))
    try:
        for _, one in etree.iterparse(stream, tag=tuple(f"{{*}}{name}" for name in names), no_network=True):
            yield one
            one.clear()
            while (before := one.getprevious()) is not None:
                one.getparent().remove(before)
    except etree.XMLSyntaxError:
        return


def _sheet(parcel: Parcel, member: str, book: _Book) -> Sheet:
    sheet, at, columns = Sheet(), -1, 0
    for one in _elements(parcel, member, "col", "row"):
        if one.tag.endswith("}col"):
            if one.get("hidden") in _ON or _is_thin(one.get("width")):
                last = min(number(one.get("max")), MOST_COLUMNS)
                columns |= (1 << last) - (1 << min(last, max(0, number(one.get("min")) - 1)))
            continue
        at = number(one.get("r")) - 1 if one.get("r") else at + 1
        if one.get("hidden") in _ON or _is_thin(one.get("ht")):
            sheet.rows.add(at)
        column = -1
        for cell in one.iterfind("{*}c"):
            place = _PLACE.fullmatch(cell.get("r") or "")
            column = _column(place[1]) if place else column + 1
            _cell(cell, (at, column), sheet, book)
    sheet.columns.update(column for column in range(MOST_COLUMNS) if columns >> column & 1)
    return sheet


def _is_thin(said: str | None) -> bool:
    return (
        bool(said) and re.fullmatch(r"0?(\.\d+)?", said or "") is not None and float(said or 0) <= _THINNEST
    )


def _cell(cell: etree._Element, place: Place, sheet: Sheet, book: _Book) -> None:
    kind, stored = cell.get("t") or "n", cell.findtext("{*}v") or ""
    # A formula whose result is no text says so of its kind: "str".
    if not stored and kind != "str" and cell.find("{*}f") is not None:
        sheet.open.add(place)
        return
    at = number(cell.get("s"))
    style = book.styles[at] if at < len(book.styles) else Style()
    if kind == "n":
        if stored and (text := _of_number(stored, style)) is not None:
            sheet.texts[place] = text
    elif kind == "s" and number(stored) in book.strings:
        sheet.texts[place] = _in_one(book.strings[number(stored)], style)
    elif kind == "inlineStr" and cell.find("{*}is/{*}r") is not None:
        sheet.texts[place] = _in_one(tuple(_runs(cell.find("{*}is"))), style)
    if kind != "n" and style.format:
        sheet.formats[place] = style.format
    if style.is_repeated or style.font.is_doubtful(style.ground):
        sheet.doubtful.add(place)


def _of_number(stored: str, style: Style) -> str | None:
    try:
        value = Decimal(format(float(stored), ".15g"))
        text = shown(value, style.format) if style.format and value.is_finite() else None
    except (ValueError, InvalidOperation):
        return None
    return None if text is None or _is(text, value) else text


def _is(text: str, value: Decimal) -> bool:
    """Whether a text is nothing but this number."""
    try:
        return bool(text) and Decimal(text) == value
    except InvalidOperation:
        return False


def _runs(said: etree._Element | None) -> Iterator[tuple[str, Font | None]]:
    for one in said if said is not None else ():
        look = one.find("{*}rPr")
        if one.tag.endswith("}t"):
            yield one.text or "", None
        elif one.tag.endswith("}r"):
            yield one.findtext("{*}t") or "", None if look is None else font(look)


def _in_one(runs: Runs, style: Style) -> str:
    """A text of several pieces: digits off the line are marks of notes, doubtful ones are not told."""
    fonts = [own or style.font for _, own in runs]
    beside = any(
        text.strip() and not look.is_off_the_line for (text, _), look in zip(runs, fonts, strict=True)
    )
    said = ""
    for (text, _), look in zip(runs, fonts, strict=True):
        if look.is_doubtful(style.ground):
            said += unsure(text)
        else:
            said += raised(text) if beside and look.is_off_the_line else text
    return squash(said)


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1
