from __future__ import annotations

from dataclasses import replace

import pytest

from foi_etl.errors import FixTheRegistry
from foi_etl.model import Agency, Portal
from foi_etl.sources.catalogue import FAMILIES
from foi_etl.sources.lint import complaints
from foi_etl.sources.registry import Register, read_register, register_files
from helpers import ROOT

HEADER = "id,name,name_en,division_code,level,kind,parent,portal,since,until,note\n"
SOUND = Agency(
    "harbour",
    "海港区交通局",
    "trs",
    "https://a.gov.cn/nb/",
    "Harbour, Transport",
    note="unverified",
    division_code="130302",
    level="county",
    kind="department",
)
ABOVE = replace(SOUND, id="harbour-gov", name="海港区人民政府", kind="gov", portal="https://a.gov.cn/gov/")
PORTAL = Portal("a.gov.cn", "trs", evidence="seen")
PRACTICE = Portal("p.practice.invalid", "lonsun", (("dialect", "column"),), 0.5, practice=True)


def read(*agencies: Agency, portals: tuple[Portal, ...] = (PORTAL,)) -> Register:
    return read_register(*register_files(portals, agencies))


def faults(*agencies: Agency, portals: tuple[Portal, ...] = (PORTAL,)) -> list[str]:
    return list(complaints(read(*agencies, portals=portals), FAMILIES))


def test_the_shipped_register_is_sound() -> None:
    data = ROOT / "data"
    portals = (data / "portals.yaml").read_text(encoding="utf-8")
    register = read_register(portals, (data / "agencies.csv").read_text(encoding="utf-8"))

    assert list(complaints(register, FAMILIES)) == []
    assert len(register.agencies) >= 150
    assert sum(agency.level == "province" and agency.kind == "gov" for agency in register.agencies) == 31
    assert {agency.note.split(";")[0] for agency in register.agencies} == {"unverified"}


def test_a_register_that_is_written_reads_back() -> None:
    practice = replace(
        SOUND,
        id="p",
        portal="http://p.practice.invalid/",
        family="lonsun",
        practice=True,
        parameters=(("dialect", "column"),),
    )
    register = read(SOUND, practice, portals=(PORTAL, PRACTICE))

    assert register.agencies == (SOUND, practice)
    assert register.portals == (PORTAL, PRACTICE)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"id": "Harbour_1"}, "must be small letters"),
        ({"name": "Harbour"}, "the Chinese name is missing"),
        ({"name_en": ""}, "the English name is missing"),
        ({"name_en": "海港区"}, "the English name is in Chinese"),
        ({"portal": "https://b.gov.cn/"}, "b.gov.cn has no entry in data/portals.yaml"),
        ({"portal": "a.gov.cn/nb"}, "no web address"),
        ({"portal": "ftp://a.gov.cn/nb"}, "no web address"),
        ({"portal": "https://a.gov.cn/x#7"}, "has a fragment"),
        ({"portal": "https://a.gov.cn:8888/x", "note": ""}, "names a port"),
        ({"division_code": "99"}, "no division code"),
        ({"division_code": "990302"}, "no division code"),
        ({"level": "city"}, "there is no level 'city'"),
        ({"kind": "bureau"}, "there is no kind 'bureau'"),
        ({"parent": "nobody"}, "its parent 'nobody' is not in the register"),
        ({"parent": "wrong"}, "it is its own parent"),
        ({"since": "2020"}, "`since` is '2020', and no date"),
        ({"until": "gone"}, "`until` is 'gone', and no date"),
        ({"since": "2020-01-02", "until": "2020-01-01"}, "it ends before it begins"),
        ({"portal": "http://a.gov.cn/gov/", "name": "海港区人民政府"}, "listed twice on the same column"),
        ({"note": "unverified "}, "`note` begins or ends with a space"),
        ({"name": "海港区\u3000教育局"}, "a full-width one"),
        ({"level": "ｃounty"}, "`level` holds full-width characters: write 'county'"),
    ],
)
def test_each_fault_of_an_agency_is_told_with_its_line_and_its_remedy(
    wrong: dict[str, str], fault: str
) -> None:
    told = faults(ABOVE, replace(SOUND, **{"id": "wrong", **wrong}))  # type: ignore[arg-type]

    assert any(text.startswith("data/agencies.csv:3: ") and fault in text for text in told)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (replace(PORTAL, family="tsr"), "no family 'tsr': choose one of chinatax, epoint,"),
        (replace(PORTAL, evidence=""), "`evidence` is missing"),
        (replace(PORTAL, practice=True), "practice portals, and no others"),
        (replace(PORTAL, pace=0.1), "a pace of 0.1 seconds is out of range: between 1 and 600"),
        (replace(PORTAL, pace=9999), "out of range"),
        (replace(PORTAL, tls="no_dh+lax"), "no TLS exception 'lax'"),
        (replace(PORTAL, parameters=(("dialct", "a"),)), "knows no parameter 'dialct'"),
        (Portal("b.gov.cn", "trs", evidence="seen"), "no agency of data/agencies.csv publishes there"),
        (Portal("https://a.gov.cn", "trs", evidence="seen"), "this is no host name"),
        (replace(PRACTICE, practice=False), "practice portals, and no others"),
    ],
)
def test_each_fault_of_a_portal_is_told_with_its_line_and_its_remedy(wrong: Portal, fault: str) -> None:
    told = faults(SOUND, portals=(wrong,))

    assert any(text.startswith("data/portals.yaml:1: ") and fault in text for text in told)


