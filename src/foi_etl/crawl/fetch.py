"""One ask in, one exchange out, or a word that says what to do next."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urljoin

import requests
import urllib3
from urllib3.util.retry import Retry

from foi_etl.crawl.address import host_of, is_practice
from foi_etl.crawl.body import Limits
from foi_etl.crawl.manners import Gate, Robots, origin, robots_ask
from foi_etl.crawl.refusals import REFUSING
from foi_etl.crawl.turns import Turns
from foi_etl.crawl.wire import Hop, Wire, header
from foi_etl.errors import FixTheRegistry, NotAReport, Refused, WaitAndRetry
from foi_etl.model import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from foi_etl.crawl.manners import RobotsAnswer
    from foi_etl.crawl.wire import Known
    from foi_etl.model import Ask, Portal

MOST_HOPS = 5
_LED_ON = {301, 302, 303, 307, 308}
_KEEPS_ITS_METHOD = {307, 308}
_BUSY = {429, 503}
_SERVER_TROUBLE = 500
_LONGER_BY = 0.3


class Fetcher:
    """Asks portals, one request at a time to a host. Safe among threads; each has its own session.

    Processes that are given the same folder for `turns` take turns at a host like threads do.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        pause: float = 5.0,
        portals: Mapping[str, Portal] = MappingProxyType({}),
        intermediates: Path | None = None,
        practice_port: int | None = None,
        limits: Limits | None = None,
        jitter: Callable[[], float] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        turns: Path | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._limits = limits or Limits()
        paces = {host: one.pace for host, one in portals.items() if one.pace is not None}
        shared = Turns(turns, sleep) if turns else None
        self._gate = Gate(pause, paces=paces, jitter=jitter or _by_chance(), sleep=sleep, turns=shared)
        self._wire = Wire(
            user_agent=user_agent,
            practice_port=practice_port,
            limits=self._limits,
            tls={host: one.tls for host, one in portals.items() if one.tls},
            intermediates=intermediates,
            now=now,
        )
        self._robots: dict[str, Robots] = {}
        self._robots_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._failed: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._wire.close()

    def fetch(self, ask: Ask, robots: Callable[[Ask], RobotsAnswer], known: Known | None = None) -> Exchange:
        """The last answer to an ask, whatever its status: keep it, then `raise_for` its status.

        What is known of the page is told, so that the portal may answer that nothing changed.

        `robots` is asked once for each origin, before anything else there. It is the caller's, because
        a robots.txt is archived like any other answer: it looks there first, and `send`s otherwise.
        """
        return self._follow(ask, lambda url: self._check_robots(url, robots), known)

    def send(self, ask: Ask, known: Known | None = None) -> Exchange:
        """The last answer to an ask that needs no leave: robots.txt itself."""
        return self._follow(ask, host_of, known)

    def _follow(self, ask: Ask, check: Callable[[str], object], known: Known | None) -> Exchange:
        body = ask.body.encode() or urlencode(ask.form).encode()
        hop = Hop(ask, ask.url, "POST" if body else "GET", body, known)
        for _ in range(MOST_HOPS + 1):
            check(hop.url)
            exchange = self._persist(hop)
            following = _next_hop(hop, exchange)
            if following is None:
                return exchange
            hop = following
        raise FixTheRegistry(f"led on more than {MOST_HOPS} times: look where the page went", url=ask.url)

    def _check_robots(self, url: str, robots: Callable[[Ask], RobotsAnswer]) -> None:
        host, place = host_of(url), origin(url)
        with self._robots_turns[place]:
            if place not in self._robots:
                self._robots[place] = Robots(robots(robots_ask(url)), self._user_agent)
                self._gate.slow(host, self._robots[place].delay)
        self._robots[place].check(url)

    def _persist(self, hop: Hop) -> Exchange:
        """Try, and count what failed in a row: a host in trouble is not helped by more requests."""
        host = host_of(hop.url)
        if self._failed[host] >= self._limits.failures:
            raise WaitAndRetry(
                f"{host} failed {self._failed[host]} times in a row: it is left alone until the next run",
                url=hop.url,
            )
        try:
            exchange = self._tried(hop, host)
        except (WaitAndRetry, NotAReport):
            self._failed[host] += 1
            raise
        broken = exchange.status >= _SERVER_TROUBLE and exchange.status not in REFUSING
        self._failed[host] = self._failed[host] + 1 if broken else 0
        return exchange

    def _tried(self, hop: Hop, host: str) -> Exchange:
        """Try again where time may help: no connection, half an answer, a busy portal."""
        for wait in (*self._limits.waits, None):
            with self._gate.turn(host):
                answer = self._wire.once(hop)
                asked_for = _retry_after(answer) if isinstance(answer, Exchange) else 0.0
                if asked_for is None or wait is None or asked_for > self._limits.longest_wait:
                    break
                self._gate.hold(host, max(wait, asked_for))
        if isinstance(answer, Exchange):
            return answer
        raise WaitAndRetry(_unreachable(host, answer), url=hop.url) from answer


def raise_for(status: int, url: str) -> None:
    """Turn a status that is no page into the word that says what a person does next."""
    where = {"url": url, "status": status}
    if status in REFUSING:
        raise Refused(
            "the portal refuses us: it is recorded and not fought; a person may write to the agency", **where
        )
    if status >= 500 or status in _BUSY:
        raise WaitAndRetry("the portal is busy or broken: leave it alone for a while", **where)
    if status >= 300:
        raise FixTheRegistry(
            "there is no such page any more: look where it went, and mend the register", **where
        )


def _next_hop(hop: Hop, exchange: Exchange) -> Hop | None:
    location = header(exchange, "location")
    if exchange.status not in _LED_ON or not location:
        return None
    # Header bytes were read as latin-1; the portals that put Chinese there mean UTF-8.
    meant = location.encode("latin-1", errors="replace").decode("utf-8", errors="replace")
    url = requests.utils.requote_uri(urljoin(exchange.url, meant.strip()))
    if exchange.status in _KEEPS_ITS_METHOD:
        return hop._replace(url=url)
    return hop._replace(url=url, method="GET", body=b"")


def _by_chance() -> Callable[[], float]:
    """The part a pause is longer by: the same in every run, so that a run can be repeated."""
    dice = random.Random(0)  # noqa: S311  # manners, not secrets
    return lambda: dice.uniform(0, _LONGER_BY)


def _retry_after(exchange: Exchange) -> float | None:
    """How long a busy portal wants to be left alone; None where the answer is no such answer."""
    if exchange.status not in _BUSY:
        return None
    try:
        return float(Retry().parse_retry_after(header(exchange, "retry-after") or "0"))
    except urllib3.exceptions.InvalidHeader:
        return 0.0


def _unreachable(host: str, error: Exception) -> str:
    remedy = (
        "is `foi-etl practice serve` running?"
        if is_practice(host)
        else "if it stays so, look whether it moved"
    )
    return f"{host} could not be reached ({type(error).__name__}): {remedy}"
