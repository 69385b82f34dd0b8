"""Which aggregate report speaks for an agency too, so that nobody adds an aggregate to its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from foi_etl.model import Agency
from foi_etl.owed import AGGREGATES

_APART = {"vertical"}
"""Kinds that no local government adds up; only a system above them does."""


def within(
    bodies: Sequence[Agency],
    codes: Sequence[str],
    scopes: Iterable[str | None],
    above: Mapping[str, str],
) -> Iterator[str]:
    """For each body, the id of the nearest one above it whose report of the year is an aggregate, or nothing.

    Above it is who the register says is (`above`, of all bodies, also of those that have ended), and the
    government of its own division and of those it lies in.
    """
    kinds = dict(zip((one.id for one in bodies), scopes, strict=True))
    added_up = {name: scope for name, scope in kinds.items() if scope in AGGREGATES}
    governing = {
        _digits(code): one.id
        for one, code in zip(bodies, codes, strict=True)
        if code and added_up.get(one.id) == "gov_aggregate"
    }
    for one, code in zip(bodies, codes, strict=True):
        found = (*_parents(one.id, above), *_governments(one, code, governing))
        yield next((name for name in found if _adds(name, one, added_up)), "")


def _adds(name: str, one: Agency, added_up: Mapping[str, str | None]) -> bool:
    scope = added_up.get(name)
    return bool(scope) and name != one.id and (scope == "system_aggregate" or one.kind not in _APART)


def _parents(name: str, above: Mapping[str, str]) -> Iterator[str]:
    met = {name}
    while (name := above.get(name, "")) and name not in met:
        met.add(name)
        yield name


def _governments(one: Agency, code: str, governing: dict[str, str]) -> Iterator[str]:
    digits = _digits(code)
    while digits and one.kind not in _APART:
        if digits in governing:
            yield governing[digits]
        digits = digits[:6] if len(digits) > 6 else digits[:-2]


def _digits(code: str) -> str:
    """Without the zeros that stand for no further division."""
    while len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code
