"""How long a release of many reports takes, and what more reports of one year cost.

    uv run python benchmarks/write_release.py [--reports 100000] [--more 200] [--folder FOLDER]

Two thousand reports of the practice country are read; the others are the same ones under other agencies'
ids, so that there are enough; of each a figure and the words differ, so that no report is another's copy.
They are kept as pieces, as reading leaves them, and merged to a release in a process of its own and its
workers, whose time and memory are measured. Then reports of one year are added.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from foi_etl.crew import Share, among, here
from foi_etl.hiring import processes
from foi_etl.model import Capture, Judged, Report
from foi_etl.owed import Owing
from foi_etl.pipeline import read
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.pages import render
from foi_etl.practice.styles import PRESETS
from foi_etl.publish.across import look_across
from foi_etl.publish.card import Group
from foi_etl.publish.codebook import codebook_csv
from foi_etl.publish.manifest import read_manifest
from foi_etl.publish.merge import Merge
from foi_etl.publish.pieces import Piece, packed, piece
from foi_etl.publish.release import publish
from foi_etl.publish.store import PieceStore
from foi_etl.schemas import layout, statute
from foi_etl.studies import studies
from foi_etl.validate.sketches import NOTHING
from watching import watching

VERSION = "benchmark"
BLOCK = 2000
"""Reports of a piece, as reading leaves it where there are many."""


def main() -> None:
    """Make the pieces, then measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--more", type=int, default=200, help="reports of one year that are added")
    parser.add_argument("--folder", type=Path, help="where to work; kept afterwards")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--merge", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.merge:
        print(json.dumps(merged(asked.folder, asked.workers)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        measure(asked.folder or Path(scratch), asked.reports, asked.more, asked.workers)


def measure(folder: Path, reports: int, more: int, workers: int) -> None:
    """Print what a release of so many reports takes, and what so many more of one year do to it."""
    shutil.rmtree(folder, ignore_errors=True)
    store = PieceStore(folder / "pieces", VERSION)
    base = read_reports(min(BLOCK, reports))
    block = Piece.of(piece(base, statute(), layout(), VERSION))
    for number in range(-(-reports // len(base))):
        store.keep(packed(*renamed(block, number), VERSION, {}))
    print(f"{reports:,} reports in {len(store.pieces())} pieces, {_megabytes(folder / 'pieces'):.0f} MB")
    first = in_a_process(folder, workers)
    newest = max(one.report.year for _, one in base)
    added = [one for one in base if one[1].report.year == newest]
    added = [added[at % len(added)] for at in range(more)]
    again = [(made, moved(one, f"added{at}")) for at, (made, one) in enumerate(added)]
    store.keep(piece(again, statute(), layout(), VERSION))
    second = in_a_process(folder, workers)
    told(folder, first, second)


def told(folder: Path, first: dict[str, Any], second: dict[str, Any]) -> None:
    """The measurements, in lines."""
    for name, one in (("release", first), ("release after more of one year", second)):
        print(
            f"{name}: {one['seconds']:.1f} s, {one['looked']:.1f} s of them until all was looked across; "
            f"{one['cpu']:.1f} s of processors, {one['busy']:.1f} of them the parent's;"
            f" {one['together']} MB of memory at most, the parent {one['parent']}, a worker {one['worker']}"
        )
    release = folder / "releases" / second["version"]
    tables = read_manifest(release).tables
    cells = sum(one.rows for one in tables if one.table == "facts")
    print(f"{cells:,} cells, {sum(one.bytes for one in tables) / 2**20:.1f} MB of Parquet")
    fresh = [one.path for one in tables if (release / one.path).stat().st_nlink == 1]
    print(f"{len(fresh)} of {len(tables)} files written again: {', '.join(fresh)}")
    for name in ("requests", "panel"):
        began, busy = time.monotonic(), time.process_time()
        rows = len(pd.read_parquet(release / f"{name}.parquet"))
        seconds, busy = time.monotonic() - began, time.process_time() - busy
        print(f"pd.read_parquet of {name}, {rows:,} rows: {seconds:.2f} s, {busy:.2f} s of processors")


def read_reports(count: int) -> list[tuple[str, Judged]]:
    """So many reports of the practice country, read from pages."""
    made = country(statute(), seed=1, agencies=max(2, count // 4))
    listed: list[tuple[str, Judged]] = []
    for report in made.reports:
        style = PRESETS[len(listed) % len(PRESETS)]
        rng = dice("benchmark", report.agency_id, report.year)
        body = render(report, statute(), style, rng=rng)
        capture = _capture(report.agency_id, report.year, body)
        verdict = read(body, capture.id, statute())
        listed.append(
            ("", Judged(Report(report.agency_id, report.year), report.agency_name, capture, verdict))
        )
        if len(listed) == count:
            break
    return listed


def _capture(agency: str, year: int, body: bytes) -> Capture:
    digest = hashlib.sha256(body).hexdigest()
    url = f"http://{agency}.practice.invalid/{year}.html"
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    day = f"{year + 1}-02-01T00:00:00Z"
    return Capture(name, url, day, 200, "text/html", digest, len(body), "report", agency, agency)


def moved(judged: Judged, mark: str) -> Judged:
    """The same report of another agency."""
    name = hashlib.sha256(f"{judged.capture.id}{mark}".encode()).hexdigest()[:16]
    agency = f"{judged.report.agency_id}-{mark}"
    capture = replace(judged.capture, id=name, agency_id=agency)
    return replace(judged, report=replace(judged.report, agency_id=agency), capture=capture)


def renamed(block: Piece, number: int) -> tuple[pa.Table, dict[str, list[tuple[Group, pa.Table]]]]:
    """The same piece of other agencies, which tell of another number of licences in other words."""
    prefix, tail = f"a{number:05}-", f"{number:05}"

    def anew(table: pa.Table) -> pa.Table:
        for name in table.column_names:
            column = table[name]
            if name == "agency_id":
                table = _replaced(table, name, pc.binary_join_element_wise(prefix, _plain(column), ""))
            elif name in {"capture", "id"}:
                table = _replaced(
                    table,
                    name,
                    pc.binary_join_element_wise(pc.utf8_slice_codeunits(_plain(column), 0, 11), tail, ""),
                )
            elif name == "license_decisions":
                table = _replaced(table, name, pc.add(column, number))
            elif name == "sketch":
                told = [_in_other_words(one, number) for one in column.to_pylist()]
                table = _replaced(table, name, pa.array(told, pa.binary()))
        return table

    tables: dict[str, list[tuple[Group, pa.Table]]] = {}
    for name, groups in block.card.groups.items():
        years = dict.fromkeys(year for year, _, _, _ in groups)
        tables[name] = [
            ((year, part.num_rows, prefix, f"{prefix}~"), anew(part))
            for year in years
            for part in block.rows(name, year)
        ]
    return anew(block.index), tables


def _in_other_words(sketch: bytes, number: int) -> bytes:
    """The sketch of a text that is like no text of another number."""
    places = np.frombuffer(sketch, np.uint16)
    return np.where(places == NOTHING, NOTHING, places ^ np.uint16(number)).astype(np.uint16).tobytes()


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _replaced(table: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    at = table.column_names.index(name)
    dictionary = pa.types.is_dictionary(table[name].type)
    return table.set_column(at, name, values.dictionary_encode() if dictionary else values)


def in_a_process(folder: Path, workers: int) -> dict[str, Any]:
    """Merge and publish in a process of its own: what it says of itself, and what it and its workers took."""
    command = [sys.executable, __file__, "--merge", "--folder", str(folder), "--workers", str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child, watching([child.pid]) as seen:
        said = child.stdout.read() if child.stdout else ""
        child.wait()
    if child.returncode:
        raise SystemExit(child.returncode)
    told: dict[str, Any] = json.loads(said)
    parent = seen.peaks.pop(child.pid)
    return told | {
        "cpu": sum(seen.cpu.values()),
        "together": seen.together,
        "parent": parent,
        "worker": max(seen.peaks.values(), default=0),
    }


def merged(folder: Path, workers: int) -> dict[str, Any]:
    """Make a release of the pieces; what it took."""
    began = time.monotonic()
    shared = among(processes(workers, "foi_etl.chunks")) if workers > 1 else nullcontext(here)
    with tempfile.TemporaryDirectory(dir=folder) as added, shared as share:
        merge = Merge(PieceStore(folder / "pieces", VERSION).pieces(), layout(), None, Path(added))
        look_across(merge, studies(Owing(as_of=date(2026, 11, 23))), share)
        looked = time.monotonic() - began
        version = released(folder, merge, share)
    busy, seconds = time.process_time(), time.monotonic() - began
    return {"seconds": seconds, "busy": busy, "looked": looked, "version": version}


def released(folder: Path, merge: Merge, share: Share) -> str:
    """The version of the release that is made of the pieces."""
    known = folder / "files.json"
    before: dict[str, Any] = {"version": "", "files": {}}
    if known.is_file():
        before = json.loads(known.read_text(encoding="utf-8"))
    files = merge.files()
    made = publish(
        folder / "releases",
        merge.sheets(files, before["files"], before["version"]),
        day=date(2026, 11, 23),
        layout=layout(),
        codebook=codebook_csv(statute(), layout()),
        share=share,
    )
    version = made.version if made else ""
    known.write_text(json.dumps({"version": version, "files": {one.path: one.made_from for one in files}}))
    return version


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    main()
