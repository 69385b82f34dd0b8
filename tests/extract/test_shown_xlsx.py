"""Of a workbook that is read which is shown: hidden rows are not, numbers are as their format has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from xml.sax.saxutils import quoteattr

import pytest

from foi_etl.extract.office.formats import shown
from trapped import CELL, read, xlsx

FONTS = (
    '<fonts><font><sz val="11"/></font><font><color rgb="FFFFFFFF"/></font><font><strike/></font>'
    '<font><color theme="0"/></font><font><color rgb="FFC00000"/><b/></font>'
    '<font><sz val="1"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid">'
    '<fgColor theme="4"/></patternFill></fill></fills>'
)
ACCOUNTING = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ '


def styled(xf: str, code: str = "0") -> str:
    formats = f'<numFmts><numFmt numFmtId="170" formatCode={quoteattr(code)}/></numFmts>'
    return f'{formats}{FONTS}<cellXfs><xf numFmtId="0"/><xf {xf}</cellXfs>'


def number(stored: str, code: str) -> bytes:
    return xlsx(f'<c r="{{r}}" s="1"><v>{stored}</v></c>', styles=styled('numFmtId="170"/>', code))


@pytest.mark.parametrize(
    ("stored", "code", "printed"),
    [
        ("12.6", "0", "13"),
        ("2.4999999999999996", "0", "3"),
        ("1234", "#,##0.00", "1234"),
        ("25400", "#,##0,", "25"),
        ("25", ";;;", ""),
        ("25", '0"件"', "25"),
        ("25", 'General"件"', "25"),
        ("25", '"1"0', "125"),
        ("25", "0!5", "255"),
        ("3", '0"万"', "30000"),
        ("0.25", "0%", "99"),
        ("2.5", "# ?/?", "99"),
        ("25", '[>20]"2";0', "2"),
        ("25", "*00", "99"),
        ("25", "yyyy-mm-dd", "99"),
        ("25", "0" * 300, "99"),
        ("1e300", "#,##0;;;", "99"),
    ],
)
def test_a_number_is_what_its_format_shows(stored: str, code: str, printed: str) -> None:
    found = read(number(stored, code))
    assert not found.silent({CELL: printed})
    assert found.values[CELL] in {None, Decimal(printed) if printed else None}


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("25", "General"),
        ("25", "G/通用格式"),
        ("25", "@"),
        ("25", "0_ "),
        ("25", "#,##0.00_);[Red](#,##0.00)"),
        ("25", "[$-804]0"),
        ("25", "[DBNum1]0"),
        ("25", "???"),
        ("25", ACCOUNTING),
        ("25.4", "0"),
        ("24.6", ACCOUNTING),
        ("25", '0"件"'),
        ("25", 'General"件"'),
        ("25", "0;-0;;@"),
        ("0", ACCOUNTING),
        ("0", "0;-0;;@"),
        ("0", "#"),
    ],
)
def test_a_format_that_offices_use_loses_no_figure(stored: str, code: str) -> None:
    assert read(number(stored, code)).values[CELL] == (25 if float(stored) else 0)


def test_a_negative_number_keeps_its_sign_or_loses_it_as_its_format_says() -> None:
    codes = ["0", "0;-0", ACCOUNTING, "0;0", '0"件";-0"件"', "0_);(0)"]
    assert [shown(Decimal(-5), code) for code in codes] == ["-5", "-5", "-5", "5", "-5件", "(5)"]


@pytest.mark.parametrize(
    ("xf", "printed", "published"),
    [
        pytest.param('fontId="1"/>', "", None, id="white"),
        pytest.param('fontId="3"/>', "", None, id="white by the theme"),
        pytest.param('fontId="2"/>', "", None, id="struck out"),
        pytest.param('fontId="5"/>', "", None, id="tiny"),
        pytest.param('><alignment horizontal="fill"/></xf>', "2525", None, id="said again and again"),
        pytest.param('fontId="1" fillId="1"/>', "25", 25, id="white on blue"),
        pytest.param('fontId="4" fillId="1"/>', "25", 25, id="red on blue"),
        pytest.param('fontId="4"><alignment horizontal="center"/></xf>', "25", 25, id="red and bold"),
    ],
)
def test_a_box_is_read_where_its_digits_are_seen(xf: str, printed: str, published: int | None) -> None:
    found = read(xlsx('<c r="{r}" s="1"><v>25</v></c>', styles=styled(xf)))
    assert not found.silent({CELL: printed})
    assert found.values[CELL] == published


@pytest.mark.parametrize(
    ("look", "whole"),
    [
        ('<vertAlign val="superscript"/>', "2"),
        ("<strike/>", "2"),
        ('<color rgb="FFFFFFFF"/>', "2"),
        ('<color theme="0"/>', "2"),
        ("<b/>", "25"),
        ('<strike val="0"/><color rgb="FFFF0000"/>', "25"),
    ],
)
def test_a_text_is_read_in_its_pieces(look: str, whole: str) -> None:
    pieces = f"<r><t>2</t></r><r><rPr>{look}</rPr><t>5</t></r>"
    strings = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{pieces}</si></sst>'
    )
    inline = xlsx(f'<c r="{{r}}" t="inlineStr"><is>{pieces}</is></c>')
    shared = xlsx('<c r="{r}" t="s"><v>0</v></c>', extra={"sharedStrings.xml": strings})
    for body in (inline, shared):
        found = read(body)
        assert not found.silent({CELL: whole})
        assert found.values[CELL] == (25 if whole == "25" else None)


def test_a_format_that_hides_text_hides_it() -> None:
    said = '<c r="{r}" s="1" t="inlineStr"><is><t>25</t></is></c>'
    assert read(xlsx(said, styles=styled('numFmtId="170"/>', ";;;"))).values[CELL] is None
    assert read(xlsx(said, styles=styled('numFmtId="170"/>', "0;0;0;@"))).values[CELL] == 25


def _row_of_mark(xml: str) -> int:
    return next(int(at) for at, row in re.findall(r'<row r="(\d+)">(.*?)</row>', xml) if "<v>25</v>" in row)


def _twice(attribute: str) -> Callable[[str], str]:
    """The sheet with a row like that of the mark before it, unseen, with another number in it."""

    def change(xml: str) -> str:
        at = _row_of_mark(xml)
        xml = re.sub(
            r'(?<=r=")([A-Z]*)(\d+)(?=")',
            lambda found: f"{found[1]}{int(found[2]) + (int(found[2]) >= at)}",
            xml,
        )
        row = re.search(rf'<row r="{at + 1}">.*?</row>', xml)
        assert row
        unseen = re.sub(rf'(?<=r=")([A-Z]*){at + 1}(?=")', rf"\g<1>{at}", row[0]).replace(">25<", ">77<")
        # A row, and a box, may leave out where it stands.
        bare = re.sub(r'<c r="[A-Z]+\d+"', "<c", row[0]).replace(f' r="{at + 1}"', "")
        return xml.replace(row[0], unseen.replace("<row", f"<row {attribute}", 1) + bare)

    return change


@pytest.mark.parametrize("attribute", ['hidden="1"', 'hidden="true"', 'ht="0" customHeight="1"', 'ht="0.1"'])
def test_a_row_that_is_not_seen_is_no_row(attribute: str) -> None:
    found = read(xlsx('<c r="{r}"><v>25</v></c>', sheet=_twice(attribute)))
    assert not found.silent({CELL: "25"})
    assert "rows-hidden" in {one.rule for one in found.verdict.findings}


@pytest.mark.parametrize("attribute", ['hidden="1"', 'width="0" customWidth="1"'])
def test_a_column_that_is_not_seen_is_no_column(attribute: str) -> None:
    def change(xml: str) -> str:
        cols = f'<cols><col min="26" max="26" width="9" /><col min="27" max="16384" {attribute}/></cols>'
        notes = re.sub(r'(<row r="(\d+)">.*?)</row>', r'\1<c r="AB\2"><v>7</v></c></row>', xml)
        return notes.replace("<sheetData>", f"{cols}<sheetData>")

    found = read(xlsx('<c r="{r}"><v>25</v></c>', sheet=change))
    assert not found.silent({CELL: "25"})
    assert found.values[CELL] == 25
