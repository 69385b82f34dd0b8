"""Practice reports as scans: the share of cells read right, and wrong cells that no finding names (none may).

    uv run python benchmarks/scans.py [--reports N] [--dpi 150 200 300] [--rules none] [--harm all] [--json]

Each scan is a practice report, drawn with a Chinese font of this machine, turned by up to 2 degrees, blurred,
dirtied and compressed. A cell is

    right     published as the report prints it
    told      published otherwise, or withheld, with a finding that names it
    silent    published otherwise, and no finding names it

With `--harm` the scan is damaged first, in one of the ways of `practice/kinds/scan_harm.py` or in each. What
lies under a stain or beyond an edge is not in the picture: a blank is then no figure that was read wrong.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from random import Random

from foi_etl.documents import open_document
from foi_etl.errors import NotAReport
from foi_etl.model import Verdict, Weight
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.scan import Scanner, fonts, scan
from foi_etl.practice.kinds.scan_harm import SCAN_HARMS
from foi_etl.practice.kinds.sheet import Setting, set_pages
from foi_etl.wiring import statute

_SKEW = 2.0


def main() -> None:
    """Scan, read, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=6, help="how many at each resolution [6]")
    parser.add_argument("--dpi", type=int, nargs="+", default=[150, 200, 300], help="[150 200 300]")
    parser.add_argument("--seed", type=int, default=11, help="another seed gives other scans [11]")
    parser.add_argument("--rules", default="all", choices=("all", "across", "frame", "none"), help="[all]")
    parser.add_argument("--harm", default="", choices=("all", *SCAN_HARMS), help="damage it first [no]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    if not fonts():
        raise SystemExit("no Chinese font is installed here (Debian: apt-get install fonts-noto-cjk)")
    harms = tuple(SCAN_HARMS) if asked.harm == "all" else (asked.harm,)
    counts = {
        f"{harm} {dpi}".strip(): measure(asked.reports, dpi, asked.seed, asked.rules, harm)
        for harm in harms
        for dpi in asked.dpi
    }
    if asked.json:
        print(json.dumps(counts))


def measure(reports: int, dpi: int, seed: int, rules: str = "all", harm: str = "") -> dict[str, int]:
    """So many scans at one resolution: cells by how they were read."""
    total: Counter[str] = Counter()
    began, missed = time.monotonic(), list[str]()
    for number, report in zip(range(reports), _reports(seed), strict=False):
        rng = Random(f"{seed}/{dpi}/{number}" + harm)
        total["scans"] += 1
        body = _scan(report, number, dpi, rng, rules, harm)
        try:
            verdict = judge(open_document(body, f"{dpi}/{number}.pdf", statute()), statute())
        except NotAReport as error:
            total["refused"] += 1
            print(f"  {dpi} dpi, scan {number}: refused, {error.message}", flush=True)
            continue
        counted, wrong = judged(report, verdict, seen=not harm)
        total += counted
        missed += [f"{dpi}/{number} {one}" for one in wrong]
    seen = max(1, total["right"] + total["told"] + total["silent"])
    each = (time.monotonic() - began) / max(1, total["scans"])
    print(
        f"{harm} {rules} {dpi} dpi: {total['scans']} scans, {total['refused']} refused; of {seen} cells"
        f" {total['right'] / seen:.2%} right, {total['told']} told, {total['silent']} silent;"
        f" of {total['numbers']} numbers {total['numbers_right'] / max(1, total['numbers']):.2%} right;"
        f" {total['named']} right ones named by a finding; {each:.1f} s a scan",
        flush=True,
    )
    for one in missed:
        print(f"  {one}", flush=True)
    return dict(total)


def judged(report: PracticeReport, verdict: Verdict, *, seen: bool = True) -> tuple[Counter[str], list[str]]:
    """The cells of a report by how they were read, and what each wrong one says.

    Of a scan that may not show all that was printed a blank is no wrong figure.
    """
    total: Counter[str] = Counter()
    facts = {i: fact for table in verdict.tables for i, fact in table.facts.items()}
    named = {i for one in verdict.findings if one.weight is not Weight.NOTE for i in one.cells}
    missed = []
    for cell_id, truth in report.truth.items():
        fact = facts.get(cell_id)
        right = fact is not None and fact.value == truth
        total["numbers"] += truth is not None
        total["numbers_right"] += right and truth is not None
        total["right"] += right
        total["named"] += right and cell_id in named
        if not right:
            blank = not seen and fact is not None and fact.value is None
            how = "told" if cell_id in named or fact is None or not fact.at or blank else "silent"
            total[how] += 1
            said = f"read as {fact.raw!r} at {fact.at}" if fact else "not read"
            missed.append(f"{how}: {cell_id}: {report.printed[cell_id]!r} {said}")
    return total, missed


def _reports(seed: int) -> list[PracticeReport]:
    return list(country(statute(), seed=seed, agencies=40).reports)[::3]


def _scan(
    report: PracticeReport, number: int, dpi: int, rng: Random, rules: str = "all", harm: str = ""
) -> bytes:
    scanner = Scanner(
        dpi=dpi,
        skew=rng.uniform(-_SKEW, _SKEW),
        noise=rng.uniform(2, 14),
        blur=rng.uniform(0.2, 0.35) * dpi / 100,
        specks=rng.choice((0, 0.0002, 0.0006)),
        quality=rng.choice((55, 75, 90)),
    )
    font = fonts()[number % len(fonts())]
    leaves = set_pages(flow(report, statute()), Setting(start=rng.choice((0, 90, 200, 333)), rules=rules))
    return scan(leaves, font, scanner, rng, SCAN_HARMS.get(harm, lambda pages, _: list(pages)))


if __name__ == "__main__":
    main()
