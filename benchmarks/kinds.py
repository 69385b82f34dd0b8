"""Seconds for each document and peak memory, by kind, and what the second reader costs beside the first.

    uv run python benchmarks/kinds.py

One practice report in every kind, read from its bytes to a verdict in a process of its own. The second
reader is everything that would not be done without it: its own way from bytes to rows, the finding of tables
among them, and holding both readings against each other.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from foi_etl.convert.office import all_to_docx
from foi_etl.documents import open_document
from foi_etl.extract.document import read_document
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.ofd import ofd
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.scan import Scanner, fonts, scan
from foi_etl.practice.kinds.sheet import Setting, set_pages
from foi_etl.practice.pages import render, render_text
from foi_etl.practice.styles import PRESETS
from foi_etl.schemas import statute

_TIMES = 8
_AGAIN = "foi_etl.extract.again."
_PAPER = "foi_etl.extract.paper."
_SECOND = {
    "html": [("foi_etl.extract.document", "rows_of_page")],
    "text": [("foi_etl.extract.document", "rows_of_text")],
    "docx": [(f"{_AGAIN}word", "rows_of_word")],
    "xlsx": [(f"{_AGAIN}book", "rows_of_workbook")],
    "rtf": [(f"{_AGAIN}rich", "rows_of_rich_text")],
    "ofd": [(f"{_AGAIN}leaf", "rows_of_ofd")],
    "pdf": [
        *(
            (f"{_PAPER}reader", name)
            for name in ("fuller", "rows_of_leaves", "rows_of_ink", "_second_opinion")
        ),
        (f"{_PAPER}pdf", "_second"),
    ],
}


def _made(kind: str, report: PracticeReport) -> bytes:
    parts = list(flow(report, statute()))
    made: dict[str, Callable[[], bytes]] = {
        "html": lambda: render(report, statute(), PRESETS[0], rng=dice("kinds")),
        "text": lambda: render_text(report, statute()).encode(),
        "pdf": lambda: pdf(set_pages(parts)),
        "pdf without rules": lambda: pdf(set_pages(parts, Setting(rules="none"))),
        "ofd": lambda: ofd(set_pages(parts)),
        "docx": lambda: office.docx(parts),
        "xlsx": lambda: office.xlsx(parts),
        "rtf": lambda: office.rtf(parts),
    }
    return made[kind]()


def _measure(kind: str) -> None:
    """One kind in a process of its own, so that its memory is its own."""
    body = _made(kind, next(iter(country(statute(), agencies=2).reports)))
    judge(read_document(body, kind, statute()), statute())
    second = _Watch()
    with ExitStack() as watched:
        for module, name in (
            *_SECOND[kind.split(maxsplit=1)[0]],
            ("foi_etl.pipeline", "place_again"),
            ("foi_etl.pipeline", "agree"),
        ):
            watched.enter_context(second.on(import_module(module), name))
        began = time.process_time()
        for _ in range(_TIMES):
            judge(read_document(body, kind, statute()), statute())
        taken = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = taken - second.seconds
    share = f"the second reader {second.seconds / first:4.0%} of the first"
    size = f"{peak:6.0f} MB at most, {len(body):7} bytes"
    print(f"{kind:17} {taken / _TIMES:8.4f} s of work for each document, {share}, {size}")


class _Watch:
    """Processor time that goes into some functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def on(self, module: ModuleType, name: str) -> AbstractContextManager[object]:
        """Watch a function of a module from now on."""
        work = getattr(module, name)

        def watched(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return work(*given, **named)
            finally:
                self.seconds += time.process_time() - began

        return patch.object(module, name, watched)


class Group:
    """The most memory that the processes started meanwhile hold together."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Group:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, sum(map(_held, _descendants(os.getpid()))))


def _descendants(of: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            if int((folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]) == of:
                yield int(folder.name)
                yield from _descendants(int(folder.name))


def _held(process: int) -> float:
    """MB of memory a process holds."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    return 0.0


def _worked(process: int) -> float:
    """Processor seconds a process has used."""
    with suppress(OSError, ValueError, IndexError):
        said = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _measure_old_word() -> None:
    body = _made("rtf", next(iter(country(statute(), agencies=2).reports)))
    for count in (1, 10):
        began = time.monotonic()
        with Group() as watch:
            made = all_to_docx({str(number): body for number in range(count)})
        each = (time.monotonic() - began) / count
        print(
            f"doc               {each:8.4f} s for each of {count} by LibreOffice, {len(made)} converted,"
            f" {watch.peak:6.0f} MB at most, all its processes together"
        )


def _measure_scan() -> None:
    """A report of three pages as a scan, in the process that recognises it."""
    report = next(iter(country(statute(), agencies=2).reports))
    leaves = set_pages(flow(report, statute()))
    body = scan(leaves, fonts()[0], Scanner(dpi=300, skew=1.0, noise=6), dice("kinds"))
    open_document(body, "first.pdf", statute())
    began = sum(map(_worked, _descendants(os.getpid())))
    with Group() as watch:
        open_document(body, "scan.pdf", statute())
    took = (sum(map(_worked, _descendants(os.getpid()))) - began) / len(leaves)
    memory = f"{watch.peak:6.0f} MB at most, all together"
    print(f"scan              {took:8.4f} s of work a page at 300 dpi, {memory}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _measure(sys.argv[1])
    else:
        for name in ("html", "text", "pdf", "pdf without rules", "ofd", "docx", "xlsx", "rtf"):
            subprocess.run([sys.executable, __file__, name], check=True)
        if shutil.which("soffice"):
            _measure_old_word()
        if fonts() and importlib.util.find_spec("rapidocr"):
            _measure_scan()
