"""What damage does to practice pages: silent errors, and whether a failed sum is blamed on the right one.

    uv run python benchmarks/damage.py [--pages N] [--seed N] [--json]

Each page is a report of the practice country in one of its styles, with one thing done to it. Told for each
kind of damage:

    silent     published values that differ from the truth of their cell, with no finding that names the cell
    source     failed sums blamed on the agency: right where every cell of them is read as the agency wrote it
    reading    failed sums blamed on the reading: right where a cell of them is not
    undecided  failed sums left open: neither right nor wrong
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import NamedTuple

from foi_etl.errors import NotAReport
from foi_etl.model import Fact, Verdict
from foi_etl.pipeline import read
from foi_etl.practice.country import country
from foi_etl.practice.damage import DAMAGES
from foi_etl.practice.pages import render_html
from foi_etl.practice.styles import PRESETS
from foi_etl.wiring import statute

Truth = Mapping[str, Decimal | None]
COLUMNS = (
    "pages", "refused", "silent", "sums", "source_right", "source_wrong", "reading_right", "reading_wrong",
    "undecided", "read_twice", "cells",
)  # fmt: skip


class Damaged(NamedTuple):
    """A damaged page and what its cells should say."""

    kind: str
    what: str
    html: str
    truth: Truth


def main() -> None:
    """Damage, read, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000, help="how many [2000]")
    parser.add_argument("--seed", type=int, default=11, help="another seed gives other pages [11]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    counts, silent = measure(asked.pages, asked.seed)
    if asked.json:
        print(json.dumps({"by_kind": counts, "silent": silent}, ensure_ascii=False))
    else:
        print(told(counts, silent))


def damaged_pages(pages: int, seed: int) -> Iterator[Damaged]:
    """So many pages, kinds of damage and styles in turn; the same for the same seed."""
    reports = list(country(statute(), seed=seed, agencies=40).reports)
    kinds = ["none", *sorted(DAMAGES)]
    for number in range(pages):
        rng = Random(f"{seed}/{number}")
        style = PRESETS[number % len(PRESETS)]
        kind = kinds[number // len(PRESETS) % len(kinds)]
        report = rng.choice(reports)
        page = render_html(report, statute(), style, rng=rng)
        done = DAMAGES[kind](page, rng) if kind != "none" else None
        what = f"{report.agency_id} {report.year} {style.name}/{number}: {done.what if done else 'as it was'}"
        yield Damaged(kind, what, done.html if done else page, report.truth)


def measure(pages: int, seed: int) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Counts by kind of damage, and every silent error in words."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    silent: list[str] = []
    for one in damaged_pages(pages, seed):
        mine = counts[one.kind]
        mine["pages"] += 1
        try:
            verdict = read(one.html.encode(), "page", statute())
        except NotAReport:
            mine["refused"] += 1
            continue
        facts = {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}
        wrong = {i: fact for i, fact in facts.items() if fact.value != one.truth.get(i)}
        named = {cell_id for finding in verdict.findings for cell_id in finding.cells}
        quiet = {i: fact for i, fact in wrong.items() if fact.value is not None and i not in named}
        mine["silent"] += len(quiet)
        if quiet:
            silent.append(f"{one.what}: {', '.join(f'{i}={fact.value}' for i, fact in quiet.items())}")
        mine["cells"] += len(facts)
        mine["read_twice"] += sum(len(table.agreed) for table in verdict.tables)
        mine.update(_blame(verdict, wrong, one.truth))
    return {kind: {name: mine[name] for name in COLUMNS} for kind, mine in sorted(counts.items())}, silent


def _blame(verdict: Verdict, wrong: Mapping[str, Fact], truth: Truth) -> Counter[str]:
    counted: Counter[str] = Counter()
    for finding in verdict.findings:
        if not finding.blame:
            continue
        counted["sums"] += 1
        # A blank for a nought changes no sum.
        ours = any(wrong[i].value or truth.get(i) for i in finding.cells if i in wrong)
        right = ours if finding.blame == "reading" else not ours
        counted["undecided" if finding.blame == "undecided" else f"{finding.blame}_{_word(right)}"] += 1
    return counted


def _word(right: bool) -> str:
    return "right" if right else "wrong"


def told(counts: Mapping[str, Mapping[str, int]], silent: list[str]) -> str:
    """The counts as lines to read."""
    lines = [f"{'':<18}" + "".join(f"{name:>14}" for name in COLUMNS)]
    total: Counter[str] = Counter()
    for kind, mine in counts.items():
        total.update(mine)
        lines.append(f"{kind:<18}" + "".join(f"{mine[name]:>14}" for name in COLUMNS))
    lines.append(f"{'all':<18}" + "".join(f"{total[name]:>14}" for name in COLUMNS))
    right = total["source_right"] + total["reading_right"]
    blamed = right + total["source_wrong"] + total["reading_wrong"]
    lines.append(f"\nblame right in {right} of {blamed} sums that were blamed ({right / max(1, blamed):.2%})")
    lines += [f"silent: {one}" for one in silent[:40]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
