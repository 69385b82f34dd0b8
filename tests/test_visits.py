"""Nights on the practice portals: what is asked, what is kept, and how each visit ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from foi_etl.crawl.body import Limits
from foi_etl.crawl.journal import Journal, lines_of_run
from foi_etl.crawl.refusals import REFUSAL
from foi_etl.history import histories
from foi_etl.practice import hostile, nights
from foi_etl.practice.country import country
from foi_etl.practice.finding import finding
from foi_etl.practice.places import KINDS
from foi_etl.practice.server import PracticeServer, serve
from helpers import STATUTE
from visiting import LAND, House, documents, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(LAND, STATUTE) as one:
        yield one


@pytest.fixture
def house(tmp_path: Path, server: PracticeServer) -> House:
    return House(tmp_path, server, LAND)


def test_all_and_only_the_reports_of_every_family_are_found(tmp_path: Path) -> None:
    land = country(STATUTE, agencies=len(KINDS), per_host=1, bare=True, years=(2024, 2025))
    with visiting(tmp_path, land) as house:
        house.night(1)
        with house.kept as kept:
            found = {(one.agency_id, one.url) for one in kept.captures() if one.purpose == "report"}
            beside = {one.url for one in kept.captures() if one.purpose == "attachment"}

    due = finding(land)
    missed = [one for one in due if not any((one.agency_id, url) in found for url in one.urls)]
    invented = found - {(one.agency_id, url) for one in due for url in one.urls}
    assert (missed, invented) == ([], set())
    assert beside == {file for one in due for file in one.attachments}
    ends = {one.agency_id: one.outcome for one in house.outcomes.values() if land.published(one.agency_id)}
    assert ends == {one.id: land.kind_of(one.id).outcome for one in land.agencies if land.published(one.id)}
    once = {(agency, url.replace("//www-", "//")) for agency, url in found}
    assert len(once) < len(found), "no report can be had by two names of its host"
    assert sum(one.found for one in house.outcomes.values()) == len(once)
    assert sum(one.new for one in house.outcomes.values()) == len(once)


def test_on_a_quiet_night_lists_are_asked_once_and_known_reports_not_at_all(house: House) -> None:
    first, second = house.night(1), house.night(2)

    assert documents(first, house)
    assert documents(second, house) == []
    assert max(Counter((one.host, one.path) for one in second if one.method == "GET").values()) == 1
    with house.kept as kept:
        assert all(one.revisit_of for one in kept.captures(revisits=True) if one.fetched_at > "2026-01-02")
    assert sum(one.new for one in house.outcomes.values()) == 0
    assert sum(one.unchanged for one in house.outcomes.values()) >= len(LAND.agencies)


def test_a_report_that_changed_is_the_only_one_that_is_fetched(tmp_path: Path) -> None:
    tomorrow = nights.revised(LAND)
    [(agency_id, year)] = tomorrow.changes.revised
    with visiting(tmp_path, LAND, tomorrow) as house:
        house.night(1)
        house.server.night = 2
        asked = documents(house.night(2), house)

        [due] = [one for one in finding(LAND) if (one.agency_id, one.year) == (agency_id, year)]
        assert [f"http://{one.host}{one.path}" for one in asked] == [due.urls[0]]
        assert house.outcomes[agency_id].new == 1
        assert documents(house.night(3), house) == []


def test_a_report_that_its_list_names_no_more_is_asked_for_once_and_again_when_it_is_named(
    tmp_path: Path,
) -> None:
    tomorrow = nights.gone(LAND)
    [(agency_id, year)] = tomorrow.changes.gone
    [due] = [one for one in finding(LAND) if (one.agency_id, one.year) == (agency_id, year)]
    asked = []
    with visiting(tmp_path, LAND, tomorrow) as house:
        for number, there in enumerate((1, 2, 2, 1), 1):
            house.server.night = there
            asked.append([f"http://{one.host}{one.path}" for one in documents(house.night(number), house)])
        with house.kept as kept:
            said = [one.status for one in kept.captures(revisits=True) if one.url == due.urls[0]]
    assert asked[1:] == [[due.urls[0]], [], [due.urls[0]]]
    assert said == [200, 404, 200]


def test_by_force_known_reports_are_asked_on_condition_that_they_changed(house: House) -> None:
    first, second = documents(house.night(1), house), documents(house.night(2, force=True), house)

    assert Counter(one.path for one in second) == Counter(one.path for one in first)
    assert {one.status for one in second} == {304}


def test_known_reports_are_asked_again_when_their_time_has_come(house: House) -> None:
    house.night(1)
    with house.errand(2) as errand:
        known = next(one for one in errand.archive.captures() if one.purpose == "report")
        later = [replace(errand, since=since) for since in ("2026-01-30T00:00:00Z", "2026-03-03T00:00:00Z")]

        assert [one.is_old(known) for one in later] == [False, True]
        assert errand.is_old(replace(known, status=404, fetched_at="2025-12-20T00:00:00Z"))


@pytest.mark.parametrize(
    "asked", [{"not_before": "2025-01-01"}, {"limit": 9}, {}], ids=["since", "limit", "all"]
)
def test_what_a_run_did_not_want_or_reach_is_not_taken_to_be_absent(
    house: House, asked: dict[str, object]
) -> None:
    house.night(1, **asked)  # type: ignore[arg-type]
    known = histories(house.home / "runs", house.home / "histories")
    seen = {name: one for name, one in known.items() if one.looked is not None}
    untaken = {name: set(LAND.published(name)) - one.years for name, one in seen.items()}
    assert all(years <= set(known[name].passed) for name, years in untaken.items())
    assert any(untaken.values()) == ("not_before" in asked)
    assert (len(seen) < len(known)) == ("limit" in asked)


def test_what_was_archived_in_a_run_is_not_asked_for_again_by_it(house: House) -> None:
    first, again = house.night(1), house.night(1)

    assert first
    assert again == []
    assert {one.outcome for one in house.outcomes.values()} == {"ok"}


@pytest.mark.parametrize("home", [False, True])
def test_a_portal_that_moved_is_an_alarm(tmp_path: Path, home: bool) -> None:
    tomorrow = nights.redesigned(LAND, home=home)
    with visiting(tmp_path, LAND, tomorrow) as house:
        house.night(1)
        house.server.night = 2
        house.night(2)

    changed = {one.id for one in nights.changed_agencies(tomorrow)}
    alarms = {one.agency_id for one in house.outcomes.values() if one.alarm}
    assert alarms == changed
    assert {house.outcomes[one].outcome for one in changed} <= {"moved", "absent", "empty"}


def test_a_list_that_was_emptied_is_an_alarm(tmp_path: Path) -> None:
    tomorrow = nights.emptied(LAND)
    [agency] = nights.changed_agencies(tomorrow)
    with visiting(tmp_path, LAND, tomorrow) as house:
        house.night(1)
        house.server.night = 2
        house.night(2)

    assert house.outcomes[agency.id].alarm
    assert house.outcomes[agency.id].outcome in {"empty", "absent"}


DUE = {
    "endless": "failed",
    "drip": "failed",
    "bomb": "failed",
    "loop": "failed",
    "to-loopback": "failed",
    "to-link-local": "failed",
    "truncated": "failed",
    "wrong-length": "failed",
    "waf-pdf": "blocked",
    "challenge-412": "blocked",
    "challenge-521": "blocked",
    "forbidden": "blocked",
    "robots-all": "blocked",
    "robots-403": "blocked",
    "expired-tls": "failed",
    "self-signed-tls": "failed",
    "wrong-name-tls": "failed",
    "busy": "ok",
    "token": "blocked",
    "endpoint-gone": "partial",
}


def test_every_hostile_host_ends_in_its_outcome_and_harms_no_other(house: House) -> None:
    wicked = [one for one in hostile.agencies() if one.id.removeprefix("hostile-") in DUE]
    asked = house.night(1, [*wicked, *LAND.agencies[:2]], hostile.portals(), budget=40)

    ends = {id_.removeprefix("hostile-"): one.outcome for id_, one in house.outcomes.items()}
    assert {name: ends[name] for name in DUE} == DUE
    assert {ends[one.id] for one in LAND.agencies[:2]} == {"ok"}
    for name in ("challenge-412", "challenge-521", "forbidden"):
        paths = [one.path for one in asked if one.host.startswith(f"{name}.")]
        assert paths == ["/robots.txt", "/zfxxgknb/index.html"]
        assert house.outcomes[f"hostile-{name}"].sign
    assert [one.path for one in asked if one.host.startswith("robots-")] == ["/robots.txt"] * 2


def test_a_list_of_a_hundred_thousand_links_is_cut_at_the_budget(house: House) -> None:
    [endless] = [one for one in hostile.agencies() if one.id == "hostile-links"]
    asked = house.night(1, [endless], hostile.portals(), budget=20, limits=Limits())

    assert len([one for one in asked if one.path != "/robots.txt"]) == 20
    assert house.outcomes[endless.id].outcome == "partial"


def test_the_page_of_a_firewall_is_kept_as_a_refusal_and_asked_for_again_the_next_night(house: House) -> None:
    [firewall] = [one for one in hostile.agencies() if one.id == "hostile-waf-pdf"]
    nights_of = [house.night(number, [firewall], hostile.portals()) for number in (1, 2)]
    with house.kept as kept:
        told = [one.purpose for one in kept.captures() if one.url.endswith(".pdf")]

    assert set(told) == {REFUSAL}
    assert all(any(one.path.endswith(".pdf") for one in night) for night in nights_of)
    assert "firewall" in house.outcomes[firewall.id].sign


def test_a_run_that_is_gone_on_with_remembers_who_refused_it(house: House) -> None:
    [forbidden] = [one for one in hostile.agencies() if one.id == "hostile-forbidden"]
    house.night(1, [forbidden], hostile.portals())

    assert house.night(1, [forbidden], hostile.portals()) == []
    assert house.outcomes[forbidden.id].outcome == "blocked"


def test_a_run_sends_no_more_requests_than_it_may_and_goes_on_from_there(house: House) -> None:
    first = house.night(1, limit=10)
    outcomes = Counter(one.outcome for one in house.outcomes.values())
    rest = house.night(1)

    assert sum(not one.path.endswith("robots.txt") for one in first) == 10
    assert outcomes["partial"] > 0
    again = {(one.host, one.path, one.method) for one in first} & {
        (one.host, one.path, one.method) for one in rest
    }
    assert {one for one in again if one[2] == "GET"} == set()
    assert {one.outcome for one in house.outcomes.values()} == {"ok"}


def test_reports_listed_before_a_day_are_passed_over(house: House) -> None:
    house.night(1, not_before="2024-01-01")

    assert 0 < sum(one.found for one in house.outcomes.values()) < len(finding(LAND))


def test_what_was_asked_and_what_came_of_it_is_written_down(house: House) -> None:
    asked = house.night(1)
    lines = list(lines_of_run(house.home / "runs" / "1"))

    assert sum(line["kind"] == "ask" for line in lines) == len(asked)
    assert {line["agency_id"] for line in lines if line["kind"] == "visit"} == set(house.outcomes)


def test_half_a_line_in_the_journal_is_passed_over_and_written_behind(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    path = tmp_path / "outcomes.jsonl"
    path.write_text('{"kind": "ask"}\n{"kind": "vis')
    journal = Journal(tmp_path)
    journal.write(kind="visit")
    journal.close()

    assert [line["kind"] for line in lines_of_run(tmp_path)] == ["ask", "visit"]
