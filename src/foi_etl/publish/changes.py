"""A release beside the one before it: the delta between them, what the gate says, and both in words.

All three are papers of the later release. They are about two releases, so they do not count where it is
asked whether a release says anything new.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow.parquet as pq

from foi_etl.errors import ReleaseStopped
from foi_etl.publish.beside import Pair, Side
from foi_etl.publish.delta import ADDED, DELTA, REMOVED, REREAD, REVISED, delta
from foi_etl.publish.manifest import CHANGES, Accepted, Compared, read_manifest, versions
from foi_etl.publish.objections import listed, objections
from foi_etl.publish.package import entry_of
from foi_etl.publish.parquet import write
from foi_etl.publish.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from foi_etl.crew import Share
    from foi_etl.publish.gate import Check, Objection
    from foi_etl.publish.layout import Layout
    from foi_etl.publish.manifest import Manifest

HELD: Final = ".held"
"""The draft that the gate stopped last, beside the releases."""
OBJECTIONS: Final = "objections.json"
_SHOWN: Final = 10


def compared(
    draft: Path, release: Manifest, layout: Layout, checks: Sequence[Check], accept: str, share: Share
) -> Manifest:
    """The release with its delta and its words written into the draft.

    ReleaseStopped where the gate objects and nobody accepted: the draft is kept as `.held`, with the
    objections, and nothing is published.
    """
    before = _last_whole(draft.parent)
    write(delta(before, draft, layout, release.tables, share), draft / DELTA, layout.delta)
    found = _objections(before, draft, release, layout, checks)
    if found and not accept:
        _hold(draft, found)
        raise ReleaseStopped(
            f"the release is not published: {_in_words(found)}; look at it with `foi-etl releases held`, "
            "mend what caused it, or publish it all the same with --accept REASON",
            held=draft.parent / HELD,
        )
    _forget_held(draft.parent)
    accepted = Accepted(reason=accept, objections=tuple(map(str, found))) if found else None
    with_delta = release.model_copy(
        update={
            "accepted": accepted,
            "delta": Compared(since=before.name if before else None, file=entry_of(draft, draft / DELTA)),
        }
    )
    (draft / CHANGES).write_text(in_words(with_delta, before, draft), encoding="utf-8")
    return with_delta


def held(releases: Path) -> list[str]:
    """What the gate has against the draft it stopped last; empty where it stopped none."""
    with suppress(OSError, ValueError):
        return [str(one) for one in json.loads((releases / HELD / OBJECTIONS).read_bytes())]
    return []


def in_words(release: Manifest, before: Path | None, draft: Path) -> str:
    """What changed, for a person: CHANGES.md."""
    lines = [f"# Release {release.version}", ""]
    if before is None:
        lines += ["The first release: there is nothing to compare it with.", ""]
    else:
        lines += [f"Compared with {before.name}, cell by cell; `{DELTA}` holds each of them.", ""]
        lines += [*_reports(before, draft), *_cells(draft / DELTA)]
    if release.accepted:
        lines += ["## Published against the gate", "", f"Because: {release.accepted.reason}", ""]
        lines += [*(f"- {one}" for one in release.accepted.objections), ""]
    return "\n".join(lines)


def _last_whole(releases: Path) -> Path | None:
    """The youngest release that is what was released; a damaged one tells nothing."""
    for version in reversed(versions(releases)):
        if not verify(releases / version):
            return releases / version
    return None


def _objections(
    before: Path | None, draft: Path, release: Manifest, layout: Layout, checks: Sequence[Check]
) -> list[Objection]:
    old = Side(before or draft, read_manifest(before).tables if before else ())
    return objections(Pair(old, Side(draft, release.tables), draft / DELTA, layout), checks)


def _hold(draft: Path, found: Sequence[Objection]) -> None:
    told = json.dumps([str(one) for one in found], ensure_ascii=False, indent=1)
    (draft / OBJECTIONS).write_text(told + "\n", encoding="utf-8")
    _forget_held(draft.parent)
    draft.rename(draft.parent / HELD)


def _forget_held(releases: Path) -> None:
    shutil.rmtree(releases / HELD, ignore_errors=True)


def _in_words(found: Sequence[Objection]) -> str:
    more = f", and {len(found) - 1} more objections" if len(found) > 1 else ""
    return f"{found[0]}{more}"


def _reports(before: Path, draft: Path) -> Iterator[str]:
    """Which reports came and went."""
    key = ["agency_id", "year"]
    old, new = (pd.read_parquet(one / "reports.parquet", columns=key) for one in (before, draft))
    both = old.merge(new, how="outer", on=key, indicator=True)
    yield "## Reports"
    yield ""
    for side, word in (("right_only", "new"), ("left_only", "no longer there")):
        rows = both[both["_merge"] == side]
        years = rows["year"].value_counts().sort_index()
        told = ", ".join(f"{count:,} of {year}" for year, count in years.items())
        yield f"- {len(rows):,} {word}{f': {told}' if told else ''}"
    agencies = sorted(set(new["agency_id"]) - set(old["agency_id"]))
    yield f"- {len(agencies):,} agencies for the first time{_named(agencies)}"
    yield ""


def _cells(path: Path) -> Iterator[str]:
    """How many cells changed, and in which reports."""
    report = ["change", "agency_id", "year"]
    cells = pq.read_table(path, columns=report, read_dictionary=report[:2]).unify_dictionaries()
    counted = cells.group_by(report, use_threads=False).aggregate([([], "count_all")]).to_pandas()
    words = {
        ADDED: "added",
        REVISED: "say something else now",
        REMOVED: "are no longer there",
        REREAD: "say the same, read from elsewhere",
    }
    yield "## Cells"
    yield ""
    for change, word in words.items():
        reports = counted[counted["change"] == change]
        named = [
            f"{agency} {year}" for agency, year in zip(reports["agency_id"], reports["year"], strict=True)
        ]
        shown = _named(named) if change in {REVISED, REMOVED} else ""
        yield f"- {reports['count_all'].sum():,} {word}, in {len(reports):,} reports{shown}"
    yield ""


def _named(names: Sequence[str]) -> str:
    return f": {listed(names, _SHOWN)}" if names else ""
