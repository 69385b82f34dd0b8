"""Corrections by hand. Each quotes what it corrects, and falls loudly when the page no longer says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from foi_etl.errors import StaleCorrection

COLUMNS: Final = ("capture", "at", "was", "now", "because", "by", "on")


@dataclass(frozen=True, slots=True)
class Correction:
    """`was` must still be what the cell says; `now` is what it is read as. The raw text stays as printed."""

    capture: str
    at: str
    was: str
    now: str
    because: str


def read_corrections(text: str, name: str = "corrections.csv") -> dict[str, dict[str, Correction]]:
    """Corrections by capture and cell address. StaleCorrection names the line that cannot be one."""
    lines = csv.DictReader(io.StringIO(text))
    if lines.fieldnames is not None and tuple(lines.fieldnames) != COLUMNS:
        raise StaleCorrection(
            f"the header must be {','.join(COLUMNS)}", file=name, found=",".join(lines.fieldnames)
        )
    corrections: dict[str, dict[str, Correction]] = {}
    for number, row in enumerate(lines, start=2):
        if not all(row[column] for column in ("capture", "at", "because", "by", "on")):
            raise StaleCorrection(
                "capture, at, because, by and on must all be filled", file=name, line=number
            )
        one = Correction(row["capture"], row["at"], row["was"], row["now"], row["because"])
        if one.at in corrections.setdefault(one.capture, {}):
            raise StaleCorrection("this cell is corrected twice", file=name, line=number)
        corrections[one.capture][one.at] = one
    return corrections


def corrected(at: str, text: str, corrections: Mapping[str, Correction]) -> str:
    """What the cell is to be read as. StaleCorrection where it no longer says what was corrected."""
    correction = corrections.get(at)
    if correction is None:
        return text
    if correction.was != text:
        raise StaleCorrection(
            "the page no longer says what was corrected: look at the cell, mend or delete the correction",
            capture=correction.capture,
            at=at,
            expected=repr(correction.was),
            found=repr(text),
        )
    return correction.now


def unused(corrections: Mapping[str, Correction], seen: Iterable[str]) -> list[Correction]:
    """Corrections of cells that the document does not have."""
    there = set(seen)
    return [one for at, one in corrections.items() if at not in there]
