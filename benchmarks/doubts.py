"""What every rule finds of what was injected, and what it finds besides.

    uv run python benchmarks/doubts.py [--agencies 200] [--from 2012] [--to 2025] [--seed 1]

A country of reports is made as figures and sentences, without pages and without a crawl; a share of them
has something injected: sums that do not add up, carry-overs and stocks that break, items filled in as
decisions, yuan under 万元, leaps, counts in the size of the other scope, figures and words of last year or
of a neighbour, sentences that no basis explains, rules of bodies that make none, versions that were revised,
gone and back. Bodies are founded, renamed, closed and merged; portals refuse or have moved; reports come
late, unreadable, or not at all; some speak for all below. They are judged, kept as pieces, merged and looked
across as a release is; then the findings of each rule are held against the country's own word: injected,
found, missed, false alarms. So are the status of every report owed and how late it is, the name its body had
in that year, for whom it speaks, and which other report speaks for it too.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from foi_etl.extract.titles import agency_in
from foi_etl.forms import Form
from foi_etl.model import (
    Agency,
    Capture,
    Document,
    Fact,
    FormReading,
    Judged,
    Refusal,
    Report,
    State,
    Verdict,
)
from foi_etl.normalise.growth import growths
from foi_etl.normalise.narrative import narrate
from foi_etl.normalise.scope import scope_of
from foi_etl.owed import Owing, Portal
from foi_etl.practice.beside import Beside
from foi_etl.practice.doubts import Body, DoubtfulReport, doubtful
from foi_etl.practice.fates import Key, OwedRow, Paper, as_of, looked, owed_rows
from foi_etl.publish.across import Published, look_across
from foi_etl.publish.merge import Merge
from foi_etl.publish.pieces import Piece, Result, piece
from foi_etl.schemas import layout, statute
from foi_etl.sources.changes import Became, name_in
from foi_etl.studies import studies
from foi_etl.validate.blame import blamed
from foi_etl.validate.copies import sketch_of
from foi_etl.validate.rulebook import doubt
from foi_etl.validate.sentences import against_tables

_TOGETHER = 400
"""Reports of a piece."""
_FIRM = ("H", "N", "X1_total")
"""Rules that must not be wrong: the identities of the form, and the carry-over of the total."""


@dataclass
class Told:
    """What the country says of itself, and what was found of it."""

    papers: dict[Key, Paper] = field(default_factory=dict)
    broken: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    failed: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    tested: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    owed: dict[Key, OwedRow] = field(default_factory=dict)
    rows: dict[Key, OwedRow] = field(default_factory=dict)

    def wrong(self) -> dict[str, tuple[set[Key], set[Key]]]:
        """By rule, what was missed and what was alarmed for nothing."""
        rules = sorted({*self.broken, *self.failed})
        return {
            one: (self.broken[one] - self.failed[one], self.failed[one] - self.broken[one]) for one in rules
        }

    def untrue(self) -> dict[str, set[Key]]:
        """By what is told of a report that is owed, where it is not the truth."""
        both = self.owed.keys() & self.rows.keys()
        told = {
            name: {key for key in both if getattr(self.owed[key], name) != getattr(self.rows[key], name)}
            for name in OwedRow._fields[2:]
        }
        return {"row": self.owed.keys() ^ self.rows.keys(), **told}


def main() -> int:
    """Print a line for every rule; 1 where a hard or firm rule was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agencies", type=int, default=200)
    parser.add_argument("--from", type=int, default=2012, dest="first")
    parser.add_argument("--to", type=int, default=2025, dest="last")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.12, help="of the reports, into which something goes")
    asked = parser.parse_args()
    told = measured(asked.agencies, range(asked.first, asked.last + 1), asked.seed, asked.share)
    print(f"{asked.agencies:,} agencies, {told.reports:,} reports")
    print(f"{'rule':28}{'tested':>9}{'injected':>9}{'found':>9}{'missed':>9}{'false alarms':>14}")
    wrong = told.wrong()
    for rule in sorted({*told.tested, *wrong}):
        missed, alarms = wrong.get(rule, (set(), set()))
        injected = len(told.broken[rule])
        print(
            f"{rule:28}{told.tested[rule]:>9,}{injected:>9,}{injected - len(missed):>9,}"
            f"{len(missed):>9,}{len(alarms):>14,}"
        )
    for rule, (missed, alarms) in wrong.items():
        for what, keys in (("missed", missed), ("false alarm", alarms)):
            print(
                *(f"{rule}: {what}: {agency} {year}" for agency, year in sorted(keys)[:3]), sep="\n", end=""
            )
            print("\n" if keys else "", end="")
    statuses = Counter(one.status for one in told.owed.values())
    untrue = told.untrue()
    print(f"{len(told.owed):,} reports owed:", ", ".join(f"{n:,} {one}" for one, n in statuses.most_common()))
    for what, keys in untrue.items():
        print(f"{what:28}{len(keys):>9,} not as in truth", *(f"{a} {y}" for a, y in sorted(keys)[:3]))
    return int(
        any(untrue.values()) or any(any(sides) for rule, sides in wrong.items() if rule.startswith(_FIRM))
    )


