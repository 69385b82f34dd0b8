"""Seconds for each document and peak memory, by kind, and what the second reader costs beside the first.

    uv run python benchmarks/kinds.py

One practice report in every kind, read from its bytes to a verdict in a process of its own. The second
reader is everything that would not be done without it: its own way from bytes to rows, the finding of tables
among them, and holding both readings against each other.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest.mock import patch

from foi_etl.convert.office import all_to_docx
from foi_etl.extract.document import read_document
from foi_etl.pipeline import judge
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.kinds import office
from foi_etl.practice.kinds.flow import flow
from foi_etl.practice.kinds.ofd import ofd
from foi_etl.practice.kinds.pdf import pdf
from foi_etl.practice.kinds.sheet import set_pages
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
            *_SECOND[kind],
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
    print(f"{kind:5} {taken / _TIMES:8.4f} s of work for each document, {share}, {size}")


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


def _measure_old_word() -> None:
    body = _made("rtf", next(iter(country(statute(), agencies=2).reports)))
    for count in (1, 10):
        began = time.monotonic()
        made = all_to_docx({str(number): body for number in range(count)})
        each = (time.monotonic() - began) / count
        print(f"doc   {each:8.4f} s for each of {count} by LibreOffice, {len(made)} converted")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _measure(sys.argv[1])
    else:
        for name in ("html", "text", "pdf", "ofd", "docx", "xlsx", "rtf"):
            subprocess.run([sys.executable, __file__, name], check=True)
        if shutil.which("soffice"):
            _measure_old_word()
