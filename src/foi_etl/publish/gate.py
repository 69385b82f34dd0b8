"""What a release is asked before it is published, as read from `schemas/gate.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One question the gate asks, and how much it lets pass."""

    id: str
    english: str
    chinese: str
    note: str
    limit: float = 0.0
    """The share, or the factor, that still passes."""
    least: int = 1
    """Below this number a change is too small to object to."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a release."""

    check: str
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.message}"


def read_gate(text: str) -> tuple[Check, ...]:
    """The checks, in the order they are asked."""
    return tuple(Check(**one) for one in tomllib.loads(text)["checks"])