def measured(agencies: int, years: range, seed: int, share: float) -> Told:
    """Make the country, judge it, look across it, and hold one against the other."""
    told, pieces, beside = Told(), [], Beside()
    bodies: list[Body] = []
    spoken: list[Capture] = []
    waiting: list[tuple[str, Result]] = []
    for body in doubtful(statute(), seed=seed, agencies=agencies, years=years, share=share):
        bodies.append(body._replace(reports=[]))
        told.papers |= {(body.agency_id, one.year): one.paper for one in body.reports}
        waiting += [("", unreadable(body, year, paper)) for year, paper in body.unread.items()]
        for one in body.reports:
            state(told, one)
            beside.take(one)
            waiting += [("", version) for version in judged(one)]
            spoken += answers(one)
        if len(waiting) >= _TOGETHER:
            pieces.append(Piece.of(piece(waiting, statute(), layout(), "benchmark")))
            waiting = []
    pieces.append(Piece.of(piece(waiting, statute(), layout(), "benchmark")))
    for rule, key in beside.found():
        told.broken[rule].add(key)
    merge = Merge(pieces, layout())
    look_across(merge, studies(owing(bodies, years), spoken))
    told.owed = owed(bodies, told.papers, years)
    found(told, Published(merge))
    return told


def owed(bodies: Sequence[Body], papers: Mapping[Key, Paper], years: range) -> dict[Key, OwedRow]:
    """The country's own word on every report that is owed."""
    unread = {(one.agency_id, year): paper for one in bodies for year, paper in one.unread.items()}
    lives = {one.agency_id: one.life for one in bodies}
    return {row[:2]: row for row in owed_rows(lives, {**papers, **unread}, unread.keys(), years)}


def owing(bodies: Sequence[Body], years: range) -> Owing:
    """What the register and the visits would tell of these bodies."""
    agencies = tuple(agency(one, years) for one in bodies)
    portals = {
        one.agency_id: Portal(
            one.life.portal if one.life.portal in {"blocked", "moved"} else "", looked(one.life, years)
        )
        for one in bodies
    }
    renamed = [
        Became(one.agency_id, "renamed", "", one.life.renamed, one.life.was, one.life.name, "", "the country")
        for one in bodies
        if one.life.renamed
    ]
    names = {
        (one.id, year): called
        for one in agencies
        for year in years
        if (called := name_in(one, year, renamed)) != one.name
    }
    return Owing(agencies, as_of(years), portals, names=names)


def agency(one: Body, years: range) -> Agency:
    """A body as the register has it."""
    life = one.life
    return Agency(
        one.agency_id, life.name, "", "", level=one.level, kind=life.kind, parent=life.above,
        since=life.since or f"{years[0]}-01-01", until=life.until,
    )  # fmt: skip


def unreadable(body: Body, year: int, paper: Paper) -> Result:
    """A report that nobody can read, as an archive keeps it: the year is what its list called it by."""
    seen = answer(body.agency_id, body.life.name, year, f"{paper.day}T20:00:00Z")
    return replace(seen, link_text=paper.title), Refusal(seen.id, "TeachTheReader", "no table")


def state(told: Told, one: DoubtfulReport) -> None:
    """The country's own word on a report."""
    told.reports += 1
    events = {"revised"} if one.was else set()
    events |= {"gone": {"gone"}, "back": {"gone", "back"}}.get(one.injected, set())
    for rule in {*one.fails, *events}:
        told.broken[rule].add((one.agency_id, one.year))


