"""The corridor left of the archive: from agencies to archived reports. It needs the network.

Whatever a portal answers is archived before it is read, so a run that is killed goes on from what it has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Event
from typing import Final
from urllib.parse import urlsplit

from foi_etl.archive.store import Archive
from foi_etl.crawl.fetch import Fetcher, raise_for
from foi_etl.crawl.manners import RobotsAnswer
from foi_etl.crawl.walk import Family, walk
from foi_etl.errors import FixTheRegistry, FoiError, Refused, WaitAndRetry
from foi_etl.model import Agency, Ask, Capture, Decoy, Found, Outcome, Page
from foi_etl.text import decode

_OK: Final = 200
_NAMES: Final = {Refused: "refused", FixTheRegistry: "moved", WaitAndRetry: "busy"}


@dataclass(slots=True)
class Errand:
    """A crawl's way to pages: the archive first, the portal only for what is not there."""

    archive: Archive
    fetcher: Fetcher
    since: str
    """When the run began, UTC ISO 8601: what was archived after that is not asked for again."""
    stop: Event = field(default_factory=Event)

    def capture(
        self, ask: Ask, agency: Agency, purpose: str, found: Found | None = None
    ) -> tuple[Capture, bool]:
        """The answer to an ask, and whether a request was sent; a known report is not asked for again."""
        known = self.archive.latest(ask.key, self.since) or self.archive.latest(ask.key, status=_OK)
        if known is not None and (known.fetched_at >= self.since or known.purpose == "report"):
            return known, False
        if self.stop.is_set():
            raise WaitAndRetry("stopped by hand; the next run goes on from here", agency=agency.id)
        exchange = self.fetcher.fetch(ask, lambda about: self._robots(about, agency))
        via, text = (found.via, found.text) if found else ("", "")
        return self.archive.keep(exchange, purpose=purpose, agency=agency, via=via, link_text=text), True

    def text(self, capture: Capture) -> str:
        """What a capture says, as text. Raises the word for its status where that is no page."""
        raise_for(capture.status, capture.url)
        return decode(self.archive.body(capture))[0]

    def _robots(self, ask: Ask, agency: Agency) -> RobotsAnswer:
        kept = self.archive.latest(ask.key, self.since)
        kept = kept or self.archive.keep(self.fetcher.send(ask), purpose="robots", agency=agency)
        return RobotsAnswer(kept.status, decode(self.archive.body(kept))[0])


def visit(agency: Agency, family: Family, errand: Errand, years: Collection[int], budget: int) -> Outcome:
    """Find and archive an agency's reports. What goes wrong costs this agency, and says what to do next."""
    counts: Counter[str] = Counter()

    def fetch(ask: Ask) -> Page:
        capture, sent = errand.capture(ask, agency, "listing")
        counts["asked"] += sent
        return Page(ask, capture.url, errand.text(capture))

    outcome, message = "ok", ""
    try:
        for step in walk(agency, family, fetch, budget=budget):
            if isinstance(step, Decoy):
                counts["decoys"] += 1
            elif not years or step.year is None or step.year in years:
                counts["found"] += 1
                counts += _collect(step, agency, errand)
    except FoiError as error:
        outcome = next((name for kind, name in _NAMES.items() if isinstance(error, kind)), "failed")
        message = str(error)
    return Outcome(
        agency_id=agency.id,
        outcome=outcome,
        message=message,
        asked=counts["asked"],
        found=counts["found"],
        new=counts["new"],
        decoys=counts["decoys"],
    )


def _collect(found: Found, agency: Agency, errand: Errand) -> Counter[str]:
    """Archive one report. A page that turned out to be the report itself is only noted as one."""
    capture, sent = errand.capture(found.ask, agency, "report", found)
    is_page = capture.status == _OK
    noted = is_page and capture.purpose != "report"
    if noted:
        errand.archive.note(capture, agency=agency, purpose="report", via=found.via, link_text=found.text)
    return Counter(asked=sent, new=noted or (sent and is_page))


def visit_all(
    agencies: Sequence[Agency],
    families: Mapping[str, Family],
    errand: Errand,
    *,
    years: Collection[int] = (),
    budget: int = 200,
    workers: int = 8,
) -> Iterator[Outcome]:
    """Visit every agency, host by host, some hosts at a time; each outcome as it is known."""
    by_host: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        by_host[urlsplit(agency.portal).netloc].append(agency)

    def visit_host(host: str) -> list[Outcome]:
        return [visit(one, families[one.family], errand, years, budget) for one in by_host[host]]

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="visit") as pool:
        visits = [pool.submit(visit_host, host) for host in by_host]
        try:
            for done in as_completed(visits):
                yield from done.result()
        except BaseException:
            errand.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
