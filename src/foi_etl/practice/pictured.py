"""Reports whose tables are pictures in the page, as some are pasted, among the pictures that any site has."""

from __future__ import annotations

import io
from collections.abc import Iterator

from foi_etl.forms import Statute
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.scan import Scanner, fonts, scanned
from foi_etl.practice.kinds.sheet import Leaf, Setting, set_pages
from foi_etl.practice.layout import Sheet
from foi_etl.practice.pages import render_parts
from foi_etl.practice.skins import text_html
from foi_etl.practice.styles import Style

_SCANNER = Scanner(dpi=150)
_ORNAMENTS = (
    '<div class="head"><img src="/images/header.png" width="1200" height="160"></div>',
    '<p><img src="./qrcode.jpg" alt="扫一扫在手机打开当前页"><img src="/images/print.png"></p>',
    '<p><a href="/zt/2024/"><img src="/images/zhuanti.jpg" width="600" height="120"></a></p>',
    '<p><img src="./seal.png" width="120" height="120"></p>',
)
"""What is no table: it is nowhere to be had, so that it is noticed if anybody asks for it."""


def pictured_page(report: PracticeReport, statute: Statute, style: Style, stem: str, beside: str) -> bytes:
    """The page of such a report. Its pictures stand beside it, called by `stem` and their number."""
    number, said = 0, list[str]()
    for part in flow(report, statute):
        if isinstance(part, str):
            said.append(f"<p>{text_html(part)}</p>")
            continue
        for _ in _leaves(part):
            number += 1
            said.append(f'<p style="text-align: center"><img src="./{stem}_{number}.png" width="650"></p>')
    return render_parts(report, style, "\n".join((*said, *_ORNAMENTS)), beside)


def pictures(report: PracticeReport, statute: Statute) -> list[Leaf]:
    """What the pictures of a report's tables show, in order."""
    return [leaf for part in flow(report, statute) if not isinstance(part, str) for leaf in _leaves(part)]


def _leaves(sheet: Sheet) -> Iterator[Leaf]:
    yield from set_pages([sheet], Setting(numbered=False))


def png(leaf: Leaf) -> bytes:
    """What a picture shows, cut down to what stands on it, in the first Chinese font of this machine."""
    from PIL import ImageOps  # noqa: PLC0415 - practice only

    drawn = scanned(leaf, fonts()[0], _SCANNER, dice("picture"))
    left, top, right, bottom = ImageOps.invert(drawn).getbbox() or (0, 0, *drawn.size)
    out = io.BytesIO()
    drawn.crop((left - 8, top - 8, right + 8, bottom + 8)).save(out, "PNG")
    return out.getvalue()
