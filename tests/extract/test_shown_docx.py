"""Of a Word document that is read which is printed: what is hidden is not, what is doubtful is withheld."""

from __future__ import annotations

from decimal import Decimal

import pytest

from foi_etl.practice.kinds import office
from trapped import CELL, docx, marked, read, repacked

W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
SUPER = '<w:vertAlign w:val="superscript"/>'
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
PICTURE = '<w:drawing><wp:anchor xmlns:wp="wp"><pic:pic xmlns:pic="pic"/></wp:anchor></w:drawing>'
WHITE = '<w:color w:val="FFFFFF"/>'
NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def said(*runs: str, properties: str = "") -> str:
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def field(code: str, result: str = "") -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return marks[0] + code + (marks[1] + result if result else "") + marks[2]


def style(kind: str, look: str, base: str = "") -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="H"><w:rPr>{look}</w:rPr></w:style>'
        f'<w:style w:type="{kind}" w:styleId="G"><w:basedOn w:val="H"/></w:style>{base}'
    )


RING = r"<w:r><w:instrText>EQ \o\ac(○,5)</w:instrText></w:r>"
INNER = f"<w:tbl><w:tr><w:tc>{said(run('5'))}</w:tc><w:tc>{said(run('7'))}</w:tc></w:tr></w:tbl>"


