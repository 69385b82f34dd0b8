"""One command on a fresh home: server, schedules and worker; a night by schedule, an agency by hand, the UI.

It is one story, told in one test, because its first half minute is Prefect's server coming up.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from serving import (
    CHROMIUM,
    ask,
    by_flow_and_by_command,
    fetch,
    finished,
    kept,
    kind,
    of_run,
    page,
    served,
    until,
)

AGENCY = "practice-shanghai-bgt"


def test_one_command_serves_nights_and_reruns_and_shows_them(tmp_path: Path) -> None:
    home, by_flow, by_command = (tmp_path / name for name in ("home", "flow", "command"))
    with served(home, "--practice", "3", "--in-a-minute") as (api, said):
        assert "nightly/every-night" in said
        assert "17 1 * * * Asia/Shanghai" in said
        assert b"<html" in fetch(api.removesuffix("/api")).lower()

        by_flow_and_by_command(home, api, AGENCY, (by_flow, {}), (by_command, {}))
        assert kept(by_flow) == kept(by_command)
        assert {Path(name).name for name in kept(by_flow)} > {"_manifest.json", "SHA256SUMS"}
        assert any(name.endswith(".warc.gz") for name in kept(by_flow))

        night = until(lambda: finished(api, "nightly"))
        assert (night["state_name"], night["auto_scheduled"]) == ("Completed", True), night
        agencies = pd.read_parquet(home / "releases" / "latest" / "reports.parquet")["agency_id"]
        assert agencies.nunique() == 3
        [table] = until(lambda: ask(api, "/artifacts/filter", of_run(night["id"]) | kind("table")))
        assert {row["agency"] for row in json.loads(table["data"])} == set(agencies)
        if CHROMIUM:
            assert AGENCY in page(api.removesuffix("/api") + f"/artifacts/artifact/{table['id']}", tmp_path)
    if not CHROMIUM:
        pytest.skip("all but the UI was seen: there is no Chromium on PATH to look at it with")
