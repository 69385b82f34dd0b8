"""The ways a page may look. Each switch is independent; a preset is a set of switches seen together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from foi_etl.practice.dice import dice

_ODD_YEARS = 0.25


@dataclass(frozen=True, slots=True)
class Style:
    """How a report is dressed. Nothing here changes what a cell states."""

    name: str
    skin: str = "clean"
    """clean, mso (pasted from Word), trs (TRS_Editor) or ck (a web editor's paragraphs)."""
    blank: str = ""
    """What stands in a blank cell."""
    wide_digits: bool = False
    """Numbers in full-width digits."""
    thousands: bool = False
    """Numbers of four digits and more with separators."""
    charset: str = "utf-8"
    """What the bytes are written in."""
    declared: str = "utf-8"
    """What the meta tag claims."""
    bom: bool = False
    apart: bool = False
    """Table 2 as one table per block."""
    uneven: bool = False
    """Blocks of fewer columns stretch their last column instead of sharing the width."""
    skewed: bool = False
    """In table 2 the boxes of the header do not stand exactly above those of the rows."""
    cut: str = ""
    """Table 3 in two tables, as by a page break: "plain", or "header" where the header is printed again."""
    repeat_header: bool = False
    """The header of table 3 once more in the middle."""
    layout_table: bool = False
    """The whole report inside a table that only places it."""
    empty_column: bool = False
    """A column without any text at the right of every table."""
    extra_row: bool = False
    """A row that the form does not have, at the end of table 2."""
    variants: float = 0.0
    """How many labels are printed under another of their known names."""
    numbering: str = "."
    """What stands behind the number of a label: "." or "、" or "．" (with a full-width number)."""
    narrow_parentheses: bool = False
    breaks: bool = False
    """Line breaks inside header labels."""
    spaced: bool = False
    """Spaces inside labels."""
    two_line_title: bool = False


PRESETS: Final = (
    Style("clean"),
    Style("clean-apart", apart=True, thousands=True, numbering="、"),
    Style("clean-empty-column", empty_column=True, blank="\u3000", variants=0.2, narrow_parentheses=True),
    Style("clean-layout", layout_table=True, variants=0.15, spaced=True, cut="header"),
    Style("mso", skin="mso", blank="&nbsp;"),
    Style("mso-gbk", skin="mso", blank="&nbsp;", charset="gbk", two_line_title=True, numbering="．"),
    Style("mso-cut", skin="mso", cut="plain", wide_digits=True, breaks=True),
    Style("mso-layout", skin="mso", blank="\u3000", layout_table=True, repeat_header=True, uneven=True),
    Style("trs", skin="trs", variants=0.1, breaks=True),
    Style("trs-gb2312", skin="trs", charset="gbk", declared="gb2312", thousands=True, cut="header"),
    Style("ck", skin="ck", blank="&nbsp;", breaks=True, uneven=True),
    Style("ck-skewed", skin="ck", blank="&nbsp;", skewed=True),
    Style("ck-bom", skin="ck", bom=True, wide_digits=True, repeat_header=True, two_line_title=True),
    Style("ck-gbk", skin="ck", charset="gbk", spaced=True, numbering="、", empty_column=True, cut="plain"),
)
BY_NAME: Final = {style.name: style for style in PRESETS}


def style_of(agency_id: str, year: int, *, seed: int = 1) -> Style:
    """An agency keeps to two presets: it changes its editor once in a while."""
    usual, other = dice(seed, "style", agency_id).choices(PRESETS, k=2)
    return other if dice(seed, "style", agency_id, year).random() < _ODD_YEARS else usual
