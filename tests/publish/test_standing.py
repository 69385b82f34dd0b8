"""Which capture a report is published from: the youngest night decides, and never who was asked first."""

from __future__ import annotations

from itertools import permutations

import pytest

from foi_etl.publish.standing import Row, nightly, versions

PLAIN, TWIN, OTHER = "http://a.gov.cn/1.html", "http://www.a.gov.cn/1.html", "http://b.gov.cn/new/1.html"


def row(url: str, at: str) -> Row:
    return Row("harbour", 2024, f"2025-{at}Z", url, f"{url} {at}", "", 0, "", "")


@pytest.mark.parametrize(
    ("captures", "published"),
    [
        ([row(PLAIN, "02-01T18:00:00")], 0),
        ([row(PLAIN, "02-01T18:00:00"), row(TWIN, "02-01T18:00:01")], 0),
        ([row(TWIN, "02-01T18:00:00"), row(PLAIN, "02-01T18:00:01")], 1),
        ([row(TWIN, "02-01T18:00:00"), row(PLAIN, "02-01T18:00:00")], 1),
        ([row(PLAIN, "02-01T18:00:00"), row(PLAIN, "02-01T19:00:00"), row(TWIN, "02-01T20:00:00")], 1),
        ([row(PLAIN, "02-01T18:00:00"), row(TWIN, "02-02T18:00:00")], 1),
        ([row(PLAIN, "02-01T18:00:00"), row(OTHER, "05-01T18:00:00"), row(TWIN, "02-01T18:00:01")], 1),
    ],
    ids=[
        "one",
        "the plain name was asked first",
        "the plain name was asked last",
        "both in one second",
        "changed within the night",
        "a younger night is believed, whatever its address",
        "it moved",
    ],
)
def test_who_was_asked_first_does_not_decide(captures: list[Row], published: int) -> None:
    for order in permutations(captures):
        [listed] = versions(order).values()
        assert listed[-1] == captures[published]
        assert sorted(listed) == sorted(captures)


def test_two_names_of_a_host_are_no_two_versions() -> None:
    first, twin, moved = (
        row(PLAIN, "02-01T18:00:00"),
        row(TWIN, "02-01T18:00:01"),
        row(OTHER, "05-01T18:00:00"),
    )
    [listed] = versions([first, twin, moved]).values()
    assert nightly(listed) == [first, moved]
