"""Whatever befalls a document of any kind: no error is silent, and no sum is blamed on the wrong one.

The small scale of `benchmarks/damage.py`, with the kinds that are quick to read.
"""

from __future__ import annotations

import pytest

from damage import measure
from damaged import damaged_documents
from foi_etl.practice.kinds.harm import HARMS
from helpers import STATUTE

DOCUMENTS = len(HARMS) + 1


@pytest.mark.parametrize("kind", ["html", "text", "docx", "xlsx", "rtf"])
def test_no_damage_to_any_kind_is_silent_and_blame_is_right(kind: str) -> None:
    by_kind, _, told = measure(DOCUMENTS, 5, [kind])
    counted = by_kind[kind]
    assert (told, counted["silent"]) == ([], 0)
    assert counted["documents"] == DOCUMENTS
    assert counted["source_right"] > counted["undecided"]


def test_every_harm_makes_another_document() -> None:
    bodies = {one.damage: one.body for one in damaged_documents(DOCUMENTS, 5, ["text"])}
    assert bodies.keys() == {"none", *HARMS}
    assert len(set(bodies.values())) == len(bodies)


def test_what_is_printed_is_known_box_by_box() -> None:
    for one in damaged_documents(DOCUMENTS, 5, ["html"]):
        cells = {cell for form in STATUTE.forms for cell in form.cells}
        assert one.printed.keys() <= cells
        if one.damage == "none":
            assert one.printed.keys() == one.truth.keys()
