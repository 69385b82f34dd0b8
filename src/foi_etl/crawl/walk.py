"""Following a family through a portal, each ask once, until the family is done or the budget is."""

from __future__ import annotations

import logging
import re
from collections import deque
from typing import TYPE_CHECKING, Protocol

from foi_etl.errors import FixTheRegistry
from foi_etl.model import Ask, Declared, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from foi_etl.model import Agency, Decoy, Page

_log = logging.getLogger(__name__)
_SCHEME = re.compile(r"^https?:")
_FRAGMENT = re.compile(r"#[^&]*")
_PORT = re.compile(r"^(//[^/]*?):(?:80|443)(?=/|$)")


class Family(Protocol):
    """What a walk needs of a family: where to begin, and what a page holds."""

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The first asks."""
        ...

    def read(self, agency: Agency, page: Page) -> Iterator[Ask | Found | Decoy | Declared]:
        """What the page holds, and what to ask next."""
        ...


def walk(
    agency: Agency, family: Family, fetch: Callable[[Ask], Page], *, budget: int
) -> Iterator[Found | Decoy]:
    """Every report an agency lists, once, and what only looked like one.

    A walk that finds no report is an error: silence is how a moved portal looks. A list page that
    has gone costs itself alone, for pagers promise pages that are not there.
    """
    round_ = _Round(agency, family, fetch, budget)
    yield from round_.steps()
    if not round_.found:
        raise FixTheRegistry(
            f"no report was recognised; {round_.seen()}: look whether the portal moved, and mend its line",
            agency=agency.id,
            portal=agency.portal,
        )


class _Round:
    """One walk and what it has met so far."""

    def __init__(self, agency: Agency, family: Family, fetch: Callable[[Ask], Page], budget: int) -> None:
        self._agency, self._family, self._fetch, self._budget = agency, family, fetch, budget
        self._waiting: deque[Ask] = deque()
        self._asked: set[str] = set()
        self._missing: list[FixTheRegistry] = []
        self._pages = 0
        self._decoys = 0
        self.found: set[str] = set()

    def steps(self) -> Iterator[Found | Decoy]:
        """The steps of the family that are for the caller; asks are followed here."""
        for ask in self._family.start(self._agency):
            self._queue(ask)
        while self._waiting and self._budget > 0:
            self._budget -= 1
            page = self._answer(self._waiting.popleft())
            for step in self._family.read(self._agency, page) if page else ():
                if isinstance(step, Declared):
                    continue
                if isinstance(step, Ask):
                    self._queue(step)
                elif self._is_new(step):
                    yield step
        if self._waiting:
            _log.warning("walk.cut agency=%s unasked=%d", self._agency.id, len(self._waiting))

    def seen(self) -> str:
        """What the walk met, for the person who has to look."""
        words = f"{self._pages} pages were read and {self._decoys} links only looked like reports"
        return f"{words}; the first trouble was: {self._missing[0].message}" if self._missing else words

    def _answer(self, ask: Ask) -> Page | None:
        try:
            page = self._fetch(ask)
        except FixTheRegistry as error:
            self._missing.append(error)
            return None
        self._pages += 1
        return page

    def _queue(self, ask: Ask) -> None:
        if place(ask) not in self._asked:
            self._asked.add(place(ask))
            self._waiting.append(ask)

    def _is_new(self, step: Found | Decoy) -> bool:
        if not isinstance(step, Found):
            self._decoys += 1
            return True
        if place(step.ask) in self.found:
            return False
        self.found.add(place(step.ask))
        return True


def place(ask: Ask) -> str:
    """The key of an ask without what does not change where it leads: scheme, default port, fragment."""
    return _FRAGMENT.sub("", _PORT.sub(r"\1", _SCHEME.sub("", ask.key)))
