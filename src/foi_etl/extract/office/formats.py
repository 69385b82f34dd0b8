"""What a number format makes of a number: rounded, in thousands, with words around it, or nothing at all."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

from foi_etl.extract.raised import ILLEGIBLE

BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-";@', 42: '#,##0;-#,##0;"-";@', 43: '#,##0.00;-#,##0.00;"-";@',
    44: '#,##0.00;-#,##0.00;"-";@', 48: "##0.0E+0",
}  # fmt: skip
"""The formats that files name by number only, as far as they are of numbers."""
_LONGEST: Final = 255
_OF_NO_WEIGHT: Final = re.compile(
    r"\[(?:\$[^\]]*|dbnum.|black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[一-鿿]{1,3})\]",
    re.IGNORECASE,
)
_PART: Final = re.compile(r'((?:"[^"]*"|[\\!_*].|[^;])*)(;|$)')
_TOKEN: Final = re.compile(
    r'"([^"]*)"|[\\!](.)|_.|\*(.)|(general|g/通用格式)|([0#?.,]+)|(.)', re.DOTALL | re.IGNORECASE
)
_PLACES: Final = re.compile(r"[0#?,]*?(?P<part>\.[0#?]*)?(?P<thousands>,*)")
_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_NOTHING: Final = frozenset("-–—_ ")


class _Section(NamedTuple):
    """A part of a format: what is printed before the figures and behind them."""

    before: str = ""
    places: str = ""
    behind: str = ""
    is_clear: bool = True
    """Whether it is told here what it prints."""


def shown(stored: Decimal, code: str) -> str | None:
    """The number a box shows, `〓` where that cannot be told, None where it is shown as it is stored.

    A nought that is shown as a dash or as nothing is a nought, where the format shows other numbers.

    >>> shown(Decimal("25400"), "#,##0,"), shown(Decimal("-3"), '0"件";-0"件"'), shown(Decimal(5), ";;;")
    ('25', '-3件', '')
    >>> shown(Decimal(0), '0;-0;"-"') is None, shown(Decimal("2.5"), "# ?/?")
    (True, '〓')
    """
    sections = _sections(code)
    if not sections:
        return None
    at = 1 if stored < 0 else 0 if stored else 2
    at = at if at < len(sections) else 0
    section = sections[at]
    if not section.is_clear:
        return ILLEGIBLE
    figures = _in_figures(abs(stored) if at == 1 else stored, section.places) if section.places else ""
    text = section.before + figures + section.behind
    if not stored and sections[0].places and _NOTHING.issuperset(text):
        return None
    return ILLEGIBLE if figures == ILLEGIBLE else text


def text_shown(text: str, code: str) -> str:
    """What a box shows of a text: most formats leave it as it is, `;;;` hides it.

    >>> text_shown("25", "0;0;0;"), text_shown("25", "0"), text_shown("25", '@"件"')
    ('', '25', '25件')
    """
    parts = _split(code)
    if len(parts) < 4 and "@" not in parts[-1]:
        return text
    said = (quoted or escaped or other for quoted, escaped, _, _, _, other in _TOKEN.findall(parts[-1]))
    return "".join(text if one == "@" else one for one in said)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    """The parts of a format: for numbers above nought, below it, and for nought; none for dates."""
    if len(code) > _LONGEST:
        return (_Section(is_clear=False),)
    parts = _split(code)[:3]
    if parts in ([""], ["@"]) or any(_is_date(part) for part in parts):
        return ()
    return tuple(map(_section, parts))


def _split(code: str) -> list[str]:
    """The parts of a format between semicolons that are not quoted."""
    parts: list[str] = []
    for part, end in _PART.findall(_OF_NO_WEIGHT.sub("", code[:_LONGEST])):
        parts.append(part)
        if not end:
            break
    return parts[:4]


def _is_date(part: str) -> bool:
    return any(_DATE.match(other) for *_, general, _, other in _TOKEN.findall(part) if not general)


def _section(part: str) -> _Section:
    before, places, behind, is_clear = "", "", "", True
    for quoted, escaped, filled, general, figures, other in _TOKEN.findall(part):
        if general or figures:
            # Figures in two places are two numbers to a reader, or a fraction.
            is_clear = is_clear and not places
            places = general or figures
        elif filled.isdigit() or other in {"[", "E", "e", "@"}:
            is_clear = False
        elif places:
            behind += quoted or escaped or other
        else:
            before += quoted or escaped or other
    if "%" in behind or "%" in before:
        is_clear = False
    return _Section(before.strip(), places, behind.strip(), is_clear)


def _in_figures(stored: Decimal, places: str) -> str:
    found = _PLACES.fullmatch(places)
    if found is None:
        return format(stored, "f") if -10 < stored.adjusted() < 11 else ILLEGIBLE
    thousands = len(found["thousands"])
    digits = len(found["part"] or ".") - 1
    try:
        rounded = stored.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    except InvalidOperation:
        return ILLEGIBLE
    return "" if not rounded and "0" not in places else f"{rounded + 0:f}"
