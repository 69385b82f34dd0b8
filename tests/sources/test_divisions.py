"""Administrative divisions: what a code meant in a year, and what it is called in another."""

from __future__ import annotations

import pytest

from foi_etl import wiring
from foi_etl.owing import divisions
from foi_etl.practice.country import country
from foi_etl.sources.divisions import above, level_of, read_divisions, short

LISTS = divisions()
TWO = """code,name,name_en,first,last
110000,甲省,,2010-12,2012-12
110121,乙县,,2010-12,2010-12
110104,乙区,,2012-12,2012-12
110122,丙县,,2010-12,2010-12
110123,丁县,,2010-12,2010-12
110105,丁区,,2012-12,2012-12
110106,丁市,,2012-12,2012-12
110124,戊县,,2010-12,2010-12
110124,己县,,2012-12,2012-12
"""


def test_a_code_means_what_the_list_of_its_year_says() -> None:
    assert LISTS.at("420600", 2009).name == "襄樊市"  # type: ignore[union-attr]
    assert LISTS.at("420600", 2019).name == "襄阳市"  # type: ignore[union-attr]


def test_a_county_that_became_a_district_keeps_its_place_in_the_list_of_2020() -> None:
    assert LISTS.fixed("530121") == LISTS.fixed("530114") == "530114"
    assert LISTS.code_in("530114", 2008) == "530121"


def test_a_prefecture_that_was_made_a_city_is_followed() -> None:
    assert (LISTS.code_in("522400", 2023), LISTS.code_in("520500", 2009)) == ("520500", "522400")


def test_what_was_merged_is_not_guessed() -> None:
    assert LISTS.fixed("110103") == ""


def test_a_township_follows_its_county() -> None:
    moved = [one for one in LISTS.changes if one.kind == "recoded" and len(one.code) == 9]
    assert all(LISTS.fixed(one.new_code) in {"", one.code, one.new_code} or one.name for one in moved[:50])
    assert any(one.code[:6] != one.new_code[:6] for one in moved)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("110121", "recoded"), ("110122", "ended"), ("110123", "ended"), ("110124", "renamed")],
    ids=["one of its name came", "none of its name came", "two of its name came", "its code stayed"],
)
def test_what_two_lists_have_differently_has_a_name(code: str, kind: str) -> None:
    changes = read_divisions(TWO).changes
    assert [one.kind for one in changes if one.code == code] == [kind]


def test_the_vintage_of_2020_is_whole() -> None:
    held = [code for code in LISTS.spells if LISTS.fixed(code) == code]
    counted = {level: sum(level_of(code) == level for code in held) for level in ("province", "township")}
    # Of 41,614 lines one, Jinmen, is a county that is listed among the townships too.
    assert counted == {"province": 31, "township": 41613}


def test_provinces_and_prefectures_have_english_names() -> None:
    nameless = {
        one.name
        for told in LISTS.spells.values()
        for one in told
        if one.code.endswith("00") and len(one.code) == 6 and not one.name_en
    }
    assert nameless == {
        "市辖区", "县", "市", "省直辖行政单位", "省直辖县级行政单位", "省直辖县级行政区划",
        "自治区直辖县级行政单位", "自治区直辖县级行政区划",
    }  # fmt: skip


def test_codes_of_every_length_are_read() -> None:
    assert (short("330482000000"), short("330482100000"), short("330482000")) == (
        "330482",
        "330482100",
        "330482",
    )
    assert above("330482100") == ["330000", "330400", "330482"]


def test_the_practice_country_stands_on_the_lists() -> None:
    agencies = country(wiring.statute(), agencies=200).agencies
    lost = [one.id for one in agencies if one.division_code and level_of(one.division_code) != one.level]
    assert not lost
    assert [one.id for one in agencies if one.division_code and one.division_code not in LISTS] == []
    assert sum(not one.division_code for one in agencies) == 3
