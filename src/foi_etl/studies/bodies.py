"""Which agencies are alike, as far as the register tells."""

from __future__ import annotations

from collections.abc import Iterable

from foi_etl.model import Agency


def peers(bodies: Iterable[Agency]) -> dict[str, str]:
    """The group that each agency is compared with: its level and kind, and of departments the last words."""
    return {
        one.id: "/".join((one.level, one.kind, one.name[-3:] if one.kind == "department" else ""))
        for one in bodies
        if one.level and one.kind
    }
