"""The gate: a release that would harm whoever used the one before it is stopped, with the reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from foi_etl.errors import ReleaseStopped
from foi_etl.model import Finding, Judged, Weight
from foi_etl.publish.changes import HELD, held
from foi_etl.publish.gate import read_gate
from foi_etl.publish.manifest import read_manifest
from foi_etl.publish.objections import KNOWN
from foi_etl.publish.release import Release, publish
from foi_etl.publish.sheets import Sheet
from foi_etl.publish.verify import verify
from foi_etl.schemas import folder
from verdicts import BOOK, LAYOUT, judged, merged, refusal, sheets, with_fact

CHECKS = read_gate((folder("schemas") / "gate.toml").read_text(encoding="utf-8"))
AGENCIES = [f"agency-{number:02}" for number in range(10)]
PRINTED = {"t3_new_received_total": "40", "t3_granted_total": "20", "t4_review_total": "3"}
Made = Sequence[Judged]


def agreed(one: Judged, same: bool) -> Judged:
    """Both readers saw each cell of the report, and saw the same or not."""
    forms = tuple(replace(form, agreed=dict.fromkeys(form.facts, same)) for form in one.verdict.tables)
    return replace(one, verdict=replace(one.verdict, tables=forms))


WHOLE = [
    agreed(judged(agency, year, {**PRINTED, "t3_granted_total": str(20 + number)}), same=True)
    for number, agency in enumerate(AGENCIES)
    for year in (2022, 2023)
]


def released(releases: Path, reports: Made, accept: str = "", without: Sequence[str] = ()) -> Release | None:
    made = {path: sheet for path, sheet in sheets(merged(*reports)).items() if path not in without}
    return publish(
        releases, made, day=date(2026, 11, 23), layout=LAYOUT, codebook=BOOK, checks=CHECKS, accept=accept
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    releases = tmp_path_factory.mktemp("gate") / "releases"
    assert released(releases, WHOLE)
    return releases


@pytest.fixture
def releases(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "releases", symlinks=True)
    return tmp_path / "releases"


def without_agency(reports: Made) -> Made:
    return [one for one in reports if one.report.agency_id != AGENCIES[0]]


def without_reports(reports: Made) -> Made:
    """Another agency takes the place, so that the files have as many rows."""
    lost = [one for one in reports if one.report.agency_id != AGENCIES[0] or one.report.year != 2023]
    return [*lost, agreed(judged("newcomer", 2023, PRINTED), same=True)]


def rewritten(cell: str, **said: object) -> Callable[[Made], Made]:
    return lambda reports: [with_fact(one, cell, **said) for one in reports]


def every(**changes: object) -> Callable[[Made], Made]:
    return lambda reports: [replace(one, **changes) for one in reports]  # type: ignore[arg-type]


def with_finding(reports: Made) -> Made:
    found = Finding("carried_rule", Weight.DOUBT, "it does not add up", table="t3")
    return [replace(one, verdict=replace(one.verdict, findings=(found,))) for one in reports]


def scaled(reports: Made) -> Made:
    return [with_fact(one, "t3_new_received_total", value=400000.0, raw="400000") for one in reports]


def reread(reports: Made) -> Made:
    """Nearly every cell of every report says something else."""
    for cell in list(WHOLE[0].verdict.tables[1].facts):
        reports = [with_fact(one, cell, raw="7 ") for one in reports]
    return reports


def other_edition(reports: Made) -> Made:
    editions = {"t2": "e2021", "t3": "e2019", "t4": "e2021"}
    return [
        agreed(judged(one.report.agency_id, one.report.year, PRINTED, editions=editions), same=True)
        for one in reports
    ]


def from_the_future(reports: Made) -> Made:
    return [*reports, *(agreed(judged(agency, 2062, PRINTED), same=True) for agency in AGENCIES[:3])]


def of_another_capture(reports: Made) -> Made:
    moved = [replace(one, capture=replace(one.capture, id="f" * 16)) for one in reports[:1]]
    return [*moved, *reports[1:]]


def unread(reports: Made) -> Made:
    return [agreed(one, same=False) for one in reports]


SPOILT = {
    "nothing_left": lambda _: [],
    "agency_gone": without_agency,
    "reports_gone": without_reports,
    "rows_fewer": lambda reports: reports[::2],
    "captures_gone": of_another_capture,
    "sum_moved": scaled,
    "blanks_grew": rewritten("t4_review_total", value=None, state="blank", raw=""),
    "cells_revised": reread,
    "rule_doubled": with_finding,
    "agreement_fell": unread,
    "edition_changed": other_edition,
    "name_changed": every(agency_name="山港局"),
    "year_impossible": from_the_future,
}


@pytest.mark.parametrize("check", SPOILT)
def test_a_spoilt_release_is_stopped_with_its_reason(releases: Path, check: str) -> None:
    with pytest.raises(ReleaseStopped) as stopped:
        released(releases, SPOILT[check](WHOLE))

    assert check in {one.split(":")[0] for one in held(releases)}
    assert held(releases)[0] in str(stopped.value)
    assert "--accept" in str(stopped.value)
    assert (releases / "latest").resolve().name == "2026.11.23"
    assert [one.name for one in releases.iterdir() if one.name.startswith(".draft")] == []


def test_a_file_that_is_gone_is_named(releases: Path) -> None:
    with pytest.raises(ReleaseStopped, match=r"file_gone: review.parquet/2022.parquet is not there"):
        released(releases, WHOLE, without=["review.parquet/2022.parquet"])


def test_a_column_that_is_gone_or_is_of_another_type_is_named(releases: Path) -> None:
    def narrow(sheet: Sheet) -> Sheet:
        return Sheet(lambda: (batch.drop_columns("agreed") for batch in sheet.batches()))

    facts = LAYOUT.tables["facts"]
    columns = tuple(one for one in facts.columns if one.name != "agreed")
    short = replace(LAYOUT, tables={**LAYOUT.tables, "facts": replace(facts, columns=columns)})
    made = {
        path: narrow(sheet) if path.startswith("facts/") else sheet
        for path, sheet in sheets(merged(*WHOLE)).items()
    }
    with pytest.raises(ReleaseStopped, match="column_gone: facts has no column agreed any more"):
        publish(releases, made, day=date(2026, 11, 23), layout=short, codebook=BOOK, checks=CHECKS)


def test_documents_that_are_read_no_longer_are_counted_although_none_was_unread_before(
    releases: Path,
) -> None:
    left = [one for one in WHOLE if one.report.year == 2022]
    lost = [refusal(one.capture.url, one.report.agency_id) for one in WHOLE if one.report.year == 2023]
    with pytest.raises(ReleaseStopped):
        publish(
            releases,
            sheets(merged(*left, refusals=lost)),
            day=date(2026, 11, 23),
            layout=LAYOUT,
            codebook=BOOK,
            checks=CHECKS,
        )
    assert "rule_doubled: unread is failed by 10 of the reports of which 0 failed it" in held(releases)


def test_every_check_is_asked_and_can_object() -> None:
    assert {check.id for check in CHECKS} == KNOWN == {*SPOILT, "file_gone", "column_gone", "before_damaged"}


def test_what_grows_and_what_one_agency_mends_passes(releases: Path) -> None:
    mended = [with_fact(WHOLE[0], "t3_new_received_total", value=400000.0, raw="400000"), *WHOLE[1:]]
    more = [agreed(judged(agency, 2024, PRINTED), same=True) for agency in (*AGENCIES, "newcomer")]

    made = released(releases, [*mended, *more])

    assert made is not None
    assert made.manifest.accepted is None
    assert held(releases) == []


def test_what_a_person_accepts_is_published_with_the_reason(releases: Path) -> None:
    made = released(releases, without_agency(WHOLE), accept="the agency was merged")

    assert made is not None
    accepted = read_manifest(made.path).accepted
    assert accepted is not None
    assert accepted.reason == "the agency was merged"
    assert any(one.startswith("agency_gone: agency-00") for one in accepted.objections)
    told = (made.path / "CHANGES.md").read_text(encoding="utf-8")
    assert "the agency was merged" in told
    assert "agency_gone" in told
    assert verify(made.path) == []


def test_a_reason_without_an_objection_is_not_published(releases: Path) -> None:
    made = released(releases, [*WHOLE, judged("newcomer", 2023, PRINTED)], accept="just in case")

    assert made is not None
    assert made.manifest.accepted is None
    assert "just in case" not in (made.path / "CHANGES.md").read_text(encoding="utf-8")


def test_the_stopped_release_can_be_looked_at_until_one_is_published(releases: Path) -> None:
    with pytest.raises(ReleaseStopped):
        released(releases, without_agency(WHOLE))
    assert (releases / HELD / "requests.parquet" / "2023.parquet").is_file()

    assert released(releases, [*WHOLE, judged("newcomer", 2023, PRINTED)])
    assert not (releases / HELD).exists()


def test_a_damaged_release_before_is_no_measure(releases: Path) -> None:
    """The gate compares with the youngest release that is whole."""
    assert released(releases, [*WHOLE, judged("newcomer", 2023, PRINTED)])
    (releases / "latest" / "review.parquet" / "2023.parquet").write_bytes(b"")

    with pytest.raises(ReleaseStopped, match="agency-00"):
        released(releases, without_agency(WHOLE))


def test_where_no_release_before_is_whole_a_person_is_asked(releases: Path) -> None:
    """What cannot be compared is not let pass because nothing speaks against it."""
    (releases / "latest" / "review.parquet" / "2023.parquet").write_bytes(b"")

    with pytest.raises(ReleaseStopped, match="before_damaged: no release before is whole"):
        released(releases, WHOLE)
    assert released(releases, WHOLE, accept="the disk failed, and there is no backup")


def test_changes_are_told_in_words(releases: Path) -> None:
    revised = with_fact(WHOLE[0], "t3_granted_total", value=9.0, raw="9")
    made = released(releases, [revised, *WHOLE[1:], judged("newcomer", 2023, PRINTED)])

    assert made is not None
    told = (made.path / "CHANGES.md").read_text(encoding="utf-8")
    assert "Compared with 2026.11.23" in told
    assert "- 1 new: 1 of 2023" in told
    assert "- 1 agencies for the first time: newcomer" in told
    assert "- 1 say something else now, in 1 reports: agency-00 2022" in told
