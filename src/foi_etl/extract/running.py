"""A statistics table that lost its cells: labels, units and figures in one running line.

    指标名称 计量单位 2011年度 历年累计 主动公开信息数 条 425 1516 其中：1.网站公开 条 418 1509

Where the spaces are lost too, two figures stand as one run of digits. They are told apart only where one
way of cutting fits: no figure begins with a nought, and a year is never more than all years together; where
several fit, the one whose figure for the year the prose states with the same unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from foi_etl.extract.grid import Box, rectangle
from foi_etl.model import Finding, Table, Weight
from foi_etl.text import squash

_UNITS: Final = "人次|万元|条|件|次|个|项|元|篇|人|期|场"
_HEADER: Final = re.compile(
    r"(?P<corner>指标\s*名称|统计\s*指标)\s*(?P<unit>计量\s*单位|单\s*位)?\s*(?P<code>代\s*码)?\s*"
    r"(?P<year>(?:20\d\d\s*)?年\s*度?|本\s*年\s*度?|本期实际|统计数)\s*(?P<all>历年累计|本年累计|累计)?"
)
_ROW: Final = re.compile(
    rf"\s*(?P<label>[^\d\s](?:(?!(?:{_UNITS})\s*\d).)*?[^\s])\s*(?P<unit>{_UNITS})\s*"
    r"(?P<figures>\d[\d,]*(?:\.\d+)?(?:\s+\d[\d,]*(?:\.\d+)?(?!\s*[、.．]\s*[\u4e00-\u9fff]))*?)"
    r"(?=\s*\d\s*[、.．]\s*[\u4e00-\u9fff]|\s*[\u4e00-\u9fff（(]|\s*$)"
)
_SHORTEST: Final = 3
"""Rows. What has fewer is a sentence."""


class Running(NamedTuple):
    """A table found in running text, and what was not certain about it."""

    rows: list[list[Box]]
    findings: tuple[Finding, ...]


def found_running(
    lines: Iterable[str], tables: tuple[Table, ...]
) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """The tables of a document and those that stand in its lines, and what was not certain about these."""
    findings: list[Finding] = []
    for line in lines:
        if "指标" in line and (running := running_table(line)) is not None:
            tables = (*tables, rectangle(len(tables) + 1, running.rows))
            own = f"t{len(tables)}/"
            findings.extend(
                replace(one, at=tuple(own + place for place in one.at)) for one in running.findings
            )
    return tables, tuple(findings)


def running_table(text: str) -> Running | None:
    """The statistics table in a line of text, where it holds one."""
    found = _HEADER.search(text)
    if found is None:
        return None
    prose = text[: found.start()]
    columns = 2 if found["all"] else 1
    names = [found["corner"], found["unit"] or "单位", found["year"], *filter(None, [found["all"]])]
    rows = [[Box(squash("".join(name.split()))) for name in names]]
    findings: list[Finding] = []
    for label, unit, figures in _rows(text[found.end() :]):
        cut = _cut(figures, columns, unit, prose)
        if len(cut) == columns and columns > len(figures.split()):
            message = f"{label}: {figures!r} was read as {' and '.join(cut)}: no space stands between them"
            at = tuple(f"r{len(rows) + 1}/c{column}" for column in (3, 4))
            findings.append(Finding("figures-cut", Weight.NOTE, message, at=at))
        boxes = [Box(one) for one in cut] if len(cut) == columns else [Box(figures, 1, columns)]
        rows.append([Box(label), Box(unit), *boxes])
    return Running(rows, tuple(findings)) if len(rows) > _SHORTEST else None


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    at = 0
    while found := _ROW.match(text, at) or _ROW.match(text, at + _numbering(text, at)):
        start = at
        label = squash(text[start : found.start("unit")])
        at = found.end()
        yield label, found["unit"], found["figures"].strip()


def _numbering(text: str, at: int) -> int:
    """How many characters a label's number takes: 2、 or 3. before its words."""
    found = re.compile(r"\s*\d{1,2}\s*[、.．]\s*").match(text, at)
    return len(found[0]) if found else 0


def _cut(figures: str, columns: int, unit: str, prose: str) -> Sequence[str]:
    said = figures.split()
    if len(said) == columns or columns == 1 or len(said) > 1:
        return said
    run = said[0]
    cuts = [(run[:at], run[at:]) for at in range(1, len(run))]
    fitting = [cut for cut in cuts if all(map(_whole, cut)) and int(cut[0]) <= int(cut[1])]
    if len(fitting) > 1:
        fitting = [cut for cut in fitting if re.search(rf"(?<!\d){cut[0]}\s*{unit}", prose)]
    return fitting[0] if len(fitting) == 1 else said


def _whole(digits: str) -> bool:
    return digits.isdecimal() and (digits == "0" or digits[0] != "0")
