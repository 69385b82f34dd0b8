"""Tables by their rules: where rules cross, boxes stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from foi_etl.extract.paper.ink import Box, Ink, Paper, Rule, joined, lines, said

_SNAP: Final = 3.5
"""Points: rules nearer than this are one rule. The lowest row of a form has 9."""
_SHORT: Final = 6.0
"""Points: what is shorter is the end of a stroke, not a rule."""
_WALL: Final = 0.6
"""How much of a box's side must be ruled to be a wall."""
MOST_RULES: Final = 20_000
"""Rules of one page. A form has some 200."""


class Plot(NamedTuple):
    """A box of a ruled or unruled table: the rows and columns it covers, from 0, and where it stands."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    box: Box
    sure: float = 1.0


class Grid(NamedTuple):
    """A table of one page before it is joined with those of the next."""

    page: int
    box: Box
    edges: tuple[float, ...]
    """The left edges of its columns and the right edge of the last."""
    rows: tuple[tuple[Plot, ...], ...]
    scanned: bool = False


def ruled(paper: Paper) -> list[Grid]:
    """The tables that the rules of a page make, from the top. A lone frame is none."""
    if len(paper.across) + len(paper.down) > MOST_RULES:
        return []
    across, down = _solid(paper.across), _solid(paper.down)
    grids = [grid for group in _crossing(across, down) if (grid := _grid(paper, *group)) is not None]
    return sorted(grids, key=lambda grid: (grid.box.top, grid.box.x0))


def _solid(rules: Iterable[Rule]) -> list[Rule]:
    """Rules with those that continue each other put together, and short ends left out."""
    solid: list[Rule] = []
    for at, _ in _clusters([rule.at for rule in rules]):
        run: Rule | None = None
        for rule in sorted((one for one in rules if abs(one.at - at) <= _SNAP), key=lambda one: one.start):
            if run is not None and rule.start <= run.end + _SNAP:
                run = Rule(at, run.start, max(run.end, rule.end))
                continue
            if run is not None:
                solid.append(run)
            run = Rule(at, rule.start, rule.end)
        if run is not None:
            solid.append(run)
    return [rule for rule in solid if rule.end - rule.start >= _SHORT]


def _clusters(places: Sequence[float]) -> Iterator[tuple[float, int]]:
    """The middle of each run of places within `_SNAP` of its first, and how many there are."""
    run: list[float] = []
    for place in sorted(places):
        if run and place - run[0] > _SNAP:
            yield sum(run) / len(run), len(run)
            run = []
        run.append(place)
    if run:
        yield sum(run) / len(run), len(run)


def _crossing(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Rules by table: those that touch each other, at one or more removes."""
    left_across, left_down = list(across), list(down)
    while left_down:
        wave_down, group_across, group_down = [left_down.pop()], list[Rule](), list[Rule]()
        while wave_down:
            group_down.extend(wave_down)
            wave_across = [one for one in left_across if any(_touch(one, other) for other in wave_down)]
            left_across = [one for one in left_across if one not in wave_across]
            group_across.extend(wave_across)
            wave_down = [one for one in left_down if any(_touch(other, one) for other in wave_across)]
            left_down = [one for one in left_down if one not in wave_down]
        yield group_across, group_down


def _touch(across: Rule, down: Rule) -> bool:
    return (
        across.start - _SNAP <= down.at <= across.end + _SNAP
        and down.start - _SNAP <= across.at <= down.end + _SNAP
    )


def _grid(paper: Paper, across: list[Rule], down: list[Rule]) -> Grid | None:
    """The table of rules that touch. Its outermost edges are walls even where a page break left them out."""
    if not across:
        return None
    ys = [at for at, _ in _clusters([y for r in across for y in (r.at,)] + [y for r in down for y in r[1:]])]
    xs = [at for at, _ in _clusters([x for r in down for x in (r.at,)] + [x for r in across for x in r[1:]])]
    if len(ys) < 2 or len(xs) < 2 or (len(ys) == 2 and len(xs) == 2):
        return None
    boxes = list(_boxes(xs, ys, across, down))
    inside = Box(xs[0], ys[0], xs[-1], ys[-1])
    inks = [ink for ink in paper.inks if inside.holds(ink)]
    rows: list[list[Plot]] = [[] for _ in ys[1:]]
    # A side that is walled elsewhere and open here has no box. A scanner may lose a wall, a printer does not.
    walled = not paper.scanned and _covered(down, xs[-1], ys[0], ys[-1])
    for row, column, rowspan, colspan in boxes:
        box = Box(xs[column], ys[row], xs[column + colspan], ys[row + rowspan])
        held = [ink for ink in inks if box.holds(ink)]
        if walled and not held and box.x1 == xs[-1] and not _covered(down, box.x1, box.top, box.bottom):
            continue
        rows[row].append(Plot(row, column, rowspan, colspan, told(held), box, sureness(held)))
    return Grid(paper.number, inside, tuple(xs), tuple(map(tuple, rows)), paper.scanned)


def told(inks: Iterable[Ink]) -> str:
    """What the ink of one box says."""
    return joined(map(said, lines(inks)))


def sureness(inks: Iterable[Ink]) -> float:
    """How sure the least sure piece of a box is."""
    return min((ink.sure for ink in inks), default=1.0)


def _boxes(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Rule]
) -> Iterator[tuple[int, int, int, int]]:
    """Row, column, rowspan and colspan of every box: the largest rectangles without a wall inside."""
    right = [[_covered(down, x, ys[r], ys[r + 1]) for x in xs[1:-1]] + [True] for r in range(len(ys) - 1)]
    below = [[_covered(across, y, xs[c], xs[c + 1]) for c in range(len(xs) - 1)] for y in ys[1:-1]]
    below.append([True] * (len(xs) - 1))
    taken: set[tuple[int, int]] = set()
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            last = column
            while not right[row][last] and (row, last + 1) not in taken:
                last += 1
            end = row
            while _open_below(below[end], right, end, column, last, taken):
                end += 1
            taken.update((r, c) for r in range(row, end + 1) for c in range(column, last + 1))
            yield row, column, end - row + 1, last - column + 1


def _open_below(
    below: Sequence[bool],
    right: Sequence[Sequence[bool]],
    row: int,
    first: int,
    last: int,
    taken: set[tuple[int, int]],
) -> bool:
    """Whether the row beneath belongs to the same box over its whole width."""
    if row + 1 >= len(right):
        return False
    columns = range(first, last + 1)
    return (
        not any(below[c] or (row + 1, c) in taken for c in columns)
        and not any(right[row + 1][c] for c in range(first, last))
        and right[row + 1][last]
    )


def _covered(rules: Iterable[Rule], at: float, start: float, end: float) -> bool:
    length = sum(
        max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in rules if abs(rule.at - at) <= _SNAP
    )
    return length >= _WALL * (end - start)
