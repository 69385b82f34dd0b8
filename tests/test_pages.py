"""Pages of real portals say whose report they are and for which year, and it is read as they say it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from helpers import SHARED, needs_shared
from titles import measured


@needs_shared
@pytest.mark.parametrize("titled", [True, False], ids=["title in the window", "excerpt alone"])
def test_of_real_pages_nearly_all_give_title_agency_and_year(tmp_path: Path, titled: bool) -> None:
    told = list(measured(SHARED / "corpus" / "pages.jsonl", tmp_path, titled=titled))
    stated = Counter(one.what for one in told)
    right = Counter(one.what for one in told if one.right)
    assert min(stated.values()) > 30
    assert {what for what, count in stated.items() if right[what] < 0.97 * count} == set()
