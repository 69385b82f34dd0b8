"""Static column trees: years, units, tabs, frames and hubs, down to the lists that hold reports.

Guangdong's static columns, the openness systems of Anhui and the long tail of portals are all read so.
"""

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


class ColumnTree:
    """Reads every list of a tree of columns, and the other pages of each."""

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The root of the tree."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The reports of a column, the columns beneath it, and its other pages."""
        return static_list(agency, page, self._reach)
