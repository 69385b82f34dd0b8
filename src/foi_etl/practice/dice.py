"""Chance that is the same every time: no global random, no clock."""

from __future__ import annotations

from random import Random


def dice(*about: object) -> Random:
    """A source of chance of its own for everything it is about; the same words, the same throws."""
    return Random("/".join(map(str, about)))  # noqa: S311
