"""Seconds for each document and peak memory, by kind: one practice report in all of them."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from foi_etl.convert.office import all_to_docx
from foi_etl.extract.document import read_document
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

_TIMES = 5


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
    read_document(body, kind, statute())
    began = time.process_time()
    for _ in range(_TIMES):
        read_document(body, kind, statute())
    each = (time.process_time() - began) / _TIMES
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{kind:5} {each:8.4f} s of work for each document, {peak:6.0f} MB at most, {len(body):7} bytes")


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