def test_an_id_used_twice_is_told_at_both_places() -> None:
    twice = replace(ABOVE, id=SOUND.id)

    assert [text.split(": ")[0] for text in faults(SOUND, ABOVE, twice)] == [
        "data/agencies.csv:2",
        "data/agencies.csv:3",
        "data/agencies.csv:4",
        "data/agencies.csv:4",
    ]


def test_an_id_is_not_used_again_after_its_agency_ended() -> None:
    ended = replace(SOUND, until="2020-01-01")

    assert all("never used again" in text for text in faults(ended, replace(ABOVE, id=SOUND.id)))


def test_parents_that_lead_back_are_told() -> None:
    told = faults(replace(SOUND, parent="harbour-gov"), replace(ABOVE, parent="harbour"))

    assert [text.split(": ", 2)[2][:26] for text in told] == ["its parents lead back to i"] * 2


def test_a_host_that_stands_twice_is_told_twice() -> None:
    portals, agencies = register_files([PORTAL], [SOUND])
    told = list(complaints(read_register(portals + portals, agencies), FAMILIES))

    assert [text.split(": ")[0] for text in told] == ["data/portals.yaml:1", "data/portals.yaml:4"]


def test_a_host_outside_gov_cn_is_accepted_with_a_reason() -> None:
    portal = replace(PORTAL, host="a.cn")

    assert not faults(replace(SOUND, portal="https://a.cn/"), portals=(portal,))
    assert faults(replace(SOUND, portal="https://a.cn/", note=""), portals=(portal,))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,name\n", 1),
        ("", 1),
        (HEADER + "a,b,c,,,,,https://a.gov.cn/,,,\n\n", 3),
        (HEADER + "a,b,c,https://a.gov.cn/,\n", 2),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: int) -> None:
    with pytest.raises(FixTheRegistry, match=f"line={line}]"):
        read_register("", text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a.gov.cn:\n  family: [trs\n", 3),
        ("- a.gov.cn\n", 1),
        ("a.gov.cn:\n  family: trs\nb.gov.cn:\n  familie: trs\n", 3),
        ("a.gov.cn:\n  family: trs\n  pace: quick\n", 1),
        ("a.gov.cn: trs\n", 1),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(text: str, line: int) -> None:
    with pytest.raises(FixTheRegistry, match=f"line={line}]"):
        read_register(text, HEADER)
