"""Following a family through a portal, each ask once, until the family is done or the budget is."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from foi_etl.errors import BudgetSpent, FixTheRegistry, FoiError, Refused, WaitAndRetry
from foi_etl.model import Ask, Declared, Decoy, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from foi_etl.model import Agency, Page

Step: TypeAlias = Ask | Found | Decoy | Declared
_NAMES: dict[type[FoiError], str] = {
    Refused: "blocked",
    FixTheRegistry: "moved",
    WaitAndRetry: "busy",
    BudgetSpent: "partial",
}
_SCHEME = re.compile(r"^https?:")
_FRAGMENT = re.compile(r"#[^&]*")
_HOST = re.compile(r"^//[^/]*")
_PORT = re.compile(r"^(//[^/]*?):(?:80|443)(?=/|$)")


class Family(Protocol):
    """What a walk needs of a family: where to begin, and what a page holds."""

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The first asks."""
        ...

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """What the page holds, and what to ask next."""
        ...


@dataclass(slots=True)
class Tally:
    """What a walk met: enough to say how it ended, and whether the list was all there."""

    pages: int = 0
    asks: int = 0
    decoys: int = 0
    found: set[str] = field(default_factory=set)
    missing: list[FixTheRegistry] = field(default_factory=list)
    """Pages that were promised and are not there."""
    unasked: int = 0
    """Pages that were left when the budget was used up."""
    declared: dict[str, int] = field(default_factory=dict)
    """Records that each list says it has; the largest number it gave."""
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def short(self) -> int:
        """Records that lists declare and that their pages do not hold."""
        counted = [of for of in self.declared if of in self.seen]
        return sum(max(0, self.declared[of] - self.seen[of]) for of in counted)

    def ending(self) -> tuple[str, str]:
        """The outcome this makes, and the sign it is known by."""
        if self.found:
            return ("partial", self._lacking()) if self._lacking() else ("ok", "")
        if not self.pages:
            first = self.missing[0] if self.missing else FixTheRegistry("its family asks for nothing")
            return ended_by(first), f"no page of the list is there: {first}"
        if self.decoys or any(self.declared.values()):
            return (
                "absent",
                f"the list is there and names no report; {self.decoys} links only looked like one",
            )
        if self.declared:
            return "empty", "the list is there and has nothing on it"
        return "moved", f"nothing was recognised on {self.pages} pages"

    def _lacking(self) -> str:
        lacks = (
            (len(self.missing), "pages of the list are not there"),
            (self.unasked, "pages of the list were not asked for: the budget was used up"),
            (self.short, "records are declared that no page of the list holds"),
        )
        return "; ".join(f"{count} {what}" for count, what in lacks if count)


def walk(
    agency: Agency, family: Family, fetch: Callable[[Ask], Page], *, budget: int, tally: Tally | None = None
) -> Iterator[Found | Decoy]:
    """Every report an agency lists, once, and what only looked like one; the tally is kept on the way.

    A list page that has gone costs itself alone, for pagers promise pages that are not there.
    """
    tally = Tally() if tally is None else tally
    waiting: deque[Ask] = deque()
    asked: set[str] = set()

    def queue(ask: Ask) -> None:
        if place(ask) not in asked:
            asked.add(place(ask))
            waiting.append(ask)

    for ask in family.start(agency):
        queue(ask)
    while waiting and budget > 0:
        budget -= 1
        page = _answer(waiting.popleft(), fetch, tally)
        for step in family.read(agency, page) if page else ():
            if isinstance(step, Ask):
                queue(step)
            if _counted(step, tally) and isinstance(step, Found | Decoy):
                yield step
        tally.unasked = len(waiting)


def _answer(ask: Ask, fetch: Callable[[Ask], Page], tally: Tally) -> Page | None:
    try:
        page = fetch(ask)
    except FixTheRegistry as error:
        tally.missing.append(error)
        return None
    tally.pages += 1
    return page


def _counted(step: Step, tally: Tally) -> bool:
    """Take a step into the tally; False for a report that was told before."""
    match step:
        case Found():
            new = place(step.ask) not in tally.found
            tally.found.add(place(step.ask))
            return new
        case Declared():
            tally.declared[step.of] = max(step.total, tally.declared.get(step.of, 0))
            if step.seen is not None:
                tally.seen[step.of] += step.seen
        case Ask():
            tally.asks += 1
        case _:
            tally.decoys += 1
    return True


def ended_by(error: FoiError) -> str:
    """The outcome of a visit that an error ended: busy and moved are what a portal says."""
    name = next((name for kind, name in _NAMES.items() if isinstance(error, kind)), "failed")
    return "failed" if name in {"moved", "busy"} and "status" not in error.where else name


def place(ask: Ask) -> str:
    """The key of an ask without what does not change where it leads: scheme, default port, fragment."""
    return _FRAGMENT.sub("", _PORT.sub(r"\1", _SCHEME.sub("", ask.key)))


def place_on_host(ask: Ask) -> str:
    """The same without the host: one document may be had by two names of its host."""
    return on_host(place(ask))


def on_host(place: str) -> str:
    """A place without its host."""
    return _HOST.sub("", place)
