"""Which rows are which statutory table, told by how many figures stand at the end of each, and in what order.

Labels are not read. A form is a sequence of row lengths: 25 rows of 7 figures, one row of 15, or 3 3 1 1 1 1.
Where that sequence stands in a document, its figures are the form's in the form's order; where it stands
more than once, the one whose sums hold more often is taken, and none where they tie.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from foi_etl.extract.again.rows import Rows
from foi_etl.forms import Form, Statute
from foi_etl.model import Placement
from foi_etl.text import has_word

_VALUE: Final = re.compile(r"(?:[+＋\-－−]|[增减][加少]?)?\s*\d[\d,，]*(?:\.\d+)?(?![\d、.．)）年])")
"""A number to begin with, which is neither the number of a label nor a year."""
_SAYINGS: Final = frozenset({"无", "零", "一", "〇", "不适用", "暂无", "不变", "持平", "无变化"})
_WHOLE: Final = re.compile(r"\d{1,12}")


class _Run(NamedTuple):
    """The figures at the end of a row."""

    figures: tuple[str, ...]
    named: bool
    """Whether words stand before them."""
    beside: bool = False
    """Whether the row of words above begins with a blank, as it does beside a column of nothing."""


def place_again(rows: Rows, statute: Statute) -> dict[tuple[str, str], dict[str, str]]:
    """What is printed in each cell of every form that stands in these rows, by table and edition.

    Where the words of two editions differ and their lengths do not, both are given: the caller knows which.
    """
    runs = list(_runs(rows))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for form in (one for one in statute.forms if one.layout != "list"):
        windows = dict.fromkeys(tuple(run.figures for run in window) for window in _windows(form, runs))
        best = _best(form, [dict(_named(form, figures)) for figures in windows])
        if best is not None:
            found[form.table, form.edition] = best
    return found


def fuller(readings: Iterable[Rows], statute: Statute) -> Rows:
    """Of several ways to cut one document into rows that in which most cells of forms stand, or the first."""
    return max(readings, key=lambda rows: sum(map(len, place_again(rows, statute).values())))


def texts_of(
    found: Mapping[tuple[str, str], dict[str, str]], rows: Rows, placed: Placement, form: Form
) -> Mapping[str, str]:
    """What the second reader has for a table that the first has placed; nothing where it is no witness.

    A sequence says nothing of a table that lost a row, or is printed in another order than the form's: there
    it can only be confirmed that a row stands in print as the first reader has it.
    """
    if form.layout == "list":
        return follow(rows, placed) or _confirmed(rows, placed)
    printed = [(cell.table, cell.row) for i in form.cells if (cell := placed.cells.get(i)) is not None]
    whole = found.get((form.table, form.edition), {}) if printed == sorted(printed) else {}
    return whole or _confirmed(rows, placed)


def _confirmed(rows: Rows, placed: Placement) -> dict[str, str]:
    """The rows of figures that both readers have, alike and in one order; the others have no witness."""
    lines = _printed(placed)
    first = [tuple(placed.cells[i].text for i in line) for line in lines]
    due = max(map(len, first), default=0)
    second = [_within(run.figures, due) for row in rows if (run := _run(row)) is not None]
    same = SequenceMatcher(a=first, b=second, autojunk=False).get_matching_blocks()
    return {
        cell_id: text
        for at, _, count in same
        for line, texts in zip(lines[at : at + count], first[at : at + count], strict=True)
        for cell_id, text in zip(line, texts, strict=True)
    }


def _within(figures: tuple[str, ...], due: int) -> tuple[str, ...]:
    """Figures without the blanks behind the last that a row can have: a column of nothing at the side."""
    while len(figures) > due and not figures[-1]:
        figures = figures[:-1]
    return figures


def _printed(placed: Placement) -> list[list[str]]:
    """The cells of a placed table by the rows of the document, in the order of print."""
    printed: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for cell_id, cell in placed.cells.items():
        printed.setdefault((cell.table, cell.row), []).append((cell.column, cell_id))
    return [[cell_id for _, cell_id in sorted(line)] for _, line in sorted(printed.items())]


def follow(rows: Rows, placed: Placement) -> dict[str, str]:
    """A list, which has no fixed length: its figures in the order of print, where there are as many rows."""
    lines = _printed(placed)
    runs = [run for row in rows if (run := _run(row)) is not None and run.named]
    if [len(line) for line in lines] != [len(run.figures) for run in runs]:
        return {}
    return {
        cell_id: text
        for line, run in zip(lines, runs, strict=True)
        for cell_id, text in zip(line, run.figures, strict=True)
    }


def _runs(rows: Rows) -> Iterator[_Run]:
    beside = False
    for row in rows:
        if (run := _run(row)) is None:
            beside = not row[0]
        else:
            yield run._replace(beside=beside)


def _run(row: Sequence[str]) -> _Run | None:
    """The figures, marks and blanks that end a row; None for a row of words, or of nothing."""
    at = len(row)
    while at and not _is_word(row[at - 1]):
        at -= 1
    figures, named = tuple(row[at:]), at > 0
    return _Run(figures, named) if figures and (named or len(figures) > _UNNAMED) else None


_UNNAMED: Final = 7
"""A row without words is part of a table only where it is longer: a page number is none."""


def _is_word(text: str) -> bool:
    return has_word(text) and text not in _SAYINGS and not _VALUE.match(text)


def _windows(form: Form, runs: Sequence[_Run]) -> Iterator[Sequence[_Run]]:
    """Where the sequence of the form's row lengths stands: the whole of a stretch of rows of such lengths."""
    due = [len(ids) for ids in form.rows.values()]
    short = [run._replace(figures=_within(run.figures, max(due))) for run in runs]
    # One blank behind words is what a header leaves where a label hangs into it from above.
    lengths = [0 if run.figures == ("",) else len(run.figures) for run in short]
    named = form.layout != "row"
    for at in range(len(runs) - len(due) + 1):
        end = at + len(due)
        window = _as_long(runs[at:end], due) or _as_long(short[at:end], due)
        if not window:
            continue
        before = lengths[at - 1] if at else 0
        after = lengths[end] if end < len(runs) else 0
        whole = len(due) == 1 or (before != lengths[at] and after != lengths[end - 1])
        if whole and all(run.named or not named for run in window):
            yield window


