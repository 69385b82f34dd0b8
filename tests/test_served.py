"""One command on a fresh home: server, schedules and worker; a night by schedule, an agency by hand, the UI.

It is one story, told in one test, because its first half minute is Prefect's server coming up.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from serving import CHROMIUM, ask, contents, copied, fetch, finished, kind, of_run, page, served, tool, until

AGENCY = "practice-shanghai-bgt"


def test_one_command_serves_nights_and_reruns_and_shows_them(tmp_path: Path) -> None:
    home, by_flow, by_command = (tmp_path / name for name in ("home", "flow", "command"))
    with served(home, "--practice", "3", "--in-a-minute") as (api, said):
        assert "nightly/every-night" in said
        assert "17 1 * * * Asia/Shanghai" in said
        assert b"<html" in fetch(api.removesuffix("/api")).lower()

        copied(home, by_flow, by_command)
        where = "env=" + json.dumps({"FOI_HOME": str(by_flow)})
        chosen = ["--param", f'agencies=["{AGENCY}"]', "--job-variable", where]
        tool("prefect", "deployment", "run", "agency/by-hand", *chosen, home=home, api=api)
        tool("foi_etl", "run", "--agency", AGENCY, home=by_command, api=api)
        until((by_flow / "releases" / "latest").exists)
        assert contents(by_flow) == contents(by_command)

        night = until(lambda: finished(api, "nightly"))
        assert (night["state_name"], night["auto_scheduled"]) == ("Completed", True), night
        assert len(contents(home)["reports"]) == 3
        [table] = until(lambda: ask(api, "/artifacts/filter", of_run(night["id"]) | kind("table")))
        assert {row["agency"] for row in json.loads(table["data"])} == set(
            contents(home)["reports"].agency_id
        )
        if CHROMIUM:
            assert AGENCY in page(api.removesuffix("/api") + f"/artifacts/artifact/{table['id']}", tmp_path)
    if not CHROMIUM:
        pytest.skip("all but the UI was seen: there is no Chromium on PATH to look at it with")
