"""Why an identity fails: what the arithmetic says about which cell, or which row, is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from foi_etl.forms import Form
from foi_etl.model import Fact, Finding, FormReading, State, Weight
from foi_etl.validate.identities import Outcome, Test, tried

Line = Sequence[str]
_UNKNOWN: Final = Fact("", None, State.BLANK, "", "", "")


def diagnosed(findings: Sequence[Finding], reading: FormReading) -> list[Finding]:
    """The findings, each with what its arithmetic shows: a crossing cell, swapped digits, an empty total."""
    facts = reading.facts
    return [replace(one, diagnosis="; ".join(_signs(one, findings, facts))) for one in findings]


def _signs(one: Finding, findings: Sequence[Finding], facts: Mapping[str, Fact]) -> Iterator[str]:
    for other in findings:
        if other is not one and _explains(other, one):
            [shared] = set(one.cells) & set(other.cells)
            yield f"{shared} also stands in {other.rule}, which is as far apart: that cell is likely wrong"
    for cell_id, swapped in _swaps(one, facts):
        yield f"{cell_id} may be {swapped} with two digits swapped"
    last = facts[one.cells[-1]]
    if last.value == 0 and one.right == "0" and one.left != "0":
        yield f"{last.cell_id} is 0 beside parts that are not"


def _swaps(one: Finding, facts: Mapping[str, Fact]) -> Iterator[tuple[str, int]]:
    """Cells that would close the identity if two neighbouring digits changed places."""
    delta = Decimal(one.delta)
    if delta % 9:
        return
    for cell_id in one.cells:
        value = facts[cell_id].value
        if value is None or value != value.to_integral_value():
            continue
        digits = str(int(value))
        for at in range(len(digits) - 1):
            swapped = int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
            if abs(swapped - value) == abs(delta):
                yield cell_id, swapped


def shifted(form: Form, reading: FormReading, tests: Sequence[Test]) -> Iterator[Finding]:
    """A doubt about the whole table, where moving some figures by one place makes every identity hold.

    Tried only where printed numbers disagree: with blank totals alone there is nothing to move by. In a
    ledger, one wrong cell that explains every broken sum is believed before any move is.
    """
    broken = [one for one in tests if one.as_zero is Outcome.FAILED]
    if not any(one.as_unknown is Outcome.FAILED for one in broken):
        return
    if form.layout == "ledger" and _one_cell_explains(broken):
        return
    # A move that leaves a broken identity broken is done with at once: they are tried first.
    likeliest = sorted(tests, key=lambda one: one.as_zero is not Outcome.FAILED)
    for what, line_sets in _moves(form, tests):
        for lines in line_sets:
            for step in (1, -1):
                if _heals(reading, likeliest, lines, step):
                    direction = "forward" if step == 1 else "back"
                    message = (
                        f"every identity of {form.name} would hold if {what} stood one place {direction}"
                    )
                    yield Finding(
                        "shifted", Weight.DOUBT, message, form.table, form.edition, tuple(form.cells)
                    )
                    return


def _one_cell_explains(broken: Sequence[Test]) -> bool:
    shared = set.intersection(*(set(one.identity.cells) for one in broken))
    return bool(shared) and len({abs(one.delta) for one in broken}) == 1


def misplaced(form: Form, findings: Sequence[Finding]) -> Iterator[Finding]:
    """A doubt about a whole ledger, where several of its lines fail and no single cell explains them.

    One wrong cell breaks its row and its column by the same amount. Where columns break and their rows
    hold, a row of figures is lost, doubled or out of its place; and the same the other way round.
    """
    stated = [one for one in findings if one.weight is Weight.DOUBT]
    # Rows whose totals are blank fail in number without anything being out of place; columns do not.
    for line, across, failing in (("column", "row", findings), ("row", "column", stated)):
        along = [one for one in failing if len({getattr(form.cells[i], line) for i in one.cells}) == 1]
        unexplained = [one for one in along if not any(_explains(other, one) for other in findings)]
        if form.layout == "ledger" and len(unexplained) > 1:
            rules = ", ".join(one.rule for one in unexplained)
            suspicion = f"a {across} of {form.name} may be lost, doubled or misplaced"
            weight = Weight.DOUBT if set(unexplained) & set(stated) else Weight.NOTE
            message = f"{rules} fail and no cell explains it: {suspicion}"
            yield Finding(f"{across}s-in-doubt", weight, message, form.table, form.edition, tuple(form.cells))


def _explains(other: Finding, one: Finding) -> bool:
    return len(set(one.cells) & set(other.cells)) == 1 and abs(Decimal(one.delta)) == abs(
        Decimal(other.delta)
    )


def _moves(form: Form, tests: Sequence[Test]) -> Iterator[tuple[str, Iterable[list[Line]]]]:
    """Which figures to try to move: whole rows or columns of them, from each place on, then single lines."""
    rows = list(form.rows.values())
    columns: list[Line] = list(zip(*rows, strict=True))
    yield "the figures in each row", ([row[at:] for row in rows] for at in range(len(rows[0]) - 1))
    if form.layout == "row":
        return
    yield "all figures from some row on", ([column[at:] for column in columns] for at in range(len(rows) - 1))
    touched = {cell for one in tests if one.as_zero is Outcome.FAILED for cell in one.identity.cells}
    broken = [line for line in columns if sum(cell in touched for cell in line) > 1]
    yield "the figures of one column", ([line[at:]] for line in broken for at in range(len(rows) - 1))
    yield (
        "the figures of one row",
        ([row[at:]] for row in rows if set(row) <= touched for at in range(len(row) - 1)),
    )


def _heals(reading: FormReading, tests: Sequence[Test], lines: Sequence[Line], step: int) -> bool:
    """Whether moving each of these lines closes the table, and a sum that was broken closes on figures."""
    changes = _moved(reading.facts, lines, step)
    if not any(fact.value and fact.value != reading.facts[i].value for i, fact in changes.items()):
        return False
    facts = reading.facts | changes
    emptied = {i for i, fact in changes.items() if fact is _UNKNOWN}
    healed = False
    for before, now in zip(tests, tried([one.identity for one in tests], facts), strict=True):
        judged = now.as_unknown if emptied.intersection(now.identity.cells) else now.as_zero
        if judged is Outcome.FAILED:
            return False
        healed |= before.as_zero is Outcome.FAILED and now.as_zero is Outcome.HELD and bool(now.left)
    return healed


def _moved(facts: Mapping[str, Fact], lines: Sequence[Line], step: int) -> dict[str, Fact]:
    """What changes when these lines move by one place.

    What shifted figures leave behind is nothing, so the place opened at the other end is unknown; a figure
    that would fall off the end comes round to it instead.
    """
    moved: dict[str, Fact] = {}
    for line in lines:
        ordered = line if step == 1 else line[::-1]
        moved.update(zip(ordered[1:], map(facts.__getitem__, ordered[:-1]), strict=True))
        moved[ordered[0]] = facts[ordered[-1]] if facts[ordered[-1]].value else _UNKNOWN
    return moved
