"""The markup of the editors reports are written in: the same boxes, four ways to say them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

_RUNS = re.compile(r"[ -~]+|[^ -~]+")


@dataclass(frozen=True, slots=True)
class Skin:
    """How one editor writes a table, a box and a paragraph."""

    table: str
    row: str
    cell: Callable[[str, int], str]
    """The attributes of a box before its spans, given its kind and the columns it takes."""
    quote: str
    """What stands around the number of a span."""
    inside: Callable[[str, str], str]
    """The content of a box, given its text and its kind."""
    paragraph: Callable[[str, bool], str]
    """A line of prose, given whether it is a heading."""
    head: str = ""
    container: str = '<div id="zoom">{}</div>'


def _clean_inside(text: str, _kind: str) -> str:
    return text.replace("\n", "<br/>")


def _clean_paragraph(text: str, heading: bool) -> str:
    return f"<p><strong>{text}</strong></p>" if heading else f"<p>{text}</p>"


def _trs_inside(text: str, _kind: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n"))


def _trs_cell(_kind: str, columns: int) -> str:
    return f' width="{62 * columns}" valign="center" style="border: 1px solid rgb(0, 0, 0);"'


def _trs_paragraph(text: str, heading: bool) -> str:
    inner = f'<span style="font-family: 黑体, SimHei;">{text}</span>' if heading else text
    return f'<p style="text-indent: 2em; text-align: left;">{inner}</p>'


def _ck_cell(_kind: str, columns: int) -> str:
    return f' nowrap="nowrap" style="width:{58 * columns + 1}px;"'


def _ck_inside(text: str, kind: str) -> str:
    lines = text.replace("\n", "<br />")
    return f"<p>{lines}</p>" if kind == "label" else f'<p align="center">{lines}</p>'


def _mso_cell(kind: str, columns: int) -> str:
    top = "windowtext 1.0pt" if kind == "caption" else "none"
    return (
        f" width={columns * 61} valign=center style='width:{columns * 45.6:.1f}pt;"
        f"border:solid windowtext 1.0pt;border-top:{top};border-left:none;"
        "mso-border-top-alt:solid windowtext .5pt;mso-border-alt:solid windowtext .5pt;"
        "padding:0cm 5.4pt 0cm 5.4pt;height:21.75pt;layout-grid-mode:line'"
    )


def _mso_inside(text: str, kind: str) -> str:
    align = "left" if kind == "label" else "center"
    return "".join(
        f"<p class=MsoNormal align={align} style='margin:0cm;text-align:{align};line-height:15.0pt;"
        f"mso-pagination:widow-orphan;layout-grid-mode:char'>{_mso_runs(line)}"
        "<span lang=EN-US style='font-size:10.5pt;font-family:宋体;color:black;mso-no-proof:yes'>"
        "<o:p></o:p></span></p>"
        for line in text.split("\n")
    )


def _mso_runs(text: str) -> str:
    """Word changes the font, and so the span, wherever the writing changes."""
    if text.startswith("&"):
        return f"<span lang=EN-US style='font-size:10.5pt;font-family:宋体'><o:p>{text}</o:p></span>"
    return "".join(_mso_run(run) for run in _RUNS.findall(text))


def _mso_run(run: str) -> str:
    language = " lang=EN-US" if run.isascii() else ""
    return (
        f"<span{language} style='font-size:10.5pt;font-family:宋体;color:black;mso-font-kerning:0pt'>"
        f"<span style='mso-no-proof:yes'>{run}</span></span>"
    )


def _mso_paragraph(text: str, heading: bool) -> str:
    font = "黑体" if heading else "仿宋_GB2312"
    return (
        "<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt;"
        "mso-line-height-rule:exactly'><!--[if !supportLists]--><!--[endif]-->"
        f"<span style='font-size:16.0pt;font-family:{font};mso-hansi-font-family:{font}'>{text}</span>"
        f"<span lang=EN-US style='font-size:16.0pt;font-family:{font}'><o:p></o:p></span></p>\n"
    )


_FONTS = "".join(
    f"@font-face {{font-family:{name}; panose-1:2 1 6 0 3 1 1 1 1 1; mso-font-alt:Sim{number};"
    " mso-font-charset:134; mso-generic-font-family:auto; mso-font-pitch:variable;"
    " mso-font-signature:3 680460288 22 0 262145 0;}\n"
    for number, name in enumerate(("宋体", "黑体", "仿宋", "仿宋_GB2312", "楷体", "小标宋", "Calibri"))
)
_MSO_HEAD = (
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom>"
    "<w:PunctuationKerning/><w:DrawingGridVerticalSpacing>7.8 磅</w:DrawingGridVerticalSpacing>"
    "</w:WordDocument></xml><![endif]-->\n<style><!--\n/* Font Definitions */\n"
    f"{_FONTS}p.MsoNormal, li.MsoNormal, div.MsoNormal {{margin:0cm; text-align:justify;}}\n"
    "table.MsoNormalTable {mso-style-name:普通表格; mso-tstyle-rowband-size:0; mso-padding-alt:0cm 5.4pt;}\n"
    "--></style>\n"
    "<!--[if gte mso 10]><style>table.MsoNormalTable{mso-style-noshow:yes;}</style><![endif]-->\n"
)

SKINS: Final[Mapping[str, Skin]] = {
    "clean": Skin('<table border="1">', "<tr>", lambda _kind, _n: "", '"', _clean_inside, _clean_paragraph),
    "trs": Skin(
        '<table border="1" cellspacing="0" align="center" style="border-collapse: collapse;"><tbody>',
        '<tr class="firstRow">',
        _trs_cell,
        '"',
        _trs_inside,
        _trs_paragraph,
        container="<div class=TRS_Editor>{}</div>",
    ),
    "ck": Skin(
        '<table align="center" border="1" cellspacing="1"><tbody>',
        "<tr>",
        _ck_cell,
        '"',
        _ck_inside,
        _clean_paragraph,
        container='<div class="article-content" id="ivs_content">{}</div>',
    ),
    "mso": Skin(
        "<table class=MsoNormalTable border=1 cellspacing=0 cellpadding=0 width=614\n"
        " style='border-collapse:collapse;border:none;mso-border-alt:solid .5pt;mso-yfti-tbllook:1184'>",
        "<tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes;height:21.75pt;page-break-inside:avoid'>\n",
        _mso_cell,
        "",
        _mso_inside,
        _mso_paragraph,
        _MSO_HEAD,
        "<div id=\"zoom\"><div class=Section1 style='layout-grid:15.6pt'>{}</div></div>",
    ),
}


def text_html(text: str) -> str:
    """Text that may stand between tags."""
    return escape(text, quote=False)
