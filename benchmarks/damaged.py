"""Damaged practice documents of every kind, each with what it prints and what is true of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from html import unescape
from itertools import chain
from random import Random
from typing import NamedTuple

from foi_etl.convert.office import all_to_docx, converted
from foi_etl.practice.country import country
from foi_etl.practice.damage import DAMAGES
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.flat import row_lines
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.flowing import Flow, by_column, printed
from foi_etl.practice.kinds.harm import HARMS, STATED
from foi_etl.practice.kinds.ofd import ofd
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import Setting, set_pages
from foi_etl.practice.pages import flow_html, flow_text, render_html
from foi_etl.practice.pieces import pieces
from foi_etl.practice.styles import PRESETS, Style
from foi_etl.wiring import statute

KINDS = ("html", "text", "copied", "docx", "xlsx", "rtf", "doc", "pdf", "ofd")
_MARKUP = re.compile(r"<[^>]*>")
_BATCH = 25
_MOVES = frozenset({"cell_deleted", "cell_added", "nth_cells_deleted", "merge_broken"})
"""Harm that moves boxes along their row: what has columns in fixed places prints them under others."""
_FIXED = frozenset({"xlsx", "pdf", "ofd"})


class Damaged(NamedTuple):
    """A damaged document, what its boxes print, and what the agency wrote."""

    kind: str
    damage: str
    what: str
    body: bytes
    printed: Mapping[str, str]
    truth: Mapping[str, Decimal | None]

    @property
    def stated(self) -> bool:
        """Whether the document itself states another number than the agency wrote."""
        return self.damage in STATED


def damaged_documents(documents: int, seed: int, kinds: Sequence[str] = KINDS) -> Iterator[Damaged]:
    """So many documents: half of the pages damaged in their markup, everything else in its boxes."""
    reports = _reports(seed)
    waiting: list[Damaged] = []
    for number in range(documents):
        kind = kinds[number % len(kinds)]
        rng = Random(f"{seed}/{kind}/{number}")
        report, turn = rng.choice(reports), number // len(kinds)
        if kind == "html" and turn % 2:
            yield _page(report, turn // 2, rng)
            continue
        one = _document(kind, report, turn, rng)
        if kind != "doc":
            yield one
            continue
        waiting.append(one)
        if len(waiting) == _BATCH:
            yield from _by_old_word(waiting)
            waiting = []
    if waiting:
        yield from _by_old_word(waiting)


@cache
def _reports(seed: int) -> tuple[PracticeReport, ...]:
    return tuple(country(statute(), seed=seed, agencies=40).reports)


def _page(report: PracticeReport, turn: int, rng: Random) -> Damaged:
    style = PRESETS[turn % len(PRESETS)]
    names = ["none", *sorted(DAMAGES)]
    name = names[turn // len(PRESETS) % len(names)]
    page = render_html(report, statute(), style, rng=rng)
    ids = _cells(report)
    if name == "none":
        return Damaged(
            "html", name, f"{report.agency_id} {report.year}", page.encode(), report.printed, report.truth
        )
    done = DAMAGES[name](page, rng)
    what = f"{report.agency_id} {report.year} {style.name}: {done.what}"
    says = dict(_prints(page, done.edits, style, ids))
    return Damaged("html", f"markup {name}", what, done.html.encode(), says, report.truth)


def _cells(report: PracticeReport) -> list[str]:
    """The cells of a report in the order they are printed."""
    return [i for form in report.forms(statute()) for i in chain.from_iterable(form.rows.values())]


def _prints(
    page: str, edits: Sequence[tuple[int, int, str]], style: Style, ids: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What stands in the box of each cell after the edits; nothing for a box that is gone."""
    boxes = [
        box
        for piece in pieces(page)
        for row in piece.rows
        for box in (row.values(page)[:-1] if style.empty_column else row.values(page))
    ]
    for box, cell_id in zip(boxes, ids, strict=True):
        text = box.text(page)
        for start, end, new in edits:
            if (start, end) == (box.inside, box.close):
                text = unescape(_MARKUP.sub("", new)).strip()
            elif start == box.start and end >= box.end and not new:
                text = ""
        yield cell_id, text


def _document(kind: str, report: PracticeReport, turn: int, rng: Random) -> Damaged:
    names = ["none", *sorted(HARMS)]
    name = names[turn % len(names)]
    whole: Flow = list(flow(report, statute()))
    parts = whole
    what = f"{report.agency_id} {report.year}"
    if name != "none":
        parts, said = HARMS[name](whole, rng)
        what = f"{what} {name}: {said}"
    start, style = rng.randrange(0, 400), rng.choice(PRESETS)
    make: dict[str, Callable[[], bytes]] = {
        "html": lambda: flow_html(parts, style).encode(),
        "text": lambda: flow_text(parts).encode(),
        "copied": lambda: flow_text(parts, row_lines).encode(),
        "docx": lambda: office.docx(parts),
        "xlsx": lambda: office.xlsx(parts),
        "rtf": lambda: office.rtf(parts),
        "doc": lambda: office.rtf(parts),
        "pdf": lambda: pdf(set_pages(parts, Setting(start=start))),
        "ofd": lambda: ofd(set_pages(parts, Setting(start=start))),
    }
    says = by_column(whole, parts) if kind in _FIXED and name in _MOVES else printed(parts)
    return Damaged(kind, name, what, make[kind](), says, report.truth)


def _by_old_word(documents: Sequence[Damaged]) -> Iterator[Damaged]:
    """The documents as old Word files, and as what a reader gets to see of these."""
    bodies = {str(number): one.body for number, one in enumerate(documents)}
    old = converted(bodies, "doc:MS Word 97", "rtf")
    new = all_to_docx(old)
    for number, one in enumerate(documents):
        if body := new.get(str(number)):
            yield one._replace(body=body)
