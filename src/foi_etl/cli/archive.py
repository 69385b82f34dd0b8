"""`foi-etl archive`: the ledger made anew, and reports from other people's archives."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from foi_etl import wiring
from foi_etl.archive.foreign import exchanges_in
from foi_etl.archive.store import Archive
from foi_etl.cli.say import Home, complain, out, settings
from foi_etl.crawl.kinds import kind_of
from foi_etl.errors import StaleLedger, WrongUsage
from foi_etl.model import Agency, Exchange
from foi_etl.settings import Settings
from foi_etl.sources.links import ReportTitle, judge_link
from foi_etl.text import decode, squash

app = typer.Typer(help="Make the ledger of the archive anew, import reports into it.", no_args_is_help=True)

_OK: Final = 200
_TITLES = re.compile(
    r"<meta\s[^>]*name=[\"']?ArticleTitle[\"']?[^>]*content=[\"']([^\"']+)|<title[^>]*>(.*?)</title|<h1[^>]*>(.*?)</h1",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")


@app.command()
def index(home: Home = None) -> None:
    """Make the ledger anew from the WARC files alone, and say whether it was as it should be."""
    here = settings(home)
    if not wiring.has_archive(here):
        message = "there is no archive here: `foi-etl run` or `foi-etl demo` makes one"
        raise WrongUsage(message, folder=here.archive)
    was_true = _made_anew(here)
    with wiring.archive_of(here, read_only=True) as archive:
        every, with_bytes = archive.count(revisits=True), archive.count()
    out.print(f"{every:,} captures, {every - with_bytes:,} of them as before")
    if not was_true:
        complain("the ledger was not what the WARC files say; now it is")
        raise typer.Exit(1)
    out.print("the ledger is what the WARC files say")


def _made_anew(here: Settings) -> bool:
    """Whether the ledger said what the files do. One that cannot be read did not."""
    try:
        with wiring.archive_of(here) as archive:
            return archive.reindex()
    except StaleLedger:
        Archive.forget_ledger(here.archive)
        wiring.archive_of(here).close()
        return False


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(help="A WARC file: a web archive's, Common Crawl's.", metavar="FILE")
    ],
    agency: Annotated[
        str | None, typer.Option(help="Whose reports they are, by its id; else host and title say it.")
    ] = None,
    home: Home = None,
) -> None:
    """Take reports from a WARC file into the archive, with a note of where they came from.

    Taken are answers of hosts in the register whose title names a report. The file is only read.
    """
    if not file.is_file():
        raise WrongUsage("there is no such file", file=file)
    here = settings(home)
    agencies = wiring.agencies(here, [agency] if agency else ())
    told: Counter[str] = Counter()
    with wiring.archive_of(here) as archive:
        for exchange in exchanges_in(file):
            told[_taken(exchange, agencies, archive, file.name, given=bool(agency))] += 1
    out.print(f"{told['taken']} reports taken, {told['known']} known before, {told['passed']} passed over")


def _taken(
    exchange: Exchange, agencies: Sequence[Agency], archive: Archive, origin: str, *, given: bool
) -> str:
    """What became of an answer: taken, known or passed over."""
    title = _report_title(exchange)
    whose = [one for one in agencies if given or _host(one.portal) == _host(exchange.url)]
    if len(whose) > 1:
        whose = [one for one in whose if one.name in title]
    is_file = given and kind_of(exchange.body) in {"pdf", "ole", "docx", "ofd"}
    if exchange.status != _OK or len(whose) != 1 or not (title or is_file):
        return "passed"
    before = archive.count()
    archive.keep(exchange, purpose="report", agency=whose[0], link_text=title, origin=origin)
    return "taken" if archive.count() > before else "known"


def _report_title(exchange: Exchange) -> str:
    """The first title of a page that names a report; empty where none does."""
    if kind_of(exchange.body) != "page":
        return ""
    for found in _TITLES.finditer(decode(exchange.body)[0]):
        title = squash(html.unescape(_TAG.sub("", next(filter(None, found.groups()), ""))))
        if isinstance(judge_link(title, dated=True), ReportTitle):
            return title
    return ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
