"""What sentences state, and the sections they stand in, are released."""

from __future__ import annotations

from dataclasses import replace

from foi_etl.model import Judged
from foi_etl.normalise.narrative import narrate
from foi_etl.publish.prose import narrative, sections
from helpers import STATUTE
from verdicts import judged, tables

TEXT = {
    "overview": "全年收到政府信息公开申请24件。全年又收到政府信息公开申请3件，收到材料近百份。",
    "problems": "培训不够。",
    "other": "",
    "disputes": "行政复议1件。",
}


def spoken() -> Judged:
    one = judged()
    document = replace(one.verdict.document, sections=TEXT)
    told = narrate(TEXT, STATUTE.prose, 2023)
    return replace(one, verdict=replace(one.verdict, document=document, statements=told))


def test_each_statement_is_a_row_that_holds_its_sentence() -> None:
    said = narrative([spoken()])
    rows = list(zip(said["fact"], said["mention"], said["value"], said["sentence"], strict=True))
    assert rows == [
        ("f_received", 1, 24.0, "全年收到政府信息公开申请24件。"),
        ("f_received", 2, 3.0, "全年又收到政府信息公开申请3件，收到材料近百份。"),
        ("f_review", 1, 1.0, "行政复议1件。"),
    ]


def test_the_sections_of_words_are_published_and_no_other() -> None:
    said = sections([spoken()])
    assert list(zip(said["section"], said["characters"], strict=True)) == [
        ("overview", len(TEXT["overview"])),
        ("problems", 5),
        ("other", 0),
    ]


def test_they_are_tables_of_the_release() -> None:
    made = tables(spoken())
    assert (made["narrative.parquet"].num_rows, made["sections.parquet"].num_rows) == (3, 3)
    assert made["sections.parquet"]["text"].to_pylist()[0] == ""
