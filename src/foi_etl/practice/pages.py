"""Reports as pages: rendered from the forms, dressed by a style, encoded as badly as portals do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from foi_etl.forms import Form, Section, Statute
from foi_etl.practice.boxes import Box
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.flat import flat_table
from foi_etl.practice.layout import Sheet, sheets
from foi_etl.practice.prose import preamble, section_text
from foi_etl.practice.skins import SKINS, Skin, text_html
from foi_etl.practice.styles import Style
from foi_etl.practice.wording import Wording

_PLAIN = Style("plain")
_BREAK = "政府信息公开"
"""Where a title is broken into two lines."""
_LAYOUT = (
    '<table width="1000" border="0" align="center" cellpadding="0" cellspacing="0"><tr>'
    '<td width="210" valign="top">栏目导航<br/>公开指南<br/>公开年报</td>'
    '<td class="bt_content" valign="top">{}</td></tr></table>'
)


def render(report: PracticeReport, statute: Statute, style: Style, *, rng: Random, beside: str = "") -> bytes:
    """The report as the bytes of a page; the same arguments give the same bytes."""
    return _encoded(render_html(report, statute, style, rng=rng, beside=beside), style)


def render_bare(report: PracticeReport, style: Style, beside: str) -> bytes:
    """The page of a report that is in its attachment: a title, a line, and what stands beside it."""
    said = SKINS[style.skin].paragraph("报告全文见附件。", False)
    return render_parts(report, style, f"{_title(report, style)}\n{said}", beside)


def render_parts(report: PracticeReport, style: Style, content: str, beside: str) -> bytes:
    """A page around what is its content already."""
    skin = SKINS[style.skin]
    return _encoded(_page(report, skin, style, skin.container.format(content), beside), style)


def _encoded(page: str, style: Style) -> bytes:
    body = page.encode(style.charset, errors="xmlcharrefreplace")
    return b"\xef\xbb\xbf" + body if style.bom else body


def render_html(
    report: PracticeReport, statute: Statute, style: Style, *, rng: Random, beside: str = ""
) -> str:
    """The report as the text of a page."""
    skin, wording = SKINS[style.skin], Wording(style, rng)
    paragraphs = [_title(report, style), skin.paragraph(text_html(preamble(report, statute)), False)]
    for section in statute.sections:
        heading = f"{section.numeral}、{section.title}"
        paragraphs.append(skin.paragraph(text_html(heading), True))
        paragraphs += [skin.paragraph(text_html(line), False) for line in section_text(report, section, rng)]
        for form in _forms_of(report, statute, section):
            paragraphs += [
                table_html(sheet, skin, style, wording)
                for sheet in sheets(form, report.printed, style, wording, rng)
            ]
    content = skin.container.format("\n".join(paragraphs))
    whole = _LAYOUT.format(content) if style.layout_table else content
    return _page(report, skin, style, whole, beside)


def render_text(report: PracticeReport, statute: Statute) -> str:
    """The report as flattened Word text: a TAB before each cell, a blank line behind each row."""
    style, rng = Style("text", breaks=True), dice("text", report.agency_id, report.year)
    wording = Wording(style, rng)
    lines = [report.title.replace(_BREAK, f"\n{_BREAK}", 1)]
    for section in statute.sections:
        lines.append(f"{section.numeral}、{section.title}")
        lines += section_text(report, section, rng)
        for form in _forms_of(report, statute, section):
            parts = sheets(form, report.printed, style, wording, rng)
            lines += [flat_table(sheet, wording) for sheet in parts]
    return "\n".join(lines) + "\n"


def flow_html(parts: Iterable[str | Sheet], style: Style) -> str:
    """A flow as the text of a page: a paragraph or a table for each part, in the markup of a style."""
    skin, plain = SKINS[style.skin], Wording(_PLAIN, dice("flow"))
    said = [
        skin.paragraph(text_html(part), False)
        if isinstance(part, str)
        else table_html(part, skin, style, plain)
        for part in parts
    ]
    content = "\n".join(said)
    return f"<!DOCTYPE html>\n<html>\n<head>\n{skin.head}</head>\n<body>\n{content}\n</body>\n</html>\n"


def flow_text(parts: Iterable[str | Sheet], table: Callable[[Sheet, Wording], str] = flat_table) -> str:
    """A flow as text: as Word flattens it, or with its tables written otherwise."""
    plain = Wording(_PLAIN, dice("flow"))
    return "\n".join(part if isinstance(part, str) else table(part, plain) for part in parts) + "\n"


def table_html(sheet: Sheet, skin: Skin, style: Style, wording: Wording) -> str:
    """One table in the markup of a skin."""
    rows = ("".join(_cell(box, skin, style, wording) for box in row) for row in sheet)
    lines = "\n".join(f"{skin.row}{row}</tr>" for row in rows)
    closing = "</tbody></table>" if skin.table.endswith("<tbody>") else "</table>"
    return f"{skin.table}\n{lines}\n{closing}"


def _cell(box: Box, skin: Skin, style: Style, wording: Wording) -> str:
    text = text_html(wording.value(box.text) if box.kind == "value" else box.text)
    spans = "".join(
        f" {name}={skin.quote}{count}{skin.quote}"
        for name, count in (("rowspan", box.rowspan), ("colspan", box.colspan))
        if count > 1
    )
    inside = skin.inside(text or style.blank, box.kind)
    return f"<td{skin.cell(box.kind, box.colspan)}{spans}>{inside}</td>"


def _forms_of(report: PracticeReport, statute: Statute, section: Section) -> list[Form]:
    return [form for form in report.forms(statute) if form.section == section.id]


def _title(report: PracticeReport, style: Style) -> str:
    title = text_html(report.title)
    if style.two_line_title:
        title = title.replace(_BREAK, f"<br/>{_BREAK}", 1)
    return f'<p style="text-align:center" align="center"><b>{title}</b></p>'


def _page(report: PracticeReport, skin: Skin, style: Style, content: str, beside: str) -> str:
    title = text_html(report.title)
    return (
        "<!DOCTYPE html>\n<html>\n<head>\n"
        f'<meta http-equiv="Content-Type" content="text/html; charset={style.declared}">\n'
        f"<title>{title}</title>\n"
        f'<meta name="ArticleTitle" content="{title}">\n'
        f'<meta name="PubDate" content="{report.published} 09:30">\n'
        f'<meta name="ContentSource" content="{report.agency_name}">\n'
        f"{skin.head}</head>\n<body>\n"
        '<div class="path">当前位置：<a href="/">首页</a> &gt; <a href="./">政府信息公开年报</a></div>\n'
        f'<div class="info">发布日期：{report.published} 来源：{report.agency_name}</div>\n'
        f'{content}\n{beside}<div class="footer">技术支持：练习门户</div>\n</body>\n</html>\n'
    )
