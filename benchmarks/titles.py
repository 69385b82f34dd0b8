"""How many pages of real portals are read as saying whose report they are, and for which year.

    uv run python benchmarks/titles.py ../shared/corpus/pages.jsonl

The file has a line for each page, as JSON: what the page says, shortened, and beside it the title, agency and
year that a person read there. Each is made a page again, once with the title in its window as portals put it
there and once without, and read by `foi-etl read --json`. Counted is what the page states.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rapidfuzz.distance import LCSseq
from typer.testing import CliRunner

from foi_etl.cli.app import app
from foi_etl.text import fold_width

Page = dict[str, Any]


class Told(NamedTuple):
    """What was read of one page, and whether that is right."""

    what: str
    """title, agency or year."""
    read: str
    known: str
    right: bool


def main() -> int:
    """Print how many are right, and each that is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path)
    asked = parser.parse_args()
    for titled in (True, False):
        with TemporaryDirectory() as folder:
            all_told = list(measured(asked.pages, Path(folder), titled=titled))
        print("with the title in the window" if titled else "without it")
        for what in ("title", "agency", "year"):
            ones = [one for one in all_told if one.what == what]
            print(f"  {what}: {sum(one.right for one in ones)} of {len(ones)}")
            print(*(f"    {one.read!r} for {one.known!r}\n" for one in ones if not one.right), sep="", end="")
    return 0


def measured(pages: Path, folder: Path, *, titled: bool) -> Iterator[Told]:
    """What is read of each report on a government's own host."""
    listed = [json.loads(line) for line in pages.read_text(encoding="utf-8").splitlines()]
    reports = [one for one in listed if one["kind"] == "report" and one["gov_cn"]]
    for page, said in zip(reports, _read(reports, folder, titled), strict=True):
        shown = _bare(page["excerpt"] + (page["title"] if titled else ""))
        title, agency, year = said["title"] or "", said["agency_name"] or "", said["year"]
        states = _has_title(page) and _bare(page["title"]) in shown
        if states:
            yield Told("title", title, page["title"], _bare(title) == _bare(page["title"]))
        if states or agency:
            yield Told("agency", agency, page["agency"], _is_same(agency, page["agency"]))
        if page["year"] and str(page["year"]) in shown:
            yield Told("year", str(year), str(page["year"]), year == page["year"])


def _read(pages: list[Page], folder: Path, titled: bool) -> Iterator[Page]:
    files = [folder / f"{number:03}.html" for number in range(len(pages))]
    for file, page in zip(files, pages, strict=True):
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in page["excerpt"].split("\n"))
        window = html.escape(page["title"]) if titled and _has_title(page) else ""
        file.write_text(f"<html><head><title>{window}</title></head><body>{lines}</body></html>", "utf-8")
    yield from map(
        json.loads, CliRunner().invoke(app, ["read", "--json", *map(str, files)]).stdout.splitlines()
    )


def _has_title(page: Page) -> bool:
    return not page["title"].startswith("(")


def _bare(text: str) -> str:
    return re.sub(r"\s", "", fold_width(text))


def _is_same(printed: str, known: str) -> bool:
    """The agency's characters, in their order: titles shorten names, and who read them spelled them out."""
    mine, theirs = (name.removesuffix("人民政府") for name in (printed, re.sub(r"[（(].*", "", known)))
    return bool(mine) and LCSseq.similarity(mine, theirs) >= 0.8 * min(len(mine), len(theirs))


if __name__ == "__main__":
    sys.exit(main())
