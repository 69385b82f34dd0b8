"""A run in a few lines: how each visit ended and what it changed, and for people a page about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from foi_etl.model import Outcome

_SHOWN: Final = 20
JUDGED: Final = ("revised", "findings")
"""What is told of an agency from a release, not from its visit."""
_WELL: Final = {"ok", "partial"}

Row = dict[str, str | int | float]


def went_well(outcome: Outcome) -> bool:
    """Whether nobody needs to look: a list may promise more than it has, and what it has was taken."""
    return outcome.outcome in _WELL and not outcome.alarm


def rows(visited: Sequence[Outcome], releases: Path, version: str) -> list[Row]:
    """A row for each agency visited: outcome, reports found, new and revised, findings, seconds.

    `version` is the release the run made, empty where it made none. Revised are the reports that say in it
    something else than in the release before; findings, those of the latest release that are no mere notes.
    """
    revised, findings = judged(releases, version)
    return [
        {
            "agency": one.agency_id,
            "outcome": one.outcome,
            "found": one.found,
            "new": one.new,
            "revised": revised.get(one.agency_id, 0),
            "findings": findings.get(one.agency_id, 0),
            "seconds": one.seconds,
            "message": one.message,
        }
        for one in visited
    ]


def judged(releases: Path, version: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """By agency, the reports that a release revised, and the findings of the latest that are no mere notes.

    `version` is the release a run made, empty where it made none.
    """
    return _revised(releases, version) if version else {}, _findings(releases)


def summary(visited: Sequence[Outcome], releases: Path, version: str, far: str = "") -> str:
    """The run as a page of Markdown: what was released, how the visits ended, who needs a person.

    `far` is the URL of the releases, where those in the folder are copies.
    """
    current = (releases / "latest").resolve()
    new = f"Release **{version}** was made." if version else f"Nothing new: **{current.name}** says it all."
    place = f"`{far.rstrip('/')}/{current.name}`" if far else f"[{current}]({current.as_uri()})"
    lines = ["# Run", "", f"{new} It is in {place}.", ""]
    if visited:
        ends = Counter(one.outcome for one in visited)
        lines += [f"| outcome | agencies |\n|---|---|\n{_table(ends)}", ""]
        found, fresh = sum(one.found for one in visited), sum(one.new for one in visited)
        asked = sum(one.asked for one in visited)
        lines += [f"{asked} requests, {found} reports listed, {fresh} new.", ""]
    look = [one for one in visited if not went_well(one)]
    if look:
        lines += [f"## {len(look)} agencies need a person", ""]
        lines += [f"- `{one.agency_id}` **{one.outcome}**: {one.message}" for one in look[:_SHOWN]]
        lines += [f"- and {len(look) - _SHOWN} more, in the table" for _ in look[_SHOWN : _SHOWN + 1]]
        lines += ["", "`foi-etl diagnose ID` shows all there is to one of them in one screen."]
    return "\n".join(lines)


def _table(counts: Counter[str]) -> str:
    return "\n".join(f"| {name} | {count} |" for name, count in sorted(counts.items()))


def _revised(releases: Path, version: str) -> Mapping[str, int]:
    import pandas as pd  # noqa: PLC0415  # it takes a second to import

    from foi_etl.publish.delta import DELTA, REVISED  # noqa: PLC0415  # as it does

    cells = pd.read_parquet(releases / version / DELTA, columns=["change", "agency_id", "year"])
    reports = cells.loc[cells["change"] == REVISED, ["agency_id", "year"]].drop_duplicates()
    return Counter(str(one) for one in reports["agency_id"])


def _findings(releases: Path) -> Mapping[str, int]:
    from pyarrow import parquet  # noqa: PLC0415  # as above

    latest = releases / "latest" / "findings.parquet"
    if not latest.exists():
        return {}
    pairs = parquet.read_table(latest, columns=["agency_id", "weight"]).group_by(["agency_id", "weight"])
    counts = pairs.aggregate([([], "count_all")]).to_pylist()
    weighty = [row for row in counts if row["agency_id"] and row["weight"] != "note"]
    told: Counter[str] = Counter()
    for row in weighty:
        told[row["agency_id"]] += row["count_all"]
    return told
