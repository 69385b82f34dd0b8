"""A release of the practice country against the truth the country knows of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foi_etl.cli.say import complain, table
from foi_etl.publish.place import Place
from foi_etl.settings import Settings

_KEY: Final = ["agency_id", "year", "cell_id"]
_SHOWN: Final = 5
Broken = tuple[str, str, str, frozenset[str]]


def compare(here: Settings) -> int:
    """How many cells and broken identities of the latest release differ from the truth; told on the way."""
    release = Place.of(here).find()
    truth = pd.read_csv(here.practice / "truth.csv", dtype={"agency_id": str})
    cells = _wrong_cells(release, truth)
    missed, invented = _identities(release, here.practice / "injected.csv")
    owed = _wrong_coverage(release, here.practice / "owed.csv")
    reports = len(truth[["agency_id", "year"]].drop_duplicates())
    rows = [
        ("cells", f"{len(truth):,}", len(cells)),
        ("broken identities found", f"{_lines(here.practice / 'injected.csv'):,}", len(missed)),
        ("broken identities invented", "", len(invented)),
        ("reports owed", f"{_lines(here.practice / 'owed.csv'):,}", len(owed)),
    ]
    table(f"Against the truth of {reports:,} reports", ("what", "in truth", "different"), rows)
    for line in (*cells.head(_SHOWN).to_dict("records"), *owed.head(_SHOWN).to_dict("records")):
        complain(f"differs: {line}")
    for name, keys in (("not found", missed), ("not injected", invented)):
        for key in sorted(keys, key=str)[:_SHOWN]:
            complain(f"{name}: {key}")
    return len(cells) + len(missed) + len(invented) + len(owed)


def _wrong_cells(release: Path, truth: pd.DataFrame) -> pd.DataFrame:
    facts = pd.read_parquet(release / "facts", columns=[*_KEY, "value", "state", "raw"])
    facts = facts[facts["state"] != "missing_cell"]
    both = truth.merge(facts, how="outer", on=_KEY, suffixes=("_true", ""), indicator="where")
    same = (both["value_true"] == both["value"]) | (both["value_true"].isna() & both["value"].isna())
    return both[~(same & (both["where"] == "both"))]


def _wrong_coverage(release: Path, owed: Path) -> pd.DataFrame:
    """What is told of a report that is owed, and is not so, or is not told at all."""
    due = pd.read_csv(owed).astype({"days_late": "Int64"})
    told = pd.read_parquet(release / "coverage.parquet", columns=list(due.columns))
    both = due.merge(told, how="outer", on=list(due.columns), indicator="where")
    return both[both["where"] != "both"]


def _identities(release: Path, injected: Path) -> tuple[set[Broken], set[Broken]]:
    """Injected errors that no finding names with all their cells, and identity findings nobody injected."""
    due = pd.read_csv(injected, dtype=str)
    findings = pd.read_parquet(release / "findings.parquet", columns=["agency_id", "year", "rule", "cells"])
    told = findings[findings["rule"].str.fullmatch(r"H\d_.*")]
    wanted = set(_broken(due["agency_id"], due["year"], due["identity"], due["cells"].str.split()))
    found = set(_broken(told["agency_id"], told["year"].astype(str), told["rule"], told["cells"]))
    return wanted - found, found - wanted


def _broken(*columns: Iterable[Any]) -> Iterator[Broken]:
    return (
        (agency, year, rule, frozenset(cells)) for agency, year, rule, cells in zip(*columns, strict=True)
    )


def _lines(path: Path) -> int:
    return len(pd.read_csv(path))
