from __future__ import annotations

from dataclasses import replace

import pytest

from foi_etl.errors import FixTheRegistry
from foi_etl.model import Agency
from foi_etl.sources.catalogue import FAMILIES
from foi_etl.sources.registry import agencies_csv, complaints, read_agencies
from helpers import ROOT

HEADER = "id,name,name_en,family,portal,practice,note\n"
SOUND = Agency("harbour", "海港区交通局", "trs", "https://a.gov.cn/nb/", "Harbour, Transport", note="未核实")
PRACTICE = replace(SOUND, id="p", portal="http://p.practice.invalid/", practice=True)


def test_the_shipped_register_is_sound() -> None:
    agencies = read_agencies((ROOT / "data" / "agencies.csv").read_text(encoding="utf-8"))

    assert list(complaints(agencies, FAMILIES)) == []
    assert len(agencies) >= 12
    assert {agency.note.split(";")[0] for agency in agencies} == {"unverified"}


def test_a_register_that_is_written_reads_back() -> None:
    assert read_agencies(agencies_csv([SOUND, PRACTICE])) == (SOUND, PRACTICE)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (replace(SOUND, id="Harbour_1"), "must be small letters"),
        (replace(SOUND, name=""), "the name is missing"),
        (replace(SOUND, family="tsr"), "no family 'tsr': choose one of chinatax, epoint,"),
        (replace(SOUND, portal="a.gov.cn/nb"), "no web address"),
        (replace(SOUND, portal="ftp://a.gov.cn/nb"), "no web address"),
        (replace(SOUND, portal="https://a.com/", note=""), "a.com is not under gov.cn"),
        (replace(SOUND, practice=True), "practice agencies"),
        (replace(PRACTICE, practice=False), "practice agencies"),
    ],
)
def test_each_fault_is_told_with_its_line_and_its_remedy(wrong: Agency, fault: str) -> None:
    [complaint] = complaints([replace(SOUND, id="other"), wrong], FAMILIES)

    assert complaint.startswith("data/agencies.csv:3: ")
    assert fault in complaint


def test_an_id_used_twice_is_told_at_both_places() -> None:
    assert [text.split(": ")[0] for text in complaints([SOUND, PRACTICE, SOUND], FAMILIES)] == [
        "data/agencies.csv:2",
        "data/agencies.csv:4",
    ]


def test_a_host_outside_gov_cn_is_accepted_with_a_reason() -> None:
    assert not list(complaints([replace(SOUND, portal="https://a.cn/")], FAMILIES))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,name\n", 1),
        ("", 1),
        (HEADER + "a,b,c,trs,https://a.gov.cn/,,\n\n", 3),
        (HEADER + "a,b,c,trs,https://a.gov.cn/,\n", 2),
        (HEADER + "a,b,c,trs,https://a.gov.cn/,perhaps,\n", 2),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: int) -> None:
    with pytest.raises(FixTheRegistry, match=f"line={line}]"):
        read_agencies(text)
