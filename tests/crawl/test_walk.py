from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exchanges import HARBOUR
from foi_etl.crawl.walk import Tally, place, walk
from foi_etl.errors import FixTheRegistry, WaitAndRetry
from foi_etl.model import Agency, Ask, Declared, Decoy, Found, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.errors import FoiError

Step = Ask | Found | Decoy | Declared
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


def ending(pages: dict[str, list[Step] | FoiError], budget: int = 10) -> tuple[str, str]:
    tally, site = Tally(), Site(pages)
    list(walk(HARBOUR, site, site.fetch, budget=budget, tally=tally))
    return tally.ending()


GONE = FixTheRegistry("there is no such page", status=404)


@pytest.mark.parametrize(
    ("pages", "outcome", "sign"),
    [
        pytest.param({ROOT: [report("http://a/r")]}, "ok", "", id="reports"),
        pytest.param({ROOT: GONE}, "moved", "there is no such page", id="no page at all"),
        pytest.param({ROOT: FixTheRegistry("no proof")}, "failed", "no proof", id="nobody answers"),
        pytest.param({ROOT: []}, "moved", "nothing was recognised on 1 pages", id="nothing recognised"),
        pytest.param({ROOT: [Declared(0, 0, ROOT)]}, "empty", "nothing on it", id="an empty list"),
        pytest.param({ROOT: [Declared(9, 9, ROOT)]}, "absent", "names no report", id="other things"),
        pytest.param({ROOT: [DECOY]}, "absent", "1 links only looked like one", id="decoys alone"),
        pytest.param(
            {ROOT: [report("http://a/r"), Ask("http://a/2")], "http://a/2": GONE},
            "partial",
            "1 pages of the list are not there",
            id="a page the pager promised",
        ),
        pytest.param(
            {ROOT: [report("http://a/r"), Declared(30, 20, ROOT)]},
            "partial",
            "10 records are declared",
            id="fewer records than declared",
        ),
    ],
)
def test_a_walk_ends_in_an_outcome_with_its_sign(
    pages: dict[str, list[Step] | FoiError], outcome: str, sign: str
) -> None:
    name, said = ending(pages)

    assert (name, sign in said) == (outcome, True)


def test_records_are_counted_over_the_pages_of_a_list_and_overlaps_are_no_loss() -> None:
    pages: dict[str, list[Step] | FoiError] = {
        ROOT: [report("http://a/r"), Declared(25, 20, ROOT), Ask("http://a/2")],
        "http://a/2": [Declared(24, 6, ROOT)],
    }

    assert ending(pages) == ("ok", "")


def test_a_list_that_was_not_counted_is_not_compared() -> None:
    assert ending({ROOT: [report("http://a/r"), Declared(30, None, ROOT)]})[0] == "ok"


def test_a_budget_is_a_promise() -> None:
    site = Site({ROOT: [report("http://a/r"), *(Ask(f"http://a/{n}") for n in range(100))]})
    tally = Tally()
    list(walk(HARBOUR, site, site.fetch, budget=7, tally=tally))

    assert len(site.asked) == 7
    assert tally.ending() == (
        "partial",
        "94 pages of the list were not asked for: the budget was used up",
    )


def test_a_list_page_that_has_gone_costs_itself_alone() -> None:
    gone: dict[str, list[Step] | FoiError] = {
        ROOT: [Ask("http://a/1"), Ask("http://a/2")],
        "http://a/1": FixTheRegistry("404"),
        "http://a/2": [report("http://a/r")],
    }

    assert Site(gone).walked() == [report("http://a/r")]


def test_a_busy_portal_ends_the_walk_for_now() -> None:
    site = Site({ROOT: [report("http://a/r"), Ask("http://a/2")], "http://a/2": WaitAndRetry("busy")})

    with pytest.raises(WaitAndRetry):
        site.walked()


def test_two_posts_to_one_address_are_two_places() -> None:
    assert place(Ask("http://a/x", (("p", "1"),))) != place(Ask("http://a/x", (("p", "2"),)))
    assert place(Ask("https://a:443/x#y")) == place(Ask("http://a/x"))