def shade(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


@pytest.mark.parametrize(
    ("look", "styles"),
    [
        pytest.param("<w:vanish/>", "", id="hidden"),
        pytest.param('<w:rStyle w:val="G"/>', style("character", "<w:vanish/>"), id="hidden by a style"),
        pytest.param(WHITE, "", id="white"),
        pytest.param('<w:color w:val="auto" w:themeColor="background1"/>', "", id="white by the theme"),
        pytest.param(f"<w14:textFill {W14}><w14:noFill/></w14:textFill>", "", id="without a fill"),
        pytest.param('<w:color w:val="333333"/>' + shade("303030"), "", id="as dark as the run's shade"),
        pytest.param('<w:highlight w:val="black"/>', "", id="blacked out"),
        pytest.param("<w:strike/>", "", id="struck out"),
        pytest.param("<w:dstrike/>", "", id="struck out twice"),
        pytest.param('<w:sz w:val="2"/>', "", id="tiny"),
        pytest.param('<w:w w:val="1"/>', "", id="a hair wide"),
        pytest.param('<w:spacing w:val="-200"/>', "", id="set over the digit before"),
        pytest.param('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>', "", id="a pictogram"),
        pytest.param('<w:vertAlign w:val="subscript"/>', "", id="beneath the line"),
        pytest.param('<w:vertAlign w:val="superscript"/>', "", id="above the line"),
        pytest.param('<w:rStyle w:val="G"/>', style("character", SUPER), id="above by a style"),
        pytest.param('<w:position w:val="8"/>', "", id="lifted"),
    ],
)  # fmt: skip
def test_a_digit_that_is_not_printed_as_one_of_the_figure_is_not_published(look: str, styles: str) -> None:
    for runs in ([run("2"), run("5", look)], [run("5", look), run("2", "<w:b/>")]):
        found = read(docx(said(*runs), styles=styles))
        assert not found.silent({CELL: "2"})
        assert found.values[CELL] in {None, Decimal(2)}


@pytest.mark.parametrize(
    "look",
    [
        '<w:color w:val="C00000"/><w:b/><w:u w:val="single"/>',
        '<w:color w:val="A6A6A6"/>',
        '<w:color w:val="auto" w:themeColor="text1"/>',
        '<w:sz w:val="13"/><w:w w:val="80"/><w:spacing w:val="-12"/>',
        '<w:highlight w:val="yellow"/>',
        '<w:vanish w:val="0"/><w:strike w:val="false"/>',
        '<w:position w:val="6"/>',
        '<w:vertAlign w:val="superscript"/>',
        WHITE + shade("1F4E79"),
        shade("000000"),
        f'<w14:textFill {W14}><w14:solidFill><w14:schemeClr w14:val="tx1"/></w14:solidFill></w14:textFill>',
        '<w:rFonts w:ascii="仿宋_GB2312" w:hAnsi="Symbol"/><w:em w:val="dot"/>',
    ],
)
def test_a_figure_that_is_set_as_offices_set_them_is_published(look: str) -> None:
    found = read(docx(said(run("2", look), run("5", look))))
    assert not found.silent({CELL: "25"})
    assert found.values[CELL] == 25


def test_white_on_a_dark_box_and_a_style_that_is_taken_back_are_published() -> None:
    dark = read(docx(said(run("25", WHITE)), shade("2F5496")))
    back = docx(
        said(run("25", '<w:rStyle w:val="G"/><w:vanish w:val="0"/>')),
        styles=style("character", "<w:vanish/>"),
    )
    assert dark.values[CELL] == 25
    assert read(back).values[CELL] == 25


@pytest.mark.parametrize(
    ("box", "printed"),
    [
        pytest.param(said(run("2"), f"<w:r>{PICTURE}</w:r>"), "99", id="a picture beside"),
        pytest.param(said(f"<w:r>{PICTURE}</w:r>"), "99", id="a picture"),
        pytest.param(
            said(run("2"), '<w:r><w:sym w:font="Symbol" w:char="F035"/></w:r>'), "25", id="a digit of symbols"
        ),
        pytest.param(
            said(
                f"<m:oMath {MATH}><m:f><m:num><m:r><m:t>2</m:t></m:r></m:num>"
                "<m:den><m:r><m:t>5</m:t></m:r></m:den></m:f></m:oMath>"
            ),
            "0.4",
            id="a fraction",
        ),
        pytest.param(said(run("2"), field(RING)), "99", id="a digit in a ring"),
        pytest.param(said(run("2"), f'<w:bdo w:val="rtl">{run("51")}</w:bdo>'), "215", id="backwards"),
        pytest.param(said(run("2")) + INNER + said(), "99", id="figures set apart in one box"),
        pytest.param(said(run("2"), '<w:r><w:ptab w:alignment="right"/></w:r>', run("5")), "99", id="two"),
        pytest.param(said(field(run("34"), run("25"))), "25", id="the code of a field"),
    ],
)
def test_what_no_reader_of_letters_sees_is_named(box: str, printed: str) -> None:
    assert not read(docx(box)).silent({CELL: printed})


def test_the_result_of_a_field_is_published_and_plain_formulas_are() -> None:
    code = "<w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>"
    formula = f"<m:oMath {MATH}><m:r><m:t>25</m:t></m:r></m:oMath>"
    for box in (field(code, run("25")), formula):
        assert read(docx(said(box))).values[CELL] == 25


@pytest.mark.parametrize(("kind", "published"), [("decimal", None), ("bullet", Decimal(5))])
def test_a_number_that_a_list_puts_before_a_figure_is_named(kind: str, published: Decimal | None) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1."/></w:lvl>'
    lists = (
        f'<w:numbering {space}><w:abstractNum w:abstractNumId="3">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
    )
    body = repacked(
        docx(said(run("5"), properties=NUMBERED)),
        lambda all_: all_.update({"word/numbering.xml": lists.encode()}),
    )
    found = read(body)
    assert found.values[CELL] == published
    assert (CELL in found.named) is (published is None)


@pytest.mark.parametrize(
    ("properties", "all_read"),
    [
        ("<w:hidden/>", True),
        ('<w:del w:id="1" w:author="a"/>', True),
        ('<w:trHeight w:val="20" w:hRule="exact"/>', False),
        ('<w:trHeight w:val="20" w:hRule="atLeast"/><w:hidden w:val="0"/>', None),
    ],
)
def test_a_row_that_is_not_printed_is_no_row(properties: str, all_read: bool | None) -> None:
    def twice(members: dict[str, bytes]) -> None:
        before, mark, after = members["word/document.xml"].decode().partition("QQQ")
        start = before.rindex("<w:tr>") + len("<w:tr>")
        end = after.index("</w:tr>") + len("</w:tr>")
        row = before[start:] + mark + after[:end]
        unseen = f"<w:tr><w:trPr>{properties}</w:trPr>{row}".replace("QQQ", "77")
        members["word/document.xml"] = (before + "25" + after[:end] + unseen + after[end:]).encode()

    found = read(repacked(office.docx(marked()), twice))
    assert not found.silent({CELL: "25"})
    if all_read:
        assert found.values[CELL] == 25
        assert "readers-differ" not in {one.rule for one in found.verdict.findings}
    else:
        assert found.values[CELL] is None


def test_strikes_in_prose_and_pictures_beside_labels_withhold_nothing() -> None:
    plain = read(docx(said(run("25"))))

    def marked_up(members: dict[str, bytes]) -> None:
        xml = members["word/document.xml"].decode()
        at = xml.index("</w:t></w:r></w:p></w:tc>")  # the first label of the first table
        xml = xml[:at] + "</w:t></w:r><w:r>" + PICTURE + "<w:t>" + xml[at:]
        struck = said(run("2022年共收到申请31件", "<w:strike/>"), f"<w:r>{PICTURE}</w:r>")
        members["word/document.xml"] = xml.replace("<w:tbl>", struck + "<w:tbl>", 1).encode()

    found = read(repacked(docx(said(run("25"))), marked_up))
    assert found.values == plain.values