def _as_long(window: Sequence[_Run], due: Sequence[int]) -> Sequence[_Run]:
    """The runs where each is as long as is due, or would be without one column of nothing; else none.

    Where several columns are blank, it is the one beside which the header is blank too. Where that is not
    told either, and the figures stand otherwise without the one than without the other, no one can tell.
    """
    if len(window[0].figures) - due[0] not in {0, 1}:  # the usual case, quickly
        return ()
    over = {len(run.figures) - length for run, length in zip(window, due, strict=True)}
    if over == {0}:
        return window
    if over != {1} or len(set(due)) > 1 or len(due) == 1:
        return ()
    nothing = [at for at in range(due[0] + 1) if not any(run.figures[at] for run in window)]
    if window[0].beside and 0 in nothing:
        nothing = [0]
    left = {tuple(run.figures[:at] + run.figures[at + 1 :] for run in window) for at in nothing}
    if len(left) != 1:
        return ()
    return [run._replace(figures=figures) for run, figures in zip(window, left.pop(), strict=True)]


def _best(form: Form, read: Sequence[dict[str, str]]) -> dict[str, str] | None:
    if len(read) < 2:
        return read[0] if read else None
    scored = sorted(((_held(form, texts), at) for at, texts in enumerate(read)), reverse=True)
    return read[scored[0][1]] if scored[0][0] > scored[1][0] else None


def _named(form: Form, figures: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for ids, texts in zip(form.rows.values(), figures, strict=True):
        yield from zip(ids, texts, strict=True)


def _held(form: Form, texts: Mapping[str, str]) -> Decimal:
    """The share of the form's sums that hold, blanks and marks as nothing."""
    held = [
        sum(map(_count, map(texts.__getitem__, one.left)))
        == sum(map(_count, map(texts.__getitem__, one.right)))
        for one in form.identities
    ]
    return Decimal(sum(held)) / max(1, len(held))


def _count(text: str) -> int:
    return int(text) if _WHOLE.fullmatch(text) else 0
