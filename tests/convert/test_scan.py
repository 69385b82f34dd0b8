"""A scan is looked at twice; what the looks do not agree on is not published."""

from __future__ import annotations

import importlib.util
import io
from random import Random

import pytest

from foi_etl.documents import open_document
from foi_etl.errors import NotAReport
from foi_etl.extract.locate import form_words
from foi_etl.extract.paper.ink import Ink, Paper, Rule
from foi_etl.extract.paper.scans import ILLEGIBLE, read_scan
from foi_etl.model import Weight
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.scan import Scanner, fonts, pictures_pdf, scan
from foi_etl.practice.kinds.sheet import set_pages
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
        transcript = read_scan([paper], [paper], form_words(STATUTE))
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


def _look(said: str, sure: float = 0.99) -> Paper:
    inks = (Ink("规章", 12, 12, 40, 22), Ink(said, 62, 12, 80, 22, sure))
    across = tuple(Rule(y, 10, 100) for y in (10, 30))
    down = tuple(Rule(x, 10, 30) for x in (10, 60, 100))
    return Paper(1, 595, 842, inks, across, down, scanned=True)


def test_what_two_looks_differ_on_is_withheld_and_named() -> None:
    transcript = read_scan([_look("38")], [_look("33")], form_words(STATUTE))
    [[label, value]] = transcript.tables[0].rows
    assert (label.text, value.text) == ("规章", ILLEGIBLE)
    [finding] = [one for one in transcript.findings if one.rule == "looks-differ"]
    assert finding.weight is Weight.BLOCK
    assert finding.at == (value.at,)


def test_what_a_look_is_not_sure_of_is_told() -> None:
    transcript = read_scan([_look("38")], [_look("38", 0.6)], form_words(STATUTE))
    assert transcript.tables[0].rows[0][1].text == "38"
    assert [one.rule for one in transcript.findings if one.weight is Weight.DOUBT] == ["recognised-unsure"]
