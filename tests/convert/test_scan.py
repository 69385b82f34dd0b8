"""A scan is looked at twice; what the looks do not agree on is not published."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Sequence
from itertools import accumulate, cycle
from random import Random

import pytest

from foi_etl.convert.recognise import fitting
from foi_etl.documents import open_document
from foi_etl.errors import NotAReport
from foi_etl.extract.document import compose
from foi_etl.extract.locate import form_words
from foi_etl.extract.paper.ink import Box, Ink, Paper, Rule, spelled
from foi_etl.extract.paper.scans import read_scan
from foi_etl.extract.raised import ILLEGIBLE
from foi_etl.model import Weight
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.scan import Scanner, fonts, pictures_pdf, scan
from foi_etl.practice.kinds.scan_harm import SCAN_HARMS
from foi_etl.practice.kinds.sheet import Leaf, Setting, set_pages, wide
from helpers import STATUTE

needs_ocr = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="the extra ocr is not installed"
)
needs_font = pytest.mark.skipif(not fonts(), reason="no Chinese font here (Debian: fonts-noto-cjk)")
FIGURES = [["12", "0", "307"], ["4", "96171", "58"]]


def _grid(skew: float) -> bytes:
    """A small grid of figures, a little turned."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - slow to import

    picture = Image.new("L", (1240, 900), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(36)
    for row in range(len(FIGURES) + 1):
        draw.line((200, 200 + 100 * row, 1100, 200 + 100 * row), 0, 2)
    for column in range(len(FIGURES[0]) + 1):
        draw.line((200 + 300 * column, 200, 200 + 300 * column, 400), 0, 2)
    for row, figures in enumerate(FIGURES):
        for column, said in enumerate(figures):
            draw.text((350 + 300 * column, 250 + 100 * row), said, 0, font, anchor="mm")
    out = io.BytesIO()
    picture.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255).save(out, "PNG")
    return out.getvalue()


@needs_ocr
@pytest.mark.parametrize("skew", [0.0, -1.7])
def test_a_grid_of_figures_is_seen_twice_and_set_straight(skew: float) -> None:
    from foi_etl.convert.scan import see  # noqa: PLC0415 - the extra may be missing

    [looks] = see(_grid(skew), "x.png", "picture", form_words(STATUTE))
    for paper in looks:
        transcript = read_scan([paper], [paper], STATUTE)
        [table] = transcript.tables
        assert [[cell.text for cell in row] for row in table.rows] == FIGURES
        assert all(cell.page == 1 and cell.scan.startswith("x") for row in table.rows for cell in row)


@needs_ocr
@pytest.mark.parametrize(("said", "seen"), [("4711", 2), ("政府信息公开", 3), ("自然人", 3)])
def test_a_scan_is_given_up_where_its_first_pages_say_no_word_of_a_report(
    monkeypatch: pytest.MonkeyPatch, said: str, seen: int
) -> None:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - slow to import

    from foi_etl.convert import scan as scans  # noqa: PLC0415 - the extra may be missing

    picture, out = Image.new("L", (620, 877), 255), io.BytesIO()
    ImageDraw.Draw(picture).text((60, 60), "what is drawn here", 0)
    picture.save(out, "JPEG")
    body = pictures_pdf([(out.getvalue(), *picture.size)] * 3)
    monkeypatch.setattr(scans, "_FIRST_PAGES", 2)
    monkeypatch.setattr(scans, "recognise", lambda pictures: [(said, 0.9)] * len(pictures))
    looks = scans.see(body, "x.pdf", "pdf", form_words(STATUTE))
    if seen == 3:
        assert len(list(looks)) == seen
    else:
        with pytest.raises(NotAReport, match=f"the first {seen} pages of the scan say no word of a report"):
            list(looks)


@needs_ocr
@needs_font
def test_a_scanned_table_is_read_as_it_is_printed() -> None:
    report = next(iter(country(STATUTE, agencies=6).reports))
    parts = list(flow(report, STATUTE))
    first = next(at for at, part in enumerate(parts) if not isinstance(part, str))
    scanner = Scanner(dpi=200, skew=1.2, noise=6, blur=0.5, quality=75)
    body = scan(set_pages([parts[0], parts[first]]), fonts()[0], scanner, Random(5))
    verdict = judge(open_document(body, "x.pdf", STATUTE), STATUTE)
    [table] = verdict.tables
    told = {i for one in verdict.findings if one.weight is not Weight.NOTE for i in one.cells}
    read = {i for i, fact in table.facts.items() if fact.value == report.truth[i]}
    assert read | told >= table.facts.keys()
    assert len(read) >= len(table.facts) - 1
    assert all("/ocr" in fact.at for fact in table.facts.values() if fact.at)


