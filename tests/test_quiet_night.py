"""A night on which nothing is new: nothing is looked at again, and no byte is added but the run's record."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from foi_etl import night, wiring
from foi_etl.attached import beside
from foi_etl.forms import Statute
from foi_etl.practice.country import Changes, country
from foi_etl.practice.server import serve
from foi_etl.settings import Settings
from foi_etl.sources.registry import register_files
from helpers import STATUTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foi_etl.model import Found, Page

LAND = country(STATUTE, agencies=8, per_host=1, bare=True, years=(2024, 2025))
LISTED = [
    one.id for one in LAND.agencies if LAND.published(one.id) and LAND.kind_of(one.id).dialect != "annual"
]
REVISED = [(one, max(LAND.published(one))) for one in LISTED][:1]
TOMORROW = replace(LAND, changes=Changes(revised=frozenset(REVISED)))
LASTING = ("archive", "releases", "state")


@dataclass
class Night:
    """What one night came to."""

    asked: int
    looked: int
    """Pages in which files beside a report were looked for."""
    version: str | None
    summary: dict[str, Any]
    files: dict[str, int]
    """All that lasts, and its size."""


class Looker:
    """Looks as we do, and counts."""

    def __init__(self) -> None:
        self.looked = 0

    def __call__(self, page: Page, statute: Statute) -> Iterator[Found]:
        self.looked += 1
        yield from beside(page, statute)


def one_night(home: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    time.sleep(1.05 - time.time() % 1)  # runs are told apart by the second they began in
    look = Looker()
    monkeypatch.setattr(wiring, "beside", look)
    here = Settings(home=home, pause=0.0, readers=1)
    ids = [one.id for one in wiring.agencies(here)]
    run = night.begin_run(here, "all", agencies=ids)
    ended = night.visit_agencies(here, ids, (), run)
    version = night.make_release(here)
    night.end_run(here, run, version)
    night.due_tonight(here)
    summary = json.loads((home / "runs" / run / "summary.json").read_text(encoding="utf-8"))
    return Night(sum(one.asked for one in ended), look.looked, version, summary, lasting(home))


def lasting(home: Path) -> dict[str, int]:
    paths = (path for name in LASTING for path in (home / name).rglob("*") if path.is_file())
    return {str(path.relative_to(home)): path.stat().st_size for path in paths}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Night]]:
    """The first, a quiet one, one whose memory was taken away, and one on which a report was revised."""
    home = tmp_path_factory.mktemp("home")
    (home / "practice").mkdir()
    files = register_files(LAND.portals, LAND.agencies)
    for name, text in zip(("portals.yaml", "agencies.csv"), files, strict=True):
        (home / name).write_text(text, encoding="utf-8")
    with serve(LAND, STATUTE, tomorrow=TOMORROW) as server, pytest.MonkeyPatch.context() as monkeypatch:
        (home / "practice" / "port").write_text(str(server.port))
        told = [one_night(home, monkeypatch), one_night(home, monkeypatch)]
        (home / "state" / "attached.sqlite").unlink()
        told.append(one_night(home, monkeypatch))
        server.night = 3
        told.append(one_night(home, monkeypatch))
        yield told


def test_no_byte_is_added_but_the_record_of_the_run(nights: list[Night]) -> None:
    first, quiet, *_ = nights
    assert quiet.asked > 0
    assert quiet.version is None
    assert quiet.files == first.files


def test_nothing_is_looked_at_again(nights: list[Night]) -> None:
    first, quiet, *_ = nights
    assert first.looked > len(LISTED)
    assert quiet.looked == 0


def test_a_memory_that_was_deleted_is_filled_again_and_says_the_same(nights: list[Night]) -> None:
    first, _, without, _ = nights
    assert without.looked == first.looked
    assert without.files == first.files


def test_the_summary_counts_what_was_revised_and_what_is_found_wanting(nights: list[Night]) -> None:
    _, quiet, _, revised = nights
    [(agency, _)] = REVISED
    assert (quiet.summary["revised"], quiet.summary["of_agencies"]["revised"]) == (0, {})
    assert (revised.summary["revised"], revised.summary["of_agencies"]["revised"]) == (1, {agency: 1})
    assert revised.summary["findings"] == sum(revised.summary["of_agencies"]["findings"].values())
