"""What is worked out over all reports of a release, before its files are written.

A *study* looks at what is published (`Published`), and adds to it (`Addition`: rows for one table of the
layout and one year). To write one: a function in `foi_etl/studies`, and its line in `studies/__init__.py`.

    def _lateness(seen: Published) -> Iterator[Addition]: ...
    Study("lateness", _lateness, inputs=digest)

What an addition does depends on the table, as `schemas/release.toml` describes it:
- a table with `across = true` is made of additions alone (similarity, revisions): give every column. Where
  its path has `{year}`, each year is a file; where it has none, all years are in one, in their order.
- a table without a key (findings) gets more rows: give every column.
- any other table (checks, reports) has its rows already: give its key, and of its other columns those that
  grow. Lists get longer by what is added, counts get higher; where no row has that key, nothing happens.

What is asked of each year alone (`Published.each`), or added to it (`Published.added`), is shared out to the
processes that there are.

Rows need no order. The digest of what was added is part of what a file is made from: a file whose captures
and whose additions are as before is not written again. Whatever else a study is made from (a register, a
day) belongs into its `inputs`, or a quiet night will not look at it anew. Studies run in their order, and
each sees what those before it have added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from foi_etl.crew import Share, here
from foi_etl.publish.additions import Addition, Kept
from foi_etl.publish.standing import filed

if TYPE_CHECKING:
    import pyarrow as pa

    from foi_etl.publish.merge import Merge
    from foi_etl.publish.standing import Row

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Study:
    """Something that is worked out over all reports."""

    name: str
    made: Callable[[Published], Iterable[Addition | Kept]]
    inputs: str = ""
    """What else it is made from, in a word or a digest: another one, another release."""


class Published:
    """What a release publishes, column by column, as far as it is known. Of some years, it can be sent."""

    def __init__(self, merge: Merge, share: Share = here) -> None:
        self._merge = merge
        self.share = share
        """How work is shared out that can be sent."""
        self.layout = merge.layout
        self.years = merge.years
        """Those there are reports of."""
        self._reports: dict[int, list[Row]] = {}

    @property
    def versions(self) -> Mapping[tuple[str, int], Sequence[Row]]:
        """The captures that each report was read from, oldest first; the last is published."""
        return self._merge.versions

    @property
    def captures(self) -> Sequence[Row]:
        """Every capture of a report there is, those that were not read included, by agency, year and time."""
        return self._merge.listed

    def reports(self, year: int) -> list[Row]:
        """The capture that each report of a year is published from, by agency."""
        if year not in self._reports:
            of_year = [listed[-1] for (_, of), listed in self.versions.items() if of == year]
            self._reports[year] = of_year
        return self._reports[year]

    def each(self, act: Callable[[Published, int], R], years: Iterable[int]) -> Iterator[R]:
        """What comes of each of these years, as it comes; `act` sees what is published of that year alone.

        The years are shared out to several processes where there are: `act` and what it returns can be sent.
        """
        rows = dict(filed(self._merge.listed, by_fetching=False))
        parts = ((Published(self._merge.part(rows.get(year, ()), [year])), year) for year in years)
        yield from self.share(partial(_applied, act), parts)

    def added(
        self, act: Callable[[Published, int], Iterable[Addition]], years: Iterable[int]
    ) -> Iterator[Kept]:
        """What `act` adds to each of these years, kept where it was made: a study gives it on as it is."""
        for kept in self.each(partial(_kept, act), years):
            yield from kept

    def take(self, additions: Iterable[Addition | Kept]) -> list[Kept]:
        """Add these, one after the other; those that have a row, as they are kept."""
        taken = (one for one in additions if isinstance(one, Kept) or one.rows.num_rows)
        return [self._merge.added.take(one) for one in taken]

    def rows(self, table: str, year: int, columns: Sequence[str] = ()) -> pa.Table:
        """The rows of a table that are published of a year, in order: these columns, or all of them."""
        layout = self.layout.kept.get(table) or self.layout.tables[table]
        wanted = tuple(columns) or tuple(column.name for column in layout.columns)
        added = self._merge.added
        if layout.across:
            return added.rows(table, year).select(wanted)
        published = self._merge.rows_of(table, year, self.reports(year), (*layout.key, *wanted))
        return added.put(published, layout, year).select(wanted)

    def rows_of(self, table: str, year: int, captures: Sequence[Row], columns: Sequence[str]) -> pa.Table:
        """The same, of any captures: also of those that a younger one has superseded."""
        return self._merge.rows_of(table, year, captures, columns).select(list(columns))


def look_across(merge: Merge, studies: Iterable[Study], share: Share = here) -> None:
    """Let every study look, and add what it finds to the merge."""
    for study in studies:
        seen = Published(merge, share)
        seen.take(study.made(seen))


def _kept(act: Callable[[Published, int], Iterable[Addition]], seen: Published, year: int) -> list[Kept]:
    return seen.take(act(seen, year))


def _applied(act: Callable[[Published, int], R], seen: tuple[Published, int]) -> R:
    return act(*seen)
