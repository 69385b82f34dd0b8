"""Blanks proved to be zero and totals derived from their parts: inferences, beside the facts, never over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from foi_etl.forms import Form, Identity
from foi_etl.model import Fact, FormReading, Inference, State

_PRINTED: Final = frozenset({State.NUMBER, State.ZERO})
_SILENT: Final = frozenset({State.BLANK, State.NA_MARK})


def infer(reading: FormReading, form: Form) -> tuple[Inference, ...]:
    """What follows from the identities of the form for cells without a number, each with its proof.

    Counts are never negative, so where the printed numbers alone already make both sides equal, every
    blank among the parts is zero. A blank total whose parts are printed is their sum. Nothing is inferred
    from an identity with an unread or missing cell. A cell is inferred once, by the first identity in order.
    """
    inferred: dict[str, Inference] = {}
    facts = reading.facts
    for identity in form.identities:
        if all(facts[i].state in _PRINTED for i in identity.cells):
            continue
        for inference in _from(identity, facts):
            inferred.setdefault(inference.cell_id, inference)
    for inference in _empty_rows(form, facts):
        inferred.setdefault(inference.cell_id, inference)
    return tuple(inferred.values())


def _from(identity: Identity, facts: Mapping[str, Fact]) -> Iterator[Inference]:
    states = [facts[cell_id].state for cell_id in identity.cells]
    if not all(state in _PRINTED or state in _SILENT for state in states):
        return
    left, right = _sum(identity.left, facts), _sum(identity.right, facts)
    blank_left = [i for i in identity.left if facts[i].state in _SILENT]
    blank_right = [i for i in identity.right if facts[i].state in _SILENT]
    if not blank_right and left == right:
        proof = f"{identity.id}: the printed parts already add up to {right}"
        yield from (_zero(i, f"zero:{identity.id}", proof, identity.cells) for i in blank_left)
    elif len(identity.right) == 1 and blank_right and left and not blank_left:
        proof = f"{identity.id}: the parts add up to {left}"
        yield Inference(blank_right[0], left, f"total:{identity.id}", proof, identity.left)


def _empty_rows(form: Form, facts: Mapping[str, Fact]) -> Iterator[Inference]:
    """A row left blank whole is zero where its columns close without it."""
    closing: dict[str, Identity] = {}
    for identity in form.identities:
        if len(identity.right) == 1 and facts[identity.right[0]].state in _PRINTED and _closes(identity, facts):
            closing.update(dict.fromkeys(identity.left, identity))
    for cell_ids in form.rows.values():
        if all(facts[i].state in _SILENT for i in cell_ids) and any(i in closing for i in cell_ids):
            totals = [i for i in cell_ids if i in closing and form.cells[i].is_total]
            if totals:
                why = closing[totals[0]]
                proof = f"{why.id} closes at {facts[why.right[0]].value} without this row, which is blank whole"
                yield from (_zero(i, f"zero-row:{why.id}", proof, why.cells) for i in cell_ids)


def _closes(identity: Identity, facts: Mapping[str, Fact]) -> bool:
    known = all(facts[i].state in _PRINTED or facts[i].state in _SILENT for i in identity.cells)
    return known and _sum(identity.left, facts) == _sum(identity.right, facts)


def _zero(cell_id: str, rule: str, proof: str, cells: Sequence[str]) -> Inference:
    return Inference(cell_id, Decimal(0), rule, proof, tuple(i for i in cells if i != cell_id))


def _sum(cell_ids: Sequence[str], facts: Mapping[str, Fact]) -> Decimal:
    return sum((facts[i].value or Decimal(0) for i in cell_ids), Decimal(0))
