"""The families we can read, by the name the register uses. A new family is one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from foi_etl.sources.families.hanweb_jpage import HanwebJpage
from foi_etl.sources.families.hanweb_xxgk import HanwebXxgk
from foi_etl.sources.families.trs import Trs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foi_etl.model import Agency, Ask, Decoy, Found, Page

FIRST_YEAR = 2019
"""The year of the first statutory tables."""


class Family(Protocol):
    """A shape of portal several agencies share: it asks, and it reads what comes."""

    def start(self, agency: Agency) -> Iterator[Ask]:
        """Where to begin."""
        ...

    def read(self, agency: Agency, page: Page) -> Iterator[Ask | Found | Decoy]:
        """What a page holds, and what to ask next."""
        ...


def families(years: Iterable[int]) -> Mapping[str, Family]:
    """Every family; those that ask year by year ask for these. Only the caller knows what year it is."""
    return {"hanweb_jpage": HanwebJpage(), "hanweb_xxgk": HanwebXxgk(years), "trs": Trs()}


FAMILIES = families(range(FIRST_YEAR, 2027))
"""Every family, for reports up to 2026."""
