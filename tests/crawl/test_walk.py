from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from exchanges import HARBOUR
from foi_etl.crawl.walk import place, walk
from foi_etl.errors import FixTheRegistry, WaitAndRetry
from foi_etl.model import Agency, Ask, Decoy, Found, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.errors import FoiError

Step = Ask | Found | Decoy
ROOT = "http://a/"
DECOY = Decoy("http://a/d", "图解", "an interpretation")


def report(url: str) -> Found:
    return Found(Ask(url), "年报", ROOT, 2023)


class Site:
    """A family and its portal at once: what each page holds."""

    def __init__(self, pages: dict[str, list[Step] | FoiError]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def start(self, _: Agency) -> Iterator[Ask]:
        yield Ask(ROOT)

    def fetch(self, ask: Ask) -> Page:
        self.asked.append(ask.url)
        answer = self.pages.get(ask.url, [])
        if not isinstance(answer, list):
            raise answer
        return Page(ask, ask.url, "")

    def read(self, _: Agency, page: Page) -> Iterator[Step]:
        answer = self.pages.get(page.url, [])
        yield from answer if isinstance(answer, list) else []

    def walked(self, budget: int = 10) -> list[Found | Decoy]:
        return list(walk(HARBOUR, self, self.fetch, budget=budget))


def test_asks_are_followed_and_each_is_asked_once() -> None:
    site = Site(
        {
            ROOT: [Ask("http://a/2"), Ask(ROOT)],
            "http://a/2": [report("http://a/r"), Ask(ROOT), Ask("http://a/2")],
        }
    )

    assert site.walked() == [report("http://a/r")]
    assert site.asked == [ROOT, "http://a/2"]


def test_a_report_listed_twice_is_told_once() -> None:
    twice: list[Step] = [report("http://a/r"), report("https://a:443/r#top"), DECOY]

    assert Site({ROOT: twice}).walked() == [report("http://a/r"), DECOY]


@pytest.mark.parametrize("steps", [[], [DECOY]])
def test_a_walk_that_recognises_no_report_is_an_error_that_says_what_was_seen(steps: list[Step]) -> None:
    with pytest.raises(FixTheRegistry, match=rf"1 pages were read and {len(steps)} links .*agency=harbour"):
        Site({ROOT: steps}).walked()


def test_a_budget_is_a_promise(caplog: pytest.LogCaptureFixture) -> None:
    site = Site({ROOT: [report("http://a/r"), *(Ask(f"http://a/{n}") for n in range(100))]})
    with caplog.at_level(logging.WARNING):
        site.walked(budget=7)

    assert len(site.asked) == 7
    assert "walk.cut agency=harbour unasked=94" in caplog.text


def test_a_list_page_that_has_gone_costs_itself_alone() -> None:
    gone: dict[str, list[Step] | FoiError] = {
        ROOT: [Ask("http://a/1"), Ask("http://a/2")],
        "http://a/1": FixTheRegistry("404"),
        "http://a/2": [report("http://a/r")],
    }

    assert Site(gone).walked() == [report("http://a/r")]


def test_a_portal_that_has_gone_altogether_says_so() -> None:
    with pytest.raises(FixTheRegistry, match="first trouble was: there is no such page"):
        Site({ROOT: FixTheRegistry("there is no such page")}).walked()


def test_a_busy_portal_ends_the_walk_for_now() -> None:
    site = Site({ROOT: [report("http://a/r"), Ask("http://a/2")], "http://a/2": WaitAndRetry("busy")})

    with pytest.raises(WaitAndRetry):
        site.walked()


def test_two_posts_to_one_address_are_two_places() -> None:
    assert place(Ask("http://a/x", (("p", "1"),))) != place(Ask("http://a/x", (("p", "2"),)))
    assert place(Ask("https://a:443/x#y")) == place(Ask("http://a/x"))
