"""Unified social credit codes (GB 32100-2015): eighteen characters, the last of which proves the others."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM: Final = re.compile(rf"[1-9A-HJ-NPQRTUWXY][1-9A-HJ-NPQRTUWXY]\d{{6}}[{_SIGNS}]{{10}}")
_WITHIN: Final = re.compile(rf"(?<![0-9A-Za-z])[{_SIGNS}]{{18}}(?![0-9A-Za-z])")


def holds(code: str) -> bool:
    """Whether these eighteen characters are a code whose check character is right."""
    return bool(_FORM.fullmatch(code)) and _SIGNS[check(code[:17])] == code[17]


def check(body: str) -> int:
    """The value of the check character that seventeen characters ask for."""
    return -sum(_SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(body)) % 31


def code_in(text: str) -> str:
    """The one code that stands in a text, such as an address; empty for none or several."""
    found = {code for code in _WITHIN.findall(text) if holds(code)}
    return found.pop() if len(found) == 1 else ""
