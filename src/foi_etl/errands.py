"""A crawl's way to pages: the archive first, the portal for what is not there, and a line in the journal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import Final
from zlib import crc32

from foi_etl.archive.payload import unpacked
from foi_etl.archive.records import said_again
from foi_etl.archive.store import Archive
from foi_etl.attached import Attached
from foi_etl.crawl.address import host_of
from foi_etl.crawl.fetch import Fetcher, raise_for
from foi_etl.crawl.journal import Journal, Line, line_of_ask
from foi_etl.crawl.kinds import wrong_file
from foi_etl.crawl.manners import RobotsAnswer
from foi_etl.crawl.refusals import REFUSAL, sign_of
from foi_etl.crawl.wire import Known, header
from foi_etl.errors import ArchiveDamaged, BudgetSpent, FoiError, Refused, WaitAndRetry
from foi_etl.model import Agency, Ask, Capture, Exchange, Found
from foi_etl.text import decode

_OK: Final = 200
_FORBIDDEN: Final = 403
_PASSING: Final = {"listing", "robots"}
"""What is asked for every night, and archived where it changed."""
_DOCUMENTS: Final = {"report", "attachment"}
_TOO_MANY: Final = 429
_TROUBLE: Final = 500
_MONTH: Final = timedelta(days=30)
_WEEK: Final = timedelta(days=7)
_MILD: Final = {401, 403}
"""Refusals that one document may meet alone; two in a row are the host's."""


def _spend_freely() -> None:
    """Spend without counting."""


