from __future__ import annotations

import pytest

from foi_etl.crawl.manners import Gate, Robots, RobotsAnswer, introduce, robots_ask
from foi_etl.errors import FixTheRegistry, FoiError, Refused, WaitAndRetry

URL = "http://a.gov.cn/nb/1.html"


@pytest.mark.parametrize("status", [404, 410, 400, 302])
def test_a_host_without_robots_allows(status: int) -> None:
    assert Robots(RobotsAnswer(status, "<html>User-agent: *\nDisallow: /"), "foi-etl").allows(URL)


@pytest.mark.parametrize("status", [401, 403, 412, 521])
def test_a_host_that_refuses_its_robots_refuses_us(status: int) -> None:
    with pytest.raises(Refused, match=URL):
        Robots(RobotsAnswer(status, ""), "foi-etl").check(URL)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_whose_robots_is_broken_is_asked_later(status: int) -> None:
    with pytest.raises(WaitAndRetry, match=str(status)):
        Robots(RobotsAnswer(status, ""), "foi-etl")


def test_robots_speaks_to_us_by_name() -> None:
    robots = Robots(
        RobotsAnswer(200, "User-agent: foi-etl\nDisallow: /nb/\nUser-agent: *\nDisallow:"), introduce("a@b.c")
    )

    assert not robots.allows(URL)
    assert robots.allows("http://a.gov.cn/x")


def test_a_crawl_delay_is_respected_up_to_a_minute() -> None:
    assert Robots(RobotsAnswer(200, "User-agent: *\nCrawl-delay: 7"), "foi-etl").delay == 7
    assert Robots(RobotsAnswer(200, "User-agent: *\nCrawl-delay: 86400"), "foi-etl").delay == 60


def test_robots_stands_at_the_root_of_its_own_port() -> None:
    assert robots_ask("https://A.gov.cn:8443/x?y").url == "https://a.gov.cn:8443/robots.txt"


def test_nobody_is_asked_before_we_can_say_where_to_write_to_us() -> None:
    with pytest.raises(FixTheRegistry, match="contact"):
        introduce(" ")
    assert "+mailto:a@b.c" in introduce("mailto:a@b.c")


class Clock:
    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(5, monotonic=clock.monotonic, sleep=clock.sleep)


def test_the_pause_is_counted_from_the_end_of_the_last_request(gate: Gate, clock: Clock) -> None:
    with gate.turn("a"):
        clock.time += 3
    clock.time += 1
    with gate.turn("a"):
        pass

    assert clock.slept == [4]


def test_hosts_do_not_wait_for_each_other(gate: Gate, clock: Clock) -> None:
    for host in "abc":
        with gate.turn(host):
            pass

    assert clock.slept == []


def test_a_request_that_failed_is_followed_by_a_pause_too(gate: Gate, clock: Clock) -> None:
    with pytest.raises(FoiError), gate.turn("a"):
        raise FoiError("x")
    with gate.turn("a"):
        pass

    assert clock.slept == [5]


def test_a_slower_host_is_asked_slower_and_a_hasty_one_no_faster(gate: Gate, clock: Clock) -> None:
    gate.slow("a", 9)
    gate.slow("b", 1)
    for host in "aabb":
        with gate.turn(host):
            pass

    assert clock.slept == [9, 9, 5]


def test_a_host_on_hold_is_left_alone_for_that_long(gate: Gate, clock: Clock) -> None:
    with gate.turn("a"):
        gate.hold("a", 30)
    with gate.turn("a"):
        pass

    assert clock.slept == [30]
