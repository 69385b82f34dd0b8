"""A report whose tables are pictures in its page: they are archived with it, and read as a scan."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from foi_etl.chunks import by_page
from foi_etl.errors import NotAReport
from foi_etl.model import Capture, Judged
from foi_etl.pipeline import judge_capture
from foi_etl.practice.country import Country, country
from foi_etl.practice.kinds.scan import fonts
from helpers import STATUTE
from visiting import PATIENT, House, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not fonts(), reason="no Chinese font is installed: fonts-noto-cjk")
FAMILY, YEARS = "trs", (2023, 2024)


def _land() -> Country:
    return replace(country(STATUTE, agencies=7, families=[FAMILY], years=YEARS), pictured=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with visiting(tmp_path_factory.mktemp("home"), _land()) as house:
        house.night(1, limits=PATIENT)
        yield house


def _pages(house: House) -> list[tuple[Capture, tuple[Capture, ...]]]:
    with house.kept as archive:
        beside = by_page(archive.captures(purpose="attachment"))
        reports = [*archive.captures(purpose="report")]
    shown = [(one, beside.get((one.agency_id, one.url), ())) for one in reports]
    return [(one, files) for one, files in shown if any(file.url.endswith(".png") for file in files)]


def _judged(house: House, page: Capture, files: tuple[Capture, ...]) -> Judged:
    with house.kept as archive:
        return judge_capture(page, archive.body, STATUTE, beside=files)


def test_only_pictures_that_may_be_tables_are_asked_for_and_only_where_none_can_be_read(house: House) -> None:
    asked = [one.path for one in house.server.log if one.path.endswith((".png", ".jpg"))]
    assert _pages(house)
    assert asked
    assert {path.rpartition("/")[2][0] for path in asked} == {"W"}
    assert {one.outcome for one in house.outcomes.values() if one.found} == {"ok"}


def test_on_the_next_night_no_picture_is_asked_for_again(house: House) -> None:
    assert not [one for one in house.night(2, limits=PATIENT) if one.path.endswith(".png")]


def test_tables_in_pictures_say_what_is_printed_and_where(house: House) -> None:
    """The large table takes too long for a test; `benchmarks/scans.py` reads such."""
    pytest.importorskip("rapidocr")
    page, files = _pages(house)[0]
    shown = [one for one in files if one.url.endswith(".png")]
    judged = _judged(house, page, (shown[0], shown[-1]))
    truth = _land().report(page.agency_id, judged.report.year).truth
    facts = {i: fact for table in judged.verdict.tables for i, fact in table.facts.items()}
    told = {cell for one in judged.verdict.findings for cell in one.cells}
    assert {cell.partition("_")[0] for cell in facts} == {"t2", "t4"}
    assert {i for i, fact in facts.items() if fact.value != truth[i]} <= told
    assert "recognised" in {one.rule for one in judged.verdict.findings}
    places = {fact.at.partition("!")[0] for fact in facts.values() if "/c" in fact.at}
    assert places == {shown[0].id, shown[-1].id}


def test_without_the_extra_it_is_said_what_to_install(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from foi_etl import documents  # noqa: PLC0415 - what is changed is changed here

    monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.setattr(documents, "_recogniser_of_several", _here)
    with pytest.raises(NotAReport, match=r"holds no table.*Its pictures.*pip install foi-etl\[ocr\]"):
        _judged(house, *_pages(house)[0])


def _here(statute: object) -> object:
    from foi_etl.convert.child import ended  # noqa: PLC0415 - as above
    from foi_etl.documents import read_several  # noqa: PLC0415 - as above

    return lambda bodies, name: ended(read_several(bodies, name, statute), lambda: None)  # type: ignore[arg-type]
