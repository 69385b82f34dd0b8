"""A whole run over every kind of portal and every unwilling host, judged by the portals' own log."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from foi_etl.practice import hostile
from foi_etl.practice.country import country
from foi_etl.practice.places import KINDS
from foi_etl.practice.portals import FORBIDDEN
from foi_etl.practice.server import Served
from helpers import STATUTE
from visiting import House, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAUSE = 0.02
DELAY = 0.3
RETRY_AFTER = 1
BLOCKED = ("challenge-412", "challenge-521", "forbidden")
UNWILLING = (*BLOCKED, "robots-all", "robots-403", "busy", "crawl-delay")
LAND = country(STATUTE, agencies=2 * len(KINDS), per_host=2, years=(2025,))
Log = dict[str, list[Served]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch, visiting(tmp_path_factory.mktemp("home"), LAND) as house:
        patch.setattr(hostile, "RETRY_AFTER", RETRY_AFTER)
        slowly = hostile._robots(f"Crawl-delay: {DELAY}\n")  # noqa: SLF001  # a delay a test can wait for
        patch.setitem(hostile._ROBOTS, "crawl-delay", slowly)  # noqa: SLF001
        wicked = [one for one in hostile.agencies() if one.id.removeprefix("hostile-") in UNWILLING]
        house.night(1, [*LAND.agencies, *wicked], hostile.portals(), pause=PAUSE)
        yield house


@pytest.fixture(scope="module")
def log(house: House) -> Mapping[str, list[Served]]:
    """What came to each host, as it came."""
    by_host: Log = defaultdict(list)
    for one in sorted(house.server.log, key=lambda one: one.time):
        by_host[one.host].append(one)
    return by_host


def named(log: Log, option: str) -> list[Served]:
    return log[f"{option}.hostile.practice.invalid"]


def test_every_host_of_the_country_was_asked(log: Log) -> None:
    assert {one.split("/")[2] for one in (agency.portal for agency in LAND.agencies)} <= set(log)


def test_no_host_is_asked_while_it_answers_nor_sooner_than_its_pace(log: Log) -> None:
    pairs = [pair for asked in log.values() for pair in pairwise(asked)]

    assert [pair for pair in pairs if pair[1].time < pair[0].answered] == []
    assert [pair for pair in pairs if pair[1].time - pair[0].time < PAUSE] == []


def test_robots_is_asked_first_and_obeyed(log: Log) -> None:
    assert {asked[0].path for asked in log.values()} == {"/robots.txt"}
    assert [one for asked in log.values() for one in asked if one.path.startswith(FORBIDDEN)] == []
    for option in ("robots-all", "robots-403"):
        assert [one.path for one in named(log, option)] == ["/robots.txt"]


def test_a_delay_that_robots_asks_for_is_kept_from_its_own_answer_on(log: Log) -> None:
    asked = named(log, "crawl-delay")

    assert len(asked) > 5
    assert min(later.time - one.time for one, later in pairwise(asked)) >= DELAY


def test_a_busy_host_is_left_alone_for_as_long_as_it_says(log: Log) -> None:
    asked = named(log, "busy")
    [busy] = [at for at, one in enumerate(asked) if one.status == 429]

    assert asked[busy + 1].time - asked[busy].time >= RETRY_AFTER
    assert asked[busy + 1].path == asked[busy].path


def test_a_host_that_refuses_is_asked_once(log: Log) -> None:
    for option in BLOCKED:
        assert [one.path for one in named(log, option)] == ["/robots.txt", "/zfxxgknb/index.html"]
