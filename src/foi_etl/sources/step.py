"""What a family says of a page, one thing at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from foi_etl.model import Ask, Declared, Decoy, Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page

Step: TypeAlias = Ask | Found | Decoy | Declared
"""A wish, a report, what only looks like one, or how many records there should be."""


class Family(Protocol):
    """A shape of portal several agencies share: it asks, and it reads what comes."""

    def start(self, agency: Agency) -> Iterator[Ask]:
        """Where to begin."""
        ...

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """What a page holds, and what to ask next."""
        ...
