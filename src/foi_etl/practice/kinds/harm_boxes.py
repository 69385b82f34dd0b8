"""Harm to single boxes: lost, added, merged or parted, their digits and their labels mangled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Final

from foi_etl.practice.boxes import Box, Row
from foi_etl.practice.kinds.flowing import (
    Flow,
    Harmed,
    Place,
    boxes_of,
    columns_of,
    edited,
    figures_of,
    retold,
    sheet_at,
    sheets_of,
    value_rows,
)

_DIGIT = re.compile(r"\d")
_STRANGERS = "坤璃咖啡螃蟹琵琶鹦鹉蜻蜓"
"""Characters no label of any form has."""
_LOOKALIKES: Final = {"0": "OoQ", "1": "lI|", "2": "Z", "4": "A", "5": "S", "6": "b", "8": "B", "9": "g"}
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def cell_deleted(parts: Flow, rng: Random) -> Harmed:
    """One box is gone; what stood to its right moves up."""
    place, box = rng.choice(boxes_of(parts))
    return Harmed(edited(parts, {place: ()}), f"deleted the box {box.text!r}")


def cell_added(parts: Flow, rng: Random) -> Harmed:
    """One box too many, blank or with a number."""
    place, box = rng.choice(boxes_of(parts))
    new = Box(rng.choice(("", str(rng.randrange(40)))), "value")
    return Harmed(edited(parts, {place: (new, box)}), f"added {new.text!r} before {box.text!r}")


def cell_blanked(parts: Flow, rng: Random) -> Harmed:
    """One figure is gone; its box remains."""
    place, box = rng.choice(figures_of(parts))
    return Harmed(retold(parts, {place: ""}), f"blanked {box.text!r} of {box.cell}")


def merge_broken(parts: Flow, rng: Random) -> Harmed:
    """A merged box is parted: into blanks beside and beneath it, or into nothing."""
    merged = [(place, box) for place, box in boxes_of(parts) if box.rowspan > 1 or box.colspan > 1]
    (at, number, place), box = rng.choice(merged)
    filled = rng.random() < 1 / 2
    new: dict[Place, Sequence[Box]] = {}
    alone = box._replace(rowspan=1, colspan=1)
    blanks = [Box("", box.kind)] * (box.colspan - 1 if filled else 0)
    new[at, number, place] = (alone, *blanks)
    if filled and box.rowspan > 1:
        columns = columns_of(sheet_at(parts, at))
        for row in range(number + 1, min(number + box.rowspan, len(sheet_at(parts, at)))):
            right = [p for (r, p), c in columns.items() if r == row and c > columns[number, place]]
            if right:
                first = sheet_at(parts, at)[row][min(right)]
                new[at, row, min(right)] = (*[Box("", box.kind)] * box.colspan, first)
    how = "with blanks" if filled else "with nothing"
    return Harmed(edited(parts, new), f"the merged box {box.text[:12]!r} was parted, {how} beside it")


def boxes_merged(parts: Flow, rng: Random) -> Harmed:
    """Two neighbouring boxes of figures became one: it says both, or the first alone."""
    rows = [(at, number) for at, number in value_rows(parts) if len(sheet_at(parts, at)[number]) > 2]
    at, number = rng.choice(rows)
    row = sheet_at(parts, at)[number]
    pairs = [p for p in range(len(row) - 1) if row[p].kind == row[p + 1].kind == "value"]
    if not pairs:
        return Harmed(parts, "nothing to merge")
    left = rng.choice(pairs)
    one, two = row[left], row[left + 1]
    text = f"{one.text} {two.text}".strip() if rng.random() < 1 / 2 else one.text
    wide = one._replace(text=text, colspan=one.colspan + two.colspan, cell="")
    return Harmed(
        edited(parts, {(at, number, left): (wide,), (at, number, left + 1): ()}),
        f"merged two boxes to {text!r}",
    )


def lookalike(parts: Flow, rng: Random) -> Harmed:
    """A digit became a letter that looks like it."""
    place, box = rng.choice([one for one in figures_of(parts) if set(one[1].text) & set(_LOOKALIKES)])
    at = rng.choice([at for at, digit in enumerate(box.text) if digit in _LOOKALIKES])
    said = box.text[:at] + rng.choice(_LOOKALIKES[box.text[at]]) + box.text[at + 1 :]
    return Harmed(retold(parts, {place: said}), f"{box.text!r} became {said!r}")


def digit_retyped(parts: Flow, rng: Random) -> Harmed:
    """A digit is another digit: the document states another number."""
    place, box = rng.choice(figures_of(parts))
    at = rng.choice([found.start() for found in _DIGIT.finditer(box.text)])
    said = box.text[:at] + str((int(box.text[at]) + rng.randrange(1, 10)) % 10) + box.text[at + 1 :]
    return Harmed(retold(parts, {place: said}), f"{box.text!r} became {said!r} in {box.cell}")


def point_inserted(parts: Flow, rng: Random) -> Harmed:
    """A count got a point between its digits."""
    long = [
        (p, box) for p, box in figures_of(parts) if re.fullmatch(r"\d{2,}", box.text) and box.text[-1] != "0"
    ]
    if not long:
        return Harmed(parts, "no figure of two digits")
    place, box = rng.choice(long)
    said = f"{box.text[:-1]}.{box.text[-1]}"
    return Harmed(retold(parts, {place: said}), f"{box.text!r} became {said!r} in {box.cell}")


def wide_digits(parts: Flow, _rng: Random) -> Harmed:
    """Every figure is printed in full-width digits."""
    return Harmed(
        retold(parts, {place: box.text.translate(_WIDE) for place, box in figures_of(parts)}),
        "full-width digits",
    )


def units_added(parts: Flow, rng: Random) -> Harmed:
    """Counts of one table have their unit behind them."""
    at = rng.choice(sheets_of(parts))
    said = {
        place: f"{box.text}件"
        for place, box in figures_of(parts)
        if place[0] == at and re.fullmatch(r"\d+", box.text) and "amount" not in box.cell
    }
    return Harmed(retold(parts, said), f"a unit behind every count of table {at}")


def thousands(parts: Flow, _rng: Random) -> Harmed:
    """Long figures have commas between thousands."""
    long = {
        place: f"{int(box.text):,}"
        for place, box in figures_of(parts)
        if re.fullmatch(r"[1-9]\d{3,}", box.text)
    }
    return Harmed(retold(parts, long), "commas between thousands")


def label_mangled(parts: Flow, rng: Random) -> Harmed:
    """A character of a label is another one, or gone; or half the label is."""
    labels = [(p, box) for p, box in boxes_of(parts, "label header caption") if len(box.text) >= 5]
    place, box = rng.choice(labels)
    places = [
        at for at, letter in enumerate(box.text) if "\u4e00" <= letter <= "\u9fff" and letter not in "万亿"
    ]
    at = rng.choice(places)
    said = box.text[:at] + rng.choice((rng.choice(_STRANGERS), "")) + box.text[at + 1 :]
    if rng.random() < 1 / 4:
        said = box.text[: len(box.text) // 2]
    return Harmed(retold(parts, {place: said}), f"the label {box.text!r} became {said!r}")


def tail(row: Row) -> int:
    """Where the row's own label begins, before its figures."""
    first = next((at for at, box in enumerate(row) if box.kind == "value"), len(row))
    return max(0, first - 1)


def label_of_another(parts: Flow, rng: Random) -> Harmed:
    """A row carries the label of another row, or none."""
    rows = [(at, number, tail(sheet_at(parts, at)[number])) for at, number in value_rows(parts)]
    rows = [place for place in rows if sheet_at(parts, place[0])[place[1]][place[2]].kind == "label"]
    one, two = rng.choice(rows), rng.choice(rows)
    said = sheet_at(parts, two[0])[two[1]][two[2]].text if rng.random() < 2 / 3 else ""
    boxes = dict(boxes_of(parts))
    return Harmed(retold(parts, {one: said}), f"the label {boxes[one].text!r} became {said!r}")
