"""TRS WCM and its look-alikes: static lists, and a script that alone knows how many pages there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foi_etl.model import Ask
from foi_etl.sources.links import ANYWHERE
from foi_etl.sources.listing import static_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step


class Trs:
    """Reads lists of the shape `index.html`, `index_1.html`, … or `index.html`, `index_2.html`, …."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column itself."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The reports on a list page, the columns beneath it, and the other pages of the list."""
        return static_list(agency, page, self._reach)