def found(told: Told, seen: Published) -> None:
    """What the rules found, and how often they were tested."""
    for year in seen.years:
        for agency, held, failed in rows(seen, "checks", year, ["agency_id", "held", "failed"]):
            told.tested.update([*held, *failed])
            for rule in failed:
                told.failed[rule].add((agency, year))
        for agency, event in rows(seen, "revisions", year, ["agency_id", "event"]):
            told.failed[event].add((agency, year))
    columns = ("agency_id", "year", "status", "days_late", "agency_name", "scope", "within")
    for year in {year for _, year in told.owed}:
        for row in rows(seen, "panel", year, columns):
            told.rows[row[0], year] = OwedRow(*row[:5], *(word or "" for word in row[5:]))


def rows(seen: Published, table: str, year: int, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a published table."""
    listed = seen.rows(table, year, columns)
    yield from zip(*(listed[name].to_pylist() for name in columns), strict=True)


def judged(one: DoubtfulReport) -> Iterator[Judged]:
    """A report as reading leaves it; before it, its earlier version, where it has one."""
    if one.was:
        cell, value = one.was
        yield _judged(replace(one, figures={**one.figures, cell: value}), f"{one.year + 1}-02-01T00:00:00Z")
    yield _judged(one, f"{one.year + 1}-08-01T00:00:00Z")


def _judged(one: DoubtfulReport, when: str) -> Judged:
    law = statute()
    readings = [
        reading(law.form(table, edition), one.figures) for table, edition in sorted(one.editions.items())
    ]
    sections = {"overview": one.text, "problems": ""}
    statements = narrate(sections, law.prose, one.year)
    doubts = doubt(readings, law)
    contradicted, checks = against_tables(statements, readings, (), law.rules.prose)
    title, day = one.paper.title, one.paper.day.isoformat()
    document = Document("", "html", "utf-8", title, agency_in(title), one.year, "title", day, sections, ())
    scope = scope_of(title, (document.agency_name, one.agency_name), sections, law.scopes)
    verdict = Verdict(
        document=document,
        tables=tuple(readings),
        inferences=(),
        findings=(*blamed(doubts.findings, readings, law), *contradicted),
        blanks_as_zero=doubts.as_zero,
        blanks_as_unknown=doubts.as_unknown,
        statements=(*statements, *growths(statements, sections, law.rules.of("growth"))),
        checks=(*doubts.checks, *checks),
        sketch=sketch_of(sections, law.rules),
    )
    report = Report(one.agency_id, one.year, scope.scope)
    return Judged(report, one.agency_name, capture(one, when), verdict, scope.evidence, scope.confidence)


def reading(form: Form, figures: dict[str, Decimal]) -> FormReading:
    """A form in which these figures are printed."""
    facts = {
        cell: Fact(
            cell,
            figures[cell],
            State.NUMBER if figures[cell] else State.ZERO,
            f"{figures[cell]:f}",
            spec.unit,
            f"t{n}",
        )
        for n, (cell, spec) in enumerate(form.cells.items())
    }
    return FormReading(form.table, form.edition, facts)


def capture(one: DoubtfulReport, when: str, status: int = 200) -> Capture:
    """An answer of the address of a report."""
    return answer(one.agency_id, one.agency_name, one.year, when, status)


def answer(agency_id: str, name: str, year: int, when: str, status: int = 200) -> Capture:
    """What the address of a report said once."""
    url = f"http://{agency_id}.practice.invalid/{year}.html"
    digest = hashlib.sha256(f"{url}{when}{status}".encode()).hexdigest()
    return Capture(digest[:16], url, when, status, "text/html", digest, 1, "report", agency_id, name)


def answers(one: DoubtfulReport) -> Iterator[Capture]:
    """What the address of a report that was gone said, over the years."""
    if one.injected in {"gone", "back"}:
        yield capture(one, f"{one.year + 1}-08-01T00:00:00Z")
        yield capture(one, f"{one.year + 1}-09-01T00:00:00Z", 404)
    if one.injected == "back":
        yield capture(one, f"{one.year + 1}-10-01T00:00:00Z")


if __name__ == "__main__":
    sys.exit(main())