@dataclass(slots=True)
class Errand:
    """What a run needs to ask, and what it remembers of hosts that refused it."""

    archive: Archive
    fetcher: Fetcher
    since: str
    """When the run began, UTC ISO 8601: what was archived after that is not asked for again."""
    stop: Event = field(default_factory=Event)
    journal: Journal | None = None
    force: bool = False
    """Whether known reports are asked for again, on condition that they changed."""
    limit: int | None = None
    """Requests the run may send."""
    host_limit: int | None = None
    """Requests the run may send to one host."""
    not_before: str = ""
    """An ISO date: reports listed with an earlier one are passed over."""
    attached: Attached = field(default_factory=Attached)
    """Looks for the files beside reports."""
    closed: dict[str, str] = field(default_factory=dict)
    """Hosts that refused us in this run, and the sign of it: they are not asked again."""
    _sent: Counter[str] = field(default_factory=Counter)
    """Requests sent, by host."""
    _refused: Counter[str] = field(default_factory=Counter)
    _signs: dict[str, str] = field(default_factory=dict)
    _same: dict[str, Capture] = field(default_factory=dict)
    """What came as it had been, by the key of its ask: for this run alone."""
    _read: dict[str, bytes] = field(default_factory=dict)
    """Bodies that were read to see that they can be, until they are asked for, by capture."""
    _guard: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """An interrupted run that is gone on with remembers who refused it."""
        for capture in self.archive.captures(revisits=True, purpose=REFUSAL, since=self.since):
            self._mind(capture, capture.url, f"{capture.status}, earlier in this run")

    def capture(
        self,
        ask: Ask,
        agency: Agency,
        purpose: str,
        found: Found | None = None,
        spend: Callable[[], None] = _spend_freely,
    ) -> tuple[Capture, bool]:
        """The answer to an ask, and whether a request was sent for it: once a run, never to the unwilling.

        `spend` is called before a request is sent, and may raise BudgetSpent.
        """
        kept = self._this_run(ask)
        if kept is not None:
            return kept, False
        if sign := self.closed.get(host_of(ask.url)):
            raise Refused("the host refused us earlier in this run: it is not asked again", sign=sign)
        if self.stop.is_set():
            raise WaitAndRetry("stopped by hand; the next run goes on from here", agency=agency.id)
        self._spend(host_of(ask.url))
        spend()
        began = time.monotonic()
        try:
            exchange = self.fetcher.fetch(ask, lambda about: self._robots(about, agency), self._known(ask))
            return self._kept(exchange, agency, purpose, found, began), True
        except FoiError as error:
            self._note(line_of_ask(agency, purpose, ask.url, began, error=error))
            raise

    def text(self, capture: Capture) -> str:
        """What a capture says, as text. Raises the word for what it is where that is no page."""
        if capture.purpose == REFUSAL:
            sign = self.sign(capture)
            raise Refused("the portal refuses us: it is recorded and not fought", url=capture.url, sign=sign)
        raise_for(capture.status, capture.url)
        return self._text(capture)

    def sign(self, capture: Capture) -> str:
        """The sign by which a capture is known for a refusal."""
        return self._signs.get(capture.id, f"{capture.status}, earlier in this run")

    def kept(self, ask: Ask) -> Capture | None:
        """What is known of a document, with whatever status it came; None where it has to be asked for."""
        known = self.archive.latest(ask.key)
        if known is not None and known.purpose == REFUSAL:
            known = self.archive.latest(ask.key, status=_OK)
        if known is None or self.archive.origin(known).purpose not in _DOCUMENTS:
            return None
        return None if known.status >= _TROUBLE or known.status == _TOO_MANY else known

    def is_old(self, known: Capture) -> bool:
        """Whether so much time has passed since the portal last spoke of a document that we ask again."""
        age = datetime.fromisoformat(self.since) - datetime.fromisoformat(known.fetched_at)
        if known.status != _OK:
            return age > _WEEK
        spread = timedelta(days=crc32(known.url.encode()) % _MONTH.days)  # not all in one night
        return age > _MONTH + spread

    def _kept(
        self, exchange: Exchange, agency: Agency, purpose: str, found: Found | None, began: float
    ) -> Capture:
        payload = unpacked(exchange.body, header(exchange, "content-encoding"))
        via, text = (found.via, found.text) if found else ("", "")
        sign = sign_of(exchange, payload)
        if not sign and found and exchange.status == _OK:
            sign = wrong_file(exchange.ask.url, text if purpose == "attachment" else "", payload)
        why = REFUSAL if sign else purpose
        capture = self._unchanged(exchange, why) or self.archive.keep(
            exchange, purpose=why, agency=agency, via=via, link_text=text
        )
        if sign:
            self._mind(capture, exchange.ask.url, sign)
        elif capture.status < 400:
            self._refused.pop(host_of(exchange.ask.url), None)
        about, status = (agency, purpose, exchange.ask.url, began), exchange.status
        self._note(line_of_ask(*about, capture=capture, sign=sign, status=status))
        return capture

    def _mind(self, capture: Capture, url: str, sign: str) -> None:
        """Whether a refusal is one page's or its host's, which is then left alone for this run."""
        host = host_of(url)
        self._signs[capture.id] = sign
        if capture.via and "was asked for" in sign:
            return
        self._refused[host] += 1
        mild = capture.via and (capture.status in _MILD or "firewall" in sign)
        if not mild or self._refused[host] > 1:
            self.closed[host] = sign

    def _this_run(self, ask: Ask) -> Capture | None:
        """What this run was answered already."""
        return self._same.get(ask.key) or self.archive.latest(ask.key, self.since)

    def _unchanged(self, exchange: Exchange, purpose: str) -> Capture | None:
        """A list or a robots.txt that is as it was. The journal says so; the archive has it already.

        Of documents the archive keeps that too: it says when their portal last spoke of them.
        """
        if purpose not in _PASSING:
            return None
        capture = said_again(exchange, self.archive)
        if capture is None or self.archive.origin(capture).purpose not in _PASSING:
            return None
        try:
            self._read[capture.id] = self.archive.body(capture)
        except ArchiveDamaged:
            return None  # kept once more, for what there was cannot be read
        self._same[exchange.ask.key] = capture
        return capture

    def _known(self, ask: Ask) -> Known | None:
        capture = self.archive.latest(ask.key, status=_OK)
        if capture is None or capture.purpose == REFUSAL:
            return None
        origin = self.archive.origin(capture)
        return Known(origin.url, capture.etag or origin.etag, capture.last_modified or origin.last_modified)

    def _spend(self, host: str) -> None:
        with self._guard:
            if self.limit is not None and self._sent.total() >= self.limit:
                raise BudgetSpent(f"the run has sent the {self.limit} requests it may: run again to go on")
            if self.host_limit is not None and self._sent[host] >= self.host_limit:
                raise BudgetSpent(f"{host} got the {self.host_limit} requests of one night: the next goes on")
            self._sent[host] += 1

    def _robots(self, ask: Ask, agency: Agency) -> RobotsAnswer:
        kept = self._this_run(ask)
        if kept is None:
            began = time.monotonic()
            exchange = self.fetcher.send(ask, self._known(ask))
            sign = sign_of(exchange, unpacked(exchange.body, header(exchange, "content-encoding")))
            why = REFUSAL if sign else "robots"
            kept = self._unchanged(exchange, why) or self.archive.keep(exchange, purpose=why, agency=agency)
            about, status = (agency, "robots", ask.url, began), exchange.status
            self._note(line_of_ask(*about, capture=kept, sign=sign, status=status))
            if sign:
                self._mind(kept, ask.url, f"robots.txt: {sign}")
        if kept.purpose == REFUSAL:
            return RobotsAnswer(_FORBIDDEN, "")
        return RobotsAnswer(kept.status, self._text(kept))

    def _text(self, capture: Capture) -> str:
        body = self._read.pop(capture.id, None)
        return decode(self.archive.body(capture) if body is None else body)[0]

    def _note(self, line: Line) -> None:
        if self.journal is not None:
            self.journal.write(**line)
