"""The tables made of sentences: what they state, and the text of the sections without a prescribed table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foi_etl.model import Judged, Statement
    from foi_etl.publish.rows import Columns

TOLD: Final = ("overview", "problems", "other", "whole")
"""Sections one, five and six: the others are tables; and an old report of sentences alone, whole."""


def narrative(batch: Iterable[Judged]) -> Columns:
    """One row per statement; a thing stated several times has several, numbered in the order of the text."""
    said = [(judged, statement, number) for judged in batch for statement, number in _numbered(judged)]
    return {
        "agency_id": [judged.report.agency_id for judged, _, _ in said],
        "year": [judged.report.year for judged, _, _ in said],
        "fact": [one.fact for _, one, _ in said],
        "mention": [number for _, _, number in said],
        "value": [float(one.value) for _, one, _ in said],
        "high": [None if one.high is None else float(one.high) for _, one, _ in said],
        "unit": [one.unit for _, one, _ in said],
        "approximate": [one.approximate for _, one, _ in said],
        "confidence": [one.confidence or None for _, one, _ in said],
        "raw": [one.raw for _, one, _ in said],
        "section": [one.section for _, one, _ in said],
        "sentence_start": [one.start for _, one, _ in said],
        "sentence_end": [one.end for _, one, _ in said],
        "sentence": [_sentence(judged, one.section, one.start, one.end) for judged, one, _ in said],
        "capture": [judged.capture.id for judged, _, _ in said],
    }


def sections(batch: Iterable[Judged]) -> Columns:
    """One row per section of words."""
    texts = [
        (judged, name, judged.verdict.document.sections[name])
        for judged in batch
        for name in TOLD
        if name in judged.verdict.document.sections
    ]
    return {
        "agency_id": [judged.report.agency_id for judged, _, _ in texts],
        "year": [judged.report.year for judged, _, _ in texts],
        "section": [name for _, name, _ in texts],
        "text": [text for _, _, text in texts],
        "characters": [len(text) for _, _, text in texts],
        "capture": [judged.capture.id for judged, _, _ in texts],
    }


def _numbered(judged: Judged) -> Iterable[tuple[Statement, int]]:
    seen: Counter[str] = Counter()
    for one in judged.verdict.statements:
        seen[one.fact] += 1
        yield one, seen[one.fact]


def _sentence(judged: Judged, section: str, start: int, end: int) -> str:
    return judged.verdict.document.sections[section][start:end]
