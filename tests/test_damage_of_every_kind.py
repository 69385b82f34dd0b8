"""Whatever befalls a document of any kind: no error is silent, and no sum is blamed on the wrong one.

The small scale of `benchmarks/damage.py`, with the kinds that are quick to read.
"""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from damage import measure
from damaged import damaged_documents
from foi_etl.extract.document import read_document
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.harm import HARMS
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import set_pages
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


def test_a_pdf_of_which_a_row_ends_early_is_read_twice_all_the_same() -> None:
    report = next(iter(country(STATUTE, agencies=6).reports))
    tries = (HARMS["nth_cells_deleted"](list(flow(report, STATUTE)), Random(n)) for n in count())
    parts = next(parts for parts, said in tries if "the 7th" in said and "table 9" in said)
    verdict = judge(read_document(pdf(set_pages(parts)), "x.pdf", STATUTE), STATUTE)
    failed = [one for one in verdict.findings if one.blame]
    assert "read-without-rules" in {one.rule for one in verdict.findings}
    assert {one.blame for one in failed} == {"source"}
