"""How fast a page becomes facts and findings, beside two other ways to spend the time.

    uv run python benchmarks/read_pages.py [--pages N] [--repeat N] [--json] [FILE...]

One process on one core, the same pages for all three, in turns, so that a busy machine is busy for all;
the fastest turn of each counts, in processor time:

    soup     BeautifulSoup (lxml) parses the page, from text, and walks the cells of its tables; no more.
    lexbor   a bare Lexbor parse of the bytes.
    twice    bytes to a document, read by both readers: lines, tables, and the rows of the second.
    foi-etl  bytes to facts, inferences and findings.

Without files, the pages are reports of the practice country as pasted from Word, 180 to 220 KB each,
in both editions; each is another report.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser

from foi_etl import pipeline
from foi_etl.extract import document
from foi_etl.extract.again.sequence import place_again
from foi_etl.practice.country import country
from foi_etl.practice.pages import render
from foi_etl.practice.styles import BY_NAME
from foi_etl.text import decode
from foi_etl.wiring import statute

STYLES = ("mso", "mso-gbk", "mso-cut", "mso-layout")
STAGES = {
    "decode": [(document, "kind"), (document, "decode")],
    "parse and tables": [(document, "read_page")],
    "about": [(document, "read_about")],
    "place": [(pipeline, "place")],
    "normalise": [(pipeline, "read_placement")],
    "infer": [(pipeline, "infer")],
    "validate": [(pipeline, "doubt")],
}
Work = Callable[[bytes], object]


def main() -> None:
    """Measure, and print a table or, with --json, one object."""
    asked = _arguments()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pages = [path.read_bytes() for path in asked.files] or practice_pages(asked.pages)
    measured = measure(pages, asked.repeat)
    print(json.dumps(measured, indent=2) if asked.json else told(measured))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="pages to read instead of practice pages"
    )
    parser.add_argument("--pages", type=int, default=60, help="how many practice pages [60]")
    parser.add_argument("--repeat", type=int, default=7, help="how often, interleaved [7]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def practice_pages(count: int) -> list[bytes]:
    """So many reports, each in one of the styles of a page pasted from Word; the same ones every time."""
    reports = list(country(statute(), seed=7, agencies=count).reports)
    chosen = Random(7).sample(reports, count)
    return [
        render(one, statute(), BY_NAME[STYLES[at % len(STYLES)]], rng=Random(at))
        for at, one in enumerate(chosen)
    ]


def measure(pages: Sequence[bytes], repeat: int) -> dict[str, Any]:
    """Seconds for all pages, of each contender and each stage; ratios, and what they were measured on."""
    texts = [decode(page)[0] for page in pages]
    contenders: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "soup": (soup, texts),
        "lexbor": (LexborHTMLParser, pages),
        "twice": (twice, pages),
        "foi-etl": (foi_etl, pages),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repeat):
        for name, (work, given) in contenders.items():
            times[name].append(timed(work, given))
    best = {name: min(taken) for name, taken in times.items()}
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    return {
        "pages": len(pages),
        "kilobytes": [len(page) // 1000 for page in (min(pages, key=len), max(pages, key=len))],
        "pages_per_second": {name: round(len(pages) / taken, 1) for name, taken in best.items()},
        "milliseconds_per_page": {name: round(1000 * taken / len(pages), 3) for name, taken in best.items()},
        "median_over_best": {name: round(middle[name] / best[name], 2) for name in best},
        "times_faster_than_soup": round(best["soup"] / best["foi-etl"], 1),
        "times_faster_than_soup_by_median": round(middle["soup"] / middle["foi-etl"], 1),
        "times_faster_than_soup_in_first_pass": round(times["soup"][0] / times["foi-etl"][0], 1),
        "both_readers_times_faster_than_soup": round(best["soup"] / best["twice"], 1),
        "lexbor_share": round(best["lexbor"] / best["foi-etl"], 2),
        "stages": stages(pages, repeat),
        "machine": machine(),
    }


def soup(text: str) -> int:
    """Parse, and walk the cells of the innermost tables: what a reader would start from."""
    parsed = BeautifulSoup(text, "lxml")
    seen = 0
    for table in parsed.find_all("table"):
        if table.find("table"):
            continue
        for row in table.find_all("tr"):
            seen += sum(len(cell.get_text()) for cell in row.find_all(["td", "th"]))
    return seen


def twice(page: bytes) -> object:
    """Bytes to a document by both readers, and the second one's tables among its rows."""
    return place_again(document.read_document(page, "a page", statute()).again, statute())


def foi_etl(page: bytes) -> object:
    """Bytes to facts and findings."""
    return pipeline.read(page, "a page", statute())


def timed(work: Callable[[Any], object], given: Sequence[Any]) -> float:
    """Processor seconds for the work on each of these, once, with nobody else's litter to collect."""
    gc.collect()
    began = time.process_time()
    for one in given:
        work(one)
    return time.process_time() - began


def stages(pages: Sequence[bytes], repeat: int) -> dict[str, float]:
    """The share of each stage in reading a page; `other` is what stands between them."""
    spent = dict.fromkeys(STAGES, 0.0)
    with ExitStack() as patches:
        for name, functions in STAGES.items():
            for module, function in functions:
                patches.enter_context(
                    patch.object(module, function, _clocked(getattr(module, function), name, spent))
                )
        total = sum(timed(foi_etl, pages) for _ in range(repeat))
    shares = spent | {"other": total - sum(spent.values())}
    return {name: round(taken / total, 3) for name, taken in shares.items()}


def _clocked(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def clocked(*given: Any) -> Any:
        began = time.process_time()
        try:
            return function(*given)
        finally:
            spent[name] += time.process_time() - began

    return clocked


def machine() -> dict[str, str]:
    """What it ran on."""
    libraries = ("beautifulsoup4", "lxml", "selectolax", "rapidfuzz")
    facts = {
        "python": platform.python_version(),
        "cores": f"1 of {os.cpu_count()}",
        "processor": _processor(),
    }
    return facts | {name: version(name) for name in libraries}


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def told(measured: dict[str, Any]) -> str:
    """The measurement as lines to read."""
    small, large = measured["kilobytes"]
    lines = [f"{measured['pages']} pages of {small} to {large} KB; {measured['machine']}", ""]
    lines.append(f"{'':<10}{'pages/s':>10}{'ms/page':>10}{'median/best':>14}")
    for name, rate in measured["pages_per_second"].items():
        spread = measured["median_over_best"][name]
        lines.append(
            f"{name:<10}{rate:>10,.1f}{measured['milliseconds_per_page'][name]:>10.3f}{spread:>14.2f}"
        )
    faster, median, first = (
        measured[f"times_faster_than_soup{how}"] for how in ("", "_by_median", "_in_first_pass")
    )
    lines.append("")
    lines.append(f"foi-etl is {faster} times as fast as soup ({median} by the medians;")
    lines.append(f"{first} in the first pass, when nothing is cached yet);")
    both = measured["both_readers_times_faster_than_soup"]
    lines.append(f"its two readers together, to tables and placed rows, {both} times;")
    lines.append(f"a bare Lexbor parse takes {measured['lexbor_share']:.0%} of its time.")
    lines.append("")
    lines += [f"{name:<18}{share:>7.1%}" for name, share in measured["stages"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