@needs_ocr
@needs_font
def test_a_table_without_rules_on_a_page_that_stands_on_its_head_is_read() -> None:
    report = next(iter(country(STATUTE, agencies=6).reports))
    parts = list(flow(report, STATUTE))
    first = next(at for at, part in enumerate(parts) if not isinstance(part, str))
    leaves = set_pages([parts[0], parts[first]], Setting(rules="none"))
    body = scan(leaves, fonts()[0], Scanner(noise=4), Random(5), SCAN_HARMS["upside_down"])
    verdict = judge(open_document(body, "x.pdf", STATUTE), STATUTE)
    [table] = verdict.tables
    assert "read-without-rules" in {one.rule for one in verdict.findings}
    read = {i for i, fact in table.facts.items() if fact.at and fact.value == report.truth[i]}
    told = {i for one in verdict.findings if one.weight is not Weight.NOTE for i in one.cells}
    assert read | told >= table.facts.keys()
    assert len(read) >= len(table.facts) // 2
    assert all("/ocr" in table.facts[i].at for i in read)


def _recognised(leaf: Leaf, number: int) -> Paper:
    inks = tuple(
        Ink(said, x, top, x + wide(said, size), top + size, 0.97) for x, top, size, said in leaf.texts
    )
    return Paper(number, 595, 842, inks, scanned=True)


def _printed(leaf: Leaf, number: int) -> Paper:
    whole = _recognised(leaf, number)
    places = (
        ink._replace(text=letter, x0=x, x1=x + wide(letter, ink.bottom - ink.top), sure=1.0)
        for ink in whole.inks
        for letter, x in zip(
            ink.text,
            accumulate((wide(one, ink.bottom - ink.top) for one in ink.text), initial=ink.x0),
            strict=False,
        )
    )
    return whole._replace(inks=tuple(places), scanned=False)


@pytest.mark.parametrize("kinds", [(_recognised,), (_recognised, _printed), (_printed, _recognised)])
def test_tables_without_rules_are_read_over_pages_of_pictures_and_of_text(
    kinds: Sequence[Callable[[Leaf, int], Paper]],
) -> None:
    report = next(iter(country(STATUTE, agencies=6).reports))
    leaves = set_pages(flow(report, STATUTE), Setting(rules="none", start=200))
    papers = [kind(leaf, at) for at, (leaf, kind) in enumerate(zip(leaves, cycle(kinds), strict=False), 1)]
    document = compose("x", "scan", read_scan(papers, papers, STATUTE), STATUTE)
    facts = {i: fact for table in judge(document, STATUTE).tables for i, fact in table.facts.items()}
    assert {i: fact.value for i, fact in facts.items()} == dict(report.truth)
    scanned = {f"p{paper.number}" for paper in papers if paper.scanned}
    figures = [fact.at for fact in facts.values() if fact.raw]
    assert all(("/ocr97" in at) == (at.partition("/")[0] in scanned) for at in figures)


def test_what_is_recognised_as_a_whole_is_spelled_out_but_for_figures() -> None:
    run = Ink("1.属于12", 10, 0, 50, 10)
    assert [(one.text, one.x0, one.x1) for one in spelled(run)] == [
        ("1", 10, 15),
        (".", 15, 20),
        ("属", 20, 30),
        ("于", 30, 40),
        ("12", 40, 50),
    ]
    assert spelled(Ink("1,234.5", 0, 0, 9, 9)) == [Ink("1,234.5", 0, 0, 9, 9)]


@pytest.mark.parametrize(("said", "kept"), [("52.1一", "52.1"), ("第一", "第一"), ("一1", "一1")])
def test_an_edge_behind_figures_is_no_letter(said: str, kept: str) -> None:
    assert fitting(said, Box(0, 0, 60, 10)) == kept


@needs_ocr
def test_a_line_is_cut_where_columns_are_and_what_is_left_by_its_own_lines() -> None:
    import numpy as np  # noqa: PLC0415 - slow to import

    from foi_etl.convert.lines import text_pieces, view  # noqa: PLC0415 - the extra may be missing

    page = np.full((842, 595), 255, np.uint8)
    for x, y in ((100, 100), (112, 100), (100, 114), (112, 114), (200, 107), (240, 107)):
        page[y : y + 9, x : x + 10] = 0
    page[300, 300] = 0
    places = [place for place, _ in text_pieces(view(page, 1.0, 0.0), Box(0, 0, 595, 842))]
    lefts = [(round(place.x0), round(place.top)) for place in places]
    assert sorted(lefts) == [(100, 100), (100, 114), (200, 107), (240, 107)]


def _look(said: str, sure: float = 0.99) -> Paper:
    inks = (Ink("规章", 12, 12, 40, 22), Ink(said, 62, 12, 80, 22, sure))
    across = tuple(Rule(y, 10, 100) for y in (10, 30))
    down = tuple(Rule(x, 10, 30) for x in (10, 60, 100))
    return Paper(1, 595, 842, inks, across, down, scanned=True)


def test_what_two_looks_differ_on_is_withheld_and_named() -> None:
    transcript = read_scan([_look("38")], [_look("33")], STATUTE)
    [[label, value]] = transcript.tables[0].rows
    assert (label.text, value.text) == ("规章", ILLEGIBLE)
    [finding] = [one for one in transcript.findings if one.rule == "looks-differ"]
    assert finding.weight is Weight.BLOCK
    assert finding.at == (value.at,)


def test_what_a_look_is_not_sure_of_is_told() -> None:
    transcript = read_scan([_look("38")], [_look("38", 0.6)], STATUTE)
    assert transcript.tables[0].rows[0][1].text == "38"
    assert [one.rule for one in transcript.findings if one.weight is Weight.DOUBT] == ["recognised-unsure"]
