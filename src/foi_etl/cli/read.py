"""`foi-etl read`: documents from disk, read and doubted."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from foi_etl import wiring
from foi_etl.cli.say import complain, out, table
from foi_etl.documents import LARGEST_FILE
from foi_etl.errors import NotAReport, WrongUsage
from foi_etl.model import Fact, Finding, State, Statement, Tally, Verdict, Weight
from foi_etl.pipeline import read as read_bytes

_PIPED: Final = Path("-")


def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Reports, told by their first bytes: pages, PDF, Word, sheets, RTF, OFD, zip, scans, text. "
            "- is standard input.",
            metavar="FILE...",
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object for each document, a line each.")
    ] = False,
) -> None:
    """Read reports from files: every cell with its value, state and place, and every doubt about them.

    Exit code 0 when all were read, 1 when one was refused.
    """
    for path in files:
        if path.is_dir():
            raise WrongUsage("this is a folder: name the files in it", file=path)
        if path != _PIPED and not path.exists():
            raise WrongUsage("there is no such file", file=path)
    refused = 0
    for path in files:
        try:
            verdict = read_bytes(_bytes(path), str(path), wiring.statute())
        except NotAReport as error:
            refused += 1
            complain(f"refused: {error}")
            if as_json:
                _print(_refusal(path, error))
            continue
        if as_json:
            _print(as_object(path, verdict))
        else:
            _show(path, verdict)
    if refused:
        raise typer.Exit(1)


def _bytes(path: Path) -> bytes:
    """What a file holds; of one that is too large, only so much that this can be told."""
    with nullcontext(sys.stdin.buffer) if path == _PIPED else path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def as_object(path: Path, verdict: Verdict) -> dict[str, Any]:
    """A verdict as the one object `--json` prints. A cell the page does not have is absent from `cells`."""
    document = verdict.document
    facts = [fact for reading in verdict.tables for fact in reading.facts.values()]
    agreed = {cell_id: same for reading in verdict.tables for cell_id, same in reading.agreed.items()}
    return {
        "file": str(path),
        "title": document.title,
        "agency_name": document.agency_name,
        "year": document.year,
        "year_from": document.year_from,
        "published": document.published or None,
        "tables": [{"table": reading.table, "edition": reading.edition} for reading in verdict.tables],
        "cells": {
            fact.cell_id: _cell(fact, agreed.get(fact.cell_id))
            for fact in facts
            if fact.state is not State.MISSING_CELL
        },
        "inferences": [
            {
                "cell": one.cell_id,
                "value": _number(one.value),
                "rule": one.rule,
                "proof": one.proof,
                "cells": one.cells,
            }
            for one in verdict.inferences
        ],
        "identities": {
            "blanks_as_zero": _tally(verdict.blanks_as_zero),
            "blanks_as_unknown": _tally(verdict.blanks_as_unknown),
        },
        "checks": {one.rule: one.outcome for one in verdict.checks},
        "sections": document.sections,
        "narrative": [_statement(one) for one in verdict.statements],
        "findings": [_finding(one) for one in verdict.findings],
    }


def _statement(one: Statement) -> dict[str, Any]:
    said: dict[str, Any] = {
        "fact": one.fact,
        "value": _number(one.value),
        "unit": one.unit or None,
        "approximate": one.approximate,
        "raw": one.raw,
        "section": one.section,
        "start": one.start,
        "end": one.end,
    }
    said |= {} if one.high is None else {"high": _number(one.high)}
    return said | ({"confidence": one.confidence} if one.confidence else {})


def _refusal(path: Path, error: NotAReport) -> dict[str, Any]:
    finding = Finding("unread", Weight.BLOCK, str(error))
    return {
        "file": str(path),
        **{name: error.where.get(name) for name in ("title", "agency_name", "year")},
        "tables": [],
        "cells": {},
        "inferences": [],
        "findings": [_finding(finding)],
    }


def _cell(fact: Fact, agreed: bool | None) -> dict[str, Any]:
    cell = {
        "value": _number(fact.value),
        "state": fact.state,
        "raw": fact.raw,
        "unit": fact.unit or None,
        "at": fact.at,
        "agreed": agreed,
    }
    return cell | ({"note": fact.note} if fact.note else {})


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _tally(tally: Tally) -> dict[str, int]:
    return {"held": tally.held, "failed": tally.failed, "untestable": tally.untestable}


def _finding(one: Finding) -> dict[str, Any]:
    finding: dict[str, Any] = {
        "rule": one.rule,
        "weight": one.weight,
        "message": one.message,
        "cells": one.cells,
    }
    more = {"table": one.table, "at": one.at, "left": one.left, "right": one.right, "delta": one.delta}
    more |= {"diagnosis": one.diagnosis, "blame": one.blame, "evidence": one.evidence}
    return finding | {name: said for name, said in more.items() if said}


def _print(said: dict[str, Any]) -> None:
    typer.echo(json.dumps(said, ensure_ascii=False))


def _show(path: Path, verdict: Verdict) -> None:
    document = verdict.document
    out.print(f"[bold]{path}[/bold]")
    out.print(document.title or "(no title)", markup=False)
    out.print(f"agency {document.agency_name or '?'}, year {document.year or '?'}", markup=False)
    rows = []
    for reading in verdict.tables:
        states = Counter(fact.state for fact in reading.facts.values())
        rows.append((reading.table, reading.edition, *(states[state] for state in State)))
    table("Cells by state", ("table", "edition", *(state.value for state in State)), rows)
    for name, tally in (("zero", verdict.blanks_as_zero), ("unknown", verdict.blanks_as_unknown)):
        told = f"{tally.held} held, {tally.failed} failed, {tally.untestable} untestable"
        out.print(f"identities, blanks as {name}: {told}")
    out.print(f"{len(verdict.inferences)} inferences, {len(verdict.findings)} findings")
    twice = [same for reading in verdict.tables for same in reading.agreed.values()]
    out.print(f"{len(twice)} cells read twice, {twice.count(False)} of them not alike")
    for one in verdict.findings:
        blame = f" [{one.blame}: {one.evidence}]" if one.blame else ""
        out.print(f"  {one.weight:<5} {one.rule}: {one.message}{blame}", markup=False, soft_wrap=True)
