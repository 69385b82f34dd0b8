"""What became of agencies."""

from __future__ import annotations

import pytest

from foi_etl.model import Agency
from foi_etl.sources.changes import COLUMNS, faults_of_changes, name_in, read_changes

AGENCY = Agency("a-gov", "甲区人民政府", "trs", "http://a.gov.cn/")
RENAMED = "a-gov,renamed,2015-09,2016-07,甲县人民政府,甲区人民政府,,a list"


def _read(*lines: str) -> list[str]:
    changes = read_changes("\n".join([",".join(COLUMNS), *lines]), "c.csv")
    return list(faults_of_changes(changes, [AGENCY], "c.csv"))


def test_a_name_is_that_of_its_year() -> None:
    changes = read_changes("\n".join([",".join(COLUMNS), RENAMED]))
    assert [name_in(AGENCY, year, changes) for year in (2014, 2015, 2016)] == [
        "甲县人民政府", "甲县人民政府", "甲区人民政府",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (RENAMED.replace("a-gov", "b-gov"), "no agency has this id"),
        (RENAMED.replace("renamed", "moved"), "there is no kind 'moved'"),
        (RENAMED.replace("2016-07", "soon"), "write YYYY-MM-DD"),
        (RENAMED.replace("甲县人民政府", ""), "a new name has an old one"),
        ("a-gov,merged,,2019-01-01,,,b-gov,x", "mend `until`"),
        ("a-gov,merged,,2019-01-01,,,b-gov,x", "`into` names b-gov"),
        (RENAMED.replace("a list", ""), "say where it is known from"),
    ],
)
def test_each_fault_has_a_sentence(line: str, fault: str) -> None:
    assert any(fault in told for told in _read(line))


def test_a_sound_line_is_silent() -> None:
    assert _read(RENAMED) == []
