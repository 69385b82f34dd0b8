"""What damage does to practice documents of every kind: silent errors, and whom failed sums are blamed on.

    uv run python benchmarks/damage.py [--documents N] [--seed N] [--kinds html,pdf] [--json]

Each document is a report of the practice country as one kind of file, with one thing done to it: to its
markup (`practice/damage.py`, web pages) or to its boxes before it becomes a file (`practice/kinds/harm.py`,
every kind). Whose fault a failed sum is follows from what the document **prints**, which the damage knows
box by box:

    source     every cell of the sum was read as it is printed: the agency, or whoever damaged the document
               before we got it, printed figures that do not add up
    reading    a cell of the sum was read otherwise than it is printed
    undecided  the verdict says neither; it is never counted as right

A **silent** error is a published value that differs from the truth of its cell and that no finding names.
The truth is what the agency wrote before the damage; where the damage states another number outright (a
digit retyped, the figures of two rows exchanged) it is what the document prints, for nobody could know.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal

from damaged import KINDS, Damaged, damaged_documents
from foi_etl.errors import NotAReport
from foi_etl.extract.document import read_document
from foi_etl.forms import Statute
from foi_etl.model import Fact, Verdict
from foi_etl.normalise.grammar import read_number
from foi_etl.pipeline import judge
from foi_etl.wiring import statute

Truth = Mapping[str, Decimal | None]
COLUMNS = (
    "documents", "refused", "silent", "sums", "source_right", "source_wrong", "reading_right",
    "reading_wrong", "undecided", "read_twice", "cells",
)  # fmt: skip
Counts = dict[str, dict[str, int]]


def main() -> None:
    """Damage, read, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=2400, help="how many over all kinds [2400]")
    parser.add_argument("--seed", type=int, default=11, help="another seed gives other documents [11]")
    parser.add_argument("--kinds", default=",".join(KINDS), help="which kinds, by comma [all]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    kinds = [kind for kind in asked.kinds.split(",") if kind != "doc" or shutil.which("soffice")]
    by_kind, by_damage, told = measure(asked.documents, asked.seed, kinds)
    if asked.json:
        print(json.dumps({"by_kind": by_kind, "by_damage": by_damage, "told": told}, ensure_ascii=False))
        return
    print(table(by_kind), table(by_damage), *told[:60], sep="\n")


def measure(documents: int, seed: int, kinds: list[str]) -> tuple[Counts, Counts, list[str]]:
    """Counts by kind of document and by kind of damage, and every silent error and wrong blame in words."""
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    by_damage: dict[str, Counter[str]] = defaultdict(Counter)
    told: list[str] = []
    form = statute()
    for one in damaged_documents(documents, seed, kinds):
        mine = Counter({"documents": 1})
        try:
            verdict = judge(read_document(one.body, one.what, form), form)
        except NotAReport:
            mine["refused"] += 1
        else:
            mine.update(_counted(one, verdict, form, told))
        by_kind[one.kind].update(mine)
        by_damage[one.damage].update(mine)
    return _plain(by_kind), _plain(by_damage), told


def _plain(counts: Mapping[str, Counter[str]]) -> Counts:
    return {kind: {name: mine[name] for name in COLUMNS} for kind, mine in sorted(counts.items())}


def _counted(one: Damaged, verdict: Verdict, form: Statute, told: list[str]) -> Counter[str]:
    facts = {cell_id: fact for table in verdict.tables for cell_id, fact in table.facts.items()}
    types = {
        i: spec.type
        for table in verdict.tables
        for i, spec in form.form(table.table, table.edition).cells.items()
    }
    prints = {i: read_number(one.printed.get(i, ""), types[i]).value for i in facts}
    truth = prints if one.stated else one.truth
    named = {cell_id for finding in verdict.findings for cell_id in finding.cells}
    quiet = {
        i: fact
        for i, fact in facts.items()
        if fact.value is not None and fact.value != truth.get(i) and i not in named
    }
    if quiet:
        said = ", ".join(f"{i}={fact.value} for {truth.get(i)}" for i, fact in list(quiet.items())[:8])
        told.append(f"silent: {one.kind} {one.what}: {said}")
    counted = Counter(
        silent=len(quiet),
        cells=len(facts),
        read_twice=sum(len(table.agreed) for table in verdict.tables),
    )
    for finding in verdict.findings:
        if finding.blame:
            misread = [i for i in finding.cells if _misread(facts[i], prints[i])]
            word = _word(finding.blame, bool(misread))
            counted.update(sums=1, **{word: 1})
            if not word.endswith("_right"):
                cells = ", ".join(f"{i}={facts[i].value}, printed {prints[i]}" for i in misread[:4])
                told.append(f"{word}: {one.kind} {one.what}: {finding.rule} {cells} ({finding.evidence})")
    return counted


def _misread(fact: Fact, prints: Decimal | None) -> bool:
    """Whether a cell of a sum was read otherwise than it is printed; a blank for a nought changes no sum."""
    return (fact.value or Decimal(0)) != (prints or Decimal(0))


def _word(blame: str, misread: bool) -> str:
    if blame == "undecided":
        return blame
    return f"{blame}_{'right' if misread == (blame == 'reading') else 'wrong'}"


def table(counts: Mapping[str, Mapping[str, int]]) -> str:
    """The counts as lines to read, and what share of the blame is right."""
    lines = [f"{'':<18}" + "".join(f"{name:>14}" for name in COLUMNS)]
    total: Counter[str] = Counter()
    for kind, mine in counts.items():
        total.update(mine)
        lines.append(f"{kind:<18}" + "".join(f"{mine[name]:>14}" for name in COLUMNS))
    lines.append(f"{'all':<18}" + "".join(f"{total[name]:>14}" for name in COLUMNS))
    right = total["source_right"] + total["reading_right"]
    blamed = right + total["source_wrong"] + total["reading_wrong"]
    lines.append(
        f"blame right in {right} of {blamed} sums that were blamed ({right / max(1, blamed):.2%}), "
        f"which are {blamed / max(1, total['sums']):.1%} of {total['sums']} that failed\n"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
