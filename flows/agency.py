"""One agency by hand, or some: visited now, whether due or not, and released. A nightly may be under way.

    prefect deployment run agency/by-hand --param 'agencies=["practice-shanghai-bgt"]'
    FOI_HOME=demo python flows/agency.py practice-shanghai-bgt   # here and now

It does what `foi-etl run --agency ID` does, and gives the same bytes.
"""

from __future__ import annotations

import sys

from steps import HOSTS_AT_ONCE, crawl, end, flow, publish


@flow(name="agency", task_runner=HOSTS_AT_ONCE)  # type: ignore[arg-type]  # Prefect's own classes disagree about futures
def agency(agencies: list[str], years: list[int] | None = None, may_fail: float = 0.5) -> str:
    """Visit these agencies, by their ids in the register, and make a release where something is new."""
    run, visited = crawl(agencies, years or [])
    return end(visited, publish(visited, run), may_fail, run)


if __name__ == "__main__":
    agency(sys.argv[1:])
