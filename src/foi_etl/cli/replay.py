"""`foi-etl replay` and `foi-etl case`: refused documents tried again, and archived pages made test cases."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.chunks import by_page
from foi_etl.cli.read import as_object
from foi_etl.cli.say import Home, out, settings, table
from foi_etl.errors import ArchiveDamaged, NotAReport, WrongUsage
from foi_etl.model import Capture
from foi_etl.pipeline import judge_capture
from foi_etl.quarantine import note_recovered, unread
from foi_etl.schemas import statute, version

_SUFFIXES = {b"%PDF": ".pdf", b"PK\x03\x04": ".zip", b"\xd0\xcf\x11\xe0": ".doc", b"\x89PNG": ".png"}


def replay(
    reason: Annotated[
        str, typer.Option(help="Only those whose reason has these words in it, such as NotAReport.")
    ] = "",
    home: Home = None,
) -> None:
    """Try the documents again that the latest release lists as unread: what is read by now, and what not.

    What is recovered is noted; the next release names how many, and the version of the readers that did it.
    """
    here = settings(home)
    refused = unread(here.home, reason)
    mended = wiring.corrections(here)
    recovered, still = [], Counter[str]()
    with wiring.archive_of(here, read_only=True) as archive:
        kept = {one.id: one for one in archive.captures(purpose="report")}
        beside = by_page(archive.captures(purpose="attachment"))
        for name, why in refused.items():
            page = kept[name]
            files = beside.get((page.agency_id, page.url), ())
            try:
                judged = judge_capture(page, archive.body, statute(), mended.get(name, {}), files)
            except (NotAReport, ArchiveDamaged) as error:
                still[type(error).__name__] += 1
                out.print(f"  {name} still: {error.message}", markup=False, soft_wrap=True)
                continue
            recovered.append(
                {
                    "capture": name,
                    "agency_id": judged.report.agency_id,
                    "year": judged.report.year,
                    "was": why,
                }
            )
    note_recovered(here.home, recovered)
    rows = [(one["capture"], one["agency_id"], one["year"], one["was"]) for one in recovered]
    table("Recovered", ("capture", "agency", "year", "it was refused because"), rows)
    tried = f"{len(refused)} tried, {still.total()} still refused"
    out.print(f"{tried}, {len(recovered)} recovered by readers {version()[:12]}")


def case(
    capture: Annotated[str, typer.Argument(help="The id of a capture, or how it begins.")],
    folder: Annotated[Path, typer.Option(help="Where the case is put.")] = Path("cases"),
    home: Home = None,
) -> None:
    """Make an archived page a test case: the page and the files beside it, what is read now, what to do."""
    here = settings(home)
    with wiring.archive_of(here, read_only=True) as archive:
        found = _named(archive, capture)
        files = by_page(archive.captures(purpose="attachment")).get((found.agency_id, found.url), ())
        place = folder / found.id
        if place.exists():
            raise WrongUsage("there is such a case already; delete it, or confirm it", folder=place)
        bodies = [(one, archive.body(one)) for one in (found, *files)]
        place.mkdir(parents=True)
        for one, body in bodies:
            stem = "source" if one.id == found.id else f"beside-{one.id}"
            (place / f"{stem}{_suffix(body)}").write_bytes(body)
        expected, said = _expected(archive, found, files)
    (place / "expected.json").write_text(expected, encoding="utf-8")
    readme = f"{found.url}, archived {found.fetched_at} as {found.id}. {said}\n"
    (place / "README.md").write_text(readme, encoding="utf-8")
    out.print(f"{place}: {said}", markup=False, soft_wrap=True)


def _named(archive: Archive, word: str) -> Capture:
    found = [one for one in archive.captures(purpose="report") if one.id.startswith(word)]
    if len({one.id for one in found}) != 1:
        message = f"{len(found)} captures of reports begin with {word!r}: give one, as `captures` lists them"
        raise WrongUsage(message)
    return found[0]


def _suffix(body: bytes) -> str:
    return next((end for start, end in _SUFFIXES.items() if body.startswith(start)), ".html")


def _expected(archive: Archive, page: Capture, files: Sequence[Capture]) -> tuple[str, str]:
    """What is read now, as JSON, and what a person does with it. A cell of a file says which file."""
    try:
        judged = judge_capture(page, archive.body, statute(), beside=files)
        read = as_object(Path(judged.verdict.document.name), judged.verdict)
    except NotAReport as error:
        nothing = {"refused": error.message, "cells": {}}
        return _json(nothing), "It is refused: fill in expected.json what the cells say, by eye."
    cells = {name: cell["raw"] for name, cell in read["cells"].items()}
    where = "the page" if read["file"] == page.id else f"beside-{read['file']}"
    said = f"{len(cells)} cells as read now in {where}: confirm expected.json against it, by eye."
    return _json({"refused": "", "document": read["file"], "cells": cells}), said


def _json(said: Mapping[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
