"""One visit to everybody, host by host, some hosts at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from urllib.parse import urlsplit

from foi_etl.crawl.walk import Family
from foi_etl.errands import Errand
from foi_etl.model import Agency, Outcome
from foi_etl.visits import visit


def visit_all(
    agencies: Sequence[Agency],
    families: Mapping[str, Family],
    errand: Errand,
    *,
    years: Collection[int] = (),
    budget: int = 200,
    workers: int = 8,
) -> Iterator[Outcome]:
    """Visit every agency, host by host, some hosts at a time; each host's outcomes as they are known."""
    by_host: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        by_host[urlsplit(agency.portal).netloc].append(agency)

    def visit_host(host: str) -> list[Outcome]:
        one_visit = partial(visit, errand=errand, years=years, budget=budget)
        return [one_visit(one, families[one.family]) for one in by_host[host]]

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="visit") as pool:
        visits = [pool.submit(visit_host, host) for host in by_host]
        try:
            for done in as_completed(visits):
                yield from done.result()
        except BaseException:
            errand.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
