"""Every night: the agencies that are due are visited, what is new is read and released.

    python flows/serve.py        # every night by itself
    python flows/nightly.py      # once, now, over the home in FOI_HOME

Its parameters are the agencies to visit instead of those that are due, the years, and the share of agencies
that may fail before the night is called failed.
"""

from __future__ import annotations

from steps import HOSTS_AT_ONCE, crawl, end, flow, publish


@flow(name="nightly", task_runner=HOSTS_AT_ONCE)  # type: ignore[arg-type]  # Prefect's own classes disagree about futures
def nightly(agencies: list[str] | None = None, years: list[int] | None = None, may_fail: float = 0.5) -> str:
    """Visit the agencies that are due, or these, and make a release where something is new.

    It ends Failed only where no release could be made, or more than this share of the agencies failed.
    """
    run, visited = crawl(agencies or [], years or [])
    return end(visited, publish(visited, run), may_fail, run)


if __name__ == "__main__":
    nightly()
