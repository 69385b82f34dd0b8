"""What was judged becomes tables: every cell, in its place, and nothing twice."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from foi_etl.errors import CannotRelease
from foi_etl.model import Finding, Inference, State, Weight
from helpers import STATUTE
from verdicts import LAYOUT, capture, judged, merged, refusal, tables, with_fact

if TYPE_CHECKING:
    import pyarrow as pa

MIXED = {"t2": "e2019", "t3": "e2021", "t4": "e2021"}


def rows(table: pa.Table, /, **where: object) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if all(row[name] == value for name, value in where.items())]


def test_every_cell_of_every_form_is_a_fact_in_the_order_of_the_form() -> None:
    facts = tables(judged())["facts/2023.parquet"]

    assert facts["cell_id"].to_pylist() == [
        cell for f in STATUTE.forms if f.edition == "e2021" for cell in f.cells
    ]


def test_a_fact_says_what_is_printed_and_where() -> None:
    [fact] = rows(
        tables(judged(printed={"t3_granted_biz": "12"}))["facts/2023.parquet"], cell_id="t3_granted_biz"
    )

    kept = capture("http://harbour.practice.invalid/2023.html").id
    assert fact == {
        "agency_id": "harbour",
        "year": 2023,
        "edition": "e2021",
        "table": "t3",
        "cell_id": "t3_granted_biz",
        "measure": "granted",
        "applicant": "biz",
        "value": 12.0,
        "state": "number",
        "raw": "12",
        "unit": "件",
        "note": None,
        "agreed": None,
        "is_total": False,
        "at": "t3/r3/c2",
        "cell": f"{kept[:12]}/t3/r3/c2",
        "capture": kept,
    }


def test_a_note_beside_a_number_is_published_with_it() -> None:
    report = with_fact(judged(printed={"t2_rule_issued": "22"}), "t2_rule_issued", note="其中修订16件")

    [fact] = rows(tables(report)["facts/2023.parquet"], cell_id="t2_rule_issued")
    assert (fact["value"], fact["note"], fact["applicant"]) == (22.0, "其中修订16件", None)


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        pytest.param("0", ("zero", 0.0, "0"), id="a zero is a zero"),
        pytest.param("", ("blank", None, ""), id="a blank is no zero, and was printed empty"),
        pytest.param("/", ("na_mark", None, "/"), id="a dash is no zero"),
        pytest.param(None, ("missing_cell", None, None), id="what the page lacks was not printed empty"),
    ],
)
def test_an_absence_keeps_its_name(printed: str | None, told: tuple[object, ...]) -> None:
    out = tables(judged(printed={"t4_review_total": printed}))
    [fact] = rows(out["facts/2023.parquet"], cell_id="t4_review_total")

    assert (fact["state"], fact["value"], fact["raw"]) == told
    assert out["review.parquet"]["review_total"].to_pylist() == [told[1]]
    assert (fact["at"] is None) == (fact["cell"] is None) == (printed is None)


def test_requests_without_their_totals_count_nobody_twice() -> None:
    printed = {"t3_new_received_natural": "5", "t3_new_received_biz": "2", "t3_new_received_total": "7"}
    requests = tables(judged(printed=printed))["requests.parquet"].to_pandas()

    assert requests.loc[~requests["is_total"], "new_received"].sum() == 7
    assert requests.loc[requests["is_total"], "new_received"].tolist() == [7]
    assert len(requests) == 7


def test_facts_that_are_no_totals_count_nobody_twice() -> None:
    printed = {
        "t3_granted_natural": "5",
        "t3_total_handled_natural": "5",
        "t3_granted_total": "5",
        "t3_total_handled_total": "5",
    }
    facts = tables(judged(printed=printed))["facts/2023.parquet"].to_pandas()

    assert facts.loc[~facts["is_total"], "value"].sum() == 5


def test_every_number_stands_beside_its_own_agency_measure_and_applicant() -> None:
    form = STATUTE.form("t3", "e2021")
    truth = {
        who: {cell: first + n for n, cell in enumerate(form.cells)} for who, first in (("a", 1), ("b", 1000))
    }
    out = tables(
        *(judged(who, printed={cell: str(n) for cell, n in mine.items()}) for who, mine in truth.items())
    )

    for who, mine in truth.items():
        facts = rows(out["facts/2023.parquet"], agency_id=who, table="t3")
        assert {fact["cell_id"]: fact["value"] for fact in facts} == mine
        assert {fact["capture"] for fact in facts} == {judged(who).capture.id}
        requests = {row["applicant"]: row for row in rows(out["requests.parquet"], agency_id=who)}
        assert {c: requests[spec.applicant][spec.measure] for c, spec in form.cells.items()} == mine


def test_a_row_that_an_edition_lacks_is_null_and_not_zero() -> None:
    old = {"t3": "e2019"}
    requests = tables(judged(year=2019, printed={"t3_other_total": "3"}, editions=old), judged())[
        "requests.parquet"
    ]

    [row] = rows(requests, year=2019, is_total=True)
    assert (row["edition"], row["other"], row["other_misc"]) == ("e2019", 3, None)
    [row] = rows(requests, year=2023, is_total=True)
    assert row["other"] is None


def test_an_amount_keeps_the_unit_it_was_printed_in() -> None:
    report = with_fact(judged(printed={"t2_fee_amount": "251000.5"}), "t2_fee_amount", unit="元")

    [row] = rows(tables(report)["disclosure.parquet"])
    assert (row["fee_amount"], row["fee_amount_unit"]) == (251000.5, "元")


def test_half_a_request_stays_in_facts_and_out_of_the_counts() -> None:
    out = tables(judged(printed={"t3_granted_biz": "1.5"}))

    assert rows(out["requests.parquet"], applicant="biz")[0]["granted"] is None
    assert rows(out["facts/2023.parquet"], cell_id="t3_granted_biz")[0]["value"] == 1.5


def test_a_number_that_is_no_plain_number_stays_out_of_the_wide_tables() -> None:
    report = with_fact(judged(printed={"t4_review_total": "9"}), "t4_review_total", state=State.UNREADABLE)

    assert tables(report)["review.parquet"]["review_total"].to_pylist() == [None]


def test_one_report_may_mix_editions() -> None:
    out = tables(judged(editions=MIXED))

    [report] = rows(out["reports.parquet"])
    assert [report[f"edition_{table}"] for table in ("t2", "t3", "t4")] == list(MIXED.values())
    assert out["disclosure.parquet"]["edition"].to_pylist() == ["e2019"]


def test_a_table_that_was_not_read_has_no_row_and_no_edition() -> None:
    out = tables(judged(editions={"t3": "e2021"}))

    assert out["review.parquet"].num_rows == out["disclosure.parquet"].num_rows == 0
    assert rows(out["reports.parquet"])[0]["edition_t4"] is None


def test_a_report_says_how_it_was_read_and_how_its_arithmetic_fares() -> None:
    doubt = Finding("H1_total", Weight.DOUBT, "1 is not 2")
    printed = {"t3_granted_biz": "1", "t3_partial_biz": "0", "t3_carried_out_biz": None}

    [row] = rows(tables(judged(printed=printed, findings=(doubt, doubt)))["reports.parquet"])
    assert (row["cells_printed"], row["cells_number"], row["cells_blank"]) == (199, 2, 197)
    assert [row[f"{fate}_blank_zero"] for fate in ("held", "failed", "untestable")] == [42, 0, 0]
    assert [row[f"{fate}_blank_unknown"] for fate in ("held", "failed", "untestable")] == [3, 0, 39]
    assert (row["findings_doubt"], row["findings_note"]) == (1, 0)
    assert row["published"] == date(2024, 1, 31)
    assert (row["agency_name"], row["agency_name_printed"]) == ("海港局", "海港市海港局")


def test_a_finding_names_its_cells_and_what_was_odd_about_the_bytes_is_one_too() -> None:
    doubt = Finding(
        "H1_total", Weight.DOUBT, "1 is not 2", "t3", "e2021", ("t3_granted_total",), ("t3/r3/c7",)
    )
    half = Finding("half-page", Weight.NOTE, "the page ends in the middle of a tag")
    report = judged(findings=(doubt,))
    document = replace(report.verdict.document, findings=(half,))
    report = replace(report, verdict=replace(report.verdict, document=document))

    first, second = rows(tables(report)["findings.parquet"])
    assert (first["rule"], second["rule"], second["weight"]) == ("half-page", "H1_total", "doubt")
    assert (second["cells"], second["at"], second["delta"]) == (["t3_granted_total"], ["t3/r3/c7"], None)


def test_a_document_that_could_not_be_read_is_a_finding_with_its_capture() -> None:
    kept, why = refusal("http://harbour.practice.invalid/login.html")
    out = tables(judged(), refusals=((kept, why),))

    [row] = rows(out["findings.parquet"])
    assert (row["agency_id"], row["year"], row["rule"], row["weight"]) == ("harbour", None, "unread", "block")
    assert (row["message"], row["diagnosis"], row["capture"]) == (why.message, "NotAReport", kept.id)
    assert kept.id in out["captures.parquet"]["id"].to_pylist()


def test_an_older_capture_of_a_published_report_is_noted_and_blocks_nothing() -> None:
    kept, why = refusal("http://harbour.practice.invalid/old.html")
    out = tables(judged(), refusals=((kept, replace(why, reason="superseded")),))

    [row] = rows(out["findings.parquet"])
    assert (row["rule"], row["weight"], row["capture"]) == ("superseded", "note", kept.id)


def test_an_inference_stands_beside_the_facts_and_never_over_them() -> None:
    drawn = Inference("t3_granted_total", Decimal(5), "derived_total", "2 + 3 = 5", ("t3_granted_biz",))
    out = tables(judged(inferences=(drawn,)))

    [row] = rows(out["inferences.parquet"])
    assert (row["cell_id"], row["value"], row["cells"]) == ("t3_granted_total", 5.0, ["t3_granted_biz"])
    assert rows(out["facts/2023.parquet"], cell_id="t3_granted_total")[0]["value"] is None
    assert rows(out["requests.parquet"], is_total=True)[0]["granted"] is None


def test_listings_leave_no_trace_in_a_release() -> None:
    seen = [
        capture("http://a.invalid/list", purpose="listing"),
        capture("http://a.invalid/r", purpose="report"),
    ]
    why = refusal("")[1]
    out = tables(judged(), refusals=tuple((kept, why) for kept in seen))

    listed = out["captures.parquet"]
    assert sorted(listed["url"].to_pylist()) == [
        "http://a.invalid/r",
        "http://harbour.practice.invalid/2023.html",
    ]
    assert set(listed["warc"].to_pylist()) == {"archive/2026/a.warc.gz"}


def test_two_documents_for_one_report_are_refused_by_name() -> None:
    with pytest.raises(CannotRelease, match=r"two documents claim one place.*harbour/2023"):
        tables(judged(), judged(printed={"t3_granted_biz": "1"}))


def test_a_table_read_twice_from_one_report_is_refused() -> None:
    report = judged(editions={"t4": "e2021"})
    twice = replace(report, verdict=replace(report.verdict, tables=report.verdict.tables * 2))

    with pytest.raises(CannotRelease, match="review"):
        tables(twice)


def test_a_reading_with_a_cell_too_many_is_not_cut_to_size() -> None:
    report = judged(editions={"t4": "e2021"})
    [form] = report.verdict.tables
    odd = replace(form, facts={**form.facts, "t4_sixteenth": form.facts["t4_review_total"]})

    with pytest.raises(CannotRelease, match="t4_sixteenth"):
        tables(replace(report, verdict=replace(report.verdict, tables=(odd,))))


@pytest.mark.parametrize("pieces", [1, 3, 12])
def test_the_order_in_which_reports_arrive_changes_nothing(
    pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [judged(agency, year) for agency in ("b", "a", "Ab", "市") for year in (2021, 2023, 2019)]
    orderly = tables(*reports)
    random.Random(7).shuffle(reports)
    monkeypatch.setattr("foi_etl.publish.merge._SLAB", 3)
    shuffled = merged(*reports, pieces=pieces).tables()

    assert {path: table.to_pylist() for path, table in merged(*reports).tables().items()} == {
        path: table.to_pylist() for path, table in shuffled.items()
    }
    assert orderly.keys() == {"facts/2019.parquet", "facts/2021.parquet", "facts/2023.parquet"} | {
        f"{name}.parquet" for name in LAYOUT.tables if name != "facts"
    }


def test_tables_are_sorted_as_the_layout_says() -> None:
    out = tables(judged("b", 2021), judged("a", 2023), judged("a", 2021))

    assert [(row["year"], row["agency_id"]) for row in rows(out["reports.parquet"])] == [
        (2021, "a"),
        (2021, "b"),
        (2023, "a"),
    ]


def test_a_document_without_a_year_comes_after_all_years() -> None:
    doubt = Finding("H1_total", Weight.DOUBT, "1 is not 2")
    out = tables(judged(year=2023, findings=(doubt,)), refusals=(refusal("http://a.invalid/1", agency="a"),))

    assert out["findings.parquet"]["year"].to_pylist() == [2023, None]


def test_a_country_without_reports_still_has_every_table() -> None:
    assert {path: table.num_rows for path, table in tables().items()} == {
        table.path.split("/")[0]: 0 for table in LAYOUT.tables.values()
    }
