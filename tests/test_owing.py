"""What visits tell of a portal, and what a night tells of the releases it removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from foi_etl import making, night
from foi_etl.due import History
from foi_etl.owing import _portal
from foi_etl.settings import Settings

SEEN = ((2022, "2023-01-20"),)


@pytest.mark.parametrize(
    ("history", "outcome"),
    [
        (History(outcome="moved", listed=SEEN), "moved"),
        (History(outcome="moved"), ""),
        (History(outcome="blocked"), "blocked"),
        (History(outcome="ok", listed=SEEN, looked=date(2026, 2, 1)), "seen"),
    ],
    ids=["its reports were there", "it never had one", "blocked all the same", "read"],
)
def test_only_a_portal_that_named_reports_has_moved(history: History, outcome: str) -> None:
    assert _portal(history).outcome == outcome


@pytest.mark.parametrize("removed", [(), ("2026.11.20", "2026.11.21")])
def test_a_night_tells_which_releases_it_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: tuple[str, ...]
) -> None:
    made = SimpleNamespace(removed=removed, release=None)
    monkeypatch.setattr(making, "release", lambda *_, **__: made)
    said: list[str] = []
    assert night.make_release(Settings(home=tmp_path), say=said.append) is None
    assert said == ([f"nightlies removed: {', '.join(removed)}"] if removed else [])
