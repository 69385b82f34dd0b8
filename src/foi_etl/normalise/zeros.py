"""Blanks proved to be zero, totals derived from parts: inferences, beside the facts, never over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from foi_etl.forms import Form, Identity
from foi_etl.model import Fact, FormReading, Inference, State

_SILENT: Final = (State.BLANK, State.NA_MARK)
_NOTHING: Final = Decimal(0)


def infer(reading: FormReading, form: Form) -> tuple[Inference, ...]:
    """What follows from the identities of the form for cells that print no number, each with its proof.

    Counts are never negative: where one side of an identity is known and the known terms of the other
    already equal it, every blank among them is zero. A single blank total is the sum of its known parts.
    What was inferred is known to the identities after it, until nothing more follows. An identity with a
    cell that is unread, missing, text or negative proves nothing, and what another identity contradicts is
    withdrawn with all that rests on it.
    """
    if not any(fact.state in _SILENT for fact in reading.facts.values()):
        return ()
    known = {fact.cell_id: fact.value for fact in reading.facts.values() if fact.value is not None}
    inferred: dict[str, Inference] = {}
    waiting = [identity for identity in form.identities if _assessable(identity, reading.facts)]
    progress = True
    while progress:
        progress = False
        for identity in waiting:
            for inference in _from(identity, known, inferred):
                inferred[inference.cell_id] = inference
                known[inference.cell_id] = inference.value
                progress = True
    contradicted = _contradicted(inferred, waiting, known)
    return tuple(one for cell_id, one in inferred.items() if cell_id not in contradicted)


def _assessable(identity: Identity, facts: Mapping[str, Fact]) -> bool:
    cells = [facts[i] for i in identity.cells]
    return all(fact.state in _SILENT if fact.value is None else fact.value >= 0 for fact in cells)


def _contradicted(
    inferred: Mapping[str, Inference], identities: Iterable[Identity], known: Mapping[str, Decimal]
) -> set[str]:
    """What was inferred and stands in an identity that cannot hold, and what rests on it."""
    failing = [identity for identity in identities if _fails(identity, known)]
    gone = {i for identity in failing for i in identity.cells if i in inferred}
    # An inference rests on earlier ones only, so one pass in the order of inferring finds all.
    for cell_id, one in inferred.items():
        if not gone.isdisjoint(one.cells):
            gone.add(cell_id)
    return gone


def _fails(identity: Identity, known: Mapping[str, Decimal]) -> bool:
    left = sum((known.get(i, _NOTHING) for i in identity.left), _NOTHING)
    right = sum((known.get(i, _NOTHING) for i in identity.right), _NOTHING)
    return (left > right and all(i in known for i in identity.right)) or (
        right > left and all(i in known for i in identity.left)
    )


def _from(
    identity: Identity, known: Mapping[str, Decimal], inferred: Mapping[str, Inference]
) -> Iterator[Inference]:
    blank_left = [i for i in identity.left if i not in known]
    blank_right = [i for i in identity.right if i not in known]
    if bool(blank_left) == bool(blank_right):
        return
    left = sum((known.get(i, _NOTHING) for i in identity.left), _NOTHING)
    right = sum((known.get(i, _NOTHING) for i in identity.right), _NOTHING)
    rests = sum(i in inferred for i in identity.cells)
    resting = f", {rests} of them inferred before" if rests else ""
    cells = tuple(i for i in identity.cells if i in known)
    if left == right:
        proof = (
            f"{identity.id}: the known cells{resting} already make both sides {right}, so the blanks are zero"
        )
        for cell_id in (*blank_left, *blank_right):
            yield Inference(cell_id, _NOTHING, f"zero:{identity.id}", proof, cells)
    elif blank_right == list(identity.right) and len(blank_right) == 1:
        proof = f"{identity.id}: the parts{resting} add up to {left}"
        yield Inference(blank_right[0], left, f"total:{identity.id}", proof, cells)
