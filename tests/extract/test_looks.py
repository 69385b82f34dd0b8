"""What the boxes of a page show is read, not what they store; what its markup does not tell is withheld."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import trapped
from foi_etl.errors import NotAReport
from foi_etl.extract.colours import BLACK, WHITE, alike, shade
from foi_etl.extract.page import read_page
from foi_etl.extract.styles import declared, rules

_BOX = "QQQ"
_SEEN = [
    '2<span style="display:none">5</span>',
    '2<div style="DISPLAY : None">5</div>',
    '2<span style="display:none!important">5</span>',
    "2<span hidden>5</span>",
    '2<span style="visibility:hidden">5</span>',
    '<span style="visibility:hidden">5<b style="visibility:visible">2</b></span>',
    '2<span style="font-size:0">5</span>',
    '<div style="font-size:0">5<span style="font-size:14px">2</span></div>',
    '2<span style="opacity:0">5</span>',
    "<ruby>2<rt>5</rt></ruby>",
    "2<template>5</template>",
    "2<noscript>5</noscript>",
    "2<!--5-->",
    "2<!--[if mso]>5<![endif]-->",
    "2<script>var hits = 5</script>",
    '2<input type="hidden" value="5">',
    '<input value="2">',
    "<textarea>2</textarea>",
    "<select><option>1</option><option selected>2</option></select>",
    "2<details><summary></summary>5</details>",
    "<details open><summary></summary>2</details>",
    '2<img src="line.gif" width="1" height="20">',
]
"""Each prints 2, and is read so by both readers."""

_STYLED = [
    (".x{display:none}", '2<span class="x">5</span>'),
    ("p{color:red} .a, .x { color:red; display : none !important }", '2<span class="x">5</span>'),
    ("#x{display:none}", '2<span id="x">5</span>'),
    ("td .x{display:none}", '2<span class="x">5</span>'),
    ("@media (max-width:500px){.x{display:none}}", '<span class="x">2</span>'),
    ("@media print{.x{display:none}}", '<span class="x">2</span>'),
    (".x:hover{display:none}", '<span class="x">2</span>'),
    (".x{color:#fff} td .x{color:#000}", '<span class="x">2</span>'),
    ("td{color:#fff;background:#1f4e79}", '<span class="x">2</span>'),
    (".x:after{content:''}", '<span class="x">2</span>'),
]
"""Each prints 2 as well, by a sheet."""

_EVERYDAY = [
    "<b>2</b>",
    "<u>2</u>",
    "<ins>2</ins>",
    '<em style="color:red">2</em>',
    '<span style="color:#ff0000">2</span>',
    '<span style="color:#999">2</span>',
    '<span style="color:yellow">2</span>',
    '<span style="color:rgb(51,51,51)">2</span>',
    '<span style="font-size:9px">2</span>',
    '<span style="font-size:0.9em">2</span>',
    '<font size="1">2</font>',
    '<span style="background-color:#ffffff;color:black">2</span>',
    '<span style="background:yellow">2</span>',
    '<div style="background:#2f5597"><span style="color:white">2</span></div>',
    '<span style="color:#fff;background-color:rgb(0, 112, 192)">2</span>',
    '<span style="vertical-align:middle">2</span>',
    '<p style="text-indent:-21pt;margin-left:21pt">2</p>',
    '<p style="position:relative;top:-1px">2</p>',
    "<sup>2</sup>",
    '<span style="width:0;overflow:visible">2</span>',
    '<span lang="EN-US" style="mso-hide:none;letter-spacing:-1pt">2</span>',
    '<a href="#" style="text-decoration:none">2</a>',
    '<span style="color:transparent;color:#000">2</span>',
    '<span style="color:inherit">2</span>',
]

_WITHHELD = [
    '2<span style="color:#fff">5</span>',
    '2<font color="#FFFFFF">5</font>',
    '2<span style="color: rgb(254, 255, 255)">5</span>',
    '2<span style="color:#eee;background-color:#eee">5</span>',
    '2<span style="color:transparent">5</span>',
    '2<span style="color:rgba(0,0,0,.05)">5</span>',
    '2<span style="color:hsl(0,0%,99%)">5</span>',
    '2<span style="background:black">5</span>',
    '<div style="background:#333">2<font color="#333333">5</font></div>',
    "<del>9</del>2",
    "<s>9</s>2",
    "<strike>9</strike>2",
    '<span style="text-decoration:line-through">9</span>2',
    "<del>9</del>",
    "25<sub>1</sub>",
    "2<svg><text>5</text></svg>",
    "<math><mfrac><mn>2</mn><mn>5</mn></mfrac></math>",
    '<bdo dir="rtl">52</bdo>',
    '<span style="unicode-bidi:bidi-override;direction:rtl">52</span>',
    "&#8238;52&#8236;",
    '2<img src="5.png">',
    '<img src="25.png" alt="25">',
    "2<script>document.write(5)</script>",
    '2<span style="font-size:1px">5</span>',
    '2<span style="font-size:.1em">5</span>',
    '2<span style="transform:scale(0)">5</span>',
    '2<span style="position:absolute;left:-9999px">5</span>',
    '2<span style="position:absolute;clip:rect(0,0,0,0)">5</span>',
    '2<span style="display:inline-block;width:0;overflow:hidden">5</span>',
    "2<br>5",
    "2&nbsp;5",
    "2<canvas>5</canvas>",
    '2<span class="sr-only">5</span>',
    "<select multiple><option>2<option>5</select>",
    '<input type="password" value="25">',
    '<input placeholder="25">',
    r'2<span style="d\69splay:none">5</span>',
    '2<span style="display:/**/none">5</span>',
]
"""What is printed is not what is stored, or nobody can tell: nothing may be published."""

_WITHHELD_BY_A_SHEET = [
    ('.x:before{content:"5"}', '<span class="x">2</span>'),
    (".x::after{content:counter(c)}", '<span class="x"></span>'),
    (".x{color:white}", '2<span class="x">5</span>'),
    ("td.y>span{color:white!important}", '2<span class="x" style="color:black">5</span>'),
    (".x::first-letter{font-size:0}", '<span class="x">25</span>'),
    (".x{text-decoration:underline line-through}", '2<span class="x">5</span>'),
    ("@media screen{.x{color:#fefefe}}", '2<span class="x">5</span>'),
    ("@supports (display:grid){td .x{left:-900px;position:absolute}}", '2<span class="x">5</span>'),
    ('.z:before{content:"}"} .x{color:#fff}', '2<span class="x">5</span>'),
]

_NOTED = [
    ("25<sup>1</sup>", ""),
    ("25<sup><a>1</a></sup>", ""),
    ('25<a href="#n1"><sup>[1]</sup></a>', ""),
    ('25<span style="vertical-align: super">1</span>', ""),
    ('25<span class="n">1</span>', ".n{vertical-align:super;font-size:8px}"),
    ("<sup>1</sup>25", ""),
]
"""The number of a note beside 25."""


def _value(box: str, sheet: str = "", attributes: str = 'class="y"') -> tuple[Decimal | None, bool]:
    head = f"<style>{sheet}</style>" if sheet else ""
    read = trapped.read(trapped.html(box, head=head, attributes=attributes))
    assert not read.silent({}).keys() - {trapped.CELL}
    return read.values.get(trapped.CELL), trapped.CELL in read.named


@pytest.mark.parametrize(("sheet", "box"), [*(("", box) for box in _SEEN + _EVERYDAY), *_STYLED])
def test_what_is_shown_is_published(sheet: str, box: str) -> None:
    assert _value(box, sheet) == (Decimal(2), False)


@pytest.mark.parametrize(("sheet", "box"), [*(("", box) for box in _WITHHELD), *_WITHHELD_BY_A_SHEET])
def test_what_cannot_be_relied_on_is_not(sheet: str, box: str) -> None:
    assert _value(box, sheet) == (None, True)


@pytest.mark.parametrize(("box", "sheet"), _NOTED)
def test_the_number_of_a_note_is_no_part_of_a_figure(box: str, sheet: str) -> None:
    value, named = _value(box, sheet)
    assert value == 25 or (value is None and named)


def _row_of(page: str) -> str:
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{_BOX}(?:(?!</tr>).)*</tr>", page, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("opening", "sheet"),
    [
        pytest.param('<tr style="display:none"', "", id="itself"),
        pytest.param("<tr hidden", "", id="by its attribute"),
        pytest.param('<tr class="x"', "tr.x{display:none}", id="by a sheet"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_hidden_row_is_no_row(opening: str, sheet: str, *, first: bool) -> None:
    page = trapped.html(_BOX, head=f"<style>{sheet}</style>").decode()
    shown = _row_of(page)
    hidden = shown.replace("<tr", opening, 1).replace(_BOX, "7")
    both = hidden + shown if first else shown + hidden
    read = trapped.read(page.replace(shown, both).replace(_BOX, "2").encode())
    assert read.silent({trapped.CELL: "2"}) == {}
    assert read.values[trapped.CELL] == 2
    assert trapped.CELL not in read.named


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("<body>", '<body style="display:none">', id="the page"),
        pytest.param("<table", '<table style="display:none"', id="every table"),
        pytest.param("<tr", "<tr hidden", id="every row"),
        pytest.param("<table", '<div style="visibility:hidden;font-size:0"><table', id="what is around it"),
    ],
)
def test_what_is_hidden_as_a_whole_is_read(old: str, new: str) -> None:
    page = re.sub(f"{old}(?=[ >])|{old}$" if old[-1] != ">" else old, new, trapped.html("2").decode())
    assert new in page
    read = trapped.read(page.encode())
    assert read.silent({}) == {}
    assert read.values[trapped.CELL] == 2


@pytest.mark.parametrize(
    "sheet",
    [
        ".x{color:#fff}" * 10_000,
        "".join(f"td:nth-child({number}n+1){{color:#fff}}" for number in range(100)),
        "td:has(~ td ~ td ~ .x){color:#fff}" * 20,
        "td" + ":not(.a)" * 9_000 + "{color:#fff}",
    ],
    ids=["many", "counting", "looking-around", "long"],
)
def test_a_sheet_that_no_one_follows_in_time_is_refused(sheet: str) -> None:
    cells = '<td class="x">5</td>' * 12_000
    with pytest.raises(NotAReport, match="more rules of style than can be followed"):
        read_page(f"<style>{sheet}</style><table><tr>{cells}</tr></table>".encode())


def test_a_long_table_whose_rows_are_counted_is_followed() -> None:
    sheet = "tr:nth-child(even) td:nth-child(2) .x{display:none}" * 20
    rows = '<tr><td>1</td><td>2<b class="x">5</b></td></tr>' * 400
    _, (table,) = read_page(f"<style>{sheet}</style><table>{rows}</table>".encode())
    assert [cell.text for row in table.rows[:2] for cell in row] == ["1", "25", "1", "2"]


def test_rules_are_those_of_a_screen() -> None:
    sheet = """@import url("x.css"); /* .a{top:0} */ .b , td > .c:hover{ Color : RED !important; top:1px }
        @media print { .d{top:0} } @media screen and (min-width:100px) { .e{top:0} @media (max-width:9px)
        { .f{top:0} } }        .g:before{content:"};{"} @font-face{src:url(x)} #h .i p{top:0}"""
    assert [(one.selector, one.weight) for one in rules(sheet)] == [
        (".b", (0, 1, 0)),
        (".e", (0, 1, 0)),
        (".g", (0, 1, 0)),
        ("#h .i p", (1, 1, 1)),
    ]
    assert declared("Color : RED !important; top:1px") == ({"top": "1px"}, {"color": "red"})


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("#fff", WHITE), ("#000000", BLACK), ("rgb(255, 255, 255)", WHITE), ("rgb(0 0 0 / 100%)", BLACK),
        ("rgba(0,0,0,0)", WHITE), ("transparent", WHITE), ("url(x.png) no-repeat", WHITE),
        ("navy", "navy"), ("#00000000", WHITE), ("hsl(120, 50%, 0%)", BLACK),
        ("white url(x.png)", WHITE), ("inherit", WHITE),
    ],
)  # fmt: skip
def test_colours_are_seen_on_what_is_beneath(said: str, seen: object) -> None:
    assert shade(said, WHITE) == seen


def test_letters_are_seen_by_any_difference_that_eyes_see() -> None:
    assert alike(shade("#eee", WHITE), WHITE)
    assert not alike(shade("#ccc", WHITE), WHITE)
    assert not alike(shade("yellow", WHITE), WHITE)
    assert alike("navy", "navy")
