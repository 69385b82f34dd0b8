"""The practice country knows the truth of every cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from foi_etl.practice.country import Country, country
from foi_etl.practice.facts import broken, number
from foi_etl.practice.figures import real_figures
from helpers import CORPUS, STATUTE, needs_shared

LAND = country(STATUTE, agencies=60)
REPORTS = list(LAND.reports)
INVENTED = [report for report in REPORTS if report.agency_id.startswith("practice-0")]


def _sums(report_truth: dict[str, Decimal], left: tuple[str, ...]) -> Decimal:
    return sum((report_truth[cell] for cell in left), Decimal(0))


def test_every_report_prints_every_cell_of_its_editions_and_no_other() -> None:
    for report in REPORTS:
        owed = [cell for form in report.forms(STATUTE) for cell in form.cells]
        assert sorted(report.printed) == sorted(owed) == sorted(report.truth), report.title


def test_invented_figures_satisfy_every_identity_that_is_not_named_as_broken() -> None:
    for report in INVENTED:
        zeroed = {cell: value or Decimal(0) for cell, value in report.truth.items()}
        named = {one.identity for one in report.injected}
        for form in report.forms(STATUTE):
            for one in form.identities:
                holds = _sums(zeroed, one.left) == _sums(zeroed, one.right)
                assert holds == (one.id not in named), (report.title, one.id)


def test_about_one_invented_report_in_eight_has_an_error_and_it_is_one_cell() -> None:
    wrong = [report for report in INVENTED if report.injected]
    assert len(INVENTED) / 14 < len(wrong) < len(INVENTED) / 5
    for report in wrong:
        shared = set.intersection(*(set(one.cells) for one in report.injected))
        assert shared, "all broken identities meet in the altered cell"


def test_no_more_is_carried_over_than_came_in() -> None:
    for report in INVENTED:
        if not report.injected:
            come = (report.truth[f"t3_{row}_total"] or 0 for row in ("new_received", "carried_in"))
            assert (report.truth["t3_carried_out_total"] or 0) <= sum(come)


def test_what_one_year_carries_over_the_next_carries_in() -> None:
    sound = {(report.agency_id, report.year): report.truth for report in INVENTED if not report.injected}
    known = ((now, sound.get((agency, year - 1))) for (agency, year), now in sound.items())
    pairs = [(now, before) for now, before in known if before]
    assert len(pairs) > 50
    for now, before in pairs:
        assert (now["t3_carried_in_total"] or 0) == (before["t3_carried_out_total"] or 0)


def test_the_same_seed_gives_the_same_country_and_another_seed_another() -> None:
    one, same, other = (list(country(STATUTE, seed=n, agencies=12).truth_rows()) for n in (1, 1, 2))
    assert one == same != other


def test_a_larger_country_begins_with_the_smaller_one() -> None:
    small = country(STATUTE, agencies=12)
    assert LAND.agencies[:12] == small.agencies
    assert all(LAND.report(report.agency_id, report.year) == report for report in small.reports)


def test_a_country_of_thousands_costs_nothing_until_a_report_is_asked_for() -> None:
    large = country(STATUTE, agencies=5000)
    names = [agency.name for agency in large.agencies]
    assert len(set(names)) == 5000
    assert large.report(large.agencies[-1].id, 2023).year == 2023


def test_a_year_nobody_published_has_no_report() -> None:
    with pytest.raises(KeyError, match="2018"):
        LAND.report("practice-pinghu", 2018)


def test_some_reports_mix_editions_and_some_stay_behind() -> None:
    mixes = {tuple(report.editions.values()) for report in REPORTS if report.year > 2020}
    assert {("e2021", "e2021", "e2021"), ("e2021", "e2019", "e2021"), ("e2019", "e2019", "e2019")} == mixes


def test_reports_appear_in_the_first_three_months_of_the_next_year() -> None:
    assert all(report.published.year == report.year + 1 for report in REPORTS)
    assert {report.published.month for report in REPORTS} == {1, 2, 3}


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("251000元", 251000),
        ("75394432.52元", Decimal("75394432.52")),
        ("22（其中修订 16 件）", 22),
        ("+1", 1),
        ("-18", -18),
        ("", None),
        ("/", None),
    ],
)
def test_a_cell_states_the_number_it_begins_with(printed: str, value: Decimal | None) -> None:
    assert number(printed) == value


def _by_name(name: str, year: int, land: Country = LAND) -> dict[str, tuple[int, int]]:
    report = land.report(name, year)
    return {one.identity: (int(one.left), int(one.right)) for one in report.injected}


def test_real_figures_break_the_identities_they_really_broke() -> None:
    assert _by_name("practice-huaian-hongze", 2023) == {"H4_review": (11, 0), "H4_suit_after": (5, 0)}
    shanghai = _by_name("practice-shanghai-bgt", 2019)
    assert shanghai["H2_total"] == (0, 805)
    assert set(shanghai) - {"H2_total"} == {name for name in shanghai if name.startswith("H3_")}
    assert _by_name("practice-pinghu", 2019) == {}
    hongze = LAND.report("practice-huaian-hongze", 2023)
    assert hongze.editions == {"t2": "e2021", "t3": "e2019", "t4": "e2021"}


def test_pinghu_prints_forty_cells_and_leaves_the_others_blank() -> None:
    assert sum(text != "" for text in LAND.report("practice-pinghu", 2019).printed.values()) == 40


def test_a_broken_sum_names_both_sides_and_their_cells() -> None:
    form = STATUTE.form("t4", "e2021")
    truth = dict.fromkeys(form.cells, Decimal(0)) | {"t4_review_upheld": Decimal(2)}
    (one,) = broken([form], truth)
    assert (one.identity, int(one.left), int(one.right)) == ("H4_review", 2, 0)
    assert one.cells == form.identities[0].cells


@needs_shared
def test_the_packaged_figures_are_those_of_the_corpus() -> None:
    printed = [cells for years in real_figures().values() for cells in years.values()]
    files = sorted(CORPUS.glob("*/truth.csv"))
    sources = [path.read_text(encoding="utf-8").splitlines()[1:] for path in files]
    ours = sorted("\n".join(f"{cell},{text}" for cell, text in cells.items()) for cells in printed)
    assert ours == sorted("\n".join(lines) for lines in sources)
