"""Small words for tests: where things are, and builders of tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from foi_etl.wiring import statute

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus" / "reports"
STATUTE = statute()

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared folder does not lie beside the project"
)
